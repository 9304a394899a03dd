import type { ChangeAction } from "../../changes/change.ts";
import type { ResourceType, ScimDocument } from "../../scim/resource.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionTrouble } from "../connections/trouble.ts";
import type { ConnectionNode, NodeId, ResourceNode, SectionNode, ValueNode } from "./nodes.ts";
import { childId } from "./nodes.ts";

/** What waits to be pushed to a connection, as far as rows show it. */
export interface PendingView {
  readonly count: number;
  actionOf(type: ResourceType, id: string): ChangeAction | undefined;
  /** The document as it is to be, or `undefined` when no change is pending. */
  after(type: ResourceType, id: string): ScimDocument | undefined;
  creations(type: ResourceType): readonly { readonly key: string; readonly after: ScimDocument }[];
}

interface Place {
  readonly parent: NodeId;
  readonly connection: Connection;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export function connectionRow(
  id: NodeId,
  connection: Connection,
  pending: number,
  trouble: ConnectionTrouble | undefined,
): ConnectionNode {
  return { kind: "connection", id, connection, pending, ...(trouble === undefined ? {} : { trouble }) };
}

/** What identifies a resource to a person: userName, displayName of a group, application id of a service principal. */
export function keyOf(type: ResourceType, document: ScimDocument): string {
  switch (type) {
    case "User":
      return textOf(document["userName"]) || textOf(document["displayName"]);
    case "Group":
      return textOf(document["displayName"]);
    case "ServicePrincipal":
      return textOf(document["displayName"]) || textOf(document["applicationId"]);
  }
}

/** How a person calls a resource: the display name, else the parts of the name, else the key. */
export function nameOf(type: ResourceType, document: ScimDocument): string {
  const displayName = textOf(document["displayName"]);
  if (displayName !== "" || type !== "User") return displayName || keyOf(type, document);
  const name = document["name"];
  if (typeof name !== "object" || name === null) return keyOf(type, document);
  const parts = name as Readonly<Record<string, unknown>>;
  const full = textOf(parts["formatted"]) || [parts["givenName"], parts["familyName"]].map(textOf).join(" ").trim();
  return full || keyOf(type, document);
}

/** Only the JSON boolean `false` is inactive; a service that leaves `active` out says nothing. */
export const isInactive = (document: ScimDocument): boolean => document["active"] === false;

/** The row of a resource, as it is to be when a change is pending. */
export function resourceRow(
  place: Place,
  type: ResourceType,
  document: ScimDocument,
  pending: PendingView,
  known: {
    readonly id?: string;
    readonly draft?: string;
    readonly members?: number;
    readonly via?: ResourceNode["via"];
  },
): ResourceNode {
  const { connection, parent } = place;
  const { id, draft, members, via } = known;
  const action = id === undefined ? "create" : pending.actionOf(type, id);
  return {
    kind: "resource",
    id: childId(parent, id ?? `new:${draft ?? ""}`),
    parent,
    baseUrl: connection.baseUrl,
    connection: connection.name,
    readOnly: connection.readOnly === true,
    resourceType: type,
    ...(id === undefined ? { draft: draft ?? "" } : { resourceId: id }),
    key: keyOf(type, document),
    name: nameOf(type, document),
    inactive: isInactive(document),
    ...(members === undefined ? {} : { members }),
    ...(action === undefined ? {} : { pending: action }),
    ...(via === undefined ? {} : { via }),
  };
}

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value)
    ? value.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null)
    : [];

/** The sections of a user that hold something. */
export function userSections(parent: NodeId, user: ScimDocument): SectionNode[] {
  return (["groups", "entitlements", "roles"] as const)
    .map((section) => ({ section, count: listOf(user[section]).length }))
    .filter(({ count }) => count > 0)
    .map(({ section, count }) => ({ kind: "section", id: childId(parent, section), parent, section, count }));
}

/** The type of a member, from its `type` or its `$ref` (RFC 7643 section 4.2; Databricks gives `$ref` only). */
export function memberType(member: Readonly<Record<string, unknown>>): ResourceType {
  const hint = `${textOf(member["type"])} ${textOf(member["$ref"])}`;
  if (/\bServicePrincipals?\b/i.test(hint)) return "ServicePrincipal";
  return /\bGroups?\b/i.test(hint) && !/\bUsers?\b/i.test(hint) ? "Group" : "User";
}

/** The members of a group, or the values of a section of a user, as rows. */
export function memberRows(
  place: Place,
  document: ScimDocument,
  pending: PendingView,
  owner: ResourceNode,
  section: "members" | SectionNode["section"] = "members",
): (ResourceNode | ValueNode)[] {
  if (section === "entitlements" || section === "roles")
    return listOf(document[section]).map((item): ValueNode => {
      const value = textOf(item["value"]);
      return { kind: "value", id: childId(place.parent, value), parent: place.parent, section, value };
    });
  const via = { resourceType: owner.resourceType, id: owner.resourceId ?? "" };
  return listOf(document[section])
    .filter((member) => textOf(member["value"]) !== "")
    .map((member) => {
      const type = section === "groups" ? "Group" : memberType(member);
      const id = textOf(member["value"]);
      const shown = { displayName: textOf(member["display"]) || id };
      return resourceRow(place, type, shown, pending, { id, via });
    });
}
