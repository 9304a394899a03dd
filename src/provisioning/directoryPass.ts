import type { Completeness, DirectoryGroup, DirectoryProblem } from "../directory/source.ts";
import { RoleIndex } from "../scope/roles.ts";
import { compileScope } from "../scope/scope.ts";
import type { Considered, Consideration } from "./consider.ts";
import { Considerer, sourceName } from "./consider.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState, Link } from "./jobState.ts";
import type { Known } from "./known.ts";
import { makeKnown } from "./known.ts";
import type { Skip } from "./plan.ts";

/** A linked object that lost its place: out of scope, or gone from the directory. */
export interface Leaver {
  readonly type: "User" | "Group";
  readonly sourceId: string;
  readonly targetId: string;
  readonly name: string;
  readonly reason: string;
  /** It has left before; it leaves again only where its access was given back in the target. */
  readonly again?: true;
}

/** What is decided for the users, or for the groups, before the target is looked at. */
export interface Decided {
  readonly compare: readonly Considered[];
  readonly leaving: readonly Leaver[];
  readonly skips: readonly Skip[];
  readonly unchanged: number;
}

/** What one read of the directory comes to. */
export interface DirectoryPass {
  readonly users: Decided;
  /**
   * Decides for the groups. Apart from the users, since a user who turns out to be in the target already may be in groups
   * there that did not change in the directory.
   *
   * @param everyone compare also those that did not move since the last cycle
   */
  groups(everyone: boolean): Decided;
  readonly completeness: Completeness;
  readonly problems: readonly DirectoryProblem[];
  /** Every user and group that the directory holds, by source id. */
  readonly known: ReadonlyMap<string, Known>;
}

export interface PassOptions {
  /** Compare also who did not move since the last cycle. */
  readonly everyone: boolean;
  /** Look also at users who have left the scope before, where leaving means that they are deactivated. */
  readonly leftToo?: boolean;
  /** Compare only this object, and of a group its members; nobody else leaves or is skipped. */
  readonly focus?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the whole directory once and decides for everyone: in scope or not, to be compared or unchanged, leaving. */
export async function passDirectory(
  context: Pick<JobContext, "directory" | "job" | "mappings">,
  state: JobState,
  options: PassOptions,
): Promise<DirectoryPass> {
  const { everyone, focus, signal } = options;
  const { job, mappings } = context;
  // An account that a job keeps, or has deleted, is not given back in the target.
  const leftToo = options.leftToo === true && job.settings.leavingScope === "deactivate";
  const read = context.directory.read(signal ? { signal } : {});
  const assignments = (await collect(read.assignments())).flat();
  const groups = new Map<string, DirectoryGroup>();
  for await (const batch of read.groups()) for (const group of batch) groups.set(group.id, group);

  const scope = compileScope(job.scope, { assignments, groups });
  const known = new Map<string, Known>();
  for (const group of groups.values()) known.set(group.id, makeKnown(group.id, sourceName(group), group));
  const asked = focus === undefined ? undefined : new Set([focus, ...(groups.get(focus)?.members ?? [])]);
  const isAsked = (sourceId: string) => asked === undefined || asked.has(sourceId);

  const users = new Decisions("User", state, isAsked);
  const roles = mappings.User?.readsRoles ? new RoleIndex(assignments, groups) : undefined;
  const considerer =
    mappings.User && new Considerer({ type: "User", mappings: mappings.User, everyone, leftToo, roles });
  for await (const batch of read.users()) {
    for (const user of batch) {
      const self = makeKnown(user.id, sourceName(user));
      known.set(user.id, self);
      if (!considerer) continue;
      const decision = scope.user(user);
      const link = state.users.get(user.id);
      const outcome = considerer.consider(user, self.name, decision, link);
      self.provisioned = outcome.kind === "compare" || keepsPlace(link, decision.inScope, job);
      users.take(user.id, outcome, link);
    }
  }
  if (mappings.User) users.takeVanished(known, leftToo);

  const considerGroups = (all: boolean): Decided => {
    const decided = new Decisions("Group", state, isAsked);
    if (mappings.Group === undefined) return decided;
    const hasMembers = mappings.Group.references.some(({ kind }) => kind === "members");
    const considered = new Considerer({ type: "Group", mappings: mappings.Group, everyone: all, leftToo: false });
    for (const group of groups.values()) {
      const { members, nested } = membersOf(group, known);
      const decision = scope.group(group);
      const link = state.groups.get(group.id);
      const name = sourceName(group);
      decided.take(group.id, considered.consider(group, name, decision, link, hasMembers ? members : undefined), link);
      if (decision.inScope) for (const inner of nested) decided.skips.push(nestedSkip(group.id, name, inner));
    }
    decided.takeVanished(known, false);
    return decided;
  };
  return {
    users,
    groups: considerGroups,
    completeness: completenessOf(
      read.completeness(),
      {
        User: mappings.User && known.size - groups.size,
        Group: mappings.Group && groups.size,
      },
      state,
    ),
    problems: read.problems(),
    known,
  };
}

/** Whether someone linked stays a member: in scope (disabled people too), or kept though out of scope. */
function keepsPlace(link: Link | undefined, inScope: boolean, job: JobContext["job"]): boolean {
  if (link === undefined) return false;
  return inScope ? link.scope === "in" : job.settings.leavingScope === "keep";
}

class Decisions implements Decided {
  readonly compare: Considered[] = [];
  readonly leaving: Leaver[] = [];
  readonly skips: Skip[] = [];
  unchanged = 0;
  readonly #type: "User" | "Group";
  readonly #state: JobState;
  readonly #isAsked: (sourceId: string) => boolean;
  /** How many of the directory's objects are linked. */
  #met = 0;

