import { describe, expect, it } from "vitest";
import { findApplication, listProvisionedApplications } from "../../../src/entra/applications.ts";
import { assign, defaultAccessWarnings, listAssignments } from "../../../src/entra/assignments.ts";
import { jobHealth } from "../../../src/entra/health.ts";
import { listTemplates, readJob, startJob, theJob } from "../../../src/entra/jobs.ts";
import { provisionOnDemand } from "../../../src/entra/onDemand.ts";
import { SchemaConflictError } from "../../../src/entra/entraError.ts";
import { prepareSchema, readSchema, schemaWith, writeSchema } from "../../../src/entra/schemaEdit.ts";
import { readSettings } from "../../../src/entra/secrets.ts";
import { clientCredentials, tokenFromEnvironment } from "../../../src/graph/token.ts";
import { GraphClient } from "../../../src/graph/client.ts";
import { sendBatch } from "../../../src/graph/batch.ts";
import { servicePrincipal } from "../../../src/graph/types/applications.ts";
import { applySchemaEdit } from "../../../src/job/schemaEdit.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { parseSynchronizationSchema } from "../../../src/mapping/entra/synchronizationSchema.ts";
import { Tenant } from "../../../src/sandbox/graph/tenant.ts";
import { serviceOver } from "../../support/entraService.ts";
import { clientFor, FakeClock, graphFor } from "../../support/graphFixture.ts";

async function databricks(options: Parameters<typeof graphFor>[0] = {}) {
  const graph = await graphFor({ tenant: { users: 5, groups: 1 }, ...options });
  const { servicePrincipal: application } = graph.state.instantiate(
    "2f6a3b51-9f0f-4b44-9d4b-0f7d5c0d6a11",
    "Databricks",
  );
  const job = graph.state.createJob(application.id, "dataBricks");
  const address = { servicePrincipalId: application.id, jobId: job.id };
  return { graph, application, job, address, client: clientFor(graph) };
}

describe("signing in", () => {
  it("works with client credentials", async () => {
    const { graph, application } = await databricks();
    const endpoint = { graphUrl: graph.graphUrl, loginUrl: graph.graphUrl };
    const { clientId, clientSecret, tenantId } = graph;
    const token = tokenFromEnvironment(
      { ENTRA_TENANT_ID: tenantId, ENTRA_CLIENT_ID: clientId, ENTRA_CLIENT_SECRET: clientSecret },
      endpoint,
    );
    expect((await findApplication(clientFor(graph, { token }), "Databricks")).id).toBe(application.id);
  });

  it("says that consent is missing when nobody gave it", async () => {
    const { graph } = await databricks();
    const clientSecret = graph.access.register("app-without-consent", "none");
    const endpoint = { graphUrl: graph.graphUrl, loginUrl: graph.graphUrl };
    const token = clientCredentials({
      endpoint,
      tenantId: graph.tenantId,
      clientId: "app-without-consent",
      clientSecret,
    });
    await expect(findApplication(clientFor(graph, { token }), "Databricks")).rejects.toMatchObject({
      code: "consentRequired",
      message: expect.stringContaining("grant admin consent"),
    });
  });

  it("names what is missing in the environment, and no value of it", () => {
    const endpoint = { graphUrl: "https://graph.microsoft.com", loginUrl: "https://login.microsoftonline.com" };
    expect(() => tokenFromEnvironment({ ENTRA_CLIENT_SECRET: "s3cret" }, endpoint)).toThrow(
      /missing: ENTRA_TENANT_ID, ENTRA_CLIENT_ID\)/,
    );
  });

  it("never sends a token to a host that is none of Microsoft's", () => {
    expect(() => new GraphClient({ graphUrl: "https://graph.example.com", token: "t" })).toThrow(/nothing was sent/);
  });
});

describe("a missing permission", () => {
  it("is named, with the role and the request id", async () => {
    const { graph, address } = await databricks();
    const client = clientFor(graph, { token: graph.access.issue(["Synchronization.Read.All"]) });
    await expect(readJob(client, address)).resolves.toMatchObject({ id: address.jobId });
    await expect(startJob(client, address).run()).rejects.toMatchObject({
      code: "forbidden",
      permissions: ["Synchronization.ReadWrite.All"],
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      message: expect.stringMatching(/Synchronization\.ReadWrite\.All.*Application Administrator/),
    });
  });
});

