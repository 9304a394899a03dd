import type { Assignment, DirectoryGroup } from "../directory/source.ts";
import type { AppRole } from "../mapping/expression/context.ts";
import { isDefaultAccess } from "./assignments.ts";

const none: readonly AppRole[] = [];

/**
 * The roles of users for the application, as `[appRoleAssignments]` gives them: those they hold themselves and those of assigned
 * groups that they are direct members of. Default Access is no role. Each role once, in the order of its value, so that what is
 * mapped does not depend on the order in which assignments are read.
 */
export class RoleIndex {
  readonly #roles = new Map<string, readonly AppRole[]>();

  /** @param groups every group of the directory by id, with its direct members */
  constructor(assignments: readonly Assignment[], groups: Pick<ReadonlyMap<string, DirectoryGroup>, "get">) {
    const known = new Map<string, AppRole>();
    const held = new Map<string, Set<AppRole>>();
    for (const assignment of assignments) {
      if (isDefaultAccess(assignment.appRole)) continue;
      const { principalId, principalType } = assignment;
      const role = roleOf(assignment);
      const shared = known.get(role.value) ?? role;
      known.set(role.value, shared);
      const holders = principalType === "User" ? [principalId] : (groups.get(principalId)?.members ?? []);
      for (const id of holders) {
        const roles = held.get(id);
        if (roles === undefined) held.set(id, new Set([shared]));
        else roles.add(shared);
      }
    }
    for (const [id, roles] of held) this.#roles.set(id, [...roles].sort(byValue));
  }

  /** The roles of a user; none for somebody who is not assigned. */
  of(userId: string): readonly AppRole[] {
    return this.#roles.get(userId) ?? none;
  }
}

/** A role without a value goes by its name (inferred: what the service sends then is not published). */
function roleOf({ appRole, appRoleValue }: Assignment): AppRole {
  return { value: appRoleValue ?? appRole, displayName: appRole };
}

function byValue(a: AppRole, b: AppRole): number {
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}
