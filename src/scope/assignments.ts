import type { Assignment, DirectoryGroup } from "../directory/source.ts";

/** How an object comes to be assigned. */
export interface Route {
  /** The assigned group whose direct member it is; absent when the object itself is assigned. */
  readonly group?: DirectoryGroup;
  /** The role; empty means Default Access. */
  readonly role: string;
  /** Whether the role is one that entitles to be provisioned. */
  readonly entitles: boolean;
}

/** An object that is only reached through a group within an assigned group, so that the service leaves it out. */
export interface NestedMember {
  readonly id: string;
  /** The group that it is a direct member of. */
  readonly inner: DirectoryGroup;
  /** The assigned group that the inner one is nested in. */
  readonly outer: DirectoryGroup;
}

/** The app role id of assignments without a role. */
const defaultAccessId = "00000000-0000-0000-0000-000000000000";

/** Whether a role is Default Access: empty, that name in any case, or its id. */
export function isDefaultAccess(role: string): boolean {
  const text = role.trim().toLowerCase();
  return text === "" || text === "default access" || text === defaultAccessId;
}

/** Who is assigned to the application, directly or as a direct member of an assigned group. */
export class AssignmentIndex {
  readonly #users = new Map<string, Route>();
  readonly #groups = new Map<string, Route>();
  readonly #directory: Pick<ReadonlyMap<string, DirectoryGroup>, "get">;
  readonly #assignments: readonly Assignment[];
  readonly #includeDefaultAccess: boolean;
  #nested: ReadonlyMap<string, NestedMember> | undefined;

  /**
   * @param groups every group of the directory by id, with its direct members.
   * @param includeDefaultAccess whether Default Access entitles like any role (`scope.defaultAccess`).
   */
  constructor(
    assignments: readonly Assignment[],
    groups: Pick<ReadonlyMap<string, DirectoryGroup>, "get">,
    includeDefaultAccess: boolean,
  ) {
    this.#directory = groups;
    this.#assignments = assignments;
    this.#includeDefaultAccess = includeDefaultAccess;
    for (const assignment of assignments) {
      if (assignment.principalType === "User") keepBest(this.#users, assignment.principalId, this.#route(assignment));
      else keepBest(this.#groups, assignment.principalId, this.#route(assignment));
    }
    for (const [id, { role, entitles }] of this.#groups) {
      const group = groups.get(id);
      if (group === undefined) continue;
      const route = { group, role, entitles };
      for (const member of group.members) keepBest(this.#users, member, route);
    }
  }

  /** The best route of a user: one that entitles before one that does not, a direct one before a group's. */
  user(id: string): Route | undefined {
    return this.#users.get(id);
  }

  /** The best route of a group, which is always direct: nested groups are not assigned. */
  group(id: string): Route | undefined {
    return this.#groups.get(id);
  }

  /** Every route of a user or group, for explanations. */
  routes(id: string, type: "User" | "Group"): Route[] {
    const routes = this.#assignments
      .filter((assignment) => assignment.principalId === id && assignment.principalType === type)
      .map((assignment) => this.#route(assignment));
    if (type === "Group") return routes;
    for (const [groupId, { role, entitles }] of this.#groups) {
      const group = this.#directory.get(groupId);
      if (group?.members.includes(id) === true) routes.push({ group, role, entitles });
    }
    return routes;
  }

  /** How a user or group is reached only through nesting; undefined when it is not, or when it is assigned as well. */
  nested(id: string): NestedMember | undefined {
    return this.leftOutByNesting().get(id);
  }

  /** Everybody whom nesting leaves out, users and groups, by id. Groups that contain each other are walked once. */
  leftOutByNesting(): ReadonlyMap<string, NestedMember> {
    this.#nested ??= this.#findNested();
    return this.#nested;
  }

  #findNested(): ReadonlyMap<string, NestedMember> {
    const found = new Map<string, NestedMember>();
    for (const [id, { entitles }] of this.#groups) {
      const outer = this.#directory.get(id);
      if (outer === undefined || !entitles) continue;
      const walked = new Set([id]);
      const open = [outer];
      for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
        for (const member of inner.members) {
          const group = this.#directory.get(member);
          const assigned = (group === undefined ? this.#users : this.#groups).get(member)?.entitles === true;
          if (!assigned && !found.has(member)) found.set(member, { id: member, inner, outer });
          if (group === undefined || walked.has(member)) continue;
          walked.add(member);
          open.push(group);
        }
      }
    }
    return found;
  }

  #route({ appRole }: Assignment): Route {
    return { role: appRole, entitles: this.#includeDefaultAccess || !isDefaultAccess(appRole) };
  }
}

function keepBest(routes: Map<string, Route>, id: string, route: Route): void {
  const known = routes.get(id);
  if (known === undefined || (route.entitles && !known.entitles)) routes.set(id, route);
}
