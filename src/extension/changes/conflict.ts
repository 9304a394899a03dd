import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ChangeContext } from "../../changes/build.ts";
import type { Conflict, Keep } from "../../changes/conflict.ts";
import type { Connection } from "../connections/connection.ts";
import { documentText } from "../documents/documentText.ts";
import type { ThreeSides } from "../documents/threeSides.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { displayText } from "../platform/text.ts";
import { conflictOf, settle } from "./edits.ts";
import type { PendingChange } from "./pendingChange.ts";
import type { PendingChanges } from "./pendingChanges.ts";

/** Shows a conflict from three sides and settles it attribute by attribute. Nothing is sent. */
export class Conflicts {
  readonly #sides: ThreeSides;

  constructor(sides: ThreeSides) {
    this.#sides = sides;
  }

  /** @throws UserError when the change is in no conflict, CancelledError */
  async resolve(
    pending: PendingChanges,
    connection: Connection,
    held: PendingChange,
    context: ChangeContext,
  ): Promise<void> {
    const conflict = conflictOf(held, context);
    if (held.problem?.kind !== "conflict" || conflict === undefined)
      throw new UserError(l10n.t("{0} is in no conflict any more. Push again.", displayText(held.change.name)));
    await this.#show(held, conflict, context);
    const keep = await askWhatToKeep(held, conflict);
    settle(pending, connection.baseUrl, held, keep, context);
  }

  /** What the service did and what the person did, both against what both started from. */
  async #show(held: PendingChange, conflict: Conflict, context: ChangeContext): Promise<void> {
    const name = displayText(held.change.name, 60);
    const base = documentText(held.change.before ?? {}, context.schema);
    const theirs = conflict.theirs === undefined ? "" : documentText(conflict.theirs, context.schema);
    const { after } = held.change;
    const mine = after === undefined ? "" : documentText(held.wanted ?? after, context.schema);
    await this.#sides.show(name, base, theirs, mine);
  }
}

async function askWhatToKeep(held: PendingChange, conflict: Conflict): Promise<ReadonlyMap<string, Keep>> {
  const name = displayText(held.change.name, 60);
  const title = l10n.t("{0} was changed by someone else", name);
  if (conflict.theirs === undefined || held.change.action === "delete") {
    const gone = conflict.theirs === undefined;
    const drop = { label: gone ? l10n.t("Discard my change") : l10n.t("Do not delete"), keep: "theirs" as const };
    const still = { label: l10n.t("Delete it as it is now"), keep: "ours" as const };
    const picked = await vscode.window.showQuickPick(gone ? [drop] : [drop, still], { title, ignoreFocusOut: true });
    if (picked === undefined) throw new CancelledError();
    return new Map(conflict.attributes.map(({ path }) => [path, picked.keep]));
  }
  const items = conflict.attributes.map(({ path, ours, theirs }) => ({
    label: path,
    detail: l10n.t("yours: {0}   in the service: {1}", shortValue(ours), shortValue(theirs)),
    path,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: l10n.t("Tick where your value is to win; the rest stays"),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined) throw new CancelledError();
  const mine = new Set(picked.map(({ path }) => path));
  return new Map(conflict.attributes.map(({ path }) => [path, mine.has(path) ? "ours" : "theirs"]));
}

const shortValue = (value: unknown): string =>
  value === undefined ? l10n.t("empty") : displayText(typeof value === "string" ? value : JSON.stringify(value), 60);
