import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { HistoryThread } from "../../../src/extension/history/historyThread.ts";
import { jobFor, person, type JobFixture } from "../../support/jobFixture.ts";

const script = join(import.meta.dirname, "../../../src/extension/history/history.worker.ts");

let job: JobFixture;
let folder: string;
beforeEach(async () => {
  job = await jobFor({ profile: "rfc", seed: { users: [{ userName: "ada@contoso.com", displayName: "Countess" }] } });
  await job.directory({ users: [person("ada"), person("bob")] });
  await job.cycle({ note: "new people", who: "Eve" });
  await job.directory({ users: [person("ada", { displayName: "Ada King" }), person("bob")] });
  await job.cycle({ who: "Mallory" });
  folder = await job.with(async ({ files }) => files.directory);
});

const thread = () => {
  const made = new HistoryThread(script);
  onTestFinished(() => made.dispose());
  return made;
};

describe("the thread that reads journals", () => {
  it("tells pushes newest first, with time, who, note and counts", async () => {
    const { pushes, problems } = await thread().ask("journal", { folder });
    expect(problems).toEqual([]);
    expect(pushes).toMatchObject([
      { who: "Mallory", counts: { update: 1 }, outcomes: { pushed: 1 }, sent: 1, state: "finished" },
      { who: "Eve", note: "new people", counts: { create: 1, update: 1 }, sent: 2 },
    ]);
    expect(pushes.every(({ startedAt }) => !Number.isNaN(Date.parse(startedAt)))).toBe(true);
  });

  it("tells the changes of a push, as many as are asked for, and both sides of each", async () => {
    const history = thread();
    const [, first] = (await history.ask("journal", { folder })).pushes;
    const push = first!.push;
    expect(await history.ask("changes", { folder, push, limit: 1 })).toHaveLength(1);
    const changes = await history.ask("changes", { folder, push, limit: 10 });
    const ada = changes.find(({ name }) => name === "ada@contoso.com");
    expect(ada).toMatchObject({ action: "update", summary: "displayName, active", outcome: "pushed" });
    const [sides] = await history.ask("sides", { folder, push, changes: [ada!.changeId] });
    expect(sides?.before).toContain('"displayName": "Countess"');
    expect(sides?.after).toContain('"displayName": "ADA"');
  });

  it("tells everything that was done to one person by the id in the service", async () => {
    const who = String(job.user("ada@contoso.com")?.["id"]);
    const entries = await thread().ask("timeline", { folder, who });
    expect(entries.map(({ name, push }) => [name, push.who])).toEqual([
      ["ada@contoso.com", "Eve"],
      ["ada@contoso.com", "Mallory"],
    ]);
  });

  it("names the line of a journal that was changed, with what mends it, and tells what stands before it", async () => {
    const history = thread();
    expect((await history.ask("journal", { folder })).problems).toEqual([]);
    const file = join(folder, "journal.jsonl");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("Countess", "Duchess"));
    const changed = await history.ask("journal", { folder });
    expect(changed.problems).toMatchObject([{ kind: "changed", fix: expect.stringContaining("from a backup") }]);
    expect(changed.pushes).toHaveLength(2);
    await writeFile(file, text.replace(/\n[^\n]*Ada King[^\n]*\n/, "\nnonsense\n"));
    const broken = await history.ask("journal", { folder });
    expect(broken.problems[0]?.message).toMatch(/Line \d+ is no record/);
    expect(broken.pushes.map(({ who }) => who)).toContain("Eve");
  });

  it("does not call a journal damaged that a push is writing", async () => {
    await appendFile(join(folder, "journal.jsonl"), '{"seq":');
    expect((await thread().ask("journal", { folder })).problems).toEqual([]);
  });

  it("tells of a folder without a journal that nothing was pushed", async () => {
    expect(await thread().ask("journal", { folder: join(folder, "none") })).toEqual({ pushes: [], problems: [] });
  });
});
