import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { isDone } from "../../changes/pushResult.ts";
import { describeSummary } from "../../provisioning/planText.ts";
import { countChanges } from "../../provisioning/plan.ts";
import type { ChangeTargets } from "../changes/changeTargets.ts";
import { countsOf } from "../changes/confirm.ts";
import { isIncluded } from "../changes/pendingChange.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import { confirmPush } from "../changes/pushFlow.ts";
import type { Connection } from "../connections/connection.ts";
import { progressText } from "../changes/pushOutcome.ts";
import { CancelledError, isCancellation, UserError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { turn } from "../platform/slices.ts";
import { count, displayText, labelText } from "../platform/text.ts";
import type { CycleAnswer, CycleProgress, Parameters } from "./engine/protocol.ts";
import { activityText } from "./jobHealth.ts";
import type { JobModel } from "./jobModel.ts";
import type { Jobs } from "./jobs.ts";
import { leftAfterPush, planned, pushText, reviewedOf } from "./planChanges.ts";

/** What the walkthrough ticks off, apart from what context keys of another purpose say. */
export type WalkthroughStep = "map" | "preview" | "push" | "monitor";

export interface PlanFlowServices {
  readonly jobs: Jobs;
  readonly pending: PendingChanges;
  readonly targets: ChangeTargets;
  note(baseUrl: string): string;
  clearNote(baseUrl: string): void;
  /** Reads again what views and documents show of a connection. */
  refresh(baseUrl: string): Promise<void>;
  /** Hears that a step of the walkthrough is really done. */
  did(step: WalkthroughStep): void;
}

/** From a plan to the Source Control view, and from there to the service. */
export class PlanFlow {
  readonly #services: PlanFlowServices;

  constructor(services: PlanFlowServices) {
    this.#services = services;
  }

  /**
   * Plans a job and puts its changes up for review. Nothing is sent.
   *
   * @param compare evaluate everyone, so that what was changed in the target behind the job's back is seen
   */
  async preview(model: JobModel, compare: boolean): Promise<void> {
    const { jobs, pending } = this.#services;
    const { file, connection } = jobs.ready(model);
    const name = displayText(model.name);
    const title = compare ? l10n.t("Comparing {0} with its target", name) : l10n.t("Planning {0}", name);
    const answer = await withProgress(title, (signal, tell) =>
      jobs.runs.call("plan", { file, compare }, { signal, onProgress: (progress) => tell(...told(progress)) }),
    );
    const shown = planned(file, answer.plan, answer.guard);
    // A plan can be of everyone in a company: the window goes on between the steps.
    await turn();
    jobs.setPlan(file, { ...answer, ...(compare && { compared: true }) });
    this.#services.did("preview");
    await turn();
    const left = await pending.putPlan(connection.baseUrl, file, shown);
    await turn();
    const summary = describeSummary(answer.plan);
    if (left > 0)
      void vscode.window.showInformationMessage(
        l10n.t(
          "{0} planned changes are left out: edits by hand are pending for the same people. Push or discard those, and preview again.",
          count(left),
        ),
      );
    void vscode.window.setStatusBarMessage(`$(check) ${labelText(`${name}: ${summary}`, 300)}`, 8000);
    if (countChanges(answer.plan.summary) > 0) await vscode.commands.executeCommand("workbench.view.scm");
    else await jobs.view.reveal(file);
  }

  /** Takes removals that the deletion guard holds into the next push, after a person has read who they are. */
  async accept(args: readonly unknown[]): Promise<void> {
    const { targets, pending } = this.#services;
    const { connection, changes } = await targets.selected(args);
    const held = changes.filter((change) => change.held === true && !change.excluded);
    if (held.length === 0) throw new UserError(l10n.t("The deletion guard holds nothing here."));
    const names = held
      .slice(0, 10)
      .map(({ change }) => `${displayText(change.name)}: ${displayText(change.reason, 200)}`);
    if (held.length > names.length) names.push(l10n.t("and {0} more", count(held.length - names.length)));
    const act = held.length === 1 ? l10n.t("Accept 1 Removal") : l10n.t("Accept {0} Removals", count(held.length));
    const question = l10n.t("Accept what the deletion guard holds: {0}?", countsOf(held));
    const detail = [...names, "", l10n.t("They go out with the next push to {0}.", displayText(connection.name))].join(
      "\n",
    );
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, act)) !== act)
      throw new CancelledError();
    pending.accept(
      connection.baseUrl,
      held.map(({ key }) => key),
    );
  }

  /** Pushes the reviewed changes of a job: only those, each read again first, by the job's own cycle. */
  async push(connection: Connection, file: string): Promise<void> {
    const { jobs, pending, note, clearNote, refresh } = this.#services;
    const model = jobs.store.get(file);
    if (model === undefined) throw new UserError(l10n.t("The job file {0} is gone. Preview another job.", file));
    jobs.writable(model);
    await turn();
    const reviewed = pending.all(connection.baseUrl).filter(({ job }) => job === file);
    const sent = reviewed.filter(isIncluded);
    await confirmPush(connection, sent);
    await turn();
    const text = note(connection.baseUrl);
    const undoes = reviewed[0]?.undoes;
    const compared = jobs.plan(file)?.compared;
    const title = l10n.t("Pushing to {0}", displayText(connection.name));
    const how = {
      file,
      ...(reviewed.some(({ held }) => held === false) && { acceptRemovals: true }),
      ...(text !== "" && { note: text }),
    };
    const answer =
      undoes === undefined
        ? await this.#run(title, "cycle", {
            ...how,
            initiatedBy: "person",
            reviewed: await reviewedOf(sent),
            // What only a comparison sees would not be in another plan.
            ...(compared && { compare: true }),
          })
        : await this.#run(title, "undo", {
            ...how,
            only: sent.map(({ change }) => change.id),
            push: undoes,
            reviewed: reviewed.map(({ change }) => change),
          });
    const left = leftAfterPush(file, reviewed, answer);
    const undone = left.length > 0 ? jobs.plan(file)?.undoes : undefined;
    jobs.setPlan(file, {
      plan: { ...answer.plan, changes: left.map(({ change }) => change) },
      guard: answer.guard,
      ...(undone !== undefined && { undoes: undone }),
      ...(compared && { compared }),
    });
    await pending.putPlan(connection.baseUrl, file, left);
    if (left.every(({ problem }) => problem === undefined)) clearNote(connection.baseUrl);
    await Promise.all([refresh(connection.baseUrl), jobs.store.refresh(file), jobs.findCutOff(model)]);
    this.#announce(model, answer, sent.length);
  }

  /** Runs a whole cycle now, unreviewed, as the schedule would. */
  async cycle(model: JobModel, options: { readonly initial?: boolean }): Promise<void> {
    const { jobs, pending, refresh } = this.#services;
    const { file, connection } = jobs.writable(model);
    const answer = await this.#run(l10n.t("Cycle of {0}", displayText(model.name)), "cycle", {
      file,
      initiatedBy: "person",
      ...options,
    });
    // What was reviewed before is not what is there now.
    const left = leftAfterPush(file, [], answer).map(({ problem: _problem, ...change }) => change);
    jobs.setPlan(file, { plan: { ...answer.plan, changes: left.map(({ change }) => change) }, guard: answer.guard });
    await pending.putPlan(connection.baseUrl, file, left);
    await Promise.all([refresh(connection.baseUrl), jobs.store.refresh(file), jobs.findCutOff(model)]);
    this.#announce(model, answer, answer.results.length);
  }

  /** Sends what is left of a push that was stopped or cut off, and nothing else; the plan under review is made anew after it. */
  async resume(model: JobModel): Promise<void> {
    const { jobs, pending, refresh } = this.#services;
    const { file, connection } = jobs.writable(model);
    const name = displayText(model.name);
    const reviewed = pending.all(connection.baseUrl).filter(({ job }) => job === file);
    const answer = await this.#run(l10n.t("Resuming the push to {0}", displayText(connection.name)), "cycle", {
      file,
      initiatedBy: "person",
      only: [],
    });
    const left = leftAfterPush(file, reviewed, answer);
    jobs.setPlan(file, { plan: { ...answer.plan, changes: left.map(({ change }) => change) }, guard: answer.guard });
    await pending.putPlan(connection.baseUrl, file, left);
    await Promise.all([refresh(connection.baseUrl), jobs.store.refresh(file), jobs.findCutOff(model)]);
    const { resumed = 0 } = answer;
    if (resumed > 0) this.#services.did("push");
    const text =
      resumed === 1
        ? l10n.t("{0}: resumed, 1 change was sent.", name)
        : l10n.t("{0}: resumed, {1} changes were sent.", name, count(resumed));
    void vscode.window.setStatusBarMessage(`$(check) ${labelText(text, 300)}`, 8000);
  }

  async #run<M extends "cycle" | "undo">(title: string, method: M, parameters: Parameters<M>): Promise<CycleAnswer> {
    const { jobs } = this.#services;
    try {
      return await withProgress(title, (signal, tell) =>
        jobs.runs.call<"cycle" | "undo">(method, parameters, {
          signal,
          onProgress: (progress) => tell(...told(progress)),
        }),
      );
    } catch (error) {
      // That the job is in quarantine now says more than the error, which is its reason.
      if (!isCancellation(error) && (await jobs.tellQuarantine(parameters.file))) throw new CancelledError();
      throw error;
    }
  }

  #announce(model: JobModel, answer: CycleAnswer, sent: number): void {
    if (answer.results.some(({ outcome }) => isDone(outcome))) this.#services.did("push");
    const text = `${displayText(model.name)}: ${pushText(answer, sent)}`;
    if (answer.outcome === "succeeded" && answer.results.length === sent) {
      void vscode.window.setStatusBarMessage(`$(check) ${labelText(text, 300)}`, 8000);
      return;
    }
    const log = l10n.t("Show Provisioning Log");
    void vscode.window.showWarningMessage(text, log).then((chosen) => {
      if (chosen === log) void vscode.commands.executeCommand("scim.job.showLog", model.paths.file);
    });
  }
}

function told(progress: CycleProgress): [message: string, fraction?: number] {
  if (progress.kind === "push")
    return [progressText(progress.progress), progress.progress.done / Math.max(1, progress.progress.total)];
  return [activityText({ run: { on: "off", activity: progress } })];
}
