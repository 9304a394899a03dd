import type { Change } from "../changes/change.ts";
import { changedMembers } from "../changes/describe.ts";
import type { ScimClient } from "../scim/client.ts";
import { elementsOf, property } from "../scim/values.ts";
import { isRemoval } from "./deletionGuard.ts";
import { getIfThere } from "./readTarget.ts";

/** The group whose last member is never removed (Databricks: workspace admins). */
const adminGroup = "admins";

/** Changes that would take access away from who must keep it, by change id, and why. */
export type Protected = ReadonlyMap<string, string>;

/**
 * Finds what a plan must not do: remove the token's own user, or take it out of the admins, since the job would lock itself
 * out; and remove the admins when nobody active would be left of them. Asks the service only when something of the kind is
 * planned.
 */
export async function findProtected(
  client: ScimClient,
  changes: readonly Change[],
  signal?: AbortSignal,
): Promise<Protected> {
  const found = new Map<string, string>();
  const users = new Map<string, Change>();
  for (const change of changes) {
    if (isRemoval(change) && change.resourceType === "User") users.set(change.targetId ?? "", change);
  }
  const admins = client.dialect.systemGroups.includes(adminGroup) ? changes.find(isOfAdmins) : undefined;
  if (users.size === 0 && admins === undefined) return found;

  const me = await client.me(signal);
  const own = me && users.get(me.id);
  if (own) found.set(own.id, "It is the user of the token that provisions.");
  if (me && admins && changedMembers(admins).removed.some((member) => property(member, "value") === me.id)) {
    found.set(admins.id, `It would take the user of the token that provisions out of ${adminGroup}.`);
  }
  if (users.size === 0 || !client.dialect.systemGroups.includes(adminGroup)) return found;
  for (const { id } of await client.findByAttribute("Group", "displayName", adminGroup, { signal })) {
    const group = admins?.after ?? (await client.get("Group", id, { signal }));
    const members = elementsOf(group["members"]).map((member) => String(property(member, "value")));
    const leaving = members.flatMap((member) => users.get(member) ?? []);
    if (leaving.length === 0 || (await someoneStays(client, members, users, signal))) continue;
    for (const change of leaving) found.set(change.id, `It is among the last members of ${adminGroup}.`);
  }
  return found;
}

function isOfAdmins({ resourceType, action, name }: Change): boolean {
  return resourceType === "Group" && action === "update" && name === adminGroup;
}

/** Whether any member is neither to be removed nor inactive. What is no user (a service principal) stays. */
async function someoneStays(
  client: ScimClient,
  members: readonly string[],
  removed: ReadonlyMap<string, Change>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const member of members) {
    if (removed.has(member)) continue;
    const user = await getIfThere(client, "User", member, signal);
    if (user?.["active"] !== false) return true;
  }
  return false;
}
