import type { Change } from "../changes/change.ts";
import type { ScopeCause } from "../scope/scope.ts";

/** `initial` evaluates everyone; `incremental` only what moved since the last cycle. */
export type CycleKind = "initial" | "incremental";

/**
 * Why nothing is done for an object. The provisioning service's codes where it has one, ours where it has none
 * (Microsoft Entra documentation, "Provisioning logs": skip reasons and error codes).
 */
export type SkipReason =
  /** Not assigned, without a role that entitles (Default Access only), or disabled and never provisioned. */
  | "NotEffectivelyEntitled"
  /** No value for any matching attribute. */
  | "ImportSkipped"
  /** Several objects of the target match. */
  | "DuplicateTargetEntries"
  /** Several objects of the directory meet in one object of the target. */
  | "DuplicateSourceEntries"
  /** `leavingScope` is `keep`. */
  | "SkipOutOfScopeDeletions"
  /** The job's actions do not hold what would have to be done. */
  | "ActionNotEnabled"
  /** The linked object is gone from the target. */
  | "InvalidAnchor"
  /** A mapping could not be evaluated for this object. */
  | "MappingFailed"
  /** The change would remove access, and the directory was not read to its end, or the object is protected. */
  | "RemovalWithheld"
  /** Members that the service does not provision: nested groups, people out of scope. */
  | "MemberNotProvisioned"
  /** Failing; waits for its next try. */
  | "Escrowed"
  /** Changed in the target, and a person lets it be. */
  | "DeviationAccepted";

/** One object for which nothing is done, and why. */
export interface Skip {
  readonly sourceId: string;
  readonly resourceType: "User" | "Group";
  readonly name: string;
  readonly reason: SkipReason;
  /** The data that decided, in one sentence. */
  readonly detail: string;
  /** Which rule of the scope decided, where one did. */
  readonly cause?: ScopeCause;
}

export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly deactivate: number;
  readonly delete: number;
  readonly skip: number;
  /** Objects of the directory that agree with the target already. */
  readonly unchanged: number;
}

/** What a job would do now. It is read-only: making it writes nothing to the target. */
export interface Plan {
  readonly job: string;
  readonly cycle: CycleKind;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly summary: PlanSummary;
  readonly changes: readonly Change[];
  readonly skips: readonly Skip[];
  /** Ids of the changes that put right what was changed in the target behind the job's back. */
  readonly drift?: readonly string[];
  /** Why the plan holds no removals, when the directory was not read to its end. */
  readonly removalsWithheld?: string;
  /** What a person should know beside the changes: values that cannot stick, problems of the directory. */
  readonly notes?: readonly string[];
}

/** Counts a plan's changes and skips. */
export function summarize(changes: readonly Change[], skips: readonly Skip[], unchanged: number): PlanSummary {
  const summary = { create: 0, update: 0, deactivate: 0, delete: 0, skip: skips.length, unchanged };
  for (const change of changes) summary[change.action] += 1;
  return summary;
}

/** Number of changes in a plan, of any action. */
export function countChanges(summary: PlanSummary): number {
  return summary.create + summary.update + summary.deactivate + summary.delete;
}
