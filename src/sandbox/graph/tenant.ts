import type {
  Application,
  AppRole,
  AppRoleAssignment,
  Group,
  ServicePrincipal,
  User,
} from "@microsoft/microsoft-graph-types";
import { Random } from "../random.ts";
import { GraphFault, notFound } from "./fault.ts";

/** One user or group with the marks that delta queries need. */
export interface Tracked<T> {
  readonly id: string;
  properties: T & { id: string };
  /** The number of the last change of its properties. */
  changed: number;
  /** In the recycle bin (`changed`), or gone for good (`deleted`), since a change. */
  removed?: { readonly reason: "changed" | "deleted"; readonly at: number };
}

interface TrackedUser extends Tracked<User> {
  manager?: string;
  /** The manager who was taken away last. */
  formerManager?: string;
}

interface TrackedGroup extends Tracked<Group> {
  readonly members: Set<string>;
  /** Memberships that came or went, in order. */
  readonly memberChanges: { readonly at: number; readonly id: string; readonly removed: boolean }[];
}

/** A directory in memory: what tests and the Graph routes read and change. */
export class Tenant {
  readonly id: string;
  readonly users = new Map<string, TrackedUser>();
  readonly groups = new Map<string, TrackedGroup>();
  readonly applications = new Map<string, Application & { id: string }>();
  readonly servicePrincipals = new Map<string, ServicePrincipal & { id: string; appRoles: AppRole[] }>();
  readonly assignments = new Map<string, AppRoleAssignment & { id: string }>();
  readonly #random: Random;
  #change = 0;
  /** Delta tokens of before this change are no longer known. */
  oldestToken = 0;

  constructor(seedNumber = 1) {
    this.#random = new Random(seedNumber);
    this.id = this.#random.uuid();
  }

  /** The number of the last change. */
  get change(): number {
    return this.#change;
  }

  newId(): string {
    return this.#random.uuid();
  }

  /** Forgets every delta token that was given out, as the service does after seven days. */
  expireDeltaTokens(): void {
    this.#change += 1;
    this.oldestToken = this.#change;
  }

  addUser(properties: User, manager?: string): string {
    const id = properties.id ?? this.newId();
    const user = { accountEnabled: true, ...properties, id };
    this.users.set(id, { id, properties: user, changed: ++this.#change, ...(manager !== undefined && { manager }) });
    return id;
  }

  updateUser(id: string, properties: User): void {
    const user = this.#user(id);
    user.properties = { ...user.properties, ...properties, id };
    user.changed = ++this.#change;
  }

  setManager(id: string, manager: string | undefined): void {
    const user = this.#user(id);
    if (user.manager !== undefined) user.formerManager = user.manager;
    if (manager === undefined) delete user.manager;
    else user.manager = manager;
    user.changed = ++this.#change;
  }

  /** Into the recycle bin; `forGood` leaves nothing to restore. Memberships and assignments go along. */
  removeUser(id: string, forGood = false): void {
    const user = this.#user(id);
    user.removed = { reason: forGood ? "deleted" : "changed", at: ++this.#change };
    for (const group of this.groups.values()) if (group.members.has(id)) this.removeMember(group.id, id);
    this.#unassign(id);
  }

  addGroup(properties: Group, members: readonly string[] = []): string {
    const id = properties.id ?? this.newId();
    const group = { securityEnabled: true, mailEnabled: false, ...properties, id };
    this.groups.set(id, { id, properties: group, changed: ++this.#change, members: new Set(), memberChanges: [] });
    for (const member of members) this.addMember(id, member);
    return id;
  }

  updateGroup(id: string, properties: Group): void {
    const group = this.#group(id);
    group.properties = { ...group.properties, ...properties, id };
    group.changed = ++this.#change;
  }

  removeGroup(id: string): void {
    this.#group(id).removed = { reason: "deleted", at: ++this.#change };
    this.#unassign(id);
  }

  addMember(groupId: string, id: string): void {
    const group = this.#group(groupId);
    if (group.members.has(id)) return;
    group.members.add(id);
    group.memberChanges.push({ at: ++this.#change, id, removed: false });
  }

  removeMember(groupId: string, id: string): void {
    const group = this.#group(groupId);
    if (group.members.delete(id)) group.memberChanges.push({ at: ++this.#change, id, removed: true });
  }

  /**
   * Assigns a user or group to an application. The zero role ("Default Access") is only valid where the application declares
   * no role that users can hold.
   * @throws GraphFault 400, 404
   */
  assign(servicePrincipalId: string, principalId: string, appRoleId: string): AppRoleAssignment & { id: string } {
    const resource = this.servicePrincipals.get(servicePrincipalId);
    if (resource === undefined) throw notFound(servicePrincipalId);
    const user = this.users.get(principalId);
    const principal = user ?? this.groups.get(principalId);
    if (principal === undefined || principal.removed !== undefined) throw notFound(principalId);
    const roles = resource.appRoles.filter((role) => role.allowedMemberTypes?.includes("User") && role.isEnabled);
    const zero = /^[0-]+$/.test(appRoleId);
    if (zero ? roles.length > 0 : !roles.some(({ id }) => id === appRoleId)) {
      throw new GraphFault(400, "Request_BadRequest", "Permission being assigned was not found on application");
    }
    const same = [...this.assignments.values()].some(
      (each) =>
        each.resourceId === servicePrincipalId && each.principalId === principalId && each.appRoleId === appRoleId,
    );
    // Inferred: the service answers 400 with these words.
    if (same) throw new GraphFault(400, "Request_BadRequest", "Permission being assigned already exists on the object");
    const assignment = {
      id: this.newId(),
      appRoleId,
      principalId,
      principalType: user === undefined ? "Group" : "User",
      principalDisplayName: principal.properties.displayName ?? null,
      resourceId: servicePrincipalId,
      resourceDisplayName: resource.displayName ?? null,
    };
    this.assignments.set(assignment.id, assignment);
    return assignment;
  }

  assignmentsTo(servicePrincipalId: string): (AppRoleAssignment & { id: string })[] {
    return [...this.assignments.values()].filter(({ resourceId }) => resourceId === servicePrincipalId);
  }

  #unassign(principalId: string): void {
    for (const [id, each] of this.assignments) if (each.principalId === principalId) this.assignments.delete(id);
  }

  #user(id: string): TrackedUser {
    const user = this.users.get(id);
    if (user === undefined) throw notFound(id);
    return user;
  }

  #group(id: string): TrackedGroup {
    const group = this.groups.get(id);
    if (group === undefined) throw notFound(id);
    return group;
  }
}
