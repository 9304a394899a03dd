import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Profile } from "../../../src/sandbox/options.ts";
import type { ScimDocument } from "../../../src/scim/resource.ts";
import { undoPush, type UndoJobOptions, type UndoJobResult } from "../../../src/provisioning/undoJob.ts";
import { directories } from "../../support/faultRun.ts";
import { actions, jobFor, person, startJob, type JobFixture } from "../../support/jobFixture.ts";

/** Over how many random histories undo is tried on each profile; more for a longer look (`npm run soak`). */
const runs = Number(process.env["SCIM_UNDO_RUNS"] ?? 2);

const undo = (job: JobFixture, options: Partial<UndoJobOptions> = {}): Promise<UndoJobResult> =>
  job.with((context) => undoPush(context, { initiatedBy: "test", ...options }));

/** Everything in the target that a client can write, by name. */
function contents({ sandbox }: JobFixture): Record<string, ScimDocument> {
  const { users, groups } = sandbox.store.snapshot();
  const nameOf = new Map([...users.values()].map(({ id, userName }) => [id, userName]));
  return Object.fromEntries(
    [...users.values(), ...groups.values()].map((document) => {
      const { id: _id, meta: _meta, groups: _groups, members, ...rest } = document;
      const names = ((members ?? []) as { value: string }[]).map(({ value }) => nameOf.get(value) ?? value).toSorted();
      return [String(rest.userName ?? rest.displayName), { ...rest, members: names }];
    }),
  );
}

const seed = {
  users: [
    { userName: "ada@contoso.com", displayName: "Countess" },
    { userName: "bob@contoso.com", displayName: "BOB" },
    { userName: "eve@contoso.com", displayName: "EVE" },
    { userName: "guest@contoso.com", displayName: "Guest" },
  ],
  groups: [{ displayName: "Team", members: ["bob@contoso.com", "guest@contoso.com"] }],
};

const people = ["ada", "bob", "cyd"].map((id) => person(id));
const directory = { users: people, groups: [{ id: "team", displayName: "Team", members: ["ada", "cyd"] }] };

