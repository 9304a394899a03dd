import * as vscode from "vscode";
import type { ChangeAction } from "../../changes/change.ts";
import { rowAction, rowScheme } from "../changes/changeRow.ts";
import { parseAddress, resourceKey } from "../documents/address.ts";
import { schemes } from "../documents/schemes.ts";
import { Disposable } from "../platform/disposable.ts";
import { pendingWords } from "./render.ts";

/** Letter and colour of a pending change, as Source Control shows those of files. */
const letters: Readonly<Record<ChangeAction, { readonly badge: string; readonly color: string }>> = {
  create: { badge: "A", color: "scim.createForeground" },
  update: { badge: "M", color: "scim.updateForeground" },
  deactivate: { badge: "I", color: "scim.deactivateForeground" },
  delete: { badge: "D", color: "scim.deleteForeground" },
};

/** Marks resources with pending changes in the view, in tabs and in Source Control, and dims inactive ones. */
export class ResourceDecorations extends Disposable implements vscode.FileDecorationProvider {
  readonly #actionOf: (connection: string, key: string) => ChangeAction | undefined;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri[] | undefined>());
  readonly onDidChangeFileDecorations = this.#changed.event;

  /** `actionOf` gives the pending action of a resource, by the connection's segment and the resource's key. */
  constructor(actionOf: (connection: string, key: string) => ChangeAction | undefined) {
    super();
    this.#actionOf = actionOf;
    this.register(vscode.window.registerFileDecorationProvider(this));
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const row = uri.scheme === rowScheme ? rowAction(uri) : undefined;
    if (row !== undefined) return letterOf(row);
    if (uri.scheme !== schemes.pending) return undefined;
    const address = parseAddress(uri);
    const action = address && this.#actionOf(address.connection, resourceKey(address));
    if (action !== undefined) return letterOf(action);
    if (uri.fragment !== "inactive") return undefined;
    return new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor("scim.inactiveForeground"));
  }

  /** Draws everything again: which rows show a resource is not known here. */
  refresh(): void {
    this.#changed.fire(undefined);
  }
}

function letterOf(action: ChangeAction): vscode.FileDecoration {
  const { badge, color } = letters[action];
  return new vscode.FileDecoration(badge, pendingWords()[action], new vscode.ThemeColor(color));
}
