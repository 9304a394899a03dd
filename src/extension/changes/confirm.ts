import * as l10n from "@vscode/l10n";
import type { ChangeAction } from "../../changes/change.ts";
import type { Connection } from "../connections/connection.ts";
import { count, displayText } from "../platform/text.ts";
import type { PendingChange } from "./pendingChange.ts";

/** More deletions than this in production need the name of the connection typed. */
const typedAbove = 5;

/** What is asked before a push; `undefined` when nothing needs to be. */
export interface PushQuestion {
  readonly message: string;
  readonly detail: string;
  /** The button that says the act. */
  readonly act: string;
  /** Whether the connection's name has to be typed. */
  readonly typeName: boolean;
}

/** Asked before deletions and before every push to production: what, how many, where, and the worst of it. */
export function pushQuestion(connection: Connection, changes: readonly PendingChange[]): PushQuestion | undefined {
  const deletions = changes.filter(({ change }) => change.action === "delete").length;
  if (deletions === 0 && connection.production !== true) return undefined;
  const name = displayText(connection.name);
  const total = count(changes.length);
  const worst = worstOf(changes);
  const only = changes.length === 1;
  const detail = [
    only && worst !== undefined ? l10n.t("This {0}.", worst) : countsOf(changes),
    only || worst === undefined ? undefined : l10n.t("Worst: {0}", worst),
    connection.production === true ? l10n.t("{0} is marked as production.", name) : undefined,
  ];
  return {
    message: only ? l10n.t("Push 1 change to {0}?", name) : l10n.t("Push {0} changes to {1}?", total, name),
    detail: detail.filter((line) => line !== undefined).join("\n"),
    act: actOf(deletions, changes.length),
    typeName: connection.production === true && deletions > typedAbove,
  };
}

/** The button: a deletion is named on it. */
function actOf(deletions: number, changes: number): string {
  if (deletions === 0) return changes === 1 ? l10n.t("Push 1 Change") : l10n.t("Push {0} Changes", count(changes));
  if (deletions === changes) return l10n.t("Delete {0}", count(deletions));
  return l10n.t("Delete {0} and Push {1}", count(deletions), count(changes));
}

/** How many of each action, for example `2 create, 1 delete`. */
export function countsOf(changes: readonly PendingChange[]): string {
  const counts: Partial<Record<ChangeAction, number>> = {};
  for (const { change } of changes) counts[change.action] = (counts[change.action] ?? 0) + 1;
  return actionCounts(counts);
}

/** Numbers of actions in words. */
export function actionCounts(counts: Readonly<Record<string, number>>): string {
  const words: Readonly<Record<ChangeAction, (number: string) => string>> = {
    create: (number) => l10n.t("{0} create", number),
    update: (number) => l10n.t("{0} update", number),
    deactivate: (number) => l10n.t("{0} deactivate", number),
    delete: (number) => l10n.t("{0} delete", number),
  };
  return (Object.keys(words) as ChangeAction[])
    .filter((action) => (counts[action] ?? 0) > 0)
    .map((action) => words[action](count(counts[action] ?? 0)))
    .join(", ");
}

/** The change that would hurt most if it were wrong: the deleted group with most members, a deleted person, a deactivated one. */
function worstOf(changes: readonly PendingChange[]): string | undefined {
  const members = ({ change }: PendingChange): number => {
    const list = change.before?.["members"];
    return Array.isArray(list) ? list.length : 0;
  };
  const deleted = changes.filter(({ change }) => change.action === "delete");
  const group = deleted
    .filter(({ change }) => change.resourceType === "Group")
    .toSorted((a, b) => members(b) - members(a))[0];
  if (group !== undefined)
    return l10n.t("deletes the group {0} with {1} members", displayText(group.change.name), count(members(group)));
  const person = deleted[0];
  if (person !== undefined) return l10n.t("deletes {0} for good", displayText(person.change.name));
  const inactive = changes.find(({ change }) => change.action === "deactivate");
  return inactive && l10n.t("takes the access of {0}", displayText(inactive.change.name));
}
