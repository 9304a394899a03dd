import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { graphFor, scimFor } from "../../support/graphFixture.ts";
import { runCli } from "../../support/runCli.ts";

/** A tenant with a job that is configured, and the command line beside it. */
async function contoso() {
  const graph = await graphFor({ tenant: { users: 8, groups: 1 }, startAt: new Date() });
  const scim = await scimFor();
  const { servicePrincipal } = graph.state.instantiate("2f6a3b51-9f0f-4b44-9d4b-0f7d5c0d6a11", "Databricks");
  graph.state.createJob(servicePrincipal.id, "dataBricks");
  graph.state.secretsOf(servicePrincipal.id).replace({
    value: [
      { key: "BaseAddress", value: scim.baseUrl },
      { key: "SecretToken", value: scim.token },
    ],
  });
  const users = [...graph.tenant.users.values()];
  for (const { id } of users.slice(0, 4))
    graph.tenant.assign(servicePrincipal.id, id, servicePrincipal.appRoles[0]!.id);
  const cwd = await mkdtemp(join(tmpdir(), "entra-cli-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const env = { ENTRA_TOKEN: graph.token, ENTRA_GRAPH_URL: graph.graphUrl, SCIM_TOKEN: scim.token };
  const cli = (...args: string[]) => runCli(["entra", ...args], { env, cwd });
  return { graph, scim, cli, cwd, users };
}

describe("entra on the command line", () => {
  it("lists the jobs, shows one, starts, pauses and restarts it", async () => {
    const { graph, cli } = await contoso();
    const listed = await cli("jobs", "--format", "json");
    expect(JSON.parse(listed.stdout)).toMatchObject([{ application: "Databricks", state: "paused" }]);
    expect((await cli("start", "Databricks")).stderr).toContain("Pass --yes");
    const started = await cli("start", "Databricks", "--yes");
    expect(started).toMatchObject({ code: 0, stderr: expect.stringContaining("Synchronization.ReadWrite.All") });
    await graph.runDueCycles();
    const status = await cli("status", "Databricks");
    expect(status.stdout).toMatch(/^Databricks: On; the last cycle ended .* \(Succeeded\)/);
    expect(await cli("restart", "Databricks", "--yes")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("under management are evaluated again"),
    });
    expect(await cli("restart", "Databricks", "--reset", "ForceDeletes", "--yes")).toMatchObject({ code: 4 });
    expect(await cli("pause", "Databricks", "--yes")).toMatchObject({ code: 0 });
    expect((await cli("status", "Databricks")).stdout).toContain("Paused");
  });

  it("foretells the next cycle, and compares it with the log", async () => {
    const { graph, cli, cwd } = await contoso();
    const planned = await cli("what-if", "Databricks", "--out", "plan.json");
    expect(planned).toMatchObject({ code: 2, stdout: expect.stringContaining("to create") });
    expect(JSON.parse(await readFile(join(cwd, "plan.json"), "utf8"))).toMatchObject({
      job: "Databricks",
      cycle: "initial",
    });
    await cli("start", "Databricks", "--yes");
    graph.clock.advance(1_000);
    await graph.runDueCycles();
    const compared = await cli("what-if", "Databricks", "--compare", "plan.json");
    expect(compared.stderr).toBe("");
    expect(compared.stdout).toMatch(/\(100 %\); of changes (\d+) of \1 \(100 %\)/);
    expect((await cli("what-if", "Databricks")).code).toBe(0);
    const logs = await cli("logs", "Databricks", "--status", "success", "--format", "csv");
    expect(logs.stdout.split("\r\n")[0]).toBe("time,cycle,action,status,code,type,who,sourceId,targetId,reason,ms");
    expect(logs.stdout).toContain(",create,success,");
  });

  it("lets the service read the attributes of the tenant again", async () => {
    const { graph, cli } = await contoso();
    const [user] = [...graph.tenant.users.keys()];
    const extension = "extension_0123456789abcdef0123456789abcdef_costCenter";
    const properties = { jobTitle: "Lead", [extension]: "4711" };
    graph.tenant.updateUser(user!, properties);
    expect(await cli("discover", "Databricks")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Directory.ReadWrite.All"),
    });
    expect(await cli("discover", "Databricks", "--yes")).toMatchObject({
      code: 0,
      stdout: `User.${extension}\n`,
    });
    expect(await cli("discover", "Databricks", "--yes")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("no attribute came since"),
    });
  });

  it("provisions on demand", async () => {
    const { cli, users } = await contoso();
    const active = users.slice(0, 4).find(({ properties }) => properties.accountEnabled)!;
    const done = await cli("on-demand", "Databricks", active.properties.id, "--yes", "--format", "json");
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ results: [{ result: "success", action: "create" }] });
    expect((await cli("on-demand", "Databricks", "nobody", "--yes")).stderr).toContain('Nobody called "nobody"');
  });

  it("exports the schema and writes it back, from a schema or from a job file", async () => {
    const { cli, cwd, scim } = await contoso();
    await cli("export-schema", "Databricks", "--out", "schema.json");
    expect((await cli("import-schema", "Databricks", "schema.json", "--yes")).stderr).toContain(
      "has this schema already",
    );
    const text = await readFile(join(cwd, "schema.json"), "utf8");
    await writeFile(join(cwd, "edited.json"), text.replaceAll("Add, Update, Delete", "Add, Update"));
    expect(await cli("import-schema", "Databricks", "edited.json", "--base", "schema.json", "--yes")).toMatchObject({
      code: 0,
    });
    expect((await cli("export-schema", "Databricks")).stdout).toContain('"Add, Update"');
    const job = {
      name: "Job",
      connection: { baseUrl: scim.baseUrl },
      directory: { type: "csv", users: "users.csv", assignments: "assignments.csv" },
      users: { mappings: [{ target: "userName", source: { attribute: "mail" }, matching: 1 }] },
      groups: { mappings: [{ target: "displayName", source: { attribute: "displayName" }, matching: 1 }] },
    };
    await writeFile(join(cwd, "my.provisioning.json"), JSON.stringify(job));
    expect(await cli("import-schema", "Databricks", "my.provisioning.json", "--yes")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("done"),
    });
    expect((await cli("export-schema", "Databricks")).stdout).toContain("[mail]");
  });

  it("says how to sign in, and never shows a token", async () => {
    const { graph, cli } = await contoso();
    const signedOut = await runCli(["entra", "jobs"], { env: { ENTRA_GRAPH_URL: graph.graphUrl } });
    expect(signedOut).toMatchObject({ code: 1, stderr: expect.stringContaining("set ENTRA_TOKEN") });
    graph.access.revoke(graph.token);
    const refused = await cli("jobs");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("Sign in again") });
    expect(refused.stderr + refused.stdout).not.toContain(graph.token);
  });

  it("serves Graph beside the SCIM sandbox, and a local job reads it as its directory", async () => {
    const stop = new AbortController();
    const cwd = await mkdtemp(join(tmpdir(), "entra-sandbox-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    let serving: ReturnType<typeof runCli> | undefined;
    const { baseUrl, token, graphUrl, graphToken, tenantId } = await new Promise<Record<string, string>>((resolve) => {
      serving = runCli(["sandbox", "--entra", "--users", "6", "--groups", "1"], {
        signal: stop.signal,
        onOutput: (text) => {
          if (text.includes("\n")) resolve(JSON.parse(text.split("\n")[0]!) as Record<string, string>);
        },
      });
    });
    const job = {
      name: "Local over Graph",
      connection: { baseUrl },
      directory: { type: "graph", tenantId, baseUrl: graphUrl },
      scope: { mode: "all" },
      users: { mappings: [{ target: "userName", source: { attribute: "userPrincipalName" }, matching: 1 }] },
    };
    await writeFile(join(cwd, "my.provisioning.json"), JSON.stringify(job));
    const planned = await runCli(["plan", "my"], { cwd, env: { SCIM_TOKEN: token!, ENTRA_TOKEN: graphToken! } });
    expect(planned).toMatchObject({ code: 2, stdout: expect.stringContaining("to create") });
    stop.abort();
    expect((await serving)?.code).toBe(0);
  });
});
