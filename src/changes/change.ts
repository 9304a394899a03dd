import type { ResourceType, ScimDocument } from "../scim/resource.ts";

/** What a change does to its resource. A change of membership is an `update` of the group. */
export type ChangeAction = "create" | "update" | "deactivate" | "delete";

/** One request of a change, relative to the base URL, in the dialect of the service. */
export interface ChangeRequest {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** For example `/Users/42`; a not yet known id stands as `{sourceId}` of the object that an earlier change creates. */
  readonly path: string;
  readonly body?: unknown;
}

/**
 * One resource before and after, and the exact requests that would make it so. Manual edits and job plans make the same
 * changes, they are reviewed in the same place and pushed by the same code.
 */
export interface Change {
  /** Stable for the same inputs; what `push --only` takes. */
  readonly id: string;
  readonly action: ChangeAction;
  readonly resourceType: ResourceType;
  /** What a person calls it: userName of a user, displayName of a group. */
  readonly name: string;
  readonly sourceId?: string;
  /** Absent for a create. */
  readonly targetId?: string;
  /** The document as last read; absent for a create. */
  readonly before?: ScimDocument;
  /** The document as it should be; absent for a delete. */
  readonly after?: ScimDocument;
  readonly requests: readonly ChangeRequest[];
  /** Why, in one sentence. */
  readonly reason: string;
  /** What the service will not do of what was wanted, a sentence each: "Databricks ignores changes of userName." */
  readonly notes?: readonly string[];
}
