import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { accountName } from "../../changes/account.ts";
import { Journal } from "../../changes/journal.ts";
import { acquireLock } from "../../changes/lock.ts";
import { pushChanges } from "../../changes/push.ts";
import type { PushReport } from "../../changes/pushResult.ts";
import { resumePush, unfinishedPush } from "../../changes/resume.ts";
import type { PushRunOptions } from "../../changes/pushRun.ts";
import type { ResourceType } from "../../scim/resource.ts";
import { builtinSchema } from "../../scim/schemas/builtin.ts";
import type { Clients } from "../connections/clients.ts";
import type { Connection } from "../connections/connection.ts";
import type { Resources } from "../documents/resources.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { displayText, labelText } from "../platform/text.ts";
import { pushQuestion } from "./confirm.ts";
import { manualJournal } from "./manualJournal.ts";
import type { PendingChange } from "./pendingChange.ts";
import type { PendingChanges } from "./pendingChanges.ts";
import type { PushAftermath } from "./pushOutcome.ts";
import { aftermathOf, endedByToken, outcomeText, progressText } from "./pushOutcome.ts";

export interface PushServices {
  readonly clients: Clients;
  readonly pending: PendingChanges;
  readonly resources: Resources;
  /** Folder of the journals of manual changes. */
  readonly folder: string;
  note(baseUrl: string): string;
  clearNote(baseUrl: string): void;
  /** Brings view and open documents to what the service has stored. */
  settled(connection: Connection, changes: readonly PendingChange[], report: PushReport): Promise<void>;
  log(message: string): void;
  /** Shows where the service stored something else than was sent. */
  showDifferences(name: string, text: string): Promise<void>;
}

/** Sends the pending changes of a connection that are not excluded: asks where it must, journals, and says what came of it. */
export async function push(services: PushServices, connection: Connection): Promise<void> {
  if (connection.readOnly === true)
    throw new UserError(l10n.t("The connection {0} is read-only. Allow changes first.", connection.name));
  const waiting = services.pending
    .all(connection.baseUrl)
    .filter(({ excluded, job }) => !excluded && job === undefined);
  const changes = waiting.filter(({ problem }) => problem?.kind !== "conflict");
  if (changes.length === 0)
    throw new UserError(
      waiting.length === 0
        ? l10n.t("No change is waiting to be pushed to {0}.", connection.name)
        : l10n.t("Every change is in conflict. Resolve the conflicts first."),
    );
  await confirmPush(connection, changes);
  const title = l10n.t("Pushing to {0}", displayText(connection.name));
  const report = await withProgress(
    title,
    async (signal, tell) =>
      await send(services, connection, changes, {
        signal,
        onProgress: (progress) => tell(progressText(progress), progress.done / Math.max(1, progress.total)),
      }),
  );
  const aftermath = aftermathOf(changes, report);
  services.pending.discard(connection.baseUrl, aftermath.done);
  services.pending.put(connection.baseUrl, aftermath.left);
  if (aftermath.left.length === 0) services.clearNote(connection.baseUrl);
  await services.settled(connection, changes, report);
  announce(services, connection, aftermath, report);
}

/** Asks where a push needs a person's yes. @throws CancelledError */
export async function confirmPush(connection: Connection, changes: readonly PendingChange[]): Promise<void> {
  const question = pushQuestion(connection, changes);
  if (question === undefined) return;
  const { message, detail, act, typeName } = question;
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, act);
  if (answer !== act) throw new CancelledError();
  if (!typeName) return;
  const typed = await vscode.window.showInputBox({
    title: message,
    prompt: l10n.t("Type the name of the connection to go on: {0}", connection.name),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === connection.name ? undefined : l10n.t("This is not the name.")),
  });
  if (typed?.trim() !== connection.name) throw new CancelledError();
}

