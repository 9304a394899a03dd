import * as l10n from "@vscode/l10n";
import { jobState, stateWords, timeText } from "../jobs/jobHealth.ts";
import type { JobView } from "../jobs/view/jobRows.ts";
import { displayText } from "../platform/text.ts";
import type { JobStatus } from "./messages/previews.ts";

/** What stands at the head of the editor: what the job does, when its last cycle ended, when the next begins. */
export function statusOf(view: JobView, now: Date): JobStatus {
  const { model, run } = view;
  const { lastCycle, quarantine, held } = model.record ?? {};
  const state = jobState(view, now);
  const next = state === "quarantined" ? quarantine?.nextTryAt : run.nextAt;
  const words = stateWords(view, now);
  const detail = quarantine?.message ?? held?.reasons[0] ?? run.trouble ?? model.stateTrouble ?? lastCycle?.message;
  return {
    kind: "status",
    state,
    text: `${words.charAt(0).toUpperCase()}${words.slice(1)}. ${timesText(lastCycle?.finishedAt, next, now)}`,
    detail: displayText(detail, 500),
    on: run.on !== "off",
  };
}

function timesText(last: string | undefined, next: string | undefined, now: Date): string {
  if (last === undefined)
    return next === undefined ? l10n.t("No cycle has run") : l10n.t("First cycle {0}", timeText(next, now));
  return next === undefined
    ? l10n.t("Last cycle {0}", timeText(last, now))
    : l10n.t("Last cycle {0}, next {1}", timeText(last, now), timeText(next, now));
}
