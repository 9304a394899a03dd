import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { jobFor, jobText, person, type JobFixture } from "../../support/jobFixture.ts";
import { runCli } from "../../support/runCli.ts";

let job: JobFixture;
const run = (...args: string[]) => runCli(args, { env: { SCIM_TOKEN: job.token }, cwd: job.folder });
const byHand = (name: string, displayName: string) =>
  job.sandbox.store.patch(String(job.user(`${name}@contoso.com`)?.["id"]), [
    { op: "replace", path: "displayName", value: displayName },
  ]);

beforeEach(async () => {
  job = await jobFor();
  await writeFile(job.jobFile, jobText(job.sandbox.baseUrl));
  await job.directory({ users: [person("ada"), person("bob")] });
  expect((await run("cycle", "test")).code).toBe(0);
});

describe("drift, from the command line", () => {
  it("shows only what was changed in the target, and repairs it by a push of the saved plan", async () => {
    expect(await run("drift", "test")).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to change") });
    byHand("ada", "Somebody");
    await job.directory({ users: [person("ada"), person("bob"), person("cyd")] });
    const { code, stdout, stderr } = await run("drift", "test", "--out", "drift.json", "--format", "json");
    expect([code, stderr]).toEqual([2, expect.stringContaining("push test --plan drift.json")]);
    expect(JSON.parse(stdout)).toMatchObject({
      summary: { create: 0, update: 1 },
      changes: [{ name: "ada@contoso.com", reason: "Changed in the target since the last cycle." }],
    });
    expect(await readFile(join(job.folder, "drift.json"), "utf8")).toBe(stdout);
    expect((await run("push", "test", "--plan", "drift.json", "--yes")).code).toBe(0);
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "ADA" });
    expect((await run("drift", "test")).code).toBe(0);
  });

  it("accepts, lists what is accepted, and takes it back", async () => {
    byHand("ada", "Ada L.");
    const [, id = ""] = /\[([0-9a-f]+)\]/.exec((await run("drift", "test")).stdout) ?? [];
    expect((await run("drift", "test", "--accept", id)).stdout).toContain('displayName is "Ada L."');
    expect((await run("drift", "test")).code).toBe(0);
    expect((await run("push", "test", "--yes")).code).toBe(0);
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "Ada L." });
    const listed = (await run("drift", "test", "--accepted")).stdout;
    expect(listed).toContain('ada@contoso.com: displayName is "Ada L.", the directory gives "ADA"');
    const [key = ""] = listed.trim().split(" ");
    expect((await run("drift", "test", "--take-back", key)).stdout).toContain("1 taken back");
    expect((await run("drift", "test", "--accepted")).stdout).toBe("Nothing is accepted.\n");
    expect((await run("drift", "test")).code).toBe(2);
  });

  it("names ids that are none", async () => {
    expect(await run("drift", "test", "--accept", "nonsense")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no drift nonsense"),
    });
    expect(await run("drift", "test", "--take-back", "nonsense")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Nothing accepted is called nonsense"),
    });
  });
});