describe.each<Profile>(["databricks-workspace", "databricks-account", "rfc"])("undo on %s", (profile) => {
  it("takes a whole push back: creations, attributes, and exactly the members that came", async () => {
    const job = await jobFor({ profile, seed });
    await job.directory(directory);
    const before = contents(job);
    await job.cycle();
    expect(job.members("Team")).toEqual(["ada@contoso.com", "cyd@contoso.com", "guest@contoso.com"]);

    const result = await undo(job);
    expect(result.report?.results.map(({ error }) => error?.message).filter(Boolean)).toEqual([]);
    expect(result).toMatchObject({ outcome: "succeeded", kept: [] });
    expect(contents(job)).toEqual(before);
  });

  it("leaves the job as it was before: the next plan shows the difference again, and pushing it works", async () => {
    const job = await jobFor({ profile, seed });
    await job.directory(directory);
    const first = actions(await job.plan());
    await job.cycle();
    const after = contents(job);
    await undo(job);
    expect(actions(await job.plan())).toEqual(first);
    await job.cycle();
    expect(contents(job)).toEqual(after);
    expect(actions(await job.plan())).toEqual([]);
  });

  it("enables again whom a push disabled, and puts the members back that it took out", async () => {
    const job = await jobFor({ profile });
    await job.directory(directory);
    await job.cycle();
    const before = contents(job);
    await job.directory({
      users: people.filter(({ id }) => id !== "cyd"),
      groups: [{ id: "team", displayName: "Team", members: ["ada"] }],
    });
    expect(actions(await job.plan())).toContain("deactivate cyd@contoso.com");
    await job.cycle();
    const disabled = contents(job);
    await undo(job);
    expect(contents(job)).toEqual(before);
    expect(actions(await job.plan())).toContain("deactivate cyd@contoso.com");
    await job.cycle();
    expect(contents(job)).toEqual(disabled);
  });

  it("creates anew whom a push deleted, under a new id, in the groups they were in, and says so", async () => {
    const job = await jobFor({ profile }, { settings: { leavingScope: "delete" } });
    await job.directory(directory);
    await job.cycle();
    const before = contents(job);
    const id = job.user("cyd@contoso.com")?.["id"];
    await job.directory({
      users: people.filter(({ id }) => id !== "cyd"),
      groups: [{ id: "team", displayName: "Team", members: ["ada"] }],
    });
    await job.cycle();
    expect(job.user("cyd@contoso.com")).toBeUndefined();

    const { plan, outcome } = await undo(job);
    expect(outcome).toBe("succeeded");
    expect(plan.notes).toContainEqual(
      expect.stringContaining(`cyd@contoso.com: the id ${String(id)} does not come back as a rule`),
    );
    expect(contents(job)).toEqual(before);
    // A workspace only lets go of a user whom the account still knows.
    if (profile !== "databricks-workspace") expect(job.user("cyd@contoso.com")?.["id"]).not.toBe(id);
    expect(actions(await job.plan())).toContain("delete cyd@contoso.com");
  });

  it("keeps and lists what others changed since", async () => {
    const job = await jobFor({ profile, seed });
    await job.directory(directory);
    await job.cycle();
    const { store } = job.sandbox;
    const idOf = (type: "User" | "Group", name: string) => String(store.find(type, name)?.["id"]);
    // Others rename a user that the push renamed, change one that it created, and add a member to its group.
    store.patch(idOf("User", "ada@contoso.com"), [{ op: "replace", path: "displayName", value: "Lady Ada" }]);
    store.patch(idOf("User", "cyd@contoso.com"), [{ op: "replace", path: "displayName", value: "Sid" }]);
    store.patch(idOf("Group", "Team"), [
      { op: "add", path: "members", value: [{ value: idOf("User", "eve@contoso.com") }] },
    ]);

    const { kept, outcome } = await undo(job);
    expect(outcome).toBe("succeeded");
    expect(kept.map(({ name, reason, attributes }) => [name, reason, ...attributes])).toEqual(
      expect.arrayContaining([
        ["ada@contoso.com", "changedSince", "displayName"],
        ["cyd@contoso.com", "changedSince", "displayName"],
        ["Team", "changedSince", "members"],
      ]),
    );
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "Lady Ada" });
    expect(job.user("cyd@contoso.com")).toMatchObject({ displayName: "Sid" });
    expect(job.members("Team")).toEqual(["bob@contoso.com", "eve@contoso.com", "guest@contoso.com"]);
  });

  it("does again what an undo took back when it is undone itself", async () => {
    const job = await jobFor({ profile, seed });
    await job.directory(directory);
    await job.cycle();
    const after = contents(job);
    await undo(job);
    await undo(job);
    expect(contents(job)).toEqual(after);
    expect(actions(await job.plan())).toEqual([]);
  });
});

describe.each<Profile>(["databricks-workspace", "databricks-account", "rfc"])(
  "undo on %s, over random directories",
  (profile) => {
    it.each(["deactivate", "delete"])(
      "brings back what was there (leaving people: %s)",
      { timeout: 60_000 + runs * 10_000 },
      async (leavingScope) => {
        for (let number = 1; number <= runs; number++) {
          const job = await startJob(
            { profile, seed },
            { settings: { leavingScope, deletionGuard: { enabled: false } } },
          );
          try {
            for (const state of directories(number)) {
              await job.directory(state);
              const before = contents(job);
              const planned = actions(await job.plan());
              const { report } = await job.cycle();
              if (report === undefined) continue;
              const result = await undo(job);
              expect({ number, outcome: result.outcome, kept: result.kept }).toEqual({
                number,
                outcome: "succeeded",
                kept: [],
              });
              expect(contents(job)).toEqual(before);
              expect(actions(await job.plan())).toEqual(planned);
              await job.cycle();
              expect(actions(await job.plan({ initial: true }))).toEqual([]);
            }
          } finally {
            await job.close();
          }
        }
      },
    );
  },
);

