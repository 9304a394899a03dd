import type { ResourceType, ScimDocument } from "../../scim/resource.ts";
import type { ResourceNode } from "../tree/nodes.ts";

/** Who is put into a group. */
export interface NewMember {
  readonly id: string;
  readonly name: string;
  readonly resourceType: ResourceType;
}

type Element = Readonly<Record<string, unknown>>;

const membersOf = (group: ScimDocument): readonly Element[] =>
  Array.isArray(group["members"])
    ? group["members"].filter((member): member is Element => typeof member === "object" && member !== null)
    : [];

/** The group with more members; those that it has already stay as they are. */
export function withMembers(group: ScimDocument, added: readonly NewMember[]): ScimDocument {
  const members = membersOf(group);
  const there = new Set(members.map(({ value }) => value));
  const fresh = added
    .filter(({ id }, at) => !there.has(id) && added.findIndex((other) => other.id === id) === at)
    // The type tells a nested group from a user where ids do not (RFC 7643 section 4.2).
    .map(({ id, name, resourceType }) => ({
      value: id,
      display: name,
      ...(resourceType === "Group" ? { type: "Group" } : {}),
    }));
  return fresh.length === 0 ? group : { ...group, members: [...members, ...fresh] };
}

/** The group without some members. */
export function withoutMembers(group: ScimDocument, ids: ReadonlySet<string>): ScimDocument {
  const members = membersOf(group);
  const kept = members.filter(({ value }) => typeof value !== "string" || !ids.has(value));
  return kept.length === members.length ? group : { ...group, members: kept };
}

/** Who is to leave which group: members selected under a group, groups selected under a user. */
export function removalsOf(nodes: readonly ResourceNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const removals = new Map<string, Set<string>>();
  for (const { via, resourceId, resourceType } of nodes) {
    if (via === undefined || resourceId === undefined) continue;
    const [group, member] =
      via.resourceType === "Group" ? [via.id, resourceId] : resourceType === "Group" ? [resourceId, via.id] : [];
    if (group === undefined || member === undefined) continue;
    const members = removals.get(group) ?? new Set<string>();
    removals.set(group, members.add(member));
  }
  return removals;
}