  constructor(type: "User" | "Group", state: JobState, isAsked: (sourceId: string) => boolean) {
    this.#type = type;
    this.#state = state;
    this.#isAsked = isAsked;
  }

  take(sourceId: string, outcome: Consideration, link: Link | undefined): void {
    if (link !== undefined) this.#met += 1;
    if (!this.#isAsked(sourceId)) return;
    switch (outcome.kind) {
      case "compare":
        this.compare.push(outcome.object);
        return;
      case "skip":
        this.skips.push(outcome.skip);
        return;
      case "unchanged":
        this.unchanged += 1;
        return;
      case "leaving":
        this.#leave(sourceId, outcome.targetId, outcome.name, outcome.reason, outcome.again);
    }
  }

  /** What vanished counts as leaving: a file has no recycle bin that would tell more. */
  takeVanished(known: ReadonlyMap<string, unknown>, leftToo: boolean): void {
    const links = this.#state.links(this.#type);
    if (this.#met === links.size) return;
    for (const [sourceId, { targetId, scope }] of links) {
      if ((scope === "out" && !leftToo) || known.has(sourceId) || !this.#isAsked(sourceId)) continue;
      this.#leave(sourceId, targetId, sourceId, "Gone from the directory.", scope === "out" ? true : undefined);
    }
  }

  #leave(sourceId: string, targetId: string, name: string, reason: string, again: true | undefined): void {
    this.leaving.push({ type: this.#type, sourceId, targetId, name, reason, ...(again && { again }) });
  }
}

/**
 * A directory without any user, or any group, is never believed while some are linked: it once made tools remove a whole
 * company.
 *
 * @param held how many the directory holds of each kind that the job provisions
 */
function completenessOf(
  own: Completeness,
  held: Readonly<Record<"User" | "Group", number | undefined>>,
  state: JobState,
): Completeness {
  if (!own.complete) return own;
  for (const type of ["User", "Group"] as const) {
    const linked = state.countIn(type);
    if (held[type] !== 0 || linked === 0) continue;
    const [noun, verb] = [type === "User" ? "user" : "group", linked === 1 ? "is" : "are"];
    return { complete: false, reason: `The directory holds no ${noun}, and ${linked} ${verb} linked.` };
  }
  return own;
}

/** The direct members of a group who are provisioned, and the groups among its members. */
function membersOf(
  group: DirectoryGroup,
  known: ReadonlyMap<string, Known>,
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
function nestedSkip(sourceId: string, name: string, nested: Known): Skip {
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

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