async function send(
  services: PushServices,
  connection: Connection,
  changes: readonly PendingChange[],
  progress: Pick<PushRunOptions, "onProgress" | "signal">,
): Promise<PushReport> {
  const { clients } = services;
  const client = clients.client(connection);
  const profile = await clients.profile(connection).catch(() => undefined);
  const supported = await clients.patchSupported(connection);
  const folder = manualJournal(services.folder, connection.baseUrl);
  const lock = await acquireLock(folder, `push to ${connection.name}`);
  try {
    const journal = await Journal.open(folder);
    try {
      const options = {
        client,
        dialect: client.dialect,
        schemaOf: (type: ResourceType) => profile?.schemas[type] ?? builtinSchema(type),
        ...(supported === undefined ? {} : { patchSupported: supported }),
        journal,
        verify: true,
        ...progress,
      };
      return await sendOrResume(services, folder, connection, changes, options);
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/** Goes on with a push that was cut off when exactly its changes are still wanted, so that nothing is done twice. */
async function sendOrResume(
  services: PushServices,
  folder: string,
  connection: Connection,
  changes: readonly PendingChange[],
  options: PushRunOptions & { readonly journal: Journal },
): Promise<PushReport> {
  const wanted = new Map(changes.map(({ change }) => [change.id, JSON.stringify(change)]));
  const account = accountName(process.env);
  const who = account === undefined ? {} : { who: account };
  const unfinished = await unfinishedPush(folder);
  const left = new Set(unfinished?.left ?? []);
  const same =
    unfinished !== undefined &&
    left.size === wanted.size &&
    unfinished.changes.every((change) => !left.has(change.id) || wanted.get(change.id) === JSON.stringify(change));
  if (same) {
    const report = await resumePush(unfinished, { ...options, ...who });
    return { ...report, results: report.results.filter(({ changeId }) => wanted.has(changeId)) };
  }
  const note = services.note(connection.baseUrl);
  return await pushChanges({
    ...options,
    changes: changes.map(({ change }) => change),
    job: connection.name,
    ...who,
    ...(note === "" ? {} : { note }),
  });
}

/** Says what cannot be seen: failures and what goes on from there, and what the service stored differently. */
function announce(services: PushServices, connection: Connection, aftermath: PushAftermath, report: PushReport): void {
  const text = outcomeText(report);
  services.log(`${connection.name}: ${text}`);
  const { left, differences } = aftermath;
  if (left.length > 0) {
    const again = l10n.t("Push Again");
    const replace = l10n.t("Replace Token…");
    const log = l10n.t("Show Log");
    const resolve = l10n.t("Resolve Conflict…");
    const conflict = left.find(({ problem }) => problem?.kind === "conflict");
    const actions = endedByToken(report) ? [replace, again] : conflict === undefined ? [again, log] : [resolve, log];
    void vscode.window.showWarningMessage(text, ...actions).then((chosen) => {
      if (chosen === resolve)
        void vscode.commands.executeCommand("scim.change.resolve", connection.baseUrl, conflict?.key);
      if (chosen === replace) void vscode.commands.executeCommand("scim.connection.replaceToken", connection.baseUrl);
      if (chosen === again) void vscode.commands.executeCommand("scim.change.push", connection.baseUrl);
      if (chosen === log) void vscode.commands.executeCommand("scim.log.show");
    });
    return;
  }
  if (differences.length > 0) {
    const show = l10n.t("Show All");
    const [first = ""] = differences;
    const said = l10n.t("{0} The service stored some values differently. {1}", text, first);
    void vscode.window.showInformationMessage(said, ...(differences.length > 1 ? [show] : [])).then((chosen) => {
      if (chosen === show)
        void services.showDifferences(
          `${l10n.t("Stored differently by {0}", connection.name)}.txt`,
          `${differences.join("\n")}\n`,
        );
    });
    return;
  }
  void vscode.window.setStatusBarMessage(`$(check) ${labelText(connection.name)}: ${text}`, 5000);
}
