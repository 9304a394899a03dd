import { describe, expect, it } from "vitest";
import { changeDigest } from "../../../src/changes/digest.ts";
import {
  actions,
  jobFor,
  managerMapping,
  person,
  skips,
  userMappings,
  type Directory,
} from "../../support/jobFixture.ts";

const company: Directory = {
  users: [person("ada"), person("bob"), person("cyd", { userPrincipalName: "Cyd@Contoso.com" })],
  groups: [
    { id: "g1", displayName: "Data", members: ["ada", "bob"] },
    { id: "g2", displayName: "Empty" },
  ],
};

/** A company whose initial cycle has run. */
async function settled(job: Parameters<typeof jobFor>[1] = {}, directory: Directory = company) {
  const fixture = await jobFor({}, job);
  await fixture.directory(directory);
  const { outcome } = await fixture.cycle();
  expect(outcome).toBe("succeeded");
  return fixture;
}

describe("the initial cycle", () => {
  it("creates users, groups and memberships, and the plan after it is empty", async () => {
    const job = await jobFor();
    await job.directory(company);
    const plan = await job.plan();
    expect(plan.cycle).toBe("initial");
    expect(plan.summary).toEqual({ create: 5, update: 0, deactivate: 0, delete: 0, skip: 0, unchanged: 0 });
    expect(plan.changes.every(({ reason }) => reason === "In scope and not in the target yet.")).toBe(true);

    const { report } = await job.cycle();
    expect(report?.counts.pushed).toBe(5);
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "ADA", active: true });
    expect(job.user("cyd@contoso.com")).toBeDefined();
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);

    const next = await job.plan();
    expect(next).toMatchObject({ cycle: "incremental", changes: [], skips: [], summary: { unchanged: 5 } });
  });

  it("links who is there already, and updates only what differs", async () => {
    const job = await jobFor({
      seed: {
        users: [
          { userName: "ada@contoso.com", displayName: "ADA" },
          { userName: "bob@contoso.com", displayName: "Robert" },
        ],
      },
    });
    await job.directory({ users: [person("ada"), person("bob")] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["update bob@contoso.com"]);
    expect(plan.changes[0]?.reason).toBe("Matches the directory; its attributes differ.");
    await job.cycle();
    expect((await job.state()).users.size).toBe(2);
    expect(job.user("bob@contoso.com")).toMatchObject({ displayName: "BOB" });
  });

  it("makes a plan that is the same, byte for byte, for the same inputs", async () => {
    const users = Array.from({ length: 150 }, (_, at) => person(`p${at}`, { displayName: `Person ${at % 7}` }));
    const job = await jobFor({ users: 120, groups: 5 });
    await job.directory({ users, groups: [{ id: "g", displayName: "All", members: users.map(({ id }) => id) }] });
    const [first, second] = [JSON.stringify(await job.plan()), JSON.stringify(await job.plan())];
    expect(second).toBe(first);
  });

  it("is begun anew by a change of the mapping or the scope, which keeps the links", async () => {
    const job = await settled();
    job.job = {
      users: { mappings: [...userMappings, { target: "name.givenName", source: { attribute: "jobTitle" } }] },
    };
    await job.directory({ ...company, users: [person("ada", { jobTitle: "Lead" }), ...company.users.slice(1)] });
    const plan = await job.plan();
    expect(plan.cycle).toBe("initial");
    expect(actions(plan)).toEqual(["update ada@contoso.com"]);
    await job.cycle();
    expect((await job.plan()).cycle).toBe("incremental");

    job.job = { ...job.job, scope: { users: [{ clauses: [{ attribute: "jobTitle", operator: "IS NOT NULL" }] }] } };
    const narrowed = await job.plan();
    expect(narrowed.cycle).toBe("initial");
    expect(actions(narrowed)).toEqual(["update Data", "deactivate bob@contoso.com", "deactivate cyd@contoso.com"]);
  });

  it("mends drift that an incremental cycle does not look for, and says so", async () => {
    const job = await settled();
    job.sandbox.store.patch(String(job.user("ada@contoso.com")?.["id"]), [
      { op: "replace", path: "displayName", value: "Somebody" },
    ]);
    expect(actions(await job.plan())).toEqual([]);
    const [change] = (await job.plan({ initial: true })).changes;
    expect(change).toMatchObject({
      action: "update",
      name: "ada@contoso.com",
      reason: "Changed in the target since the last cycle.",
    });
  });
});

