import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadJob } from "../../../src/job/load.ts";
import { jobPaths } from "../../../src/job/paths.ts";
import { runCycle } from "../../../src/provisioning/cycle.ts";
import { openJob } from "../../../src/provisioning/jobContext.ts";
import { loadJobState } from "../../../src/provisioning/jobState.ts";
import { makePlan } from "../../../src/provisioning/makePlan.ts";
import { parsePlan, planJson } from "../../../src/provisioning/planFile.ts";
import {
  actions,
  groupMappings,
  jobFor,
  person,
  skips,
  userMappings,
  type Directory,
  type JobFixture,
} from "../../support/jobFixture.ts";

const people = (count: number) => Array.from({ length: count }, (_, at) => person(`p${at}`));
const guarded = { settings: { deletionGuard: { enabled: true, count: 2, percent: 100 } } };

async function settled(directory: Directory, job = {}, options = {}) {
  const fixture = await jobFor(options, job);
  await fixture.directory(directory);
  expect((await fixture.cycle()).outcome).toBe("succeeded");
  return fixture;
}

const active = (job: JobFixture, count: number) =>
  people(count).filter(({ id }) => job.user(`${id}@contoso.com`)?.["active"] === true).length;

describe("the deletion guard", () => {
  it("holds the whole push, additions too, until a person accepts", async () => {
    const job = await settled({ users: people(8) }, guarded);
    await job.directory({ users: [...people(5), person("new")] });
    const held = await job.cycle();
    expect(held).toMatchObject({ outcome: "held", guard: { held: true } });
    expect(held.report).toBeUndefined();
    expect(held.message).toContain("3 objects would lose access");
    expect(active(job, 8)).toBe(8);
    expect(job.user("new@contoso.com")).toBeUndefined();
    const { record } = await job.state();
    expect(record.held?.reasons).toEqual(held.guard.reasons);
    expect(record.lastCycle?.outcome).toBe("held");
    const staged = (await job.log()).filter(({ provisioningAction }) => provisioningAction === "stagedDelete");
    expect(staged).toHaveLength(3);
    expect(staged[0]?.provisioningStatusInfo).toMatchObject({ status: "warning", skipReason: "TooManyDeletes" });

    const accepted = await job.cycle({ acceptRemovals: true });
    expect(accepted).toMatchObject({ outcome: "succeeded", guard: { held: true } });
    expect(active(job, 8)).toBe(5);
    expect((await job.state()).record.held).toBeUndefined();
  });

  it("sees a slow drip over 24 hours, and forgets it after", async () => {
    const job = await settled({ users: people(10) }, guarded);
    await job.directory({ users: people(8) });
    expect((await job.cycle()).outcome).toBe("succeeded");
    job.pass(23);
    await job.directory({ users: people(7) });
    const held = await job.cycle();
    expect(held.outcome).toBe("held");
    expect(held.message).toContain("after 2 in the last 24 hours");
    job.pass(2);
    expect((await job.cycle()).outcome).toBe("succeeded");
    expect(active(job, 10)).toBe(7);
  });

  it("takes nothing from the day's budget for removals that a person accepted", async () => {
    const job = await settled({ users: people(10) }, guarded);
    await job.directory({ users: people(6) });
    expect((await job.cycle({ acceptRemovals: true })).outcome).toBe("succeeded");
    await job.directory({ users: people(5) });
    expect((await job.cycle()).outcome).toBe("succeeded");
  });

  it("counts removals that were pushed before a crash of the process", async () => {
    const job = await settled({ users: people(10) }, guarded);
    const before = await job.state();
    await job.directory({ users: people(8) });
    await job.cycle();
    // The crash came after the push and before the state was saved.
    await writeFile(join(job.stateDir, "state.json"), JSON.stringify(before.record));
    await job.directory({ users: people(7) });
    job.now = Date.now();
    expect((await job.cycle()).outcome).toBe("held");
  });

  it("counts removals that a stopped push left, once it is resumed", async () => {
    const job = await settled({ users: people(10) }, guarded, { latencyMs: 40 });
    await job.directory({ users: people(8) });
    const stop = new AbortController();
    job.now = Date.now();
    const stopped = await job.cycle({
      signal: stop.signal,
      confirm: () => {
        stop.abort();
        return Promise.resolve(true);
      },
    });
    expect(stopped.outcome).toBe("stopped");
    expect(active(job, 10)).toBe(10);
    await job.directory({ users: people(7) });
    const resumed: number[] = [];
    const held = await job.cycle({ onResumed: ({ counts }) => resumed.push(counts.pushed) });
    expect(resumed).toEqual([2]);
    expect(held.outcome).toBe("held");
    expect(active(job, 10)).toBe(8);
  });

  it("holds a group that would lose too many of its members", async () => {
    const all = people(6).map(({ id }) => id);
    const directory = (members: string[]) => ({
      users: people(6),
      groups: [{ id: "g", displayName: "Data", members }],
    });
    const job = await settled(directory(all), guarded);
    await job.directory(directory(all.slice(0, 3)));
    expect(await job.cycle()).toMatchObject({
      outcome: "held",
      message: 'Group "Data" would lose 3 of its 6 members; 2 may without a person\'s yes.',
    });
    expect(job.members("Data")).toHaveLength(6);
  });
});

