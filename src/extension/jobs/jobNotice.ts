import type { NotifiedState } from "../../provisioning/notify.ts";
import { stateToTell } from "../../provisioning/notify.ts";
import { notifiedState } from "../../provisioning/notifyJob.ts";
import type { JobModel } from "./jobModel.ts";

/**
 * What is to be told of a job after a cycle, and what counts as told from then on; `undefined` when it was told before.
 *
 * @param failure why the cycle failed as a whole, which the job's record does not hold
 */
export function nextNotice(
  told: string | undefined,
  model: JobModel,
  failure: string | undefined,
  now: Date,
): { readonly told: string; readonly state: NotifiedState; readonly detail: string } | undefined {
  const { record } = model;
  const state = record === undefined ? "healthy" : notifiedState(record, now);
  if (failure !== undefined && state !== "quarantine" && state !== "disabled") {
    const mark = `failure: ${failure}`;
    return told === mark ? undefined : { told: mark, state: "failure", detail: failure };
  }
  const last = told?.startsWith("failure: ") === true ? "failure" : (told as NotifiedState | undefined);
  const next = stateToTell(last, state);
  if (next === undefined) return undefined;
  const detail = record?.quarantine?.message ?? record?.held?.reasons[0] ?? record?.lastCycle?.message ?? "";
  return { told: next, state: next, detail };
}
