import type { Reviewed } from "../changes/digest.ts";
import type { PushProgress, PushReport } from "../changes/pushResult.ts";
import type { GuardVerdict } from "./deletionGuard.ts";
import type { Plan } from "./plan.ts";
import type { PlannedJob, PlanProgress } from "./plannedJob.ts";

/** How a push or a cycle ended. */
export type CycleOutcome = "succeeded" | "someFailed" | "held" | "stopped" | "failed";

export interface CycleResult {
  readonly outcome: CycleOutcome;
  readonly planned: PlannedJob;
  readonly guard: GuardVerdict;
  /** Absent when nothing was sent. */
  readonly report?: PushReport;
  /** Why it stopped or failed, in one sentence. */
  readonly message?: string;
}

export interface CycleOptions {
  readonly now?: () => Date;
  /** Evaluate everyone again ("restart provisioning"): links are kept, escrows and quarantine are cleared. */
  readonly initial?: boolean;
  /** Evaluate everyone as a comparison with the target did; nothing is forgotten for it. */
  readonly compare?: boolean;
  /** A plan that was saved and reviewed; without it, a fresh one is made. Each object is read again before it is written. */
  readonly saved?: Plan;
  /** Plan and push only this directory object: provisioning on demand. */
  readonly focus?: string;
  /** Ids of the changes to push; all when absent. */
  readonly only?: ReadonlySet<string>;
  /** What a person has reviewed: only that is pushed. A change that is another one by now waits for another review. */
  readonly reviewed?: Reviewed;
  /** A person accepts the removals that the guard would hold. */
  readonly acceptRemovals?: boolean;
  /** Wait with objects in escrow until their next try: a scheduled cycle does, a person's push does not. */
  readonly respectEscrow?: boolean;
  /** Read each object again before it is written, since a person took time to review. */
  readonly verify?: boolean;
  /** Who asked, for the log: `schedule`, `person`, `command line`. */
  readonly initiatedBy: string;
  /** Who asked, for the journal; `initiatedBy` when absent. */
  readonly who?: string | undefined;
  readonly note?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Asks before anything is sent; `false` ends the run with nothing done. */
  readonly confirm?: (planned: PlannedJob, guard: GuardVerdict) => Promise<boolean>;
  readonly onPlanProgress?: (progress: PlanProgress) => void;
  readonly onPushProgress?: (progress: PushProgress) => void;
  readonly onResumed?: (report: PushReport) => void;
}
