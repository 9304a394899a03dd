import type { ChangeAction } from "../../changes/change.ts";
import type { ResourceType } from "../../scim/resource.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionTrouble } from "../connections/trouble.ts";

/** Identifies a row for as long as it means the same thing; selection and expansion follow it. */
export type NodeId = string;

interface Row {
  readonly id: NodeId;
  readonly parent?: NodeId;
}

export interface ConnectionNode extends Row {
  readonly kind: "connection";
  readonly connection: Connection;
  /** How many changes wait for a push. */
  readonly pending: number;
  readonly trouble?: ConnectionTrouble;
}

/** What a collection is narrowed to. */
export interface ListFilter {
  /** A SCIM filter (RFC 7644 section 3.4.2.2). */
  readonly filter: string;
  /** What the person typed, when it was a name. */
  readonly search?: string;
}

/** All users, groups or service principals of a connection. */
export interface CollectionNode extends Row {
  readonly kind: "collection";
  readonly baseUrl: string;
  readonly readOnly: boolean;
  readonly resourceType: ResourceType;
  /** As the service counts them; absent until it has answered. */
  readonly total?: number;
  readonly filter?: ListFilter;
}

export interface ResourceNode extends Row {
  readonly kind: "resource";
  readonly baseUrl: string;
  /** The connection's name, which documents carry. */
  readonly connection: string;
  readonly readOnly: boolean;
  readonly resourceType: ResourceType;
  /** Absent for a resource that a pending change would create. */
  readonly resourceId?: string;
  readonly draft?: string;
  /** userName of a user, displayName of a group. */
  readonly key: string;
  /** How a person calls it. */
  readonly name: string;
  readonly inactive: boolean;
  /** Of a group whose members are known. */
  readonly members?: number;
  readonly pending?: ChangeAction;
  /** The group under which a member is shown, or the user under which a group is. */
  readonly via?: { readonly resourceType: ResourceType; readonly id: string };
}

/** A part of a user: what it belongs to, what it is entitled to. */
export interface SectionNode extends Row {
  readonly kind: "section";
  readonly section: "groups" | "entitlements" | "roles";
  readonly count: number;
}

export interface ValueNode extends Row {
  readonly kind: "value";
  readonly section: "entitlements" | "roles";
  readonly value: string;
}

/** Stands for the rows that are not loaded yet. */
export interface MoreNode extends Row {
  readonly kind: "more";
  /** How many; absent when the service does not say. */
  readonly left?: number;
  readonly loading: boolean;
}

/** A row that says something: nothing there, or an error and what mends it. */
export interface MessageNode extends Row {
  readonly kind: "message";
  readonly tone: "empty" | "error" | "offline" | "refused";
  readonly text: string;
  readonly detail?: string;
  readonly action?: {
    readonly command: "scim.tree.refresh" | "scim.connection.replaceToken" | "scim.connection.openSettings";
    readonly title: string;
  };
}

/** A row of the Connections view, as data. */
export type TreeNode =
  ConnectionNode | CollectionNode | ResourceNode | SectionNode | ValueNode | MoreNode | MessageNode;

export const connectionId = (baseUrl: string): NodeId => `connection:${baseUrl}`;
export const collectionId = (baseUrl: string, resourceType: ResourceType): NodeId =>
  `${connectionId(baseUrl)}|${resourceType}`;
export const childId = (parent: NodeId, part: string): NodeId => `${parent}|${part}`;
