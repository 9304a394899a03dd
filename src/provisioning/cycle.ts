import { acquireLock } from "../changes/lock.ts";
import { CycleRun } from "./cycleRun.ts";
import type { CycleOptions, CycleResult } from "./cycleTypes.ts";
import type { JobContext } from "./jobContext.ts";

export type { CycleOptions, CycleOutcome, CycleResult } from "./cycleTypes.ts";

/**
 * One cycle: takes the writer's lock, finishes what an earlier run left, plans, asks the deletion guard, pushes, and writes
 * links, log, escrows and quarantine. A failure of the target as a whole (token, address) puts the job in quarantine.
 *
 * @throws LockError when another process writes to the job, JournalError when the journal cannot be written, DirectoryError,
 * and what planning throws
 */
export async function runCycle(context: JobContext, options: CycleOptions): Promise<CycleResult> {
  const lock = await acquireLock(context.files.directory, options.initiatedBy);
  try {
    return await new CycleRun(context, options).run();
  } finally {
    await lock.release();
  }
}
