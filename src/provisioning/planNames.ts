import type { AttributeDelta } from "../changes/attributeDelta.ts";
import { placeholder } from "../changes/reference.ts";
import { isComplex } from "../scim/values.ts";
import type { Plan } from "./plan.ts";

/** What a person calls a user of the target, by id; `undefined` for one that nobody knows. */
export type Names = (id: string) => string | undefined;

/** Names of the objects that a plan creates, by the placeholder that stands for their id. */
export function namesOfCreates(plan: Pick<Plan, "changes">): Names {
  const names = new Map<string, string>();
  for (const { action, id, sourceId, name } of plan.changes) {
    if (action === "create") names.set(placeholder(sourceId ?? id), name);
  }
  return (id) => names.get(id);
}

/** The first name that any of several sources has. */
export function firstName(...sources: readonly Names[]): Names {
  return (id) => {
    for (const names of sources) {
      const name = names(id);
      if (name !== undefined) return name;
    }
    return undefined;
  };
}

/**
 * A plan whose members say their names where the service has not said them yet: a person who reviews whom a group gets sees
 * people instead of ids. A member is who its `value` says (RFC 7643 section 4.2), so the requests stay as they are.
 */
export function withMemberNames(plan: Plan, names: Names): Plan {
  const known = firstName(names, namesOfCreates(plan));
  const changes = plan.changes.map((change) => {
    const members = change.after?.["members"];
    if (change.resourceType !== "Group" || !Array.isArray(members)) return change;
    return { ...change, after: { ...change.after, members: members.map((member) => memberWithName(member, known)) } };
  });
  return { ...plan, changes };
}

function memberWithName(member: unknown, names: Names): unknown {
  if (!isComplex(member) || typeof member["value"] !== "string" || member["display"] !== undefined) return member;
  const display = names(member["value"]);
  return display === undefined ? member : { ...member, display };
}

/** A difference with names in the place of the ids of members and managers, for a person to read. */
export function withNames(delta: AttributeDelta, names: Names): AttributeDelta {
  if (!/(^|[:.])(members|manager(\.value)?)$/i.test(delta.path)) return delta;
  const { before, after, elements } = delta;
  const named = (value: unknown): unknown => {
    if (typeof value === "string") return names(value) ?? value;
    if (!isComplex(value) || typeof value["value"] !== "string") return value;
    const name = names(value["value"]);
    return name === undefined ? value : { ...value, display: name };
  };
  return {
    ...delta,
    before: named(before),
    after: named(after),
    ...(elements && { elements: { added: elements.added.map(named), removed: elements.removed.map(named) } }),
  };
}
