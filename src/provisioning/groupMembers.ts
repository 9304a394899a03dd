import type { DirectoryGroup } from "../directory/source.ts";
import type { Known, KnownObjects } from "./known.ts";
import type { Skip } from "./plan.ts";

/** The direct members of a group who are provisioned, and the groups among its members. */
export function membersOf(
  group: DirectoryGroup,
  known: Pick<KnownObjects, "get">,
): { readonly members: readonly Known[]; readonly nested: readonly Known[] } {
  const members: Known[] = [];
  const nested: Known[] = [];
  for (const id of group.members) {
    const member = known.get(id);
    if (member?.provisioned) members.push(member);
    else if (member?.group) nested.push(member);
  }
  return { members, nested };
}

/** A group within a provisioned group: the service provisions direct members only, and says so for each. */
export function nestedSkip(sourceId: string, name: string, nested: Known): Skip {
  const count = nested.group?.members.length ?? 0;
  const people = count === 1 ? "its 1 member is" : `its ${count} members are`;
  return {
    sourceId,
    resourceType: "Group",
    name,
    reason: "MemberNotProvisioned",
    detail: `Nested group ${nested.name}: ${people} left out, since only direct members are provisioned.`,
  };
}
