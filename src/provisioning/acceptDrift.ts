import type { Reviewed } from "../changes/digest.ts";
import { isReviewed } from "../changes/digest.ts";
import { acquireLock } from "../changes/lock.ts";
import type { AcceptedDeviation } from "./deviation.ts";
import { deviationKey, deviationsOf } from "./deviation.ts";
import type { JobContext } from "./jobContext.ts";
import { loadJobState, saveJobState } from "./jobState.ts";
import { makePlan } from "./makePlan.ts";
import type { PlanProgress } from "./plannedJob.ts";
import type { StateFiles } from "./stateFiles.ts";

/** A change that cannot be accepted: it is none, or it comes from the directory. */
export class AcceptError extends Error {
  readonly code = "notDrift";
}

/**
 * Lets the target be as it is where it was changed behind the job's back: what the changes would put right is remembered, and
 * left alone by plans and cycles from now on. The target is compared once more, so that what is accepted is what is there now.
 *
 * @param reviewed drift changes of a comparison, as a person has seen them
 * @returns what was accepted
 * @throws AcceptError, LockError while the job runs, and what planning throws
 */
export async function acceptDrift(
  context: JobContext,
  reviewed: Reviewed,
  options: {
    readonly now: Date;
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: PlanProgress) => void;
  },
): Promise<readonly AcceptedDeviation[]> {
  const lock = await acquireLock(context.files.directory, "accept deviations");
  try {
    const state = await loadJobState(context.files);
    const { plan, names } = await makePlan(context, state, { ...options, compare: true });
    const drift = new Set(plan.drift);
    const chosen = plan.changes.filter((change) => drift.has(change.id) && isReviewed(reviewed, change));
    if (chosen.length < reviewed.size) {
      const moved = reviewed.size - chosen.length;
      const [what, is] = moved === 1 ? ["1 change", "is"] : [`${moved} changes`, "are"];
      throw new AcceptError(
        `${what} ${is} no longer what was compared, or ${is} not of the target alone. Nothing was accepted; compare with the ` +
          "target again.",
      );
    }
    const acceptedAt = options.now.toISOString();
    const accepted = chosen
      .flatMap((change) => {
        const { resourceType, sourceId } = change;
        if (resourceType === "ServicePrincipal" || sourceId === undefined) return [];
        const link = state.links(resourceType).get(sourceId);
        return link === undefined ? [] : deviationsOf(change, link, context.schemas[resourceType], names);
      })
      .map((deviation): AcceptedDeviation => ({ ...deviation, acceptedAt }));
    const keys = new Set(accepted.map(deviationKey));
    const others = (state.record.accepted ?? []).filter((each) => !keys.has(deviationKey(each)));
    state.record = { ...state.record, accepted: [...others, ...accepted] };
    await saveJobState(context.files, state);
    return accepted;
  } finally {
    await lock.release();
  }
}

/**
 * Takes back what was accepted: the next comparison shows it again.
 *
 * @param keys their `deviationKey`s
 * @returns how many were taken back
 * @throws LockError while the job runs
 */
export async function revokeAccepted(files: StateFiles, keys: ReadonlySet<string>): Promise<number> {
  const lock = await acquireLock(files.directory, "revoke accepted deviations");
  try {
    const state = await loadJobState(files);
    const before = state.record.accepted ?? [];
    const accepted = before.filter((each) => !keys.has(deviationKey(each)));
    state.record = { ...state.record, accepted };
    await saveJobState(files, state);
    return before.length - accepted.length;
  } finally {
    await lock.release();
  }
}
