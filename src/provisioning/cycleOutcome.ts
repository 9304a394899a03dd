import type { ChangeResult, PushReport } from "../changes/pushResult.ts";
import type { CycleOutcome } from "./cycleTypes.ts";
import type { RemovalRecord } from "./deletionGuard.ts";
import { removalsIn } from "./deletionGuard.ts";
import type { JobStateRecord } from "./jobState.ts";
import type { CycleFailures } from "./quarantine.ts";

const day = 24 * 60 * 60 * 1000;

/** How a cycle ended, from the report of its push. */
export function outcomeOf(report: PushReport | undefined): CycleOutcome {
  if (report === undefined) return "succeeded";
  if (report.stopped) return report.stopped.code === "cancelled" ? "stopped" : "failed";
  const { failed, blocked, conflict, unknown, notSent } = report.counts;
  return failed + blocked + conflict + unknown + notSent > 0 ? "someFailed" : "succeeded";
}

/** What quarantine is decided by. */
export function failuresOf(report: PushReport | undefined): CycleFailures {
  const { pushed = 0, redundant = 0, failed = 0, conflict = 0, unknown = 0, blocked = 0 } = report?.counts ?? {};
  const stopped = report?.stopped;
  const fatal = stopped !== undefined && stopped.code !== "cancelled" ? stopped : undefined;
  return {
    ...(fatal !== undefined && { fatal: fatal.message, fatalCode: fatal.code }),
    succeeded: pushed + redundant,
    failed: failed + conflict + unknown,
    referencesFailed: blocked,
  };
}

/** The removals of a push, for the rolling budget of the deletion guard. */
export function removalsOf(results: readonly ChangeResult[], now: Date): RemovalRecord[] {
  const sent = results.filter(({ outcome }) => outcome === "pushed" || outcome === "unknown");
  return removalsIn(
    sent.map(({ change }) => change),
    now.toISOString(),
  );
}

/** The removals of the last 24 hours. */
export function recentRemovals(removals: JobStateRecord["removals"], now: Date): RemovalRecord[] {
  return removals.filter(({ at }) => Date.parse(at) > now.getTime() - day);
}

/** Whether the target as a whole cannot be used: its token, its address, or what it answers. */
export function isTargetFailure(error: unknown): error is Error {
  return (
    error instanceof Error && (error.name === "HttpError" || error.name === "ScimError" || error.name === "PagingError")
  );
}
