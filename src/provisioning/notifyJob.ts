import { healthOf } from "./health.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobStateRecord } from "./jobState.ts";
import { loadJobState, saveJobState } from "./jobState.ts";
import type { NotifiedState, NotifyTargets } from "./notify.ts";
import { sendNotice, stateToTell, writeNotice } from "./notify.ts";

/**
 * Tells of the job's state after a cycle, once per state, by the ways of `settings.notify`.
 *
 * @returns one sentence per way that failed
 */
export async function notifyJob(
  context: Pick<JobContext, "job" | "files">,
  machine: Pick<NotifyTargets, "smtpUrl" | "from">,
  now = new Date(),
): Promise<string[]> {
  const { notify } = context.job.settings;
  if (notify === undefined || !notify.onFailure) return [];
  const state = await loadJobState(context.files);
  const next = stateToTell(state.record.notified, notifiedState(state.record, now));
  if (next === undefined) return [];
  const problems = await sendNotice(writeNotice(context.job.name, next, details(state.record)), {
    ...machine,
    ...(notify.email !== undefined && { email: notify.email }),
    ...(notify.webhook !== undefined && { webhook: notify.webhook }),
  });
  // A notice that could not be sent at all is tried again after the next cycle.
  if (problems.length === 0) {
    state.record = { ...state.record, notified: next };
    await saveJobState(context.files, state);
  }
  return problems;
}

/** What of a job's state a person is told of. */
export function notifiedState(record: JobStateRecord, now: Date): NotifiedState {
  switch (healthOf(record, false, now)) {
    case "disabled":
      return "disabled";
    case "quarantined":
      return "quarantine";
    case "held":
      return "held";
    case "failing":
      return "failure";
    case "healthy":
    case "running":
    case "never run":
      return "healthy";
  }
}

function details({ quarantine, held, lastCycle, escrows }: JobStateRecord): string[] {
  return [
    ...(quarantine ? [`${quarantine.reason}: ${quarantine.message}`, `Next try ${quarantine.nextTryAt}.`] : []),
    ...(held?.reasons ?? []),
    ...(lastCycle?.message === undefined ? [] : [lastCycle.message]),
    ...escrows.slice(0, 20).map(({ name, code, message }) => `${name}: ${code}: ${message}`),
  ];
}
