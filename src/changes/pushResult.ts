import type { ScimResource } from "../scim/resource.ts";
import type { AttributeDelta } from "./attributeDelta.ts";
import type { Change } from "./change.ts";
import type { Conflict } from "./conflict.ts";

/** How a change ended. */
export type Outcome =
  /** Sent and accepted, or found to have been done by an earlier attempt of ours. */
  | "pushed"
  /** Already as wanted: nothing was sent (the provisioning service's RedundantExport). */
  | "redundant"
  /** Moved since it was read: nothing was sent. */
  | "conflict"
  | "failed"
  /** What it depends on could not be created. */
  | "blocked"
  /** The push was stopped before; it can be resumed. */
  | "notSent"
  /** Sent, and neither its answer nor a later read told what became of it; resuming looks again. */
  | "unknown";

/** A failure as a person reads it. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
}

export interface ChangeResult {
  readonly changeId: string;
  readonly change: Change;
  readonly outcome: Outcome;
  /** The id of the resource; of a create, what the service issued. */
  readonly targetId?: string;
  /** The resource as the service answered it after the write. */
  readonly stored?: ScimResource;
  /** Where that differs from what was sent. */
  readonly differences?: readonly AttributeDelta[];
  readonly conflict?: Conflict;
  /** Objects that it refers to and that could not be created; the rest of the change was sent. */
  readonly absent?: readonly string[];
  readonly error?: Fault;
  /** Requests that were sent for it, reads included. */
  readonly requests: number;
  readonly durationMs: number;
}

export interface PushProgress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** Changes per second over the last seconds. */
  readonly rate: number;
  /** At that rate; absent until a rate is known. */
  readonly etaSeconds?: number;
}

export interface PushReport {
  readonly push: string;
  /** One for each change, in the order in which they were given. */
  readonly results: readonly ChangeResult[];
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Why the push ended before all was sent. */
  readonly stopped?: Fault;
  readonly durationMs: number;
}

/** The name of the attribute by which a resource is looked up, and its value in a document. */
export interface LookupKey {
  readonly path: string;
  readonly value: string;
}

/** Outcomes that leave nothing to do. */
export function isDone(outcome: Outcome): boolean {
  return outcome === "pushed" || outcome === "redundant";
}
