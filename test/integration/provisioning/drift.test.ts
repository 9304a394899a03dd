import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/changes/change.ts";
import { changeDigest } from "../../../src/changes/digest.ts";
import { acceptDrift, revokeAccepted } from "../../../src/provisioning/acceptDrift.ts";
import { deviationKey, describeDeviation } from "../../../src/provisioning/deviation.ts";
import { loadJobState } from "../../../src/provisioning/jobState.ts";
import { personCard } from "../../../src/provisioning/personCard.ts";
import { actions, jobFor, person, skips, type Directory, type JobFixture } from "../../support/jobFixture.ts";

const company: Directory = {
  users: [person("ada"), person("bob"), person("cyd"), person("dee")],
  groups: [{ id: "g1", displayName: "Data", members: ["ada", "bob"] }],
};

async function settled(directory: Directory = company): Promise<JobFixture> {
  const job = await jobFor();
  await job.directory(directory);
  expect((await job.cycle()).outcome).toBe("succeeded");
  return job;
}

const idOf = (job: JobFixture, name: string) => String(job.user(`${name}@contoso.com`)?.["id"]);
const groupId = (job: JobFixture) => String(job.sandbox.store.find("Group", "Data")?.["id"]);

/** Somebody works in the target by hand. */
const byHand = {
  rename: (job: JobFixture, name: string, value: string) =>
    job.sandbox.store.patch(idOf(job, name), [{ op: "replace", path: "displayName", value }]),
  setActive: (job: JobFixture, name: string, value: boolean) =>
    job.sandbox.store.patch(idOf(job, name), [{ op: "replace", path: "active", value }]),
  addMember: (job: JobFixture, name: string) =>
    job.sandbox.store.patch(groupId(job), [{ op: "add", path: "members", value: [{ value: idOf(job, name) }] }]),
  removeMember: (job: JobFixture, name: string) =>
    job.sandbox.store.patch(groupId(job), [{ op: "remove", path: `members[value eq "${idOf(job, name)}"]` }]),
};

const compare = (job: JobFixture) => job.plan({ compare: true });
const reviewed = (changes: readonly Change[]) => new Map(changes.map((change) => [change.id, changeDigest(change)]));
const accept = async (job: JobFixture) => {
  const { drift = [], changes } = await compare(job);
  const seen = reviewed(changes.filter(({ id }) => drift.includes(id)));
  return job.with((context) => acceptDrift(context, seen, { now: new Date(job.now) }));
};
const accepted = async (job: JobFixture) => ((await job.state()).record.accepted ?? []).map(describeDeviation);

describe("comparing with the target", () => {
  it("finds attributes and members that were changed behind the job's back, which an incremental plan does not look for", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Somebody");
    byHand.removeMember(job, "ada");
    byHand.addMember(job, "cyd");
    expect(actions(await job.plan())).toEqual([]);
    const plan = await compare(job);
    expect(actions(plan)).toEqual(["update ada@contoso.com", "update Data"]);
    expect(plan.drift).toEqual(plan.changes.map(({ id }) => id));
    expect(new Set(plan.changes.map(({ reason }) => reason))).toEqual(
      new Set(["Changed in the target since the last cycle."]),
    );
  });

  it("tells what was changed in the target from what was changed in the directory", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Somebody");
    await job.directory({
      ...company,
      users: [company.users[0]!, person("bob", { displayName: "Robert" }), ...company.users.slice(2)],
    });
    const plan = await compare(job);
    expect(actions(plan)).toEqual(["update ada@contoso.com", "update bob@contoso.com"]);
    expect(plan.drift).toEqual([plan.changes[0]!.id]);
  });

  it("finds accounts that were deleted in the target, and access that was given back to who had left", async () => {
    const job = await settled();
    await job.directory({ ...company, users: company.users.slice(0, 3) });
    await job.cycle();
    expect(job.user("dee@contoso.com")).toMatchObject({ active: false });
    expect(actions(await compare(job))).toEqual([]);
    byHand.setActive(job, "dee", true);
    job.sandbox.store.delete(idOf(job, "cyd"));
    const plan = await compare(job);
    expect(plan.changes.map(({ action, name, reason }) => `${action} ${name}: ${reason}`)).toEqual([
      "create cyd@contoso.com: Deleted in the target since the last cycle.",
      "deactivate dee@contoso.com: Gone from the directory. Access was given back in the target.",
    ]);
    expect(plan.drift).toHaveLength(2);
    const { report } = await job.cycle({ compare: true });
    expect(report?.counts.pushed).toBe(2);
    expect(job.user("dee@contoso.com")).toMatchObject({ active: false });
    expect(actions(await compare(job))).toEqual([]);
  });

  it("is repaired by a push of what was reviewed, and nothing else is forgotten for it", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Somebody");
    byHand.addMember(job, "cyd");
    const [ada] = (await compare(job)).changes;
    const before = (await job.state()).record.watermark;
    await job.cycle({ compare: true, only: new Set([ada!.id]), verify: true });
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "ADA" });
    expect(job.members("Data")).toContain("cyd@contoso.com");
    expect((await job.state()).record.watermark).toBe(before);
    await job.cycle({ compare: true });
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);
  });
});

