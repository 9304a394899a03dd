import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { jobFor, jobText, person, type JobFixture } from "../../support/jobFixture.ts";
import { runCli } from "../../support/runCli.ts";

let job: JobFixture;
const run = (...args: string[]) =>
  runCli(args, { env: { SCIM_TOKEN: job.token, GITHUB_ACTOR: "octocat" }, cwd: job.folder });

beforeEach(async () => {
  job = await jobFor({ profile: "rfc", seed: { users: [{ userName: "ada@contoso.com", displayName: "Countess" }] } });
  await writeFile(job.jobFile, jobText(job.sandbox.baseUrl));
  await job.directory({
    users: [person("ada"), person("bob")],
    groups: [{ id: "g", displayName: "Team", members: ["ada"] }],
  });
});

describe("undo, from the command line", () => {
  it("shows the inverse with the push that it undoes, and needs a yes", async () => {
    await run("push", "test", "--yes", "--note", "new people");
    const asked = await run("undo", "test");
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining("Pass --yes") });
    expect(asked.stderr).toMatch(/Undoes the push [0-9a-f]{8} of .* by octocat: new people/);
    expect(job.user("bob@contoso.com")).toBeDefined();

    const done = await run("undo", "test", "--yes");
    expect(done.code).toBe(0);
    expect(done.stderr).toContain("Delete (2)");
    expect(done.stderr).toContain("Countess");
    expect(job.user("bob@contoso.com")).toBeUndefined();
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "Countess" });
  });

  it("lists what it keeps, and gives one JSON document", async () => {
    await run("push", "test", "--yes");
    job.sandbox.store.patch(String(job.user("ada@contoso.com")?.["id"]), [
      { op: "replace", path: "displayName", value: "Lady" },
    ]);
    const { code, stdout, stderr } = await run("undo", "test", "--yes", "--format", "json");
    expect(code).toBe(0);
    expect(stderr).toContain("Kept as it is (1)");
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "succeeded",
      undoes: { who: "octocat" },
      kept: [{ name: "ada@contoso.com", reason: "changedSince", attributes: ["displayName"] }],
    });
  });

  it("takes the push that history names", async () => {
    await run("push", "test", "--yes", "--note", "first");
    await job.directory({ users: [person("ada"), person("bob"), person("cyd")], groups: [] });
    await run("push", "test", "--yes", "--note", "second");
    const { stdout } = await run("history", "test");
    const [first, second] = stdout.trim().split("\n");
    expect(first).toMatch(/^[0-9a-f]{8} .* octocat .*2 create, 1 update; 3 pushed .*first$/);
    expect(second).toContain("second");
    expect((await run("undo", "test", "--push", first!.slice(0, 8), "--yes")).code).toBe(0);
    expect([job.user("bob@contoso.com"), job.user("cyd@contoso.com")?.["userName"]]).toEqual([
      undefined,
      "cyd@contoso.com",
    ]);
    expect(await run("undo", "test", "--push", "nonsense", "--yes")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no push nonsense"),
    });
  });
});

describe("history", () => {
  it("tells everything that pushes did to one person, with the differences", async () => {
    await run("push", "test", "--yes");
    await job.directory({ users: [person("ada", { displayName: "Ada King" }), person("bob")], groups: [] });
    await run("push", "test", "--yes");
    const { stdout } = await run("history", "test", "ADA@contoso.com");
    expect(stdout).toMatch(
      /Update user ada@contoso\.com[^]*Countess[^]*ADA[^]*Update user ada@contoso\.com[^]*Ada King/,
    );
    const json = await run("history", "test", "ada", "--format", "json");
    expect(JSON.parse(json.stdout)).toHaveLength(2);
    expect((await run("history", "test", "nobody")).stderr).toContain("No push touched nobody");
  });
});

describe("verify", () => {
  it("finds a journal intact, and names the line that somebody changed or cut", async () => {
    await run("push", "test", "--yes");
    expect(await run("verify", "test")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^The journal is intact: \d+ records\.$/m),
    });
    const file = join(job.stateDir, "journal.jsonl");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("Countess", "Duchess"));
    expect(await run("verify", "test")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /not intact[^]*changed +.*line \d+[^]*fix +Put journal\.jsonl and journal\.head back from a backup/,
      ),
    });
    await writeFile(file, text.split("\n").slice(0, -2).join("\n") + "\n");
    expect((await run("verify", "test")).stdout).toMatch(/cut +The journal ends at record \d+/);
    await writeFile(file, text);
    await appendFile(file, '{"seq":');
    expect(JSON.parse((await run("verify", "test", "--format", "json")).stdout)).toMatchObject({
      intact: false,
      problems: [{ kind: "torn" }],
    });
  });
});
