import { readJournal } from "../changes/journalRead.ts";
import type { Change } from "../changes/change.ts";
import type { JobState } from "./jobState.ts";

/**
 * Brings the state up to what the journal says of the last push, when a crash came between the push and the saving of the
 * state. Without it an account that was created would be unknown, and never be removed again.
 *
 * @param folder the state folder of the job
 */
export async function recoverState(folder: string, state: JobState): Promise<boolean> {
  let last:
    | { push: string; changes: Map<string, Change>; results: Map<string, { outcome: string; targetId?: string }> }
    | undefined;
  for await (const record of readJournal(folder)) {
    if (record.kind === "pushStart") last = { push: record.push, changes: new Map(), results: new Map() };
    else if (last === undefined || !("push" in record) || record.push !== last.push) continue;
    else if (record.kind === "intent") last.changes.set(record.change.id, record.change);
    else if (record.kind === "created")
      last.results.set(record.changeId, { outcome: "created", targetId: record.targetId });
    else if (record.kind === "result") {
      const targetId = record.targetId ?? last.results.get(record.changeId)?.targetId;
      last.results.set(record.changeId, { outcome: record.outcome, ...(targetId !== undefined && { targetId }) });
    }
  }
  if (last === undefined || last.push === state.record.lastPush) return false;
  for (const [changeId, { outcome, targetId }] of last.results) {
    const change = last.changes.get(changeId);
    if (change?.sourceId === undefined || change.resourceType === "ServicePrincipal") continue;
    const links = state.links(change.resourceType);
    if (change.action === "delete") {
      if (outcome === "pushed" || outcome === "redundant") links.delete(change.sourceId);
      continue;
    }
    const id = targetId ?? change.targetId;
    // An empty hash makes the next cycle compare the object, whatever became of it.
    if (id !== undefined) links.set(change.sourceId, { targetId: id, hash: "", scope: "in" });
  }
  state.record = { ...state.record, lastPush: last.push };
  return true;
}
