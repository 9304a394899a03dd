import * as l10n from "@vscode/l10n";
import { jobHealth, type JobHealth } from "../../../entra/health.ts";
import type { SynchronizationJob } from "../../../graph/types/synchronization.ts";
import { timeText } from "../../jobs/jobHealth.ts";
import { daysLeftText } from "../../jobs/view/jobFacts.ts";
import { leaf, type RenderedJobRow } from "../../jobs/view/renderedRow.ts";
import { count, displayText } from "../../platform/text.ts";

const icons: Readonly<Record<JobHealth["state"], readonly [icon: string, color?: string]>> = {
  quarantine: ["error", "list.errorForeground"],
  paused: ["debug-pause"],
  notConfigured: ["circle-large-outline"],
  notRun: ["clock"],
  active: ["pass", "testing.iconPassed"],
  unknown: ["question"],
};

/** The row of a job: its state, and its last cycle in the tooltip. */
export function renderJob(job: SynchronizationJob | undefined, now: Date): RenderedJobRow {
  if (job === undefined) return leaf("sync", l10n.t("Provisioning"), undefined, "entraJob");
  const health = jobHealth(job, now.getTime());
  const running = isRunning(health);
  const [icon, color] = running && health.state !== "quarantine" ? (["sync~spin"] as const) : icons[health.state];
  const label = l10n.t("Provisioning");
  const description = stateText(health, now);
  const stopped = health.state === "paused" || health.state === "notConfigured";
  return {
    ...leaf(icon, label, description, `entraJob.${health.state}.${stopped ? "stopped" : "started"}`, undefined, color),
    tooltip: [description, ...cycleLines(health, now), displayText(health.jobId, 300)].join("\n"),
    expandable: "collapsed",
    accessible: `${label}, ${description}`,
  };
}

/** Whether the service names a cycle that has pages left. */
export const isRunning = ({ progress, state }: JobHealth): boolean =>
  progress !== undefined && progress < 100 && (state === "active" || state === "notRun");

/** The state in a few words. */
export function stateText(health: JobHealth, now: Date): string {
  const { lastCycle, progress, quarantine } = health;
  if (isRunning(health)) return l10n.t("running, {0} % of its pages", progress ?? 0);
  switch (health.state) {
    case "quarantine":
      return l10n.t("quarantined, {0}", daysLeftText(quarantine?.daysLeft ?? 0));
    case "paused":
      return lastCycle === undefined ? l10n.t("paused") : l10n.t("paused, last {0}", timeText(lastCycle.ended, now));
    case "notConfigured":
      return l10n.t("no credentials are stored");
    case "notRun":
      return l10n.t("started, first cycle not ended");
    case "active":
      return lastCycle === undefined ? l10n.t("on") : l10n.t("on, last {0}", timeText(lastCycle.ended, now));
    case "unknown":
      return l10n.t("the service names no state");
  }
}

/** The last cycle in words. */
export function cycleLines({ lastCycle }: JobHealth, now: Date): string[] {
  if (lastCycle === undefined) return [l10n.t("No cycle has run.")];
  return [
    l10n.t(
      "Last cycle {0}, {1}: {2} read, {3} written, {4} failing",
      timeText(lastCycle.ended, now),
      resultText(lastCycle.state),
      count(lastCycle.imported),
      count(lastCycle.exported),
      count(lastCycle.escrowed),
    ),
    ...(lastCycle.error === undefined ? [] : [displayText(lastCycle.error, 500)]),
  ];
}

function resultText(state: string): string {
  if (state === "Succeeded") return l10n.t("succeeded");
  return state === "EntryLevelErrors" ? l10n.t("some objects failed") : l10n.t("failed");
}
