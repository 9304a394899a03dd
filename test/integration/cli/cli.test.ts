import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { runCli } from "../../support/runCli.ts";

let sandbox: Sandbox;
let env: Record<string, string>;
beforeAll(async () => {
  sandbox = await startSandbox({ users: 250, groups: 5 });
  env = { SCIM_TOKEN: sandbox.token };
});
afterAll(() => sandbox.close());

describe("the token", () => {
  it("is asked for in words when there is none", async () => {
    const { code, stderr, stdout } = await runCli(["list", sandbox.baseUrl, "users"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Set the environment variable SCIM_TOKEN, or pass --token-stdin");
    expect(stdout).toBe("");
  });

  it("comes from standard input with --token-stdin", async () => {
    const { code } = await runCli(["check", sandbox.baseUrl, "--token-stdin"], { stdin: `${sandbox.token}\n` });
    expect(code).toBe(0);
  });

  it("is never an argument", async () => {
    const { code, stderr } = await runCli(["check", sandbox.baseUrl, "--token", "dapi123"], { env });
    expect(code).toBe(1);
    expect(stderr).toContain("unknown option '--token'");
  });

  it("is not in anything that a refused one leaves behind", async () => {
    const secret = "dapi-canary-9f8e7d6c5b4a";
    for (const command of [
      ["check", sandbox.baseUrl],
      ["list", sandbox.baseUrl, "users"],
    ]) {
      const { code, stdout, stderr } = await runCli(command, { env: { SCIM_TOKEN: secret, SCIM_DEBUG: "1" } });
      expect(code).toBe(1);
      expect(stdout + stderr).not.toContain("canary");
    }
  });
});

describe("check", () => {
  it("says that a service is healthy, and exits 0", async () => {
    const { code, stdout } = await runCli(["check", sandbox.baseUrl], { env });
    expect(code).toBe(0);
    expect(stdout).toContain("Healthy.");
  });

  it("gives one JSON document", async () => {
    const { stdout } = await runCli(["check", sandbox.baseUrl, "--format", "json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({ healthy: true });
  });

  it("refuses plain http to another host before anything is sent", async () => {
    const { code, stdout } = await runCli(["check", "http://scim.example.com/v2"], { env });
    expect(code).toBe(1);
    expect(stdout).toContain("https");
  });
});

describe("list", () => {
  it("reads every page as one JSON document", async () => {
    const { code, stdout } = await runCli(["list", sandbox.baseUrl, "users", "--format", "json"], { env });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as unknown[]).length).toBe(sandbox.store.count("User"));
  });

  it("gives an empty JSON list when nothing matches", async () => {
    const filter = 'userName eq "nobody@example.com"';
    const { code, stdout } = await runCli(["list", sandbox.baseUrl, "users", "--filter", filter, "--format", "json"], {
      env,
    });
    expect([code, JSON.parse(stdout)]).toEqual([0, []]);
  });

  it("shows the chosen attributes as a table, in the order given", async () => {
    const { stdout } = await runCli(["list", sandbox.baseUrl, "groups", "--attributes", "displayName,id"], { env });
    expect(stdout.split("\n")[0]).toMatch(/^displayName +id$/);
  });

  it("writes CSV in which no cell can be taken for a formula", async () => {
    const own = await startSandbox({
      seed: { users: [{ userName: "f@x.example", displayName: '=HYPERLINK("http://x")' }] },
    });
    const { stdout } = await runCli(["list", own.baseUrl, "users", "--format", "csv"], {
      env: { SCIM_TOKEN: own.token },
    });
    await own.close();
    expect(stdout).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  it("keeps escape sequences of a hostile name from the terminal", async () => {
    const own = await startSandbox({
      seed: { users: [{ userName: "f@x.example", displayName: "\u001b[2Jgone\u202e" }] },
    });
    const { stdout } = await runCli(["list", own.baseUrl, "users"], { env: { SCIM_TOKEN: own.token } });
    await own.close();
    expect(stdout).not.toMatch(/\u001b|\u202e/);
  });

  it("tells a mistake in the filter with its place, before anything is sent", async () => {
    const before = sandbox.requests.count;
    const { code, stderr } = await runCli(["list", sandbox.baseUrl, "users", "--filter", "userName eq"], { env });
    expect(code).toBe(1);
    expect(stderr).toContain("userName eq");
    expect(sandbox.requests.count).toBe(before);
  });

  it("names the lists that there are", async () => {
    const { code, stderr } = await runCli(["list", sandbox.baseUrl, "people"], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('There is no list of "people". Say users, groups or servicePrincipals.');
  });
});

describe("sandbox", () => {
  it("says on its first line where it is and with which token, and ends with its signal", async () => {
    const stop = new AbortController();
    let first: { baseUrl: string; token: string } | undefined;
    const ended = runCli(["sandbox", "--users", "3"], {
      signal: stop.signal,
      onOutput: (text) => {
        if (text.includes("\n")) first ??= JSON.parse(text.split("\n")[0] ?? "") as typeof first;
      },
    });
    await expect.poll(() => first).toBeDefined();
    const listed = await runCli(["list", first?.baseUrl ?? "", "users", "--format", "json"], {
      env: { SCIM_TOKEN: first?.token ?? "" },
    });
    expect((JSON.parse(listed.stdout) as unknown[]).length).toBeGreaterThanOrEqual(3);
    stop.abort();
    expect((await ended).code).toBe(0);
  });

  it.each([
    ["a port in use", () => ["--port", new URL(sandbox.url).port], /in use/],
    ["a fault that there is not", () => ["--faults", "flood:0.5"], /flood/],
    ["a seed that is missing", () => ["--seed", "missing.json"], /There is no file .*missing\.json/],
  ])("tells of %s in words", async (_, args, message) => {
    const { code, stderr } = await runCli(["sandbox", ...args()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("plan, push and the rest", () => {
  let folder: string;
  const cli = (...args: string[]) => runCli(args, { env, cwd: folder });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "scim-cli-"));
    await writeFile(
      join(folder, "users.csv"),
      "id,userPrincipalName,displayName,accountEnabled\nu1,Ada@Contoso.com,Ada,true\nu2,bob@contoso.com,Bob,true\n",
    );
    await writeFile(
      join(folder, "assignments.csv"),
      "principalId,principalType,appRole\nu1,User,User\nu2,User,Default Access\n",
    );
    const job = {
      name: "Test job",
      connection: { baseUrl: sandbox.baseUrl, dialect: "databricks" },
      directory: { type: "csv", users: "users.csv", assignments: "assignments.csv" },
      users: {
        enabled: true,
        mappings: [
          { target: "userName", source: { attribute: "userPrincipalName" }, matching: 1 },
          { target: "displayName", source: { attribute: "displayName" } },
        ],
      },
    };
    await writeFile(join(folder, "t.provisioning.json"), JSON.stringify(job));
    const ada = sandbox.store.find("User", "ada@contoso.com");
    if (ada) sandbox.store.delete(String(ada["id"]));
  });

  it("plan exits 2 when there are changes, names who is skipped and why, and writes nothing", async () => {
    const users = sandbox.store.count("User");
    const { code, stdout } = await cli("plan", "t.provisioning.json");
    expect(code).toBe(2);
    expect(stdout).toContain("1 to create, 1 skipped");
    expect(stdout).toContain("ada@contoso.com");
    expect(stdout).toMatch(/NotEffectivelyEntitled[\s\S]*bob@contoso\.com/);
    expect(sandbox.store.count("User")).toBe(users);
  });

  it("plan as JSON has the shape that scripts rely on", async () => {
    const plan = JSON.parse((await cli("plan", "t", "--format", "json")).stdout) as Record<string, unknown>;
    expect(plan).toMatchObject({
      job: "Test job",
      cycle: "initial",
      summary: { create: 1, update: 0, deactivate: 0, delete: 0, skip: 1 },
      changes: [
        {
          action: "create",
          resourceType: "User",
          name: "ada@contoso.com",
          sourceId: "u1",
          requests: [{ method: "POST", path: "/Users" }],
        },
      ],
      skips: [{ sourceId: "u2", resourceType: "User", reason: "NotEffectivelyEntitled" }],
    });
    expect(plan["createdAt"]).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it("push asks first: where nobody can be asked nothing is sent, and it says what to pass", async () => {
    const users = sandbox.store.count("User");
    const { code, stderr } = await cli("push", "t");
    expect(code).toBe(1);
    expect(stderr).toContain("--yes");
    expect(sandbox.store.count("User")).toBe(users);
  });

  it("push --yes creates in the stored case; then there is nothing to plan, and the log tells it", async () => {
    expect((await cli("push", "t", "--yes", "--note", "first")).code).toBe(0);
    expect(sandbox.store.find("User", "ada@contoso.com")?.["userName"]).toBe("ada@contoso.com");
    expect((await cli("plan", "t")).code).toBe(0);
    const log = JSON.parse((await cli("logs", "t", "--format", "json")).stdout) as Record<string, unknown>[];
    expect(log).toMatchObject([
      { provisioningAction: "create", note: "first", provisioningStatusInfo: { status: "success" } },
      {
        provisioningAction: "other",
        provisioningStatusInfo: { status: "skipped", skipReason: "NotEffectivelyEntitled" },
      },
    ]);
    expect((await cli("logs", "t", "--status", "failure")).stdout).toBe("");
    expect((await cli("status", "t")).stdout).toContain("Test job: healthy");
  });

  it("push of a saved plan sends just that; an unknown id of --only is refused", async () => {
    expect((await cli("plan", "t", "--out", "plan.json")).code).toBe(2);
    const refused = await cli("push", "t", "--plan", "plan.json", "--only", "nope", "--yes");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("The plan has no change nope")]);
    expect((await cli("push", "t", "--plan", "plan.json", "--yes")).code).toBe(0);
  });

  it("a saved plan of another shape is refused with what is wrong", async () => {
    await writeFile(join(folder, "plan.json"), '{"job":"Test job"}');
    const { code, stderr } = await cli("push", "t", "--plan", "plan.json", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("plan.json is no plan");
  });

  it("the deletion guard holds with exit 4; --yes does not override it, --accept-removals does", async () => {
    expect((await cli("push", "t", "--yes")).code).toBe(0);
    const file = join(folder, "t.provisioning.json");
    await writeFile(
      file,
      (await readFile(file, "utf8")).replace('"users":{', '"settings":{"deletionGuard":{"count":0}},"users":{'),
    );
    await writeFile(join(folder, "assignments.csv"), "principalId,principalType,appRole\n");
    const held = await cli("push", "t", "--yes");
    expect(held.code).toBe(4);
    expect(held.stderr).toContain("Held by the deletion guard; nothing was sent.");
    expect((await cli("status", "t", "--format", "json")).stdout).toContain('"state": "held"');
    expect((await cli("push", "t", "--yes", "--accept-removals")).code).toBe(0);
    expect(sandbox.store.find("User", "ada@contoso.com")?.["active"]).toBe(false);
  });

  it("cycle runs a whole cycle and tells it as JSON", async () => {
    const { code, stdout } = await cli("cycle", "t", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "succeeded",
      counts: { pushed: 1 },
      results: [{ outcome: "pushed" }],
    });
  });

  it("explain answers why someone is not provisioned, and sends nothing", async () => {
    const { code, stdout } = await cli("explain", "t", "bob@contoso.com");
    expect(code).toBe(0);
    expect(stdout).toContain("bob@contoso.com is skipped (NotEffectivelyEntitled)");
    expect(stdout).toContain("✗ User has the required role");
    const nobody = await cli("explain", "t", "nobody");
    expect([nobody.code, nobody.stdout]).toEqual([
      1,
      expect.stringContaining('Nobody called "nobody" is in the directory'),
    ]);
  });

  it("a malformed job file is told whole, with line and column", async () => {
    await writeFile(
      join(folder, "t.provisioning.json"),
      '{\n  "name": "x",\n  "conection": {},\n  "directory": { "type": "xml" }\n}',
    );
    const { code, stderr } = await cli("plan", "t");
    expect(code).toBe(1);
    expect(stderr).toMatch(/t\.provisioning\.json:3:3/);
    expect(stderr).toContain("conection");
    expect(stderr).toContain("directory");
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("help", () => {
  it("is shown for no arguments, with examples", async () => {
    const { code, stdout } = await runCli([]);
    expect(code).toBe(0);
    expect(stdout).toContain("scim-provisioning sandbox");
    for (const command of ["check", "list", "plan", "push", "cycle", "explain", "status", "logs"])
      expect(stdout).toContain(command);
  });

  it("is offered after a mistake", async () => {
    const { code, stderr } = await runCli(["plann"]);
    expect(code).toBe(1);
    expect(stderr).toContain("unknown command 'plann'");
    expect(stderr).toContain("plan");
  });
});
