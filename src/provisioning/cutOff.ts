import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { journalFile } from "../changes/journal.ts";
import { lockOwner } from "../changes/lock.ts";
import { unfinishedPush } from "../changes/resume.ts";
import { readLinesBackwards } from "./logTail.ts";

/** A push that was stopped, or cut off by a window that closed, with what it had come to. */
export interface CutOffPush {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Number of its changes. */
  readonly total: number;
  /** Number of changes that are not done. */
  readonly left: number;
}

/**
 * Whether the journal may end in the middle of a push. Reads its last line only: `cutOffPush` knows.
 *
 * @param folder the state folder of the job
 */
export async function mayBeCutOff(folder: string): Promise<boolean> {
  for await (const [last] of readLinesBackwards(join(folder, journalFile))) {
    if (last === undefined) continue;
    return !/"kind":"pushEnd"/.test(last.text) || !/"outcome":"finished"/.test(last.text);
  }
  return false;
}

/**
 * The last push of a job when something of it is left to send, and nobody is at it. Who writes to the job just now, such as
 * the process of a window that has closed, is waited for.
 *
 * @param patienceMs how long to wait for another writer
 */
export async function cutOffPush(
  folder: string,
  { signal, patienceMs = 20_000 }: { readonly signal?: AbortSignal; readonly patienceMs?: number } = {},
): Promise<CutOffPush | undefined> {
  const until = Date.now() + patienceMs;
  while ((await lockOwner(folder)) !== undefined) {
    if (Date.now() >= until) return undefined;
    await sleep(250, undefined, signal ? { signal } : {});
  }
  const push = await unfinishedPush(folder);
  return push && { startedAt: push.startedAt, total: push.changes.length, left: push.left.length };
}
