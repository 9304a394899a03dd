import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DirectorySource } from "../../../src/directory/source.ts";
import { JobState } from "../../../src/provisioning/jobState.ts";
import { makePlan } from "../../../src/provisioning/makePlan.ts";
import { planJson } from "../../../src/provisioning/planFile.ts";
import {
  groupMappings,
  person,
  startJob,
  userMappings,
  type Directory,
  type JobFixture,
} from "../../support/jobFixture.ts";

/** How many random histories are gone through; more for a longer look. */
const runs = Number(process.env["SCIM_PROPERTY_RUNS"] ?? 25);

/** What nobody maps, long enough that a few people fill a block of the imprint. */
const padding = "x".repeat(600);

const userIds = Array.from({ length: 14 }, (_, at) => `u${at}`);
const groupIds = Array.from({ length: 5 }, (_, at) => `g${at}`);

type Edit = (directory: Directory) => Directory;

const onUsers = (ids: readonly string[], edit: (user: Directory["users"][number]) => object): Edit => {
  return (directory) => ({
    ...directory,
    users: directory.users.map((user) => (ids.includes(user.id) ? { ...user, ...edit(user) } : user)),
  });
};

const someUsers = fc.subarray(userIds, { minLength: 1, maxLength: 3 });

/** What happens to a directory between two cycles. */
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constant<Edit>((directory) => directory),
  someUsers.map((ids) => onUsers(ids, (user) => ({ displayName: `${String(user["displayName"])}'` }))),
  someUsers.map((ids) => onUsers(ids, (user) => ({ accountEnabled: user["accountEnabled"] !== true }))),
  someUsers.map((ids) => onUsers(ids, (user) => ({ department: user["department"] === "Out" ? "In" : "Out" }))),
  someUsers.map((ids) => onUsers(ids, () => ({ unmapped: 'né"\\{[' }))),
  fc.constantFrom(...userIds).map((id): Edit => (directory) => {
    const gone = (other: string) => other !== id;
    return {
      users: directory.users.filter((user) => gone(user.id)),
      groups: (directory.groups ?? []).map((group) => ({ ...group, members: (group.members ?? []).filter(gone) })),
      assignments: (directory.assignments ?? []).filter(({ principalId }) => gone(principalId)),
    };
  }),
  fc.tuple(fc.constantFrom(...userIds), fc.nat()).map(([id, at]): Edit => (directory) => {
    if (directory.users.some((user) => user.id === id)) return directory;
    return { ...directory, users: directory.users.toSpliced(at % (directory.users.length + 1), 0, newcomer(id)) };
  }),
  fc.tuple(fc.nat(), fc.nat()).map(([from, to]): Edit => (directory) => {
    const [moved] = directory.users.slice(from % directory.users.length);
    if (moved === undefined) return directory;
    const others = directory.users.filter((user) => user !== moved);
    return { ...directory, users: others.toSpliced(to % (others.length + 1), 0, moved) };
  }),
  fc
    .tuple(fc.constantFrom(...groupIds), fc.subarray([...userIds, ...groupIds], { maxLength: 6 }))
    .map(([id, members]): Edit => (directory) => {
      const there = new Set([...directory.users, ...(directory.groups ?? [])].map((each) => each.id));
      const kept = members.filter((member) => member !== id && there.has(member));
      return {
        ...directory,
        groups: (directory.groups ?? []).map((group) => (group.id === id ? { ...group, members: kept } : group)),
      };
    }),
  fc.tuple(fc.constantFrom(...userIds, ...groupIds), fc.boolean()).map(([principalId, add]): Edit => (directory) => {
    const others = (directory.assignments ?? []).filter((each) => each.principalId !== principalId);
    const there = [...directory.users, ...(directory.groups ?? [])].some(({ id }) => id === principalId);
    const principalType: "User" | "Group" = principalId.startsWith("u") ? "User" : "Group";
    const assignment = { principalId, principalType, appRole: "User" };
    return { ...directory, assignments: add && there ? [...others, assignment] : others };
  }),
);

const newcomer = (id: string) => person(id, { department: "In", padding });

const start: Directory = {
  users: userIds.map((id) => newcomer(id)),
  groups: groupIds.map((id, at) => ({
    id,
    displayName: `Group ${id}`,
    padding,
    members: [...userIds.filter((_, place) => place % (at + 2) === 0), ...(at === 1 ? ["g3"] : [])],
  })),
  assignments: [
    { principalId: "g0", principalType: "Group", appRole: "User" },
    { principalId: "g1", principalType: "Group", appRole: "User" },
    { principalId: "u1", principalType: "User", appRole: "User" },
  ],
};

const rules = fc.record({
  mode: fc.constantFrom("all", "assigned"),
  leavingScope: fc.constantFrom("deactivate", "delete", "keep"),
});

const inside = [{ title: "Inside", clauses: [{ attribute: "department", operator: "EQUALS" as const, value: "In" }] }];

/** What is pushed after an edit: a cycle, one object on demand, or nothing. */
const pushed = fc.constantFrom("everything", "nothing", "u0", "u3", "g0", "g1");

const isHeld = ({ users, groups = [] }: Directory, id: string) => [...users, ...groups].some((each) => each.id === id);

/** The plan as the next cycle makes it, and as it would be if nothing were remembered of the directory. */
async function bothPlans(job: JobFixture): Promise<{ spared: string; whole: string; unread: number }> {
  const state = await job.state();
  let unread = 0;
  return job.with(async (context) => {
    const { directory } = context;
    const counting: DirectorySource = {
      type: directory.type,
      description: directory.description,
      read: (options) => directory.read(options),
      readMoved: async (earlier, options) => {
        const moved = await directory.readMoved?.(earlier, options);
        for (const part of moved?.users ?? []) if ("block" in part) unread += part.block.objects.length;
        return moved;
      },
    };
    const plan = async (from: JobState) =>
      planJson((await makePlan({ ...context, directory: counting }, from, { now: new Date(0) })).plan);
    const spared = await plan(state);
    return { spared, whole: await plan(new JobState(state.record, state.users, state.groups)), unread };
  });
}

describe("a plan that spares reading what did not change", () => {
  it(
    `is the plan over everything, byte for byte, over ${runs} random histories`,
    { timeout: 60_000 + runs * 2_000 },
    async () => {
      let spareable = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(edit, pushed), { minLength: 2, maxLength: 6 }),
          rules,
          async (edits, { mode, leavingScope }) => {
            const job = await startJob(
              { profile: "databricks-workspace" },
              {
                scope: { mode, users: inside },
                settings: { leavingScope, deletionGuard: { enabled: true } },
                users: { mappings: userMappings },
                groups: { mappings: groupMappings },
              },
            );
            try {
              let directory = start;
              await job.directory(directory);
              await job.cycle({ acceptRemovals: true });
              for (const [change, pushes] of edits) {
                directory = change(directory);
                await job.directory(directory);
                const { spared, whole, unread } = await bothPlans(job);
                expect(spared).toBe(whole);
                spareable += unread;
                if (pushes === "everything") await job.cycle({ acceptRemovals: true });
                else if (pushes !== "nothing" && isHeld(directory, pushes))
                  await job.cycle({ focus: pushes, acceptRemovals: true });
              }
            } finally {
              await job.close();
            }
          },
        ),
        { numRuns: runs },
      );
      // Most people stay the same in most of these histories, and were not read again.
      expect(spareable).toBeGreaterThan(runs * 2);
    },
  );
});