describe("an application without provisioning", () => {
  it("is told apart from one without a job", async () => {
    const { graph, client } = await databricks();
    const plain = {
      id: "11111111-1111-4111-8111-111111111111",
      displayName: "Plain",
      appRoles: [],
      tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
    };
    graph.tenant.servicePrincipals.set(plain.id, plain);
    const application = await findApplication(client, "Plain");
    await expect(theJob(client, application)).rejects.toMatchObject({
      code: "noProvisioning",
      message: expect.stringContaining("has no provisioning job"),
    });
    await expect(listTemplates(client, application)).rejects.toMatchObject({
      message: "Plain does not support automatic provisioning.",
    });
    const listed = await listProvisionedApplications(client);
    expect(listed.map(({ servicePrincipal: each }) => each.displayName)).toEqual(["Databricks"]);
    await expect(findApplication(client, "Nobody")).rejects.toMatchObject({ code: "unknownApplication" });
  });
});

describe("the Default Access role", () => {
  it("is warned of", async () => {
    const { graph, client, application } = await databricks();
    application.appRoles.length = 0;
    const [id] = [...graph.tenant.users.keys()];
    const step = assign(client, { ...application }, [{ id: id!, name: "Ada", type: "User" }]);
    expect(step.warnings.join(" ")).toContain("not effectively entitled");
    await step.run();
    const listed = await listAssignments(client, await findApplication(client, "Databricks"));
    expect(defaultAccessWarnings(listed)).toEqual([expect.stringContaining("Only Default Access")]);
  });
});

describe("throttling", () => {
  it("is waited out for minutes, as long as the service asks", async () => {
    const { graph, application } = await databricks();
    const clock = new FakeClock();
    const client = clientFor(graph, { clock, attempts: 1 });
    graph.throttle.refuse(6, 90);
    expect((await client.get(`/servicePrincipals/${application.id}`, "readApplications", servicePrincipal)).id).toBe(
      application.id,
    );
    expect(clock.waits).toEqual([90_100, 90_100, 90_100, 90_100, 90_100, 90_100]);
  });

  it("backs off by itself where the service names no time", async () => {
    const { graph, application } = await databricks();
    const clock = new FakeClock();
    const client = clientFor(graph, { clock, attempts: 1 });
    graph.throttle.refuse(3);
    await client.get(`/servicePrincipals/${application.id}`, "readApplications", servicePrincipal);
    expect(clock.waits).toEqual([5_000, 10_000, 20_000]);
  });

  it("ends in an error when it lasts longer than the patience", async () => {
    const { graph, application } = await databricks();
    const clock = new FakeClock();
    const client = clientFor(graph, { clock, attempts: 1, patienceMs: 120_000 });
    graph.throttle.refuse(100, 60);
    await expect(
      client.get(`/servicePrincipals/${application.id}`, "readApplications", servicePrincipal),
    ).rejects.toMatchObject({ code: "throttled" });
    expect(clock.waits).toEqual([60_100]);
  });

  it("repeats only the parts of a batch that were refused", async () => {
    const { graph, application } = await databricks();
    const clock = new FakeClock();
    const client = clientFor(graph, { clock });
    const requests = Array.from(
      { length: 45 },
      () => ({ method: "GET", path: `/servicePrincipals/${application.id}`, purpose: "readApplications" }) as const,
    );
    graph.throttle.refuse(7, 3);
    const results = await sendBatch(client, requests);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(clock.waits).toEqual([3_000]);
    expect(graph.requests).toHaveLength(45 + 7);
  });
});

