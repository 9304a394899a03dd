import * as l10n from "@vscode/l10n";
import { countRemovals } from "../../provisioning/deletionGuard.ts";
import { healthOf } from "../../provisioning/health.ts";
import type { JobView } from "./view/jobRows.ts";

/** The state of a job as views show it, worst first. */
export const jobStates = [
  "broken",
  "disabled",
  "quarantined",
  "held",
  "failing",
  "running",
  "elsewhere",
  "on",
  "off",
] as const;
export type JobState = (typeof jobStates)[number];

/** The state of a job: broken file first, then what provisioning says of its health, then whether it is turned on. */
export function jobState({ model, run }: JobView, now: Date): JobState {
  if (model.job === undefined || model.stateTrouble !== undefined) return "broken";
  const running = run.activity !== undefined;
  if (model.record !== undefined) {
    const health = healthOf(model.record, running, now);
    if (health === "disabled" || health === "quarantined" || health === "held" || health === "running") return health;
    if (health === "failing" && model.record.lastCycle?.outcome !== "stopped") return "failing";
  }
  if (running) return "running";
  if (run.trouble !== undefined) return "failing";
  return run.on === "here" ? "on" : run.on;
}

/** The worst state of all jobs; `undefined` when there are none. */
export function worstOf(
  views: readonly JobView[],
  now: Date,
): { readonly state: JobState; readonly view: JobView } | undefined {
  return views
    .map((view) => ({ state: jobState(view, now), view }))
    .toSorted((a, b) => jobStates.indexOf(a.state) - jobStates.indexOf(b.state))[0];
}

/** What stands behind a job's name: its state, and when the next thing happens. */
export function stateText(view: JobView, now: Date): string {
  const { model, run } = view;
  const words = stateWords(view, now);
  switch (jobState(view, now)) {
    case "quarantined":
      return l10n.t("{0}, next try {1}", words, timeText(model.record?.quarantine?.nextTryAt, now));
    case "failing":
    case "on":
      return run.nextAt === undefined ? words : l10n.t("{0}, next {1}", words, timeText(run.nextAt, now));
    case "off":
      return model.record?.lastCycle === undefined
        ? words
        : l10n.t("{0}, last {1}", words, timeText(model.record.lastCycle.finishedAt, now));
    case "broken":
    case "disabled":
    case "held":
    case "running":
    case "elsewhere":
      return words;
  }
}

/** The state of a job in words, without times. */
export function stateWords(view: JobView, now: Date): string {
  const { model, plan } = view;
  switch (jobState(view, now)) {
    case "broken":
      return model.stateTrouble !== undefined
        ? l10n.t("its state cannot be read")
        : model.problems.length === 1
          ? l10n.t("1 problem in the file")
          : l10n.t("{0} problems in the file", model.problems.length);
    case "disabled":
      return l10n.t("turned off after four weeks in quarantine");
    case "quarantined":
      return l10n.t("quarantined");
    case "held": {
      const removals = plan === undefined ? 0 : countRemovals(plan.plan.changes);
      return removals > 0 ? l10n.t("held, {0} removals", removals) : l10n.t("held by the deletion guard");
    }
    case "failing":
      return l10n.t("last cycle failed");
    case "running":
      return activityText(view);
    case "elsewhere":
      return l10n.t("on in another window");
    case "on":
      return l10n.t("on");
    case "off":
      return l10n.t("off");
  }
}

/** What a job does right now. */
export function activityText({ run }: Pick<JobView, "run">): string {
  const { activity } = run;
  if (activity === undefined || activity.kind === "starting") return l10n.t("running");
  if (activity.kind === "push")
    return l10n.t(
      "pushing {0} of {1}",
      activity.progress.done.toLocaleString("en-US"),
      activity.progress.total.toLocaleString("en-US"),
    );
  const { step, done } = activity.progress;
  if (step === "directory") return l10n.t("reading the directory");
  return step === "users"
    ? l10n.t("comparing users, {0}", done.toLocaleString("en-US"))
    : l10n.t("comparing groups, {0}", done.toLocaleString("en-US"));
}

/** A time as a person reads it: `13:05` on the same day, else `26 Nov 13:05`. */
export function timeText(iso: string | undefined, now: Date): string {
  if (iso === undefined) return l10n.t("unknown");
  const at = new Date(iso);
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
}
