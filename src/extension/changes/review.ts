import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { describeChange } from "../../changes/describe.ts";
import { curlOf, requestText } from "../../changes/requestText.ts";
import type { Connection } from "../connections/connection.ts";
import { addressParts } from "../documents/address.ts";
import { schemes } from "../documents/schemes.ts";
import { absent } from "../documents/baseDocuments.ts";
import { displayText } from "../platform/text.ts";
import type { PendingChange } from "./pendingChange.ts";
import { inOrder } from "./pendingChange.ts";
import { pendingAddress, pendingUri } from "./sourceControls.ts";

/** More files than this make the multi-diff editor slow; the rest stays in the Source Control view. */
const reviewLimit = 300;

/** The two sides of a change: what the service had, and what it is to be. */
export function sidesOf(connection: Connection, held: PendingChange): { before: vscode.Uri; after: vscode.Uri } {
  const parts = addressParts(pendingAddress(connection, held));
  const stored = vscode.Uri.from({ scheme: schemes.stored, ...parts });
  const after = held.change.action === "delete" ? stored.with({ fragment: absent }) : pendingUri(connection, held);
  return { before: stored, after };
}

/** Opens the diff of one change. */
export async function openChange(connection: Connection, held: PendingChange): Promise<void> {
  const { before, after } = sidesOf(connection, held);
  const file = before.path.slice(before.path.lastIndexOf("/") + 1);
  const sides = {
    create: l10n.t("{0} (New)", file),
    update: l10n.t("{0} (Stored ↔ Pending)", file),
    deactivate: l10n.t("{0} (Stored ↔ Pending)", file),
    delete: l10n.t("{0} (Will Be Deleted)", file),
  };
  await vscode.commands.executeCommand("vscode.diff", before, after, sides[held.change.action], { preview: true });
}

/** Opens many changes as one multi-diff; where that is not to be had, the first as a diff of its own. */
export async function reviewChanges(connection: Connection, changes: readonly PendingChange[]): Promise<void> {
  const shown = inOrder(changes).slice(0, reviewLimit);
  const files = shown.map((held) => {
    const { before, after } = sidesOf(connection, held);
    const { action } = held.change;
    return [
      pendingUri(connection, held),
      action === "create" ? undefined : before,
      action === "delete" ? undefined : after,
    ];
  });
  const name = displayText(connection.name);
  const title =
    shown.length < changes.length
      ? l10n.t("{0}: first {1} of {2} Pending Changes", name, shown.length, changes.length)
      : l10n.t("{0}: Pending Changes", name);
  try {
    await vscode.commands.executeCommand("vscode.changes", title, files);
  } catch {
    const [first] = shown;
    if (first !== undefined) await openChange(connection, first);
  }
}

/** The exact requests of changes, and the curl commands that would send them, without the token. */
export function requestsText(connection: Connection, changes: readonly PendingChange[]): string {
  const parts = changes.map(({ change }) => {
    const notes = (change.notes ?? []).map((note) => `# ${note}`);
    const requests = change.requests.map((request) => requestText(request));
    const curl = change.requests.map((request) => curlOf(request, connection.baseUrl));
    return [
      `# ${displayText(describeChange(change), 300)}`,
      ...notes,
      "",
      requests.join("\n\n"),
      "",
      `# ${l10n.t("As curl, with the token in SCIM_TOKEN")}`,
      curl.join("\n"),
    ].join("\n");
  });
  const head = `# ${l10n.t("Requests to {0}", connection.baseUrl)}`;
  return `${[head, ...parts].join("\n\n")}\n`;
}