describe("two administrators at once", () => {
  const withRow = async (
    setup: Awaited<ReturnType<typeof databricks>>,
    base: string,
    target: string,
    attribute: string,
  ) => {
    const { users } = importSchema(base);
    const others = users!.mappings.filter((row) => row.target !== target);
    return schemaWith(setup.client, setup.address, base, {
      users: { mappings: [...others, { target, source: { attribute } }] },
    });
  };
  const save = async (setup: Awaited<ReturnType<typeof databricks>>, base: string, edited: string) =>
    writeSchema(setup.client, setup.address, await prepareSchema(setup.client, setup.address, base, edited)).run();
  const rows = (text: string) => importSchema(text).users!.mappings.map(({ target }) => target);

  it("keep each other's rows when they edit different ones", async () => {
    const setup = await databricks();
    const base = await readSchema(setup.client, setup.address);
    await save(setup, base, await withRow(setup, base, "name.givenName", "givenName"));
    const edit = await prepareSchema(
      setup.client,
      setup.address,
      base,
      await withRow(setup, base, "name.familyName", "surname"),
    );
    expect(edit.merged).toBe(true);
    const after = await writeSchema(setup.client, setup.address, edit).run();
    expect(rows(after)).toEqual(expect.arrayContaining(["name.givenName", "name.familyName"]));
  });

  it("are told when they edit the same row, and nothing is written", async () => {
    const setup = await databricks();
    const base = await readSchema(setup.client, setup.address);
    await save(setup, base, await withRow(setup, base, "displayName", "givenName"));
    const theirs = await readSchema(setup.client, setup.address);
    await expect(save(setup, base, await withRow(setup, base, "displayName", "surname"))).rejects.toMatchObject({
      code: "schemaConflict",
      message: expect.stringContaining("displayName"),
    });
    expect(await readSchema(setup.client, setup.address)).toBe(theirs);
  });

  it("decide for each place, and what is decided is written", async () => {
    const setup = await databricks();
    const { client, address } = setup;
    const base = await readSchema(client, address);
    await save(setup, base, await withRow(setup, base, "displayName", "givenName"));
    const mine = await withRow(setup, base, "displayName", "surname");
    const conflict = await prepareSchema(client, address, base, mine).catch((error: unknown) => error);
    if (!(conflict instanceof SchemaConflictError)) throw new Error("no conflict");
    const place = conflict.conflicts[0]!.place;
    const nameOf = (text: string) => importSchema(text).users!.mappings.find(({ target }) => target === "displayName");
    const theirs = await prepareSchema(client, address, base, mine, { decided: new Map([[place, "theirs"]]) });
    expect(theirs.text).toBe(conflict.current);
    const ours = await prepareSchema(client, address, base, mine, { decided: new Map([[place, "ours"]]) });
    expect(nameOf(await writeSchema(client, address, ours).run())?.source).toEqual({ attribute: "surname" });
  });

  it("are told when one saves while the other reviews", async () => {
    const setup = await databricks();
    const base = await readSchema(setup.client, setup.address);
    const edit = await prepareSchema(
      setup.client,
      setup.address,
      base,
      await withRow(setup, base, "name.givenName", "givenName"),
    );
    const reviewed = writeSchema(setup.client, setup.address, edit);
    await save(setup, base, await withRow(setup, base, "name.familyName", "surname"));
    await expect(reviewed.run()).rejects.toMatchObject({ code: "schemaConflict" });
  });
});

describe("expressions that were edited as text", () => {
  const edited = (base: string, expression: string) =>
    applySchemaEdit(base, { kind: "set", path: ["users", "mappings", 0, "source"], value: { expression } });

  it("get their trees when the schema is written, from the service where only it can make them", async () => {
    const { client, address } = await databricks();
    const base = await readSchema(client, address);
    const treeOf = async (expression: string) => {
      const { text } = await prepareSchema(client, address, base, edited(base, expression));
      return parseSynchronizationSchema(text).synchronizationRules[0]!.objectMappings.find(
        ({ sourceObjectName }) => sourceObjectName === "User",
      )!.attributeMappings[0]!.source;
    };
    expect(await treeOf('Append([mailNickname], "@x")')).toMatchObject({
      name: "Append",
      parameters: [{ value: { name: "mailNickname" } }, { value: { name: "@x" } }],
    });
    expect(await treeOf('IIF([city] = "Lyon", [mail], [userPrincipalName])')).toMatchObject({ name: "IIF" });
  });

  it("are refused while they cannot be read, and nothing is sent", async () => {
    const { client, address } = await databricks();
    const base = await readSchema(client, address);
    await expect(prepareSchema(client, address, base, edited(base, "Append([mail"))).rejects.toMatchObject({
      code: "invalidSchema",
      message: expect.stringContaining("The expression of userName cannot be used"),
    });
  });
});

describe("a schema with unknown parts", () => {
  it("keeps them byte for byte through an edit", async () => {
    const setup = await databricks();
    const original = await readSchema(setup.client, setup.address);
    const unknown = original.replace('"priority":1', '"priority":1,  "somethingNew" : { "a":[1, 2.50] }');
    setup.job.putSchema(unknown);
    const base = await readSchema(setup.client, setup.address);
    expect(base).toBe(unknown);
    const edited = await schemaWith(setup.client, setup.address, base, { users: { actions: ["create", "update"] } });
    const after = await writeSchema(
      setup.client,
      setup.address,
      await prepareSchema(setup.client, setup.address, base, edited),
    ).run();
    expect(after).toContain('"priority":1,  "somethingNew" : { "a":[1, 2.50] }');
    expect(after).toContain('"Add, Update"');
  });

  it("is refused when a target attribute has two rows or nobody could be matched", async () => {
    const { client, address } = await databricks();
    const base = await readSchema(client, address);
    await expect(
      prepareSchema(client, address, base, base.replaceAll('"matchingPriority":1', '"matchingPriority":0')),
    ).rejects.toMatchObject({ code: "invalidSchema" });
    await expect(
      prepareSchema(
        client,
        address,
        base,
        base.replaceAll('"targetAttributeName":"active"', '"targetAttributeName":"userName"'),
      ),
    ).rejects.toThrow(/userName has two rows/);
    await expect(prepareSchema(client, address, base, "{}")).rejects.toMatchObject({
      code: "invalidSynchronizationSchema",
    });
  });
});

