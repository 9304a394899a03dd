import type { ChangeResult } from "../changes/pushResult.ts";
import { readLog } from "./logFile.ts";
import type { RecoveredPush } from "./recover.ts";

/**
 * The results of a push that the provisioning log does not hold, since a crash came before they were written to it.
 *
 * @param log the log file of the job
 */
export async function notInLog(log: string, { startedAt, results }: RecoveredPush): Promise<readonly ChangeResult[]> {
  const logged = new Set<string | undefined>();
  for await (const { changeId } of readLog(log, { since: startedAt })) logged.add(changeId);
  return results.filter(({ changeId }) => !logged.has(changeId));
}
