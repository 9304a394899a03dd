import { readLastPush } from "../changes/journalRead.ts";
import type { Change } from "../changes/change.ts";
import type { ChangeResult, PushReport } from "../changes/pushResult.ts";
import { removalsIn, type RemovalRecord } from "./deletionGuard.ts";
import type { JobState } from "./jobState.ts";

/**
 * Brings the state up to what the journal says of the last push, when a crash came between the push and the saving of the
 * state, or when the push has been resumed. Without it an account that was created would be unknown, and never be removed
 * again.
 *
 * @param folder the state folder of the job
 * @param resumed what was done when the push was resumed just now
 * @returns the push whose results the state has taken up; `undefined` when it knew them already
 */
export async function recoverState(
  folder: string,
  state: JobState,
  resumed?: PushReport,
): Promise<RecoveredPush | undefined> {
  let last: LastPush | undefined;
  for await (const record of readLastPush(folder)) {
    if (record.kind === "pushStart") {
      last = { push: record.push, startedAt: new Date(record.at), changes: new Map(), results: new Map() };
    } else if (last === undefined || !("push" in record) || record.push !== last.push) continue;
    else if (record.kind === "intent") last.changes.set(record.change.id, record.change);
    else if (record.kind === "created") {
      last.results.set(record.changeId, { outcome: "created", targetId: record.targetId, at: record.at });
    } else if (record.kind === "result") {
      const targetId = record.targetId ?? last.results.get(record.changeId)?.targetId;
      const { outcome, at, error, requests, durationMs } = record;
      last.results.set(record.changeId, {
        outcome,
        at,
        ...(targetId !== undefined && { targetId }),
        ended: { outcome, requests, durationMs, ...(error && { error }) },
      });
    }
  }
  const saved = last?.push === state.record.lastPush;
  if (last === undefined || (saved && resumed === undefined)) return undefined;
  // What the state has counted already is not counted again.
  const uncounted = saved ? new Set(resumed?.results.map(({ changeId }) => changeId)) : undefined;
  const removals: RemovalRecord[] = [];
  const results: ChangeResult[] = [];
  for (const [changeId, { outcome, targetId, at, ended }] of last.results) {
    const change = last.changes.get(changeId);
    if (change === undefined) continue;
    if (uncounted?.has(changeId) !== false && (outcome === "pushed" || outcome === "unknown")) {
      removals.push(...removalsIn([change], at));
    }
    // A deletion that found nothing lets nobody go: the next cycle looks whether the object is there.
    if (change.action !== "delete" || outcome !== "redundant") {
      takeLink(state, change, outcome, targetId ?? change.targetId);
    }
    if (ended) results.push({ changeId, change, ...(targetId !== undefined && { targetId }), ...ended });
  }
  state.record = { ...state.record, lastPush: last.push, removals: [...state.record.removals, ...removals] };
  return { startedAt: last.startedAt, results };
}

/** What the journal tells of a push. */
export interface RecoveredPush {
  readonly startedAt: Date;
  /** One for each change that ended. */
  readonly results: readonly ChangeResult[];
}

interface LastPush {
  readonly push: string;
  readonly startedAt: Date;
  readonly changes: Map<string, Change>;
  readonly results: Map<string, KnownResult>;
}

interface KnownResult {
  readonly outcome: string;
  readonly targetId?: string;
  readonly at: string;
  readonly ended?: Pick<ChangeResult, "outcome" | "requests" | "durationMs" | "error">;
}

/** Brings the link of an object up to what became of its change. */
export function takeLink(state: JobState, change: Change, outcome: string, targetId: string | undefined): void {
  if (change.sourceId === undefined || change.resourceType === "ServicePrincipal") return;
  const links = state.links(change.resourceType);
  if (change.action === "delete") {
    if (outcome === "pushed" || outcome === "redundant") links.delete(change.sourceId);
    return;
  }
  // An empty hash makes the next cycle compare the object, whatever became of it.
  if (targetId !== undefined) {
    const back = change.before?.["active"] === false && change.after?.["active"] === true;
    links.set(change.sourceId, {
      targetId,
      hash: "",
      scope: back ? "in" : (links.get(change.sourceId)?.scope ?? "in"),
    });
  }
}