describe("a job in quarantine", () => {
  it("says why, what helps and until when; what-if says it too, and a start with a good token lifts it", async () => {
    const { graph, scim, client, address, job, role, predict } = await serviceOver(new Tenant());
    const { tenant } = graph;
    const ada = tenant.addUser({ userPrincipalName: "ada@contoso.com", displayName: "Ada" });
    tenant.assign(address.servicePrincipalId, ada, role);
    const secrets = graph.state.secretsOf(address.servicePrincipalId);
    const withToken = (token: string) =>
      secrets.replace({
        value: [
          { key: "BaseAddress", value: scim.baseUrl },
          { key: "SecretToken", value: token },
        ],
      });
    withToken("expired");
    await graph.runDueCycles();
    const health = jobHealth(await readJob(client, address), graph.clock.now().getTime());
    expect(health).toMatchObject({
      state: "quarantine",
      summary: expect.stringMatching(/^In quarantine: EncounteredQuarantineException; .* in 28 days\.$/),
      quarantine: { explanation: expect.stringContaining("Mend tenant URL or token"), daysLeft: 28 },
    });
    expect((await predict()).plan.notes).toContain(health.summary);
    withToken(scim.token);
    await startJob(client, address).run();
    await graph.runDueCycles();
    expect(jobHealth(await readJob(client, address), graph.clock.now().getTime()).state).toBe("active");
    expect(job.active).toBe(true);
    expect(scim.store.find("User", "ada@contoso.com")).toBeDefined();
  });
});

describe("several applications, jobs and tenants", () => {
  it("are told apart: one name twice has to be said by id", async () => {
    const { graph, client, application } = await databricks();
    const { servicePrincipal: second } = graph.state.instantiate("2f6a3b51-9f0f-4b44-9d4b-0f7d5c0d6a11", "Databricks");
    graph.state.createJob(second.id, "dataBricks");
    await expect(findApplication(client, "Databricks")).rejects.toMatchObject({
      code: "ambiguousApplication",
      message: expect.stringContaining(`${application.id}, ${second.id}`),
    });
    expect((await findApplication(client, second.id)).id).toBe(second.id);
    const listed = await listProvisionedApplications(client);
    expect(listed.map(({ servicePrincipal: each }) => each.id)).toEqual([application.id, second.id]);
    const other = graph.state.createJob(second.id, "dataBricks");
    await expect(theJob(client, second)).rejects.toMatchObject({ code: "ambiguousJob" });
    expect((await theJob(client, second, other.id)).id).toBe(other.id);
    // Another application's job is none of this one.
    await expect(readJob(client, { servicePrincipalId: application.id, jobId: other.id })).rejects.toMatchObject({
      code: "notFound",
    });
  });

  it("are apart: a token of one tenant opens no other", async () => {
    const [contoso, fabrikam] = [
      await databricks(),
      await databricks({ tenant: { users: 2, groups: 0, seedNumber: 2 } }),
    ];
    expect(contoso.graph.tenantId).not.toBe(fabrikam.graph.tenantId);
    const stranger = clientFor(fabrikam.graph, { token: contoso.graph.token });
    await expect(listProvisionedApplications(stranger)).rejects.toMatchObject({ code: "unauthorized" });
    for (const { client, application } of [contoso, fabrikam])
      expect((await findApplication(client, "Databricks")).id).toBe(application.id);
  });
});

describe("answers of a service that is paused or was never run", () => {
  it("are read as what they are", async () => {
    const { client, address } = await databricks();
    expect(jobHealth(await readJob(client, address), 0)).toEqual({
      jobId: address.jobId,
      state: "notConfigured",
      summary: "Not configured: no tenant URL and secret token are stored.",
      entries: expect.objectContaining({}),
      escrows: 0,
    });
    expect(jobHealth({ id: "j", status: {} }, 0)).toMatchObject({
      state: "unknown",
      summary: "The service names no status.",
    });
    expect(jobHealth({ id: "j", status: { code: "Paused", quarantine: null } }, 0).state).toBe("paused");
    expect(await readSettings(client, address.servicePrincipalId)).toMatchObject({ syncAll: false, hiddenKeys: [] });
  });

  it.each([1, 2] as const)("are understood in encoding %i of provisioning on demand", async (onDemandEncoding) => {
    const { graph, client, address } = await databricks({ onDemandEncoding });
    const step = await provisionOnDemand(client, address, {
      id: [...graph.tenant.users.keys()][0]!,
      type: "User",
      name: "Ada",
    });
    await expect(step.run()).rejects.toMatchObject({ code: "credentialsMissing" });
  });
});