describe("an accepted deviation", () => {
  it("is left as it is by comparisons, by cycles after the person changed otherwise, and by a restart", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Ada L.");
    byHand.addMember(job, "cyd");
    byHand.removeMember(job, "ada");
    await accept(job);
    expect(await accepted(job)).toEqual([
      'displayName is "Ada L.", the directory gives "ADA"',
      "ada@contoso.com is no member, the directory lists them",
      "cyd@contoso.com is a member, the directory does not list them",
    ]);
    const plan = await compare(job);
    expect(actions(plan)).toEqual([]);
    expect(plan.notes).toEqual([
      "An accepted deviation is left as it is: displayName. (ada@contoso.com)",
      "An accepted deviation is left as it is: members, ada@contoso.com. (Data)",
      "An accepted deviation is left as it is: members, cyd@contoso.com. (Data)",
    ]);
    // Dee joins the group, and Ada is disabled: both go through, and what is accepted stays.
    await job.directory({
      users: [person("ada", { accountEnabled: false }), ...company.users.slice(1)],
      groups: [{ id: "g1", displayName: "Data", members: ["ada", "bob", "dee"] }],
    });
    await job.cycle();
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "Ada L.", active: false });
    expect(job.members("Data")).toEqual(["bob@contoso.com", "cyd@contoso.com", "dee@contoso.com"]);
    await job.cycle({ initial: true });
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "Ada L." });
    expect(await accepted(job)).toHaveLength(3);
  });

  it("is said by the explanation and the card of its person, instead of agreement", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Ada L.");
    await accept(job);
    expect((await job.explain("ada")).answer).toBe(
      'ada@contoso.com is provisioned, and left as it is where that was accepted: displayName is "Ada L.", the directory gives "ADA".',
    );
    const card = await job.with(async (context) =>
      personCard(context, await loadJobState(context.files), "ada", { now: new Date(job.now) }),
    );
    expect(card.answer).toContain("Accepted: displayName is");
    expect(card.attributes.map(({ path, state }) => [path, state])).toContainEqual(["displayName", "accepted"]);
  });

  it("ends when the directory gives another value", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Ada L.");
    await accept(job);
    await job.directory({
      ...company,
      users: [person("ada", { displayName: "Ada Lovelace" }), ...company.users.slice(1)],
    });
    expect(actions(await job.plan())).toEqual(["update ada@contoso.com"]);
    await job.cycle();
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "Ada Lovelace" });
    expect(await accepted(job)).toEqual([]);
  });

  it("ends when the target changes again, of that attribute or that member alone", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Ada L.");
    byHand.addMember(job, "cyd");
    byHand.addMember(job, "dee");
    await accept(job);
    byHand.rename(job, "ada", "Ada again");
    byHand.removeMember(job, "dee");
    expect(actions(await compare(job))).toEqual(["update ada@contoso.com"]);
    await job.cycle({ compare: true });
    expect(await accepted(job)).toEqual(["cyd@contoso.com is a member, the directory does not list them"]);
    // Dee's membership is not accepted any more when it comes back.
    byHand.addMember(job, "dee");
    expect(actions(await compare(job))).toEqual(["update Data"]);
  });

  it("ends when its object leaves the job", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Ada L.");
    await accept(job);
    job.sandbox.store.delete(idOf(job, "ada"));
    await job.cycle({ initial: true });
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "ADA" });
    expect(await accepted(job)).toEqual([]);
  });

  it("can be that an account is gone, or that somebody who had left has access again", async () => {
    const job = await settled();
    await job.directory({ ...company, users: company.users.slice(0, 3) });
    await job.cycle();
    byHand.setActive(job, "dee", true);
    job.sandbox.store.delete(idOf(job, "cyd"));
    await accept(job);
    const plan = await compare(job);
    expect([actions(plan), skips(plan)]).toEqual([[], ["DeviationAccepted cyd@contoso.com"]]);
    await job.cycle({ initial: true });
    expect(job.user("cyd@contoso.com")).toBeUndefined();
    await job.directory({
      ...company,
      users: [...company.users.slice(0, 2), person("cyd", { displayName: "Cyd Charisse" })],
    });
    await job.cycle({ initial: true });
    expect(job.user("cyd@contoso.com")).toMatchObject({ displayName: "Cyd Charisse" });
    expect(job.user("dee@contoso.com")).toMatchObject({ active: true });
    expect(await accepted(job)).toEqual(['active is "true", the directory gives "false"']);
  });

  it("is shown again once it is taken back", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Ada L.");
    const [one] = await accept(job);
    const taken = await job.with(({ files }) => revokeAccepted(files, new Set([deviationKey(one!)])));
    expect([taken, await accepted(job)]).toEqual([1, []]);
    expect(actions(await compare(job))).toEqual(["update ada@contoso.com"]);
  });

  it("is none for what the directory has changed, nor for what is as it should be", async () => {
    const job = await settled();
    await job.directory({ ...company, users: [person("ada", { displayName: "Ada" }), ...company.users.slice(1)] });
    const moved = reviewed((await job.plan()).changes);
    await expect(job.with((context) => acceptDrift(context, moved, { now: new Date(job.now) }))).rejects.toMatchObject({
      code: "notDrift",
    });
    expect(await accepted(job)).toEqual([]);
  });

  it("is only what a person has seen: what moved since is compared again first", async () => {
    const job = await settled();
    byHand.rename(job, "ada", "Ada L.");
    const seen = reviewed((await compare(job)).changes);
    byHand.rename(job, "ada", "Nobody has seen this");
    byHand.setActive(job, "ada", false);
    await expect(job.with((context) => acceptDrift(context, seen, { now: new Date(job.now) }))).rejects.toThrow(
      /no longer what was compared/,
    );
  });
});
