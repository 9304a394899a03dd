import { randomBytes } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobText, person, startJob, type JobFixture } from "../../support/jobFixture.ts";
import { filesUnder, formsOf, leaks } from "../../support/canary.ts";
import { errorAnswer, scriptedServer } from "../../support/scriptedServer.ts";
import { runCli, type CliRun } from "../../support/runCli.ts";
import { writeFile } from "node:fs/promises";

/** Signs that encoders treat in a special way; none of them may stand in the service's data by chance. */
const canary = `q7\\"/+%&=<${randomBytes(24).toString("base64")}>~`;

let job: JobFixture;
const outputs = new Map<string, string>();
const all = {
  users: ["ada", "bob", "cyd", "dan"].map((id) => person(id)),
  groups: [{ id: "g", displayName: "G", members: ["ada", "bob"] }],
};

async function run(args: string[], more: { token?: string; stdin?: string } = {}): Promise<CliRun> {
  const env = { SCIM_DEBUG: "1", ...(more.token !== "" && { SCIM_TOKEN: more.token ?? canary }) };
  const result = await runCli(args, { env, cwd: job.folder, ...(more.stdin !== undefined && { stdin: more.stdin }) });
  outputs.set(`${outputs.size} ${args.join(" ")}`, result.stdout + result.stderr);
  return result;
}

beforeAll(async () => {
  job = await startJob({ profile: "rfc", token: canary });
  await writeFile(job.jobFile, jobText(job.sandbox.baseUrl));
});
afterAll(() => job.close());

describe("the detector", () => {
  it.each(formsOf("dapi0123456789abcdef"))("sees a token as $text", ({ text, size }) => {
    expect(leaks(`some text before ${text.slice(1, 1 + size)} and behind`, "dapi0123456789abcdef")).not.toEqual([]);
  });

  it("sees eight letters of it in base64 wherever they begin, and nothing in other texts", () => {
    for (const before of ["", "a", "ab", "abc"]) {
      const text = Buffer.from(`${before}dapi0123456789abcdef`).toString("base64");
      expect(leaks(text, "dapi0123456789abcdef")).not.toEqual([]);
    }
    expect(leaks("Authorization: Bearer dapi012 and 3456789", "dapi0123456789abcdef")).toEqual([]);
  });
});

describe("after a whole journey with failures, the token", () => {
  it("is in no output and in no file", { timeout: 60_000 }, async () => {
    const { baseUrl } = job.sandbox;
    await job.directory(all);
    expect((await run(["check", baseUrl])).code).toBe(0);
    expect((await run(["list", baseUrl, "users", "--format", "json"])).code).toBe(0);
    expect((await run(["plan", "test", "--out", "plan.json"])).code).toBe(2);
    job.sandbox.setFaults("POST/500:#1+2+3+4+5+6+7+8,POST/403:#9");
    await run(["push", "test", "--plan", "plan.json"], { stdin: "no" });
    await run(["push", "test", "--yes", "--note", "why"]);
    job.sandbox.setFaults("");
    expect((await run(["cycle", "test", "--format", "json"])).code).toBe(0);
    await run(["explain", "test", "ada@contoso.com"]);
    await run(["explain", "test", "ada", "--format", "json"]);
    for (const format of ["text", "json", "csv"]) await run(["logs", "test", "--format", format]);
    await run(["status", "test", "--format", "json"]);
    await run(["history", "test"]);
    expect((await run(["history", "test", "ada@contoso.com"])).stdout).toContain("Create user ada@contoso.com");
    expect((await run(["undo", "test", "--yes", "--format", "json"])).code).toBe(0);
    expect((await run(["verify", "test"])).stdout).toMatch(/The journal is intact: \d+ records/);
    // What goes wrong: html, cut answers, a refused token, nobody there, a token that no header can carry.
    for (const fault of ["html", "invalid-json", "401", "500-text"]) {
      job.sandbox.setFaults(`${fault}:100%`);
      await run(["check", baseUrl]);
      await run(["plan", "test"]);
    }
    job.sandbox.setFaults("");
    await run(["plan", "test"], { token: `${canary}\n\u0001` });
    await run(["plan", "test", "--token-stdin"], { token: "", stdin: `${canary}\n` });
    await run(["check", baseUrl.replace("127.0.0.1", "127.0.0.2")]);
    await run(["check", `http://user:pass@scim.example.com/`]);
    await run(["list", baseUrl, "users", "--filter", "userName eq"]);

    for (const [command, output] of outputs)
      expect({ command, leaks: leaks(output, canary) }).toEqual({ command, leaks: [] });
    const files = await filesUnder(job.folder);
    expect([...files.keys()].some((path) => path.endsWith("journal.jsonl"))).toBe(true);
    for (const [path, text] of files) expect({ path, leaks: leaks(text, canary) }).toEqual({ path, leaks: [] });
  });

  it("is in no error of a service that sends it back, in any place", async () => {
    const echo = await scriptedServer(({ headers }) =>
      errorAnswer(400, `Bad token ${headers.authorization ?? ""}`, { "x-request-id": headers.authorization ?? "" }),
    );
    try {
      const check = await runCli(["check", echo.origin], { env: { SCIM_TOKEN: canary, SCIM_DEBUG: "1" } });
      const list = await runCli(["list", echo.origin, "users"], { env: { SCIM_TOKEN: canary, SCIM_DEBUG: "1" } });
      expect(echo.requests.some(({ headers }) => headers.authorization === `Bearer ${canary}`)).toBe(true);
      expect(check.stdout + list.stderr).toContain("Bad token");
      expect(leaks(check.stdout + check.stderr + list.stdout + list.stderr, canary)).toEqual([]);
    } finally {
      await echo.close();
    }
  });

  it("is not sent to where a service redirects", async () => {
    const other = await scriptedServer([{ json: {} }]);
    const first = await scriptedServer([{ status: 307, headers: { location: `${other.origin}/Users` } }]);
    try {
      await runCli(["check", first.origin], { env: { SCIM_TOKEN: canary } });
      await runCli(["list", first.origin, "users"], { env: { SCIM_TOKEN: canary } });
      expect(first.requests.length).toBeGreaterThan(0);
      expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    } finally {
      await Promise.all([first.close(), other.close()]);
    }
  });

  it.skipIf(process.platform === "win32")("stands beside state that only its owner can read", async () => {
    for (const path of (await filesUnder(join(job.folder, ".provisioning"))).keys()) {
      expect({ path, mode: (await stat(path)).mode & 0o077 }).toEqual({ path, mode: 0 });
    }
    await rm(join(job.folder, "plan.json"), { force: true });
  });
});
