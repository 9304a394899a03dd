import type { ScimDocument } from "../scim/resource.ts";
import { keyOf } from "../scim/values.ts";
import type { Change } from "./change.ts";
import type { ChangeResult, Outcome } from "./pushResult.ts";
import type { StepOutcome } from "./stepOutcome.ts";

/** What is known of a change while the push runs. */
export interface ChangeState {
  readonly change: Change;
  /** Objects that it refers to and that could not be created. */
  readonly absent: Set<string>;
  readonly tally: { requests: number };
  startedAt: number | undefined;
  targetId: string | undefined;
  ended: StepOutcome | undefined;
}

export function newState(change: Change, targetId: string | undefined): ChangeState {
  return { change, absent: new Set(), tally: { requests: 0 }, startedAt: undefined, targetId, ended: undefined };
}

/** The result of a change as it stands, given how its last step ended. */
export function resultOf(state: ChangeState, ended: StepOutcome): ChangeResult {
  const { change, absent, tally, startedAt } = state;
  const { halt: _halt, outcome, ...details } = ended;
  const targetId = ended.targetId ?? state.targetId;
  return {
    changeId: change.id,
    change,
    ...details,
    outcome: outcomeOf(outcome, state),
    ...(targetId !== undefined && { targetId }),
    ...(absent.size > 0 && { absent: [...absent] }),
    requests: tally.requests,
    durationMs: startedAt === undefined ? 0 : Math.round((performance.now() - startedAt) * 10) / 10,
  };
}

/** A create whose POST went and whose rest did not is not done, and not unsent either. */
function outcomeOf(outcome: Outcome, state: ChangeState): Outcome {
  const begun = state.change.action === "create" && state.targetId !== undefined && state.startedAt !== undefined;
  return begun && outcome === "notSent"
    ? "unknown"
    : outcome === "redundant" && begun && state.change.requests.length > 1
      ? "pushed"
      : outcome;
}

/** What a service answers of a new resource beside what was sent, apart from what it keeps of every resource. */
export function addedByService({ action, after }: Change, stored: ScimDocument): ScimDocument | undefined {
  if (action !== "create" || after === undefined) return undefined;
  const added = Object.entries(stored).filter(([key]) => !kept.has(key) && keyOf(after, key) === undefined);
  return added.length === 0 ? undefined : Object.fromEntries(added);
}

const kept: ReadonlySet<string> = new Set(["schemas", "id", "meta", "groups"]);
