import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jobFor, jobText, person } from "../../support/jobFixture.ts";
import { runCli } from "../../support/runCli.ts";

describe("how a service was seen to behave, from the command line", () => {
  it("goes from the report of a check into every command that talks to it", async () => {
    const job = await jobFor({
      profile: "rfc",
      seed: { users: [{ userName: "ada@contoso.com", displayName: "Countess" }] },
    });
    const { baseUrl, token } = job.sandbox;
    await writeFile(job.jobFile, jobText(baseUrl));
    await job.directory({ users: [person("ada")] });
    const run = (...args: string[]) => runCli(args, { env: { SCIM_TOKEN: token }, cwd: job.folder });
    const methods = async (...more: string[]) => {
      const plan = JSON.parse((await run("plan", "test", "--format", "json", ...more)).stdout);
      return plan.changes.flatMap(({ requests }: { requests: { method: string }[] }) =>
        requests.map(({ method }) => method),
      );
    };

    const { stdout } = await run("check", baseUrl, "--conformance", "--write", "--yes", "--format", "json");
    const report = JSON.parse(stdout);
    await writeFile(join(job.folder, "seen.json"), stdout);
    expect(await methods("--observed", "seen.json")).toEqual(["PATCH"]);
    const withoutPatch = { ...report, profile: { ...report.profile, patch: false } };
    await writeFile(join(job.folder, "without.json"), JSON.stringify(withoutPatch));
    expect(await methods("--observed", "without.json")).toEqual(["PUT"]);

    const sent = job.sandbox.requests.count;
    await writeFile(
      join(job.folder, "other.json"),
      JSON.stringify({ ...report, baseUrl: "https://other.example.com/v2" }),
    );
    for (const command of [
      ["plan", "test"],
      ["push", "test", "--yes"],
      ["cycle", "test"],
      ["explain", "test", "ada"],
      ["undo", "test", "--yes"],
    ])
      expect(await run(...command, "--observed", "other.json")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("was observed at https://other.example.com/v2, not at"),
      });
    expect(await run("plan", "test", "--observed", "none.json")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("none.json"),
    });
    expect(job.sandbox.requests.count).toBe(sent);

    expect((await run("push", "test", "--yes", "--observed", "without.json")).code).toBe(0);
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "ADA" });
    expect(job.sandbox.requests.all.filter(({ method }) => method === "PUT").map(({ path }) => path)).toContainEqual(
      expect.stringContaining(String(job.user("ada@contoso.com")?.["id"])),
    );
  });
});
