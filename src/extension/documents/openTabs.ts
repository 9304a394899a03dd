import * as vscode from "vscode";
import type { Connection } from "../connections/connection.ts";
import { addressParts, connectionSegment, parseAddress } from "./address.ts";
import { schemes } from "./schemes.ts";

/** A resource that a push has created or removed, as far as tabs show it. */
export type TabChange =
  | { readonly kind: "created"; readonly draft: string; readonly id: string; readonly name: string }
  | { readonly kind: "deleted"; readonly id: string };

/** Brings open tabs to what a push did: the document of a created resource takes the place of its draft, one of a deleted resource closes. */
export async function settleTabs(connection: Connection, changes: readonly TabChange[]): Promise<void> {
  const segment = connectionSegment(connection.name);
  for (const group of vscode.window.tabGroups.all)
    for (const tab of group.tabs) {
      const uri = uriOf(tab);
      const address = uri === undefined ? undefined : parseAddress(uri);
      if (address?.connection !== segment) continue;
      const change = changes.find((each) =>
        each.kind === "created" ? each.draft === address.draft : each.id === address.id,
      );
      if (change === undefined) continue;
      if (change.kind === "created" && tab.input instanceof vscode.TabInputText) {
        const { draft: _, ...rest } = address;
        const parts = addressParts({ ...rest, connection: connection.name, id: change.id, name: change.name });
        const document = await vscode.workspace.openTextDocument(
          vscode.Uri.from({ scheme: schemes.pending, ...parts }),
        );
        const options = { viewColumn: group.viewColumn, preserveFocus: true, preview: false };
        await vscode.window.showTextDocument(document, options);
      }
      if (!tab.isDirty) await vscode.window.tabGroups.close(tab, true);
    }
}

function uriOf(tab: vscode.Tab): vscode.Uri | undefined {
  const uri =
    tab.input instanceof vscode.TabInputText
      ? tab.input.uri
      : tab.input instanceof vscode.TabInputTextDiff
        ? tab.input.modified
        : undefined;
  return uri?.scheme === schemes.pending || uri?.scheme === schemes.stored ? uri : undefined;
}
