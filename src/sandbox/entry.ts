import type { ResourceType, ScimDocument } from "../scim/resource.ts";

/**
 * The side a request looks at the store from: a Databricks workspace, the account around it, or a plain RFC 7644 service.
 * One store holds the account; a workspace is a view of it.
 */
export type Level = "workspace" | "account" | "rfc";

/** The state before the last change, kept while stale reads are asked for. */
export interface PastState {
  /** When it ceased to be true, in milliseconds since the epoch. */
  readonly until: number;
  /** The resource as it was answered then, by level. */
  readonly texts: ReadonlyMap<Level, string>;
}

/** One stored resource. Documents are never changed in place: a write puts a new one. */
export interface Entry {
  readonly id: string;
  readonly type: ResourceType;
  /** The level a group was created at; a user belongs to the account, or to the plain service. */
  readonly home: Level;
  /** Grows with every entry; lists stand in this order. */
  readonly sequence: number;
  /** Owned by the service: it cannot be deleted (`users`, `admins`, `account users`). */
  readonly system: boolean;
  /** What every level sees: all writable attributes but members and those of `own`. */
  shared: ScimDocument;
  /** What one level alone sees: entitlements, roles, and whether the level switched the principal off. */
  readonly own: Partial<Record<Level, ScimDocument>>;
  readonly levels: Set<Level>;
  /** Direct members by id, in the order in which they came; only of groups. */
  readonly members?: Map<string, Entry>;
  /** The groups that hold this entry directly. */
  readonly parents: Set<Entry>;
  readonly created: number;
  modified: number;
  version: number;
  /** The answer to a plain GET, by level, until something in it changes. */
  texts?: Partial<Record<Level, string>> | undefined;
  /** How the entry stands within `members` of a group. */
  memberText?: string | undefined;
  past?: PastState | undefined;
}

/** Attributes that each level keeps for itself; `active` is added since switching off in a workspace leaves the account as it is. */
export const ownAttributes = ["entitlements", "roles"] as const;
