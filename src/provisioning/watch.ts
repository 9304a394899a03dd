import { setTimeout } from "node:timers/promises";
import type { JobContext } from "./jobContext.ts";
import { loadJobState } from "./jobState.ts";
import { isDisabled } from "./quarantine.ts";

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** Runs one cycle. */
  readonly cycle: () => Promise<void>;
  readonly afterCycle: () => Promise<void>;
  readonly onWait: (until: Date) => void;
  readonly onError: (error: Error) => void;
  readonly now?: () => Date;
  /** A number in [0, 1), for the jitter. */
  readonly random?: () => number;
  /** Waits so many milliseconds; rejects when the signal aborts. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** At most a tenth of the interval, so that many jobs do not all begin in the same minute. */
const jitter = 0.1;

/**
 * Runs a cycle every interval until the signal aborts. The time of the next cycle is in the state, so that it survives a
 * restart; cycles that were missed meanwhile are not piled up, one is run. In quarantine the next try counts instead. A
 * cycle that fails as a whole is told and tried again at its time.
 */
export async function watchJob(context: Pick<JobContext, "job" | "files">, options: WatchOptions): Promise<void> {
  const { signal, onWait, onError } = options;
  const now = options.now ?? (() => new Date());
  const sleep = options.sleep ?? ((milliseconds, stop) => setTimeout(milliseconds, undefined, { signal: stop }));
  const interval = context.job.settings.intervalMinutes * 60_000;
  let failedAt: Date | undefined;
  for (;;) {
    if (isStopped(signal)) return;
    const { record } = await loadJobState(context.files);
    if (isDisabled(record.quarantine, now())) {
      throw new Error(
        `The job has been in quarantine for four weeks and is turned off: ${record.quarantine?.message ?? ""} ` +
          "Mend the cause, then start it again with: cycle JOB --restart",
      );
    }
    const due = dueAt(record.quarantine?.nextTryAt ?? record.nextCycleAt, failedAt, interval, now());
    if (due.getTime() > now().getTime()) {
      const wait = due.getTime() - now().getTime() + (options.random ?? Math.random)() * jitter * interval;
      onWait(new Date(now().getTime() + wait));
      if (!(await waited(() => sleep(wait, signal)))) return;
    }
    try {
      failedAt = undefined;
      await options.cycle();
    } catch (error) {
      if (isStopped(signal)) return;
      if (!(error instanceof Error)) throw error;
      failedAt = now();
      onError(error);
    }
    await options.afterCycle();
  }
}

/**
 * When the next cycle is due: at the time that the state gives, or an interval after a cycle that could not even record
 * one. A clock that jumped back never makes anyone wait longer than one interval or a day.
 */
function dueAt(planned: string | undefined, failedAt: Date | undefined, interval: number, now: Date): Date {
  const longest = now.getTime() + Math.max(interval, 24 * 60 * 60 * 1000);
  const at = planned === undefined ? 0 : Date.parse(planned);
  const again = failedAt === undefined ? 0 : failedAt.getTime() + interval;
  return new Date(Math.min(at > now.getTime() ? at : Math.max(at, again), longest));
}

async function waited(sleep: () => Promise<unknown>): Promise<boolean> {
  try {
    await sleep();
    return true;
  } catch {
    return false;
  }
}

/** A function, so that the compiler does not take an earlier answer for the present one. */
function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