describe("a directory that is not proved to be complete", () => {
  const directory: Directory = {
    users: people(4),
    groups: [{ id: "g", displayName: "Data", members: ["p0", "p1", "p2"] }],
  };

  it("is refused when it is empty: nobody leaves, and the plan says why", async () => {
    const job = await settled(directory);
    await job.directory({ users: [], groups: [] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual([]);
    expect(plan.removalsWithheld).toBe("The directory holds no user, and 4 are linked.");
    expect(skips(plan)).toHaveLength(5);
    expect(new Set(plan.skips.map(({ reason }) => reason))).toEqual(new Set(["RemovalWithheld"]));
    await job.cycle();
    expect(active(job, 4)).toBe(4);
    expect(job.members("Data")).toHaveLength(3);
  });

  it("is refused when it lost its groups", async () => {
    const job = await settled(directory);
    await job.directory({ users: people(4) });
    expect(await job.plan()).toMatchObject({
      changes: [],
      removalsWithheld: "The directory holds no group, and 1 is linked.",
    });
  });

  it("plans additions and no removal, and makes up for it once it is whole", async () => {
    const job = await settled(directory);
    const smaller = {
      users: [...people(2), person("new", { displayName: "New" })],
      groups: [{ id: "g", displayName: "Data", members: ["p0", "new"] }],
    };
    // A doubled id is an error of the directory.
    await job.directory({ ...smaller, users: [...smaller.users, person("p0")] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["create new@contoso.com", "update Data"]);
    expect(plan.removalsWithheld).toMatch(/p0/);
    expect(plan.notes?.[0]).toContain("directory.json");
    await job.cycle();
    expect(job.members("Data")).toHaveLength(4);

    await job.directory(smaller);
    expect(actions(await job.plan())).toEqual([
      "update Data",
      "deactivate p2@contoso.com",
      "deactivate p3@contoso.com",
    ]);
    await job.cycle();
    expect(job.members("Data")).toEqual(["new@contoso.com", "p0@contoso.com"]);
  });

  it("withholds the deactivation of someone who is disabled there", async () => {
    const job = await settled(directory);
    await job.directory({ ...directory, users: [person("p0", { accountEnabled: false }), ...people(4)] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual([]);
    expect(skips(plan)).toContain("RemovalWithheld p0@contoso.com");
  });

  describe("read from CSV files", () => {
    const users = `id,userPrincipalName,displayName,accountEnabled\n${people(4)
      .map(({ id }) => `${id},${id}@contoso.com,${id.toUpperCase()},true\n`)
      .join("")}`;

    async function csvJob() {
      const job = await jobFor();
      const put = (name: string, text: string) => writeFile(join(job.folder, name), text);
      await put("users.csv", users);
      await put("groups.csv", "id,displayName\ng,Data\n");
      await put("members.csv", "groupId,memberId\ng,p0\ng,p1\n");
      const file = join(job.folder, "csv.provisioning.json");
      await writeFile(
        file,
        JSON.stringify({
          name: "CSV",
          connection: { baseUrl: job.sandbox.baseUrl },
          directory: { type: "csv", users: "users.csv", groups: "groups.csv", members: "members.csv" },
          scope: { mode: "all" },
          users: { enabled: true, mappings: userMappings },
          groups: { enabled: true, mappings: groupMappings },
        }),
      );
      const context = await openJob(await loadJob(file), jobPaths(file), { tokenFor: () => job.token });
      const plan = async () => (await makePlan(context, await loadJobState(context.files), { now: new Date() })).plan;
      expect((await runCycle(context, { initiatedBy: "test" })).outcome).toBe("succeeded");
      return { put, plan, context, folder: job.folder };
    }

    it("plans no removal when the file ends within a line", async () => {
      const { put, plan, context } = await csvJob();
      await put("users.csv", users.slice(0, users.indexOf("p2@") + 2));
      const { changes, removalsWithheld, notes } = await plan();
      expect(changes.filter(({ action }) => action !== "create" && action !== "update")).toEqual([]);
      expect(removalsWithheld).toContain("users.csv");
      expect(notes?.join("\n")).toContain("users.csv:4");
      await context.close();
    });

    it("plans no removal of members when the members file ends within a line", async () => {
      const { put, plan, context } = await csvJob();
      await put("members.csv", "groupId,memberId\ng,p0\ng");
      expect(await plan()).toMatchObject({ changes: [], removalsWithheld: expect.stringContaining("members.csv") });
      await context.close();
    });

    it("plans nothing at all when a file has vanished", async () => {
      const { folder, plan, context } = await csvJob();
      await rm(join(folder, "users.csv"));
      await expect(plan().then(({ changes }) => changes.length)).rejects.toThrow(/users\.csv/);
      await context.close();
    });
  });
});

describe("who is never removed", () => {
  it("the user of the token", async () => {
    const job = await settled({ users: people(3) }, {}, { profile: "rfc", me: "p0@contoso.com" });
    await job.directory({ users: people(3).slice(1, 2) });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["deactivate p2@contoso.com"]);
    expect(plan.skips).toMatchObject([
      {
        name: "p0@contoso.com",
        reason: "RemovalWithheld",
        detail: "Gone from the directory. It is the user of the token that provisions.",
      },
    ]);
    await job.cycle();
    expect(skips(await job.plan())).toEqual(["RemovalWithheld p0@contoso.com"]);
  });

  it("the user of the token, when disabled in the directory, for as long as that is so", async () => {
    const job = await settled({ users: people(2) }, {}, { profile: "rfc", me: "p0@contoso.com" });
    await job.directory({ users: [person("p0", { accountEnabled: false }), person("p1")] });
    for (let cycle = 0; cycle < 2; cycle += 1) {
      expect(skips(await job.plan())).toEqual(["RemovalWithheld p0@contoso.com"]);
      await job.cycle();
    }
    expect(job.user("p0@contoso.com")).toMatchObject({ active: true });
  });

  it("the last admins", async () => {
    const job = await settled({ users: people(3) });
    const admins = job.sandbox.store.find("Group", "admins");
    const id = (at: number) => String(job.user(`p${at}@contoso.com`)?.["id"]);
    for (const { value } of (admins?.["members"] ?? []) as { value: string }[]) {
      job.sandbox.store.patch(String(admins?.["id"]), [{ op: "remove", path: `members[value eq "${value}"]` }]);
    }
    job.sandbox.store.patch(String(admins?.["id"]), [{ op: "add", path: "members", value: [{ value: id(1) }] }]);
    await job.directory({ users: people(1) });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["deactivate p2@contoso.com"]);
    expect(plan.skips).toMatchObject([
      { name: "p1@contoso.com", detail: expect.stringContaining("last members of admins") },
    ]);
  });

  it("the last active admin, when the others are inactive already", async () => {
    const job = await settled({ users: people(3) });
    const admins = job.sandbox.store.find("Group", "admins");
    const id = (at: number) => String(job.user(`p${at}@contoso.com`)?.["id"]);
    const admin = String(admins?.["id"]);
    for (const { value } of (admins?.["members"] ?? []) as { value: string }[]) {
      job.sandbox.store.patch(admin, [{ op: "remove", path: `members[value eq "${value}"]` }]);
    }
    job.sandbox.store.patch(admin, [{ op: "add", path: "members", value: [{ value: id(1) }, { value: id(2) }] }]);
    await job.directory({ users: people(2) });
    expect(actions(await job.plan())).toEqual(["deactivate p2@contoso.com"]);
    await job.cycle();
    await job.directory({ users: people(1) });
    expect(await job.plan()).toMatchObject({ changes: [], skips: [{ name: "p1@contoso.com" }] });
  });

  it("the groups of the service itself", async () => {
    const directory = (members: string[]) => ({
      users: people(2),
      groups: [
        { id: "a", displayName: "admins", members },
        { id: "g", displayName: "Data" },
      ],
    });
    const job = await settled(directory(["p0"]));
    await job.directory({ users: people(2), groups: [{ id: "g", displayName: "Data" }] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual([]);
    expect(plan.skips).toMatchObject([
      {
        name: "admins",
        reason: "RemovalWithheld",
        detail: 'The group "admins" belongs to Databricks workspace and is never deleted.',
      },
    ]);
  });

  it("whoever the job was never linked to", async () => {
    const job = await jobFor({ users: 15, groups: 3 });
    const before = job.sandbox.store.snapshot();
    await job.directory({ users: people(2), groups: [{ id: "g", displayName: "Data", members: ["p0"] }] });
    await job.cycle();
    await job.directory({ users: people(1), groups: [{ id: "g", displayName: "Data", members: ["p0"] }] });
    await job.cycle({ acceptRemovals: true });
    const after = job.sandbox.store.snapshot();
    for (const [id, user] of before.users) expect(after.users.get(id)).toEqual(user);
  });
});

describe("a saved plan", () => {
  it("goes to the service as it was reviewed, and what has moved since is refused while the rest goes on", async () => {
    const job = await settled({ users: people(3) });
    const names = (text: string) => people(3).map((each) => ({ ...each, displayName: `${text} ${each.id}` }));
    await job.directory({ users: [...names("New"), person("joiner")] });
    const saved = parsePlan(planJson(await job.plan()), "plan.json");
    job.sandbox.store.patch(String(job.user("p1@contoso.com")?.["id"]), [
      { op: "replace", path: "displayName", value: "By hand" },
    ]);
    // The directory has moved on as well; the plan that was reviewed is what counts.
    await job.directory({ users: names("Newer") });
    const { outcome, report } = await job.cycle({ saved });
    expect(outcome).toBe("someFailed");
    expect(report?.counts).toMatchObject({ pushed: 3, conflict: 1 });
    const refused = report?.results.find((result) => result.outcome === "conflict");
    expect(refused?.conflict?.attributes).toMatchObject([
      { path: "displayName", base: "P1", ours: "New p1", theirs: "By hand" },
    ]);
    expect(job.user("p0@contoso.com")).toMatchObject({ displayName: "New p0" });
    expect(job.user("p1@contoso.com")).toMatchObject({ displayName: "By hand" });
    expect((await job.state()).users.get("joiner")).toBeDefined();
    expect(actions(await job.plan())).toEqual([
      "update p0@contoso.com",
      "update p1@contoso.com",
      "update p2@contoso.com",
      "deactivate joiner@contoso.com",
    ]);
  });

  it("is held by the deletion guard like any other", async () => {
    const job = await settled({ users: people(6) }, guarded);
    await job.directory({ users: people(2) });
    const saved = await job.plan();
    expect((await job.cycle({ saved })).outcome).toBe("held");
  });

  it("pushes only the changes that a person picks", async () => {
    const job = await jobFor();
    await job.directory({ users: people(3), groups: [{ id: "g", displayName: "Data", members: ["p0", "p1"] }] });
    const plan = await job.plan();
    const picked = plan.changes.filter(({ name }) => ["p0@contoso.com", "Data"].includes(name)).map(({ id }) => id);
    await job.cycle({ only: new Set(picked) });
    expect(job.members("Data")).toEqual(["p0@contoso.com"]);
    expect(job.user("p2@contoso.com")).toBeUndefined();
    await job.cycle();
    expect(job.members("Data")).toEqual(["p0@contoso.com", "p1@contoso.com"]);
    expect(actions(await job.plan())).toEqual([]);
  });
});
