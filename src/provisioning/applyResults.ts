import type { ChangeResult } from "../changes/pushResult.ts";
import { isDone } from "../changes/pushResult.ts";
import type { Escrow } from "./escrow.ts";
import { escrowAfter } from "./escrow.ts";
import { errorCodeOf } from "./faultCode.ts";
import type { JobState } from "./jobState.ts";
import type { PlannedJob } from "./plannedJob.ts";
import { objectKey as key } from "./plannedJob.ts";

/** For how long, in milliseconds, a service may show what was before. */
const mostLag = 60_000;

/**
 * Writes what a push came to into the state of the job: links of what went through, escrows of what failed. What was not
 * sent stays as it was, so that the next cycle takes it up again.
 */
export function applyResults(state: JobState, planned: PlannedJob, results: readonly ChangeResult[], now: Date): void {
  const bySource = new Map<string, ChangeResult>();
  for (const result of results) {
    const { sourceId, resourceType } = result.change;
    if (sourceId !== undefined) bySource.set(key(resourceType, sourceId), result);
  }
  const changed = new Set(
    planned.plan.changes.flatMap(({ resourceType, sourceId }) =>
      sourceId === undefined ? [] : [key(resourceType, sourceId)],
    ),
  );
  const escrows = new Map(state.record.escrows.map((escrow) => [key(escrow.resourceType, escrow.sourceId), escrow]));

  for (const { object, target } of planned.compared) {
    const place = key(object.type, object.sourceId);
    const result = bySource.get(place);
    // Planned, and not among what was pushed (`--only`): untouched.
    if (result === undefined && changed.has(place)) continue;
    const targetId = result?.targetId ?? target?.id;
    if (planned.unplanned.has(place)) continue;
    if (result !== undefined && !isDone(result.outcome)) {
      if (isFailure(result)) keepEscrow(escrows, result, object.hash, now);
      // An account that exists is known from now on; the empty hash has it compared again, whatever became of it.
      if (targetId !== undefined) {
        state.links(object.type).set(object.sourceId, { targetId, hash: "", scope: object.link?.scope ?? "in" });
      }
      continue;
    }
    if (targetId === undefined) continue;
    const deferred = planned.deferred.has(place) || (result?.absent?.length ?? 0) > 0;
    state
      .links(object.type)
      .set(object.sourceId, { targetId, hash: object.hash, scope: "in", ...(deferred && { deferred }) });
    escrows.delete(place);
  }

  for (const { type, sourceId, targetId } of planned.leaving) {
    const place = key(type, sourceId);
    const result = bySource.get(place);
    if (result === undefined && (changed.has(place) || planned.unplanned.has(place))) continue;
    if (result !== undefined && !isDone(result.outcome)) {
      if (isFailure(result)) keepEscrow(escrows, result, "", now);
      continue;
    }
    const links = state.links(type);
    const deleted = result?.change.action === "delete";
    // Access seems to be gone already, by the read or by the answer: looked at once more by a later cycle before the object
    // is let go, since a service that has not caught up with a create or an update looks the same.
    const seems = planned.unconfirmed.get(place) ?? (deleted && result.outcome === "redundant" ? "absent" : undefined);
    const since = links.get(sourceId)?.leaving ?? now.getTime();
    if (seems !== undefined && now.getTime() - since < mostLag) {
      links.set(sourceId, { targetId, hash: "", scope: "in", leaving: since });
    } else if (deleted || seems === "absent") links.delete(sourceId);
    else links.set(sourceId, { targetId, hash: "", scope: "out" });
    escrows.delete(place);
  }
  for (const type of planned.replaced.size > 0 ? (["User", "Group"] as const) : []) {
    for (const sourceId of state.links(type).keys()) {
      if (planned.replaced.has(key(type, sourceId))) state.links(type).delete(sourceId);
    }
  }
  // Who failed to be created and has left the directory since is nobody's concern any more.
  const { isKnown } = planned;
  const kept = [...escrows.values()].filter(
    ({ resourceType, sourceId }) =>
      isKnown === undefined || isKnown(sourceId) || state.links(resourceType).has(sourceId),
  );
  state.record = { ...state.record, escrows: kept };
}

/** What somebody else changed meanwhile is planned anew in the next cycle; it did not fail. */
function isFailure({ outcome, conflict }: ChangeResult): boolean {
  return outcome !== "notSent" && conflict?.theirs === undefined;
}

function keepEscrow(escrows: Map<string, Escrow>, result: ChangeResult, hash: string, now: Date): void {
  const { resourceType, sourceId, name } = result.change;
  if (sourceId === undefined || resourceType === "ServicePrincipal") return;
  const place = key(resourceType, sourceId);
  const message = result.error?.message ?? `The change ended as ${result.outcome}.`;
  const failure = { sourceId, resourceType, name, code: errorCodeOf(result), message, hash };
  escrows.set(place, escrowAfter(escrows.get(place), failure, now));
}
