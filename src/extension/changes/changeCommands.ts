import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Connection } from "../connections/connection.ts";
import type { ReadOnlyDocuments } from "../documents/readOnlyDocuments.ts";
import type { Resources } from "../documents/resources.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError } from "../platform/errors.ts";
import { count, displayText, labelText } from "../platform/text.ts";
import type { ChangeTargets } from "./changeTargets.ts";
import type { Conflicts } from "./conflict.ts";
import { countsOf } from "./confirm.ts";
import type { PendingChange } from "./pendingChange.ts";
import { inOrder, isIncluded } from "./pendingChange.ts";
import type { PendingChanges } from "./pendingChanges.ts";
import type { PushServices } from "./pushFlow.ts";
import { push } from "./pushFlow.ts";
import { openChange, requestsText, reviewChanges } from "./review.ts";

export interface ChangeServices {
  readonly targets: ChangeTargets;
  readonly pending: PendingChanges;
  readonly resources: Resources;
  readonly documents: ReadOnlyDocuments;
  readonly conflicts: Conflicts;
  readonly push: PushServices;
  /** Pushes what a job has planned, by the job's own cycle, so that its links, log and journal are kept. */
  readonly pushPlan: (connection: Connection, job: string) => Promise<void>;
}

type Ids =
  | "scim.change.open"
  | "scim.change.find"
  | "scim.change.review"
  | "scim.change.exclude"
  | "scim.change.include"
  | "scim.change.discard"
  | "scim.change.discardAll"
  | "scim.change.showRequests"
  | "scim.change.resolve"
  | "scim.change.push";

/** The commands of pending changes: review, leave out, take back, send. */
export function changeCommands(services: ChangeServices): SomeHandlers<Ids> {
  const { targets, pending, resources, documents, conflicts } = services;
  const setExcluded = async (args: unknown[], excluded: boolean): Promise<void> => {
    const { connection, changes } = await targets.selected(args);
    pending.setExcluded(
      connection.baseUrl,
      changes.map(({ key }) => key),
      excluded,
    );
  };
  return {
    "scim.change.open": async (...args) => {
      const { connection, changes } = await targets.selected(args);
      const [first] = changes;
      if (first !== undefined) await openChange(connection, first);
    },
    "scim.change.find": async (...args) => {
      const { connection, changes } = await targets.all(args);
      const found = await pickChange(changes);
      await openChange(connection, found);
    },
    "scim.change.review": async (...args) => {
      const { connection, changes } = await targets.all(args);
      await reviewChanges(connection, changes);
    },
    "scim.change.exclude": (...args) => setExcluded(args, true),
    "scim.change.include": (...args) => setExcluded(args, false),
    "scim.change.discard": async (...args) => {
      const { connection, changes } = await targets.selected(args);
      if (changes.length > 1) await confirmDiscard(changes.length, displayText(connection.name), countsOf(changes));
      pending.discard(
        connection.baseUrl,
        changes.map(({ key }) => key),
      );
    },
    "scim.change.discardAll": async (...args) => {
      const { connection, changes } = await targets.all(args);
      await confirmDiscard(changes.length, displayText(connection.name), countsOf(changes));
      pending.discard(
        connection.baseUrl,
        changes.map(({ key }) => key),
      );
    },
    "scim.change.showRequests": async (...args) => {
      const { connection, changes } = await targets.selected(args);
      await documents.show(`${l10n.t("Requests to {0}", connection.name)}.http`, requestsText(connection, changes));
    },
    "scim.change.resolve": async (...args) => {
      const { connection, changes } = await targets.selected(args);
      const [first] = changes;
      if (first === undefined) return;
      const context = await resources.context(connection, first.change.resourceType);
      await conflicts.resolve(pending, connection, first, context);
    },
    "scim.change.push": async (...args) => {
      const connection = await targets.connection(args);
      const jobs = new Set<string | undefined>();
      for (const held of pending.all(connection.baseUrl)) if (isIncluded(held)) jobs.add(held.job);
      if (jobs.delete(undefined) || jobs.size === 0) await push(services.push, connection);
      for (const job of jobs) if (job !== undefined) await services.pushPlan(connection, job);
    },
  };
}

/** Searches pending changes by name, action and reason. @throws CancelledError */
async function pickChange(changes: readonly PendingChange[]): Promise<PendingChange> {
  const items = inOrder(changes).map((held) => ({
    label: labelText(held.change.name),
    description: `${held.change.action}${held.excluded ? `, ${l10n.t("excluded")}` : ""}`,
    detail: labelText(held.problem?.message ?? held.change.reason, 200),
    held,
  }));
  const placeHolder = l10n.t("Search {0} changes by name, action or reason", count(changes.length));
  const options = { placeHolder, matchOnDescription: true, matchOnDetail: true };
  const picked = await vscode.window.showQuickPick(items, options);
  if (picked === undefined) throw new CancelledError();
  return picked.held;
}

async function confirmDiscard(number: number, connection: string, detail: string): Promise<void> {
  const act = number === 1 ? l10n.t("Discard 1 Change") : l10n.t("Discard {0} Changes", count(number));
  const question = l10n.t("Discard the pending changes of {0}?", connection);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, act)) !== act)
    throw new CancelledError();
}
