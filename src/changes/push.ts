import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Change } from "./change.ts";
import type { Journal } from "./journal.ts";
import { JournalError } from "./journalError.ts";
import { faultOf } from "./pushFault.ts";
import type { ChangeResult, Fault, Outcome, PushReport } from "./pushResult.ts";
import { PushRun, type PushRunOptions } from "./pushRun.ts";
import { firstRun, type OmittedCreate } from "./pushState.ts";
import { referenceName } from "./reference.ts";

export interface PushOptions extends PushRunOptions {
  readonly changes: readonly Change[];
  /** Ids of the changes to send; all when absent. What refers to a create that is left out goes without it. */
  readonly only?: ReadonlySet<string>;
  /** Where the push is recorded: with it, a killed push can be resumed and a finished one undone. */
  readonly journal?: Journal;
  /** The name of the job, or of the connection for manual changes. */
  readonly job?: string;
  /** Who pushes. */
  readonly who?: string;
  /** A note of the person for the record. */
  readonly note?: string;
}

/**
 * Sends changes: new users, then new groups, then updates and memberships, then deactivations, then deletions. Changes of
 * one phase go side by side as fast as the client's limiter lets them; one that fails never stops the others. What depends
 * on a failed create goes without it, or is `blocked` when nothing else is left of it.
 *
 * Every change is in the journal, with the document before it, before its first request is sent. The push stops as a whole
 * when nothing more can be sent (token refused, service not reachable, journal not writable) and when `signal` aborts: what is
 * in flight is finished, the rest is `notSent` and can be resumed.
 *
 * @returns one result per change, in the order given; it does not throw for failures of changes or of the service
 */
export async function pushChanges(options: PushOptions): Promise<PushReport> {
  const { changes, only, journal } = options;
  const started = performance.now();
  const push = randomUUID();
  const selected = only === undefined ? changes : changes.filter(({ id }) => only.has(id));
  const omitted = only === undefined ? [] : omittedCreates(changes, only);
  try {
    if (journal) await recordStart(journal, push, selected, omitted, options);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    const fault = faultOf(error);
    const results = selected.map((change): ChangeResult => {
      const identity = {
        changeId: change.id,
        change,
        ...(change.targetId !== undefined && { targetId: change.targetId }),
      };
      return { ...identity, outcome: "notSent", error: fault, requests: 0, durationMs: 0 };
    });
    return reportOf(push, results, fault, started);
  }
  const run = new PushRun(push, selected, { ...firstRun, omitted }, options);
  const { results, stopped } = await run.run();
  return finishPush(journal, push, results, stopped, started);
}

/** Ends a push in the journal and sums it up. */
export async function finishPush(
  journal: Journal | undefined,
  push: string,
  results: readonly ChangeResult[],
  stopped: Fault | undefined,
  started: number,
): Promise<PushReport> {
  const report = reportOf(push, results, stopped, started);
  if (!journal) return report;
  try {
    const open = report.counts.notSent + report.counts.unknown > 0;
    journal.append({
      kind: "pushEnd",
      push,
      outcome: open ? "stopped" : "finished",
      ...(stopped && { cause: stopped }),
      counts: report.counts,
    });
    await journal.commit();
    return report;
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return { ...report, stopped: stopped ?? faultOf(error) };
  }
}

async function recordStart(
  journal: Journal,
  push: string,
  changes: readonly Change[],
  omitted: readonly OmittedCreate[],
  options: PushOptions,
) {
  const { job, who, note } = options;
  const counts: Record<string, number> = {};
  for (const { action } of changes) counts[action] = (counts[action] ?? 0) + 1;
  journal.append({
    kind: "pushStart",
    push,
    ...(job !== undefined && { job }),
    ...(who !== undefined && { who }),
    ...(note !== undefined && { note }),
    counts,
    ...(omitted.length > 0 && { omitted: [...omitted] }),
  });
  for (const [at, change] of changes.entries()) {
    journal.append({ kind: "intent", push, change });
    // In portions, so that the event loop stays free; the disk works meanwhile, and memory holds no more than it lags.
    if (at % 4096 === 4095) await journal.commit();
    else if (at % 128 === 127) await setImmediate();
  }
  await journal.commit();
}

function omittedCreates(changes: readonly Change[], only: ReadonlySet<string>): readonly OmittedCreate[] {
  return changes
    .filter(({ id, action }) => action === "create" && !only.has(id))
    .map((change) => ({ resourceType: change.resourceType, name: referenceName(change) }));
}

function reportOf(
  push: string,
  results: readonly ChangeResult[],
  stopped: Fault | undefined,
  started: number,
): PushReport {
  const counts: Record<Outcome, number> = {
    pushed: 0,
    redundant: 0,
    conflict: 0,
    failed: 0,
    blocked: 0,
    notSent: 0,
    unknown: 0,
  };
  for (const { outcome } of results) counts[outcome] += 1;
  return { push, results, counts, ...(stopped && { stopped }), durationMs: performance.now() - started };
}