describe("a push of what was reviewed", () => {
  it("sends a change only as it was seen: one that moved since waits for another review", async () => {
    const job = await jobFor();
    await job.directory(company);
    const reviewed = new Map((await job.plan()).changes.map((change) => [change.id, changeDigest(change)]));
    await job.directory({
      ...company,
      users: [person("ada", { displayName: "Somebody else" }), ...company.users.slice(1)],
    });
    const { report, planned } = await job.cycle({ reviewed, verify: true });
    expect(report?.counts.pushed).toBe(4);
    expect(job.user("ada@contoso.com")).toBeUndefined();
    expect(planned.plan.changes.map(({ name }) => name)).toContain("ada@contoso.com");
    expect(actions(await job.plan())).toEqual(["create ada@contoso.com", "update Data"]);
  });
});

describe("an incremental cycle", () => {
  it("creates a joiner and puts them into their group in one go", async () => {
    const job = await settled();
    await job.directory({
      users: [...company.users, person("dee")],
      groups: [{ ...company.groups![0]!, members: ["ada", "bob", "dee"] }, company.groups![1]!],
    });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["create dee@contoso.com", "update Data"]);
    expect(plan.changes[1]?.requests[0]?.body).toMatchObject({
      Operations: [{ op: "add", value: [{ value: "{dee}" }] }],
    });
    await job.cycle();
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com", "dee@contoso.com"]);
    expect(actions(await job.plan())).toEqual([]);
  });

  const leaving = { users: company.users.slice(0, 2), groups: company.groups! };

  it("deactivates a leaver by default, and takes them out of groups", async () => {
    const job = await settled({}, { ...company, groups: [{ id: "g1", displayName: "Data", members: ["ada", "cyd"] }] });
    await job.directory({ users: leaving.users, groups: [{ id: "g1", displayName: "Data", members: ["ada"] }] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["update Data", "deactivate cyd@contoso.com"]);
    expect(plan.changes[1]).toMatchObject({
      reason: "Gone from the directory.",
      requests: [{ method: "PATCH", body: { Operations: [{ op: "replace", path: "active", value: false }] } }],
    });
    await job.cycle();
    expect(job.user("cyd@contoso.com")).toMatchObject({ active: false });
    expect(job.members("Data")).toEqual(["ada@contoso.com"]);
    expect(actions(await job.plan())).toEqual([]);
  });

  it("takes someone out of groups who is out of scope, though the directory still lists them there", async () => {
    const job = await settled();
    job.job = { scope: { users: [{ clauses: [{ attribute: "displayName", operator: "EQUALS", value: "ADA" }] }] } };
    await job.cycle();
    expect(job.members("Data")).toEqual(["ada@contoso.com"]);
    expect(job.user("bob@contoso.com")).toMatchObject({ active: false });
  });

  it("deletes a leaver where the job says so", async () => {
    const job = await settled({ settings: { leavingScope: "delete" } });
    await job.directory(leaving);
    expect(actions(await job.plan())).toEqual(["delete cyd@contoso.com"]);
    await job.cycle();
    expect(job.user("cyd@contoso.com")).toBeUndefined();
    expect((await job.state()).users.has("cyd")).toBe(false);
  });

  it("keeps a leaver as is where the job says so: account and memberships", async () => {
    const job = await settled({ settings: { leavingScope: "keep" } });
    job.job = {
      ...job.job,
      scope: { users: [{ clauses: [{ attribute: "displayName", operator: "EQUALS", value: "ADA" }] }] },
    };
    const plan = await job.plan();
    expect(actions(plan)).toEqual([]);
    expect(skips(plan)).toEqual(["SkipOutOfScopeDeletions bob@contoso.com", "SkipOutOfScopeDeletions cyd@contoso.com"]);
    await job.cycle();
    expect(job.user("bob@contoso.com")).toMatchObject({ active: true });
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);
    expect(await job.plan()).toMatchObject({ changes: [], skips: [] });
  });

  it("follows someone renamed by their link, where the service lets a user name change", async () => {
    const job = await jobFor({ profile: "rfc" });
    await job.directory(company);
    await job.cycle();
    const id = job.user("ada@contoso.com")?.["id"];
    const renamed = person("ada", { userPrincipalName: "countess@contoso.com" });
    await job.directory({ ...company, users: [renamed, ...company.users.slice(1)] });
    expect(actions(await job.plan())).toEqual(["update ada@contoso.com"]);
    await job.cycle();
    expect(job.user("countess@contoso.com")?.["id"]).toBe(id);
    expect(actions(await job.plan())).toEqual([]);
  });

  it("never proposes a new user name to a service that ignores it, and notes it", async () => {
    const job = await settled();
    const renamed = person("ada", { userPrincipalName: "countess@contoso.com", displayName: "Countess" });
    await job.directory({ ...company, users: [renamed, ...company.users.slice(1)] });
    const plan = await job.plan();
    expect(plan.changes.map(({ requests }) => requests.map(({ body }) => body))).toMatchObject([
      [{ Operations: [{ op: "replace", path: "displayName", value: "Countess" }] }],
    ]);
    expect(plan.notes).toEqual([expect.stringMatching(/ignores changes of userName\. \(countess@contoso\.com\)$/)]);
    await job.cycle();
    expect(actions(await job.plan())).toEqual([]);
  });

  it("never proposes an attribute that the service does not keep", async () => {
    const job = await jobFor(
      {},
      {
        users: {
          mappings: [
            ...userMappings,
            { target: "title", source: { attribute: "jobTitle" } },
            { target: "name.formatted", source: { attribute: "displayName" } },
            managerMapping,
          ],
        },
      },
    );
    await job.directory({ users: [person("ada", { jobTitle: "Lead", manager: "bob" }), person("bob")] });
    const plan = await job.plan();
    expect(plan.changes[0]?.requests).toMatchObject([{ method: "POST", body: { userName: "ada@contoso.com" } }]);
    expect(JSON.stringify(plan.changes[0]?.requests)).not.toMatch(/title|formatted|manager/);
    await job.cycle();
    expect(await job.plan({ initial: true })).toMatchObject({ changes: [] });
  });

  it("proposes nothing for a change of letter case that the service folds", async () => {
    const job = await settled();
    const other = person("ada", { userPrincipalName: "ADA@contoso.com" });
    await job.directory({ ...company, users: [other, ...company.users.slice(1)] });
    expect(actions(await job.plan())).toEqual([]);
  });

  it("deactivates someone disabled, who keeps their memberships, and activates them again", async () => {
    const job = await settled();
    const disabled = person("ada", { accountEnabled: false });
    await job.directory({ ...company, users: [disabled, ...company.users.slice(1)] });
    const plan = await job.plan();
    expect(plan.changes).toMatchObject([{ action: "deactivate", reason: "Disabled in the directory." }]);
    await job.cycle();
    expect(job.user("ada@contoso.com")).toMatchObject({ active: false });
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);
    expect(actions(await job.plan())).toEqual([]);

    // Renamed while disabled: no deactivation, so the reason must not speak of one.
    await job.directory({
      ...company,
      users: [person("ada", { accountEnabled: false, displayName: "Lady" }), ...company.users.slice(1)],
    });
    expect((await job.plan()).changes).toMatchObject([{ action: "update", reason: "Changed in the directory." }]);

    await job.directory(company);
    await job.cycle();
    expect(job.user("ada@contoso.com")).toMatchObject({ active: true });
  });

  it("skips someone disabled who was never provisioned", async () => {
    const job = await jobFor();
    await job.directory({ users: [person("ada", { accountEnabled: false }), person("bob")] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["create bob@contoso.com"]);
    expect(plan.skips).toMatchObject([
      { reason: "NotEffectivelyEntitled", detail: expect.stringContaining("accountEnabled") },
    ]);
  });

  it("gives someone who returns their account back, with or without an active mapping", async () => {
    for (const mappings of [userMappings, userMappings.slice(0, 2)]) {
      const job = await settled({ users: { mappings } });
      const id = job.user("cyd@contoso.com")?.["id"];
      await job.directory(leaving);
      await job.cycle();
      expect(job.user("cyd@contoso.com")).toMatchObject({ active: false });
      await job.directory(company);
      expect((await job.plan()).changes).toMatchObject([{ action: "update", reason: "Back in scope." }]);
      await job.cycle();
      expect(job.user("cyd@contoso.com")).toMatchObject({ id, active: true });
      expect(actions(await job.plan())).toEqual([]);
    }
  });

  it("gives the account to a new directory id of the same person, once the old one is gone", async () => {
    const job = await settled();
    const id = job.user("ada@contoso.com")?.["id"];
    const again = { ...person("ada"), id: "ada-2" };
    await job.directory({
      users: [again, ...company.users.slice(1)],
      groups: [{ id: "g1", displayName: "Data", members: ["ada-2", "bob"] }, company.groups![1]!],
    });
    expect(actions(await job.plan())).toEqual([]);
    await job.cycle();
    const { users } = await job.state();
    expect(users.get("ada-2")?.targetId).toBe(id);
    expect(users.has("ada")).toBe(false);
    expect(job.user("ada@contoso.com")).toMatchObject({ active: true });
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);
  });

  it("renames a group, adds and removes members, and keeps members that are strangers to the directory", async () => {
    const job = await jobFor({
      seed: {
        users: [{ userName: "guest@partner.com" }],
        groups: [{ displayName: "Data", members: ["guest@partner.com"] }],
      },
    });
    await job.directory(company);
    await job.cycle();
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com", "guest@partner.com"]);
    await job.directory({
      ...company,
      groups: [{ id: "g1", displayName: "Data 2", members: ["bob", "cyd"] }, company.groups![1]!],
    });
    expect(actions(await job.plan())).toEqual(["update Data"]);
    await job.cycle();
    expect(job.members("Data 2")).toEqual(["bob@contoso.com", "cyd@contoso.com", "guest@partner.com"]);
    expect(actions(await job.plan())).toEqual([]);
  });

  it("deletes a group that left, and names who a nested group leaves out", async () => {
    const job = await settled();
    await job.directory({
      users: company.users,
      groups: [
        { id: "g1", displayName: "Data", members: ["ada", "bob", "g3"] },
        { id: "g3", displayName: "Inner", members: ["cyd"] },
      ],
    });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["create Inner", "delete Empty"]);
    expect(plan.skips).toMatchObject([
      {
        reason: "MemberNotProvisioned",
        name: "Data",
        detail: expect.stringContaining("Nested group Inner: its 1 member is left out"),
      },
    ]);
  });

  it("removes people from groups who turn out to be in the target already", async () => {
    const job = await jobFor({
      seed: {
        users: [{ userName: "dee@contoso.com" }],
        groups: [{ displayName: "Data", members: ["dee@contoso.com"] }],
      },
    });
    await job.directory(company);
    await job.cycle();
    expect(job.members("Data")).toContain("dee@contoso.com");
    await job.directory({ ...company, users: [...company.users, person("dee")] });
    await job.cycle();
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);
  });

  it("packs members to the service's cap", async () => {
    const users = Array.from({ length: 230 }, (_, at) => person(`p${at}`));
    const job = await jobFor();
    await job.directory({ users, groups: [{ id: "g", displayName: "All", members: users.map(({ id }) => id) }] });
    const group = (await job.plan()).changes.find(({ resourceType }) => resourceType === "Group");
    const sizes = group?.requests
      .slice(1)
      .flatMap(({ body }) =>
        (body as { Operations: { value: unknown[] }[] }).Operations.map(({ value }) => value.length),
      );
    expect(sizes).toEqual([100, 100, 30]);
    await job.cycle();
    expect(job.members("All")).toHaveLength(230);
  });
});

describe("Default Access", () => {
  const directory: Directory = {
    users: [person("ada"), person("bob"), person("cyd")],
    groups: [{ id: "g1", displayName: "Data", members: ["bob"] }],
    assignments: [
      { principalId: "ada", principalType: "User", appRole: "Default Access" },
      { principalId: "g1", principalType: "Group", appRole: "User" },
    ],
  };

  it("does not entitle unless the job includes it", async () => {
    const job = await jobFor({}, { scope: { mode: "assigned" } });
    await job.directory(directory);
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["create bob@contoso.com", "create Data"]);
    expect(plan.skips).toMatchObject([
      { name: "ada@contoso.com", reason: "NotEffectivelyEntitled", detail: expect.stringContaining("Default Access") },
      { name: "cyd@contoso.com", reason: "NotEffectivelyEntitled", detail: "Not assigned to the application." },
    ]);
    job.job = { scope: { mode: "assigned", defaultAccess: "include" } };
    expect(actions(await job.plan())).toContain("create ada@contoso.com");
  });
});
