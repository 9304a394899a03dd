import type { Change } from "../changes/change.ts";
import type { ScimClient } from "../scim/client.ts";
import { elementsOf, property } from "../scim/values.ts";

/** The group whose last member is never removed (Databricks: workspace admins). */
const adminGroup = "admins";

/** Users who keep their access whatever the directory says, by id, and why. */
export type Protected = ReadonlyMap<string, string>;

/**
 * Finds who must not lose access among those that a plan would remove: the token's own user, since the job would lock itself
 * out, and the admins when all of them would go. Asks the service only when something is to be removed.
 */
export async function findProtected(
  client: ScimClient,
  removals: readonly Change[],
  signal?: AbortSignal,
): Promise<Protected> {
  const users = removals.filter(({ resourceType, targetId }) => resourceType === "User" && targetId !== undefined);
  const found = new Map<string, string>();
  if (users.length === 0) return found;
  const removed = new Set(users.map(({ targetId }) => targetId ?? ""));

  const me = await client.me(signal);
  if (me !== undefined && removed.has(me.id)) found.set(me.id, "It is the user of the token that provisions.");

  if (client.dialect.systemGroups.includes(adminGroup)) {
    const groups = await client.findByAttribute("Group", "displayName", adminGroup, { signal });
    for (const { id } of groups) {
      const members = elementsOf((await client.get("Group", id, { signal }))["members"]).map((member) =>
        property(member, "value"),
      );
      if (members.length === 0 || !members.every((member) => typeof member === "string" && removed.has(member)))
        continue;
      for (const member of members) found.set(String(member), `It is among the last members of ${adminGroup}.`);
    }
  }
  return found;
}