describe("undo", () => {
  it("takes back what of a stopped push was sent, and drops the rest", async () => {
    const job = await jobFor({ profile: "rfc", latencyMs: 3 });
    await job.directory({ users: Array.from({ length: 40 }, (_, at) => person(`p${at}`)) });
    const stop = new AbortController();
    const { outcome } = await job.cycle({
      signal: stop.signal,
      onPushProgress: ({ done }) => {
        if (done > 0) stop.abort();
      },
    });
    expect(outcome).toBe("stopped");
    const sent = job.sandbox.store.count("User");
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(40);
    const { plan } = await undo(job);
    expect(plan.changes).toHaveLength(sent);
    expect(job.sandbox.store.count("User")).toBe(0);
    expect((await job.cycle()).report?.counts).toMatchObject({ pushed: 40 });
  });

  it("finds what a killed push created though its journal ends before the answers", async () => {
    const job = await jobFor({
      profile: "rfc",
      seed: { users: [{ userName: "bob@contoso.com", displayName: "BOB", active: true }] },
    });
    await job.directory({ users: people });
    await job.cycle();
    // As if the process had died right after sending: nothing behind the mark that precedes the first request.
    const file = join(job.stateDir, "journal.jsonl");
    const lines = (await readFile(file, "utf8")).split("\n");
    const last = lines.findIndex((line) => line.includes('"kind":"sending"'));
    await writeFile(file, `${lines.slice(0, last + 1).join("\n")}\n`);
    await rm(join(job.stateDir, "journal.head"));
    const { plan, kept } = await undo(job);
    expect(actions(plan).toSorted()).toEqual(["delete ada@contoso.com", "delete cyd@contoso.com"]);
    expect(kept).toEqual([]);
    expect(job.user("bob@contoso.com")).toBeDefined();
  });

  it("is held by the deletion guard like any push that removes people", async () => {
    const job = await jobFor(
      { profile: "rfc" },
      { settings: { deletionGuard: { enabled: true, count: 2, percent: 100 } } },
    );
    await job.directory(directory);
    await job.cycle();
    expect(await undo(job)).toMatchObject({ outcome: "held" });
    expect(job.user("cyd@contoso.com")).toBeDefined();
    expect(await undo(job, { acceptRemovals: true })).toMatchObject({ outcome: "succeeded" });
    expect(job.user("cyd@contoso.com")).toBeUndefined();
  });

  it("sends nothing that was not confirmed, and nothing to what moved between review and push", async () => {
    const job = await jobFor({ profile: "rfc", seed });
    await job.directory(directory);
    await job.cycle();
    const before = contents(job);
    expect(await undo(job, { confirm: () => Promise.resolve(false) })).toMatchObject({ outcome: "stopped" });
    expect(contents(job)).toEqual(before);

    const { store } = job.sandbox;
    const cyd = String(store.find("User", "cyd@contoso.com")?.["id"]);
    const { report } = await undo(job, {
      confirm: () => {
        store.patch(cyd, [{ op: "replace", path: "displayName", value: "Director" }]);
        return Promise.resolve(true);
      },
    });
    expect(report?.results.find(({ targetId }) => targetId === cyd)).toMatchObject({ outcome: "conflict" });
    expect(store.get(cyd)).toMatchObject({ displayName: "Director" });
  });

  it("takes back only the named push, and only what of it was sent", async () => {
    const job = await jobFor({ profile: "rfc" });
    await job.directory({ users: people.slice(0, 1) });
    const first = (await job.cycle()).report?.push;
    await job.directory({ users: people });
    job.sandbox.setFaults("POST/403:#2");
    await job.cycle();
    job.sandbox.setFaults("");
    expect((await undo(job)).plan.changes).toHaveLength(1);
    expect(actions((await undo(job, { push: first?.slice(0, 8) })).plan)).toEqual(["delete ada@contoso.com"]);
    expect(job.sandbox.store.count("User")).toBe(0);
  });

  it("says so where there is nothing to undo", async () => {
    const job = await jobFor({ profile: "rfc" });
    await job.directory({ users: people });
    await expect(undo(job)).rejects.toThrow("Test job has no push to undo.");
    await job.cycle();
    await expect(undo(job, { push: "nonsense" })).rejects.toThrow("no push nonsense");
    await undo(job);
    expect(await undo(job, { push: undefined })).toMatchObject({ plan: { changes: { length: 3 } } });
  });
});
