import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ChangeContext } from "../../changes/build.ts";
import type { PushRecord } from "../../changes/history.ts";
import { planUndo } from "../../changes/undo.ts";
import { doubtsOf, type UndoPlan } from "../../changes/undoFindings.ts";
import type { ResourceType } from "../../scim/resource.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import type { Clients } from "../connections/clients.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import type { ReadOnlyDocuments } from "../documents/readOnlyDocuments.ts";
import type { Resources } from "../documents/resources.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { planned, plannedKey } from "../jobs/planChanges.ts";
import { timeText } from "../jobs/jobHealth.ts";
import { UserError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { count, displayText, labelText } from "../platform/text.ts";
import type { HistoryThread } from "./historyThread.ts";
import type { JournalPlace } from "./journals.ts";
import { undoMarkdown } from "./undoText.ts";

export interface UndoServices {
  readonly connections: ConnectionStore;
  readonly clients: Clients;
  readonly resources: Resources;
  readonly pending: PendingChanges;
  readonly jobs: Jobs;
  readonly thread: HistoryThread;
  readonly documents: ReadOnlyDocuments;
  proposeNote(baseUrl: string, note: string): void;
}

interface Planned {
  readonly connection: Connection;
  readonly push: Omit<PushRecord, "changes">;
  readonly plan: UndoPlan;
  /** Changes that were left out, since edits by hand are pending for the same people. */
  readonly leftOut: number;
}

/**
 * Plans the inverse of a push and puts it up for review, where every plan is reviewed. Nothing is sent: pushing it reads
 * each object again and sends only what is still as it was planned on.
 */
export async function reviewUndo(services: UndoServices, place: JournalPlace, push: string): Promise<void> {
  const { documents, proposeNote } = services;
  const undo =
    place.file === undefined ? await undoByHand(services, place, push) : await undoOfJob(services, place.file, push);
  const { connection, plan, leftOut } = undo;
  // With the day, since the note is read later.
  const when = timeText(undo.push.startedAt, new Date(0));
  if (plan.changes.length > 0) proposeNote(connection.baseUrl, l10n.t("Undo of the push of {0}", when));
  if (plan.changes.length + plan.kept.length + plan.notes.length === 0) {
    void vscode.window.showInformationMessage(l10n.t("Nothing is left to undo of the push of {0}.", when));
    return;
  }
  await documents.showMarkdown(
    `${l10n.t("Undo of the push of {0}", when)}.md`,
    undoMarkdown(undo.push, plan, displayText(connection.name)),
  );
  if (plan.changes.length > 0) await vscode.commands.executeCommand("workbench.view.scm");
  if (leftOut > 0)
    void vscode.window.showInformationMessage(
      l10n.t(
        "{0} changes are left out: edits by hand are pending for the same people. Push or discard those, and undo again.",
        count(leftOut),
      ),
    );
  const text = l10n.t("{0}: undo is planned, nothing is sent yet", connection.name);
  void vscode.window.setStatusBarMessage(`$(discard) ${labelText(text, 300)}`, 8000);
}

async function undoOfJob({ jobs, pending }: UndoServices, file: string, push: string): Promise<Planned> {
  const model = jobs.store.get(file);
  if (model === undefined) throw new UserError(l10n.t("The job file {0} is gone.", file));
  const { connection } = jobs.writable(model);
  const answer = await withProgress(l10n.t("Planning the undo of {0}", displayText(model.name)), (signal) =>
    jobs.runs.call("planUndo", { file, push }, { signal }),
  );
  const { plan, guard, kept } = answer;
  const again = l10n.t(
    "The directory still asks for what is taken back. Before the next cycle of {0}, change the directory, the scope or the mapping; else it is done again.",
    displayText(model.name),
  );
  const notes = [...(plan.notes ?? []), ...(plan.changes.length > 0 ? [again] : [])];
  const shown = { ...plan, notes: [...kept.map(({ message }) => message), ...notes] };
  jobs.setPlan(file, { plan: shown, guard, undoes: answer.push.startedAt });
  const leftOut = await pending.putPlan(connection.baseUrl, file, planned(file, plan, guard, push));
  return { connection, push: answer.push, plan: { changes: plan.changes, kept, notes }, leftOut };
}

/** The inverse of a push of changes by hand: changes by hand again. */
async function undoByHand(services: UndoServices, place: JournalPlace, push: string): Promise<Planned> {
  const { connections, clients, resources, pending, thread } = services;
  const { folder, name } = place;
  const connection = connections.byUrl(place.baseUrl ?? "");
  if (connection === undefined) throw new UserError(l10n.t("The connection {0} is gone. Connect first.", name));
  if (connection.readOnly === true)
    throw new UserError(l10n.t("The connection {0} is read-only. Allow changes first.", connection.name));
  const client = clients.client(connection);
  const plan = await withProgress(l10n.t("Planning the undo of {0}", displayText(name)), async (signal) => {
    const [record, { problems }] = await Promise.all([
      thread.ask("push", { folder, push }),
      thread.ask("journal", { folder }),
    ]);
    if (record === undefined) throw new UserError(l10n.t("The journal of {0} has no such push any more.", name));
    const contexts = new Map<ResourceType, ChangeContext>();
    for (const type of client.dialect.resourceTypes) contexts.set(type, await resources.context(connection, type));
    const contextOf = (type: ResourceType): ChangeContext => {
      const context = contexts.get(type);
      if (context === undefined) throw new UserError(l10n.t("{0} has no {1}.", connection.name, type));
      return context;
    };
    const { changes: _changes, ...about } = record;
    const inverse = await planUndo(record, { client, contextOf, signal });
    return { about, inverse, doubts: doubtsOf({ problems }) };
  });
  const { changes, kept, notes } = plan.inverse;
  const free = changes.filter((change) => pending.get(connection.baseUrl, plannedKey(change)) === undefined);
  pending.put(
    connection.baseUrl,
    free.map((change) => ({ key: plannedKey(change), change, excluded: false })),
  );
  return {
    connection,
    push: plan.about,
    plan: { changes, kept, notes: [...plan.doubts, ...notes] },
    leftOut: changes.length - free.length,
  };
}
