import type { JobStateRecord } from "./jobState.ts";
import { isDisabled } from "./quarantine.ts";

/** The state of a job in one word. */
export type Health = "disabled" | "quarantined" | "held" | "running" | "failing" | "healthy" | "never run";

/** The state of a job, the worst that holds: what the status bar, the jobs view and `status` show. */
export function healthOf(record: JobStateRecord, running: boolean, now: Date): Health {
  if (isDisabled(record.quarantine, now)) return "disabled";
  if (record.quarantine) return "quarantined";
  if (record.held) return "held";
  if (running) return "running";
  if (!record.lastCycle) return "never run";
  return record.lastCycle.outcome === "succeeded" ? "healthy" : "failing";
}
