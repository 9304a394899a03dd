import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { formatPlan } from "../../provisioning/planText.ts";
import type { ChangeTargets } from "../changes/changeTargets.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import { reviewChanges } from "../changes/review.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import type { ReadOnlyDocuments } from "../documents/readOnlyDocuments.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { displayText } from "../platform/text.ts";
import { acceptDrift, revokeDeviations } from "./driftFlow.ts";
import type { JobModel } from "./jobModel.ts";
import type { Jobs } from "./jobs.ts";
import type { KnownGraph } from "./chooseGraph.ts";
import { createJob } from "./newJob.ts";
import type { PlanFlow } from "./planFlow.ts";

export interface JobCommandServices {
  readonly jobs: Jobs;
  readonly flow: PlanFlow;
  readonly connections: ConnectionStore;
  /** What is known of Microsoft Entra, for a job that reads its directory there. */
  readonly graph: KnownGraph;
  readonly pending: PendingChanges;
  readonly targets: ChangeTargets;
  readonly documents: ReadOnlyDocuments;
  /** Opens the job editor; on one of its pages, when it has one of that name. */
  openEditor(uri: vscode.Uri, page?: string): Promise<void>;
}

type Ids =
  | "scim.job.create"
  | "scim.job.open"
  | "scim.job.openText"
  | "scim.job.preview"
  | "scim.job.compare"
  | "scim.job.reviewPlan"
  | "scim.job.showPlan"
  | "scim.job.acceptRemovals"
  | "scim.job.acceptDrift"
  | "scim.job.revokeDeviation"
  | "scim.job.resumePush"
  | "scim.job.turnOn"
  | "scim.job.turnOff"
  | "scim.job.runNow"
  | "scim.job.restart"
  | "scim.job.clearQuarantine";

/** The commands of the Jobs view. */
export function jobCommands(services: JobCommandServices): SomeHandlers<Ids> {
  const { jobs, flow, connections, graph, pending, documents, openEditor } = services;
  return {
    "scim.job.create": async () => {
      const file = await createJob(connections, graph);
      await jobs.store.refresh(file.fsPath);
      await openEditor(file);
    },
    "scim.job.open": async (target) => {
      const model = await jobs.job(target);
      const kind = jobs.row(target)?.kind;
      if (model.job === undefined) await openText(model);
      else await openEditor(vscode.Uri.file(model.paths.file), kind);
    },
    "scim.job.openText": async (target) => {
      const row = jobs.row(target);
      await openText(await jobs.job(target), row?.kind === "problem" ? row.line : undefined);
    },
    "scim.job.preview": async (target) => flow.preview(await jobs.job(target), false),
    "scim.job.compare": async (target) => flow.preview(await jobs.job(target), true),
    "scim.job.reviewPlan": async (target) => {
      const model = await jobs.job(target);
      const { file, connection } = jobs.ready(model);
      const changes = pending.all(connection.baseUrl).filter(({ job }) => job === file);
      if (changes.length === 0) await flow.preview(model, false);
      else await reviewChanges(connection, changes);
    },
    "scim.job.showPlan": async (target) => {
      const model = await jobs.job(target);
      const shown = jobs.plan(model.paths.file);
      if (shown === undefined)
        throw new UserError(l10n.t("{0} has no plan yet. Preview provisioning first.", displayText(model.name)));
      await documents.show(`${l10n.t("Plan of {0}", model.name)}.txt`, formatPlan(shown.plan));
    },
    "scim.job.acceptRemovals": (...args) => flow.accept(args),
    "scim.job.acceptDrift": (...args) => acceptDrift(services, args),
    "scim.job.revokeDeviation": (target) => revokeDeviations(services, target),
    "scim.job.resumePush": async (target) => flow.resume(await jobs.job(target)),
    "scim.job.turnOn": async (target) => {
      const model = await jobs.job(target);
      const { file, connection } = jobs.writable(model);
      const minutes = model.job?.settings.intervalMinutes ?? 0;
      const act = l10n.t("Turn On");
      const detail = l10n.t(
        "A cycle begins now and then every {0} minutes while VS Code is open. It pushes to {1} what it finds, without asking; more removals than the deletion guard allows are held for you.",
        minutes,
        displayText(connection.name),
      );
      await ask(l10n.t("Turn on {0}?", displayText(model.name)), detail, act);
      await jobs.runs.turnOn(file);
    },
    "scim.job.turnOff": async (target) => jobs.runs.turnOff((await jobs.job(target)).paths.file),
    "scim.job.runNow": async (target) => {
      const model = await jobs.job(target);
      const { connection } = jobs.writable(model);
      const act = l10n.t("Run Cycle");
      const detail = l10n.t(
        "It pushes to {0} what it finds, without showing it first. To look first, preview provisioning.",
        displayText(connection.name),
      );
      await ask(l10n.t("Run a cycle of {0} now?", displayText(model.name)), detail, act);
      await flow.cycle(model, {});
    },
    "scim.job.clearQuarantine": async (target) => {
      const model = await jobs.job(target);
      jobs.writable(model);
      await flow.cycle(model, {});
    },
    "scim.job.restart": async (target) => {
      const model = await jobs.job(target);
      jobs.writable(model);
      const act = l10n.t("Restart Provisioning");
      const detail = l10n.t(
        "Everyone is evaluated again, as in the first cycle. Failures, escrows, a hold and a quarantine are forgotten; the links between directory and target, accepted deviations, the log and the journal are kept, so nobody is removed or created twice. The cycle begins now.",
      );
      await ask(l10n.t("Restart provisioning of {0}?", displayText(model.name)), detail, act);
      await flow.cycle(model, { initial: true });
    },
  };
}

async function openText({ paths, problems }: JobModel, line = problems[0]?.line): Promise<void> {
  const document = await vscode.workspace.openTextDocument(paths.file);
  const selection = line === undefined ? {} : { selection: new vscode.Range(line - 1, 0, line - 1, 0) };
  await vscode.window.showTextDocument(document, { preview: false, ...selection });
}

/** @throws CancelledError unless the person says yes */
async function ask(question: string, detail: string, act: string): Promise<void> {
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, act)) !== act)
    throw new CancelledError();
}
