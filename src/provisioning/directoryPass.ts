import type { Imprint, Noted } from "../directory/imprint.ts";
import type {
  Assignment,
  Completeness,
  DirectoryGroup,
  DirectoryProblem,
  DirectoryUser,
  MovedPart,
  MovedRead,
} from "../directory/source.ts";
import { RoleIndex } from "../scope/roles.ts";
import type { Scope } from "../scope/scope.ts";
import { compileScope } from "../scope/scope.ts";
import { Considerer } from "./consider.ts";
import { sourceName } from "./sourceName.ts";
import type { Decided } from "./decided.ts";
import { Decisions } from "./decided.ts";
import { completenessOf } from "./directoryCompleteness.ts";
import { membersOf, nestedSkip } from "./groupMembers.ts";
import { HeldObjects } from "./heldObjects.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState, Link } from "./jobState.ts";
import { KnownObjects, makeKnown } from "./known.ts";
import { isSettled, noteOf, Notes, wasProvisioned } from "./notes.ts";

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
  readonly known: Pick<KnownObjects, "has" | "get">;
  /** What the next pass may be told of this one, once its groups are decided. */
  imprint(): Promise<Imprint | undefined>;
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

type PassContext = Pick<JobContext, "directory" | "job" | "mappings" | "fingerprint">;

/**
 * Reads the directory and decides for everyone: in scope or not, to be compared or unchanged, leaving. Where the last pass is
 * remembered, and the directory can tell what stayed the same, only the rest is read.
 */
export async function passDirectory(
  context: PassContext,
  state: JobState,
  options: PassOptions,
): Promise<DirectoryPass> {
  const { everyone, signal } = options;
  const { directory, fingerprint } = context;
  // Somebody's roles come from assignments, and may change while the bytes of the user stay the same.
  const spares = !everyone && context.mappings.User?.readsRoles !== true;
  const earlier = spares ? await state.imprint(fingerprint) : undefined;
  const moved = earlier && (await directory.readMoved?.(earlier, signal ? { signal } : {}));
  return moved ? passMoved(context, state, options, moved) : passWhole(context, state, options);
}

async function passWhole(context: PassContext, state: JobState, options: PassOptions): Promise<DirectoryPass> {
  const { signal } = options;
  const read = context.directory.read(signal ? { signal } : {});
  const assignments = (await collect(read.assignments())).flat();
  const groups = new HeldObjects([fresh((await collect(read.groups())).flat())]);
  const known = new KnownObjects();
  const pass = new Pass(context, state, options, { assignments, groups, known });
  let count = 0;
  for await (const batch of read.users()) {
    pass.users(fresh(batch));
    count += batch.length;
  }
  return pass.end({
    counts: { User: count, Group: groups.count },
    completeness: read.completeness(),
    problems: read.problems(),
    imprint: (noted) => read.imprint?.(noted) ?? Promise.resolve(undefined),
  });
}

function passMoved(context: PassContext, state: JobState, options: PassOptions, moved: MovedRead): DirectoryPass {
  const groups = new HeldObjects(moved.groups);
  const users = new HeldObjects(moved.users);
  const known = new KnownObjects({
    kindOf: (id) => moved.kindOf(id),
    user: (id) => users.get(id),
    group: (id) => groups.get(id),
    // Who is not looked at is in scope and linked, as in the last cycle.
    usersAreProvisioned: context.mappings.User !== undefined,
  });
  const pass = new Pass(context, state, options, { assignments: moved.assignments, groups, known });
  for (const part of users.parts) pass.users(part);
  return pass.end({
    counts: { User: users.count, Group: groups.count },
    completeness: moved.completeness,
    problems: [],
    imprint: (noted) => Promise.resolve(moved.imprint(noted)),
  });
}

/** What is known once all users are read. */
interface PassEnd {
  readonly counts: Readonly<Record<"User" | "Group", number>>;
  readonly completeness: Completeness;
  readonly problems: readonly DirectoryProblem[];
  readonly imprint: (noted: Readonly<Record<"User" | "Group", Noted>>) => Promise<Imprint | undefined>;
}

interface Held {
  readonly assignments: readonly Assignment[];
  readonly groups: HeldObjects<DirectoryGroup>;
  readonly known: KnownObjects;
}

/** Decides part by part: for the users as they are read, then for the groups. */
class Pass {
  readonly #context: PassContext;
  readonly #state: JobState;
  readonly #held: Held;
  readonly #scope: Scope;
  readonly #isAsked: (sourceId: string) => boolean;
  readonly #users: Decisions;
  readonly #userNotes = new Notes();
  readonly #considerer: Considerer | undefined;
  readonly #leftToo: boolean;
  /** Whether somebody may be a member now who might not before, or the other way round. */
  #membersMoved = false;

