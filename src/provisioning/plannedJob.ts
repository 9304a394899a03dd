import type { Imprint } from "../directory/imprint.ts";
import type { Leaver } from "./decided.ts";
import type { AcceptedDeviation } from "./deviation.ts";
import type { Matched } from "./match.ts";
import type { Plan } from "./plan.ts";
import type { Names } from "./planNames.ts";

/** How far planning has come. */
export interface PlanProgress {
  readonly step: "directory" | "users" | "groups";
  readonly done: number;
  readonly total: number | undefined;
}

export interface PlanOptions {
  readonly now: Date;
  /** Evaluate everyone, as an initial cycle does; otherwise who moved since the last cycle. */
  readonly initial?: boolean;
  /**
   * Evaluate everyone to find what was changed in the target behind the job's back: also who was deactivated when they left,
   * and is active again.
   */
  readonly compare?: boolean;
  /** Leave objects in escrow alone until their next try, as a cycle does. */
  readonly respectEscrow?: boolean;
  /** Only this object (and, of a group, its members as references): for on-demand provisioning. */
  readonly focus?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined;
}

/** A plan, and what a cycle needs to know to keep its state. Keys of sets are `objectKey`s. */
export interface PlannedJob {
  readonly plan: Plan;
  /** What was compared, with its counterpart when there is one. */
  readonly compared: readonly Matched[];
  readonly leaving: readonly Leaver[];
  /** Objects with references that wait for others. */
  readonly deferred: ReadonlySet<string>;
  /** Objects that could not be planned: their links stay as they are. */
  readonly unplanned: ReadonlySet<string>;
  /** Objects that leave and seem to have lost access already, and how; a read that lags shows that of those who have it, too. */
  readonly unconfirmed: ReadonlyMap<string, "absent" | "inactive">;
  /** Objects that are gone from the directory, and whose counterpart in the target another one has taken over. */
  readonly replaced: ReadonlySet<string>;
  /** Accepted deviations that are left as they are. */
  readonly keptDeviations: readonly AcceptedDeviation[];
  /** Accepted deviations that are no longer so; a cycle forgets them. */
  readonly endedDeviations: readonly AcceptedDeviation[];
  /** Whether the directory holds an object; `undefined` where the plan was not made from it. */
  readonly isKnown?: (sourceId: string) => boolean;
  /** What a person calls the users that the plan's members and managers refer to. */
  readonly names: Names;
  /** What the next plan may be told of the directory; absent where the plan does not tell of everyone. */
  readonly imprint?: () => Promise<Imprint | undefined>;
}

/** The key of a directory object within the sets of a planned job. */
export function objectKey(type: string, sourceId: string): string {
  return `${type}\n${sourceId}`;
}

const none: ReadonlySet<string> = new Set();

/** A saved plan says nothing of unchanged objects, so that nothing is concluded for them. */
export function savedJob(plan: Plan): PlannedJob {
  return {
    plan,
    compared: [],
    leaving: [],
    deferred: none,
    unplanned: none,
    unconfirmed: new Map(),
    replaced: none,
    keptDeviations: [],
    endedDeviations: [],
    names: () => undefined,
  };
}
