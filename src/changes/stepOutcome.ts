import type { ScimResource } from "../scim/resource.ts";
import type { AttributeDelta } from "./attributeDelta.ts";
import type { Conflict } from "./conflict.ts";
import type { Fault, Outcome } from "./pushResult.ts";

/** How one step of a change ended. */
export interface StepOutcome {
  readonly outcome: Outcome;
  readonly targetId?: string;
  readonly stored?: ScimResource;
  readonly differences?: readonly AttributeDelta[];
  readonly conflict?: Conflict;
  readonly error?: Fault;
  /** Nothing more can be sent, for this change or any other. */
  readonly halt?: Fault;
}