  constructor(context: PassContext, state: JobState, options: PassOptions, held: Held) {
    const { everyone, focus } = options;
    const { job, mappings } = context;
    const { assignments, groups, known } = held;
    this.#context = context;
    this.#state = state;
    this.#held = held;
    this.#scope = compileScope(job.scope, { assignments, groups });
    for (const group of groups.read()) known.put(makeKnown(group.id, sourceName(group), group));
    const asked = focus === undefined ? undefined : new Set([focus, ...(groups.get(focus)?.members ?? [])]);
    this.#isAsked = (sourceId) => asked === undefined || asked.has(sourceId);
    this.#users = new Decisions("User", state, this.#isAsked);
    // An account that a job keeps, or has deleted, is not given back in the target.
    this.#leftToo = options.leftToo === true && job.settings.leavingScope === "deactivate";
    const roles = mappings.User?.readsRoles ? new RoleIndex(assignments, groups) : undefined;
    this.#considerer =
      mappings.User &&
      new Considerer({ type: "User", mappings: mappings.User, everyone, leftToo: this.#leftToo, roles });
  }

  users(part: MovedPart<DirectoryUser>): void {
    if ("fresh" in part) {
      for (const user of part.fresh) this.#user(user, part.before(user.id));
      return;
    }
    for (const [at, { id, note }] of part.block.objects.entries()) {
      if (this.#considerer === undefined) this.#userNotes.add(id, note);
      else if (isSettled(note, this.#state.users.get(id)) && this.#scope.entitles("User", id)) {
        this.#users.takeSettled();
        this.#userNotes.add(id, note);
      } else this.#user(part.load(at), note);
    }
  }

  #user(user: DirectoryUser, before: string | undefined): void {
    const { id } = user;
    const self = makeKnown(id, sourceName(user));
    this.#held.known.put(self);
    if (this.#considerer === undefined) {
      this.#userNotes.add(id, noteOf(undefined, false));
      return;
    }
    const decision = this.#scope.user(user);
    const link = this.#state.users.get(id);
    const outcome = this.#considerer.consider(user, self.name, decision, link);
    self.provisioned = outcome.kind === "compare" || keepsPlace(link, decision.inScope, this.#context.job);
    if (before !== undefined && wasProvisioned(before) !== self.provisioned) this.#membersMoved = true;
    this.#userNotes.add(id, noteOf(decision.inScope ? hashIn(outcome, link) : undefined, self.provisioned));
    this.#users.take(id, outcome, link);
  }

  end({ counts, completeness, problems, imprint }: PassEnd): DirectoryPass {
    const { mappings } = this.#context;
    const { known } = this.#held;
    if (mappings.User) this.#users.takeVanished(known, this.#leftToo);
    const held = { User: mappings.User && counts.User, Group: mappings.Group && counts.Group };
    let groupNotes = new Notes();
    return {
      users: this.#users,
      groups: (everyone) => {
        groupNotes = new Notes();
        return this.#groups(everyone, groupNotes);
      },
      completeness: completenessOf(completeness, held, this.#state),
      problems,
      known,
      imprint: () => imprint({ User: this.#userNotes, Group: groupNotes }),
    };
  }

  #groups(everyone: boolean, notes: Notes): Decided {
    const decided = new Decisions("Group", this.#state, this.#isAsked);
    const mappings = this.#context.mappings.Group;
    const { groups, known } = this.#held;
    const considerer = mappings && new Considerer({ type: "Group", mappings, everyone, leftToo: false });
    const hasMembers = mappings?.references.some(({ kind }) => kind === "members") === true;
    const maySettle = !everyone && !this.#membersMoved;
    groups.each((id, note, load) => {
      const link = this.#state.groups.get(id);
      if (considerer === undefined) notes.add(id, noteOf(undefined, false));
      else if (maySettle && isSettled(note, link) && this.#scope.entitles("Group", id)) {
        decided.takeSettled();
        notes.add(id, note);
      } else {
        const group = load();
        const { members, nested } = membersOf(group, known);
        const decision = this.#scope.group(group);
        const name = sourceName(group);
        const outcome = considerer.consider(group, name, decision, link, hasMembers ? members : undefined);
        decided.take(id, outcome, link);
        if (decision.inScope) for (const inner of nested) decided.skips.push(nestedSkip(id, name, inner));
        // What is said of nested groups may change while this group stays the same.
        notes.add(id, noteOf(decision.inScope && nested.length === 0 ? hashIn(outcome, link) : undefined, true));
      }
    });
    if (considerer !== undefined) decided.takeVanished(known, false);
    return decided;
  }
}

/** The content hash of an object that was considered, where one was made. */
function hashIn(outcome: ReturnType<Considerer["consider"]>, link: Link | undefined): string | undefined {
  if (outcome.kind === "compare") return outcome.object.hash;
  return outcome.kind === "unchanged" ? link?.hash : undefined;
}

/** Whether someone linked stays a member: in scope (disabled people too), or kept though out of scope. */
function keepsPlace(link: Link | undefined, inScope: boolean, job: JobContext["job"]): boolean {
  if (link === undefined) return false;
  return inScope ? link.scope === "in" : job.settings.leavingScope === "keep";
}

function fresh<Item>(items: readonly Item[]): { readonly fresh: readonly Item[]; readonly before: () => undefined } {
  return { fresh: items, before: () => undefined };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
