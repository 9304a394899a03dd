import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Profile } from "../../../src/sandbox/options.ts";
import type { ScimDocument } from "../../../src/scim/resource.ts";
import {
  actions,
  groupMappings,
  managerMapping,
  startJob,
  userMappings,
  type Directory,
  type JobFixture,
} from "../../support/jobFixture.ts";

/** How many random directories each profile is run over; more for a longer look. */
const runs = Number(process.env["SCIM_PROPERTY_RUNS"] ?? 25);

const userIds = Array.from({ length: 8 }, (_, at) => `u${at}`);
const groupIds = Array.from({ length: 4 }, (_, at) => `g${at}`);

/** Letter case that differs from object to object, from state to state. */
const cased = (text: string, upper: boolean) =>
  upper ? text.replace(/[a-z]/, (letter) => letter.toUpperCase()) : text;

/** Those who are in the target before: renamed away and back, they would meet what stands there. */
const keepsName = (id: string) => ["u0", "u1", "g0"].includes(id);

const user = (id: string) =>
  fc
    .record({
      upper: fc.boolean(),
      renamed: keepsName(id) ? fc.constant("") : fc.constantFrom("", ".new", ".newer"),
      displayName: fc.constantFrom("Ada", "Åsa O'Neil", "x, y (z)"),
      accountEnabled: fc.boolean(),
      mail: fc.option(fc.constantFrom("a@contoso.com", "B@contoso.com"), { nil: undefined }),
      manager: fc.option(fc.constantFrom(...userIds), { nil: undefined }),
    })
    .map(({ upper, renamed, mail, manager, ...rest }) => ({
      id,
      userPrincipalName: cased(`${id}${renamed}@contoso.com`, upper),
      ...(mail !== undefined && { mail }),
      ...(manager !== undefined && { manager }),
      ...rest,
    }));

const group = (id: string) =>
  fc
    .record({
      renamed: keepsName(id) ? fc.constant("") : fc.constantFrom("", " (new)", " 'x'"),
      members: fc.uniqueArray(fc.constantFrom(...userIds, ...groupIds.filter((other) => other !== id)), {
        maxLength: 8,
      }),
    })
    .map(({ renamed, members }) => ({ id, displayName: `Group ${id}${renamed}`, members }));

const directory: fc.Arbitrary<Directory> = fc
  .record({
    users: fc.subarray(userIds, { minLength: 1 }).chain((ids) => fc.tuple(...ids.map(user))),
    groups: fc.subarray(groupIds, { minLength: 1 }).chain((ids) => fc.tuple(...ids.map(group))),
    assignments: fc.array(
      fc.record({
        principalId: fc.constantFrom(...userIds, ...groupIds),
        appRole: fc.constantFrom("User", "Default Access", ""),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ users, groups, assignments }) => {
    const there = new Set([...users, ...groups].map(({ id }) => id));
    return {
      // A file that names what it does not hold would be incomplete.
      users,
      groups: groups.map((each) => ({ ...each, members: each.members.filter((id) => there.has(id)) })),
      assignments: assignments
        .filter(({ principalId }) => there.has(principalId))
        .map((each) => ({ ...each, principalType: each.principalId.startsWith("u") ? ("User" as const) : "Group" })),
    };
  });

const rules = fc.record({
  mode: fc.constantFrom("all", "assigned"),
  defaultAccess: fc.constantFrom("exclude", "include"),
  leavingScope: fc.constantFrom("deactivate", "delete", "keep"),
});

const mailMapping = { target: 'emails[type eq "work"].value', source: { attribute: "mail" } };

/** Who is there before: two that the directory knows, and strangers, of whom one is in a group that it knows. */
const seed = {
  users: [
    { userName: "u0@contoso.com", displayName: "Was here" },
    { userName: "u1@contoso.com", active: false },
    { userName: "stranger@contoso.com", displayName: "Stranger" },
    { userName: "guest@contoso.com", displayName: "Guest" },
  ],
  groups: [
    { displayName: "Group g0", members: ["stranger@contoso.com", "u1@contoso.com"] },
    { displayName: "Strangers", members: ["guest@contoso.com"] },
  ],
};

function strangers({ sandbox }: JobFixture): (ScimDocument | undefined)[] {
  const alone = (document: ScimDocument | undefined) => {
    // The groups of a user follow from the members of groups.
    const { groups: _groups, ...rest } = document ?? {};
    return rest;
  };
  const { store } = sandbox;
  return [
    alone(store.find("User", "stranger@contoso.com")),
    alone(store.find("User", "guest@contoso.com")),
    store.find("Group", "Strangers"),
    ...["admins", "users", "account users"].map((name) => alone(store.find("Group", name))["id"]),
  ] as ScimDocument[];
}

const membersKept = ({ sandbox }: JobFixture, groupId: unknown, userId: unknown) => {
  const document = sandbox.store.get(String(groupId));
  if (document === undefined) return true;
  return ((document["members"] ?? []) as { value: string }[]).some(({ value }) => value === userId);
};

describe.each<Profile>(["databricks-workspace", "databricks-account", "rfc"])("on %s", (profile) => {
  it(
    `the plan after a full push is empty, and stays so after edits, over ${runs} random directories`,
    { timeout: 60_000 + runs * 2_000 },
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(directory, { minLength: 2, maxLength: 3 }),
          rules,
          async (states, { mode, defaultAccess, leavingScope }) => {
            const job = await startJob(
              { profile, seed },
              {
                scope: { mode, defaultAccess },
                settings: { leavingScope, deletionGuard: { enabled: true } },
                users: { mappings: [...userMappings, mailMapping, ...(profile === "rfc" ? [managerMapping] : [])] },
                groups: { mappings: groupMappings },
              },
            );
            try {
              const before = strangers(job);
              const known = job.sandbox.store.find("Group", "Group g0")?.["id"];
              const stranger = job.sandbox.store.find("User", "stranger@contoso.com")?.["id"];
              for (const state of states) {
                await job.directory(state);
                const { outcome, report } = await job.cycle({ acceptRemovals: true });
                expect(report?.results.filter(({ error }) => error !== undefined) ?? []).toEqual([]);
                expect(outcome).toBe("succeeded");
                expect(actions(await job.plan())).toEqual([]);
                expect(actions(await job.plan({ initial: true }))).toEqual([]);
                expect(strangers(job)).toEqual(before);
                expect(membersKept(job, known, stranger)).toBe(true);
              }
            } finally {
              await job.close();
            }
          },
        ),
        { numRuns: runs },
      ),
  );
});
