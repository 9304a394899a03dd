import type { Completeness, DirectoryGroup, DirectoryProblem } from "../directory/source.ts";
import { compileScope } from "../scope/scope.ts";
import type { Scope } from "../scope/scope.ts";
import type { Considered, Consideration } from "./consider.ts";
import { Considerer, sourceName } from "./consider.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState } from "./jobState.ts";
import type { Skip } from "./plan.ts";

/** A linked object that lost its place: out of scope, or gone from the directory. */
export interface Leaver {
  readonly type: "User" | "Group";
  readonly sourceId: string;
  readonly targetId: string;
  readonly name: string;
  readonly reason: string;
}

/** What one read of the directory comes to, before the target is looked at. */
export interface DirectoryPass {
  readonly compare: Readonly<Record<"User" | "Group", readonly Considered[]>>;
  readonly leaving: readonly Leaver[];
  readonly skips: readonly Skip[];
  readonly unchanged: number;
  readonly completeness: Completeness;
  readonly problems: readonly DirectoryProblem[];
  /** Users that are provisioned, by source id: who may be a member or a manager. */
  readonly provisioned: ReadonlySet<string>;
  /** Every user and group that the directory holds, by source id. */
  readonly known: ReadonlySet<string>;
  readonly scope: Scope;
}

export interface PassOptions {
  /** Compare also who did not move since the last cycle. */
  readonly everyone: boolean;
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
  const read = context.directory.read(signal ? { signal } : {});
  const assignments = (await collect(read.assignments())).flat();
  const groups = new Map<string, DirectoryGroup>();
  for await (const batch of read.groups()) for (const group of batch) groups.set(group.id, group);

  const scope = compileScope(context.job.scope, { assignments, groups });
  const compare: Record<"User" | "Group", Considered[]> = { User: [], Group: [] };
  const leaving: Leaver[] = [];
  const skips: Skip[] = [];
  let unchanged = 0;
  const known = new Set<string>(groups.keys());
  const provisioned = new Set<string>();
  const asked = focus === undefined ? undefined : new Set([focus, ...(groups.get(focus)?.members ?? [])]);
  const take = (type: "User" | "Group", sourceId: string, outcome: Consideration) => {
    if (asked && !asked.has(sourceId)) return;
    if (outcome.kind === "compare") compare[type].push(outcome.object);
    else if (outcome.kind === "skip") skips.push(outcome.skip);
    else if (outcome.kind === "unchanged") unchanged += 1;
    else {
      const targetId = state.links(type).get(sourceId)?.targetId ?? "";
      leaving.push({ type, sourceId, targetId, name: outcome.name, reason: outcome.reason });
    }
  };

  const userMappings = context.mappings.User;
  const users = userMappings && new Considerer({ type: "User", mappings: userMappings, state, everyone });
  for await (const batch of read.users()) {
    for (const user of batch) {
      known.add(user.id);
      if (!users) continue;
      const outcome = users.consider(user, scope.user(user));
      // Disabled people keep their memberships, as they keep their account.
      if (outcome.kind === "compare" || (outcome.kind === "unchanged" && state.users.get(user.id)?.scope === "in")) {
        provisioned.add(user.id);
      }
      take("User", user.id, outcome);
    }
  }

  const groupMappings = context.mappings.Group;
  if (groupMappings) {
    const hasMembers = groupMappings.references.some(({ kind }) => kind === "members");
    const considerer = new Considerer({ type: "Group", mappings: groupMappings, state, everyone });
    for (const group of groups.values()) {
      const members = hasMembers ? group.members.filter((id) => provisioned.has(id)) : undefined;
      const decision = scope.group(group);
      take("Group", group.id, considerer.consider(group, decision, members));
      if (decision.inScope) skips.push(...nestedSkips(group, groups));
    }
  }
  // What vanished counts as leaving: a file has no recycle bin that would tell more.
  for (const type of ["User", "Group"] as const) {
    if (context.mappings[type] === undefined) continue;
    for (const [sourceId, link] of state.links(type)) {
      if (link.scope === "out" || known.has(sourceId) || (asked && !asked.has(sourceId))) continue;
      leaving.push({ type, sourceId, targetId: link.targetId, name: sourceId, reason: "Gone from the directory." });
    }
  }
  return {
    compare,
    leaving,
    skips,
    unchanged,
    completeness: completenessOf(read.completeness(), users !== undefined && known.size === groups.size, state),
    problems: read.problems(),
    provisioned,
    known,
    scope,
  };
}

/** An empty directory is never believed while people are linked: it once made tools remove a whole company. */
function completenessOf(own: Completeness, empty: boolean, state: JobState): Completeness {
  if (!own.complete || !empty || state.users.size === 0) return own;
  return { complete: false, reason: `The directory holds no user, and ${state.users.size} are linked.` };
}

/** Groups within a provisioned group: the service provisions direct members only, and says so for each. */
function nestedSkips(group: DirectoryGroup, groups: ReadonlyMap<string, DirectoryGroup>): Skip[] {
  return group.members.flatMap((id): Skip[] => {
    const nested = groups.get(id);
    if (nested === undefined) return [];
    const people = nested.members.length === 1 ? "its 1 member is" : `its ${nested.members.length} members are`;
    return [
      {
        sourceId: group.id,
        resourceType: "Group",
        name: sourceName(group),
        reason: "MemberNotProvisioned",
        detail: `Nested group ${sourceName(nested)}: ${people} left out, since only direct members are provisioned.`,
      },
    ];
  });
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
