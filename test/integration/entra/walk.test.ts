import { describe, expect, it } from "vitest";
import {
  addApplication,
  databricksTemplateName,
  findApplication,
  findTemplate,
  setAssignmentRequired,
} from "../../../src/entra/applications.ts";
import { assign, assignableRoles, listAssignments } from "../../../src/entra/assignments.ts";
import { jobHealth } from "../../../src/entra/health.ts";
import {
  createJob,
  credentialFields,
  listTemplates,
  pauseJob,
  readJob,
  restartJob,
  startJob,
} from "../../../src/entra/jobs.ts";
import { readProvisioningLog } from "../../../src/entra/logs.ts";
import { provisionOnDemand } from "../../../src/entra/onDemand.ts";
import { prepareSchema, readSchema, schemaWith, writeSchema } from "../../../src/entra/schemaEdit.ts";
import { changeSettings, readSettings, testConnection } from "../../../src/entra/secrets.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { Tenant } from "../../../src/sandbox/graph/tenant.ts";
import { clientFor, collect, graphFor, scimFor } from "../../support/graphFixture.ts";

describe("the tutorial, from the gallery to quarantine and back", () => {
  it("is walked offline, step by step", async () => {
    const transcript: string[] = [];
    const say = (text: string) => transcript.push(text);
    const tenant = new Tenant();
    const ids = ["ada", "bob", "cyd", "dan", "eve", "fay", "gus"].map((name) =>
      tenant.addUser({ userPrincipalName: `${name}@contoso.com`, displayName: name.toUpperCase(), givenName: name }),
    );
    const outsider = tenant.addUser({ userPrincipalName: "out@contoso.com", displayName: "OUT" });
    const data = tenant.addGroup({ displayName: "Data" }, ids);
    const graph = await graphFor({ tenant });
    const scim = await scimFor({ profile: "databricks-workspace" });
    const client = clientFor(graph);

    // 1 Add the gallery application.
    const template = await findTemplate(client, databricksTemplateName);
    const add = await addApplication(client, template, "Databricks");
    expect(add.calls).toMatchObject([{ method: "POST", body: { displayName: "Databricks" } }]);
    const added = await add.run();
    await setAssignmentRequired(client, added.id, false).run();
    const application = await findApplication(client, "Databricks");
    expect(application).toMatchObject({ id: added.id, appRoleAssignmentRequired: false });
    say(`added ${application.displayName}`);

    // 2 Create the job and assign the group with a real role.
    const [synchronization] = await listTemplates(client, application);
    expect(credentialFields(synchronization!)).toEqual([
      { name: "baseaddress", label: "Tenant URL", secret: false },
      { name: "secrettoken", label: "Secret Token", secret: true },
    ]);
    const job = await (await createJob(client, application.id, synchronization!.id)).run();
    const address = { servicePrincipalId: application.id, jobId: job.id };
    expect(() => assign(client, application, [{ id: data, name: "Data", type: "Group" }])).toThrow(/Choose the role/);
    const [role] = assignableRoles(application);
    const assigning = assign(client, application, [{ id: data, name: "Data", type: "Group" }], role);
    expect(assigning.warnings.join(" ")).toContain("direct members only");
    expect(await assigning.run()).toEqual([{ principalId: data, outcome: "assigned" }]);
    expect(await assigning.run()).toEqual([{ principalId: data, outcome: "already" }]);
    expect(await listAssignments(client, application)).toMatchObject([{ role: "User", defaultAccess: false }]);
    const state = async () => jobHealth(await readJob(client, address), graph.clock.now().getTime());
    say((await state()).summary);

    // 3 Test Connection with a wrong token, then with the right one; save.
    await expect(
      testConnection(client, address, { baseUrl: scim.baseUrl, token: "wrong" }).run(),
    ).rejects.toMatchObject({
      code: "credentialsInvalid",
      graphCode: "InvalidCredentials",
    });
    await expect(startJob(client, address).run()).rejects.toMatchObject({ code: "credentialsMissing" });
    await testConnection(client, address, { baseUrl: scim.baseUrl, token: scim.token }).run();
    const saving = await changeSettings(client, application.id, {
      baseUrl: scim.baseUrl,
      secrets: { SecretToken: scim.token },
      notificationEmail: "team@contoso.com",
      deleteThreshold: 4,
    });
    expect(JSON.stringify(saving.calls)).not.toContain(scim.token);
    await saving.run();
    // The token is not given back, so another change needs it again, and loses nothing then.
    await expect(changeSettings(client, application.id, { deleteThreshold: 3 })).rejects.toMatchObject({
      code: "tokenNeeded",
    });
    await (
      await changeSettings(client, application.id, { deleteThreshold: 3, secrets: { SecretToken: scim.token } })
    ).run();
    expect(await readSettings(client, application.id)).toEqual({
      baseUrl: scim.baseUrl,
      syncAll: false,
      skipOutOfScopeDeletions: false,
      notificationEmail: "team@contoso.com",
      deleteThreshold: 3,
      hiddenKeys: ["SecretToken"],
    });

    // 4 Edit the mappings.
    const base = await readSchema(client, address);
    const { users } = importSchema(base);
    const mappings = [...users!.mappings, { target: "name.givenName", source: { attribute: "givenName" } }];
    const edited = await schemaWith(client, address, base, { users: { mappings } });
    const written = await writeSchema(client, address, await prepareSchema(client, address, base, edited)).run();
    expect(written).toBe(edited);
    say(`mapping has ${importSchema(written).users!.mappings.length} rows for users`);

    // 5 Provision on demand, before it is turned on: a user out of scope, then the group with seven members in two portions.
    const [skipped] = await (
      await provisionOnDemand(client, address, { id: outsider, type: "User", name: "OUT" })
    ).run();
    expect(skipped).toMatchObject({ result: "skipped", reason: expect.stringContaining("NotEffectivelyEntitled") });
    const portions = await (
      await provisionOnDemand(client, address, { id: data, type: "Group", name: "Data" }, ids)
    ).run();
    expect(portions.map(({ result, members }) => [result, members.length])).toEqual([
      ["success", 5],
      ["success", 2],
    ]);
    const members = () => (scim.store.find("Group", "Data")?.["members"] ?? []) as { value: string }[];
    expect(members()).toHaveLength(7);
    say(`on demand: ${portions.map(({ result }) => result).join(", ")}`);

    // 6 Turn on, initial cycle.
    await startJob(client, address).run();
    expect((await state()).state).toBe("notRun");
    expect(await graph.runDueCycles()).toBe(1);
    expect(await state()).toMatchObject({ state: "active", lastCycle: { state: "Succeeded" }, escrows: 0 });
    say((await state()).summary);

    // 7 An incremental cycle after 40 minutes.
    tenant.updateUser(ids[0]!, { givenName: "Ada" });
    tenant.addMember(data, outsider);
    expect(await graph.runDueCycles()).toBe(0);
    graph.clock.advance(40 * 60_000);
    expect(await graph.runDueCycles()).toBe(1);
    expect(scim.store.find("User", "out@contoso.com")).toMatchObject({ active: true });
    expect(scim.store.find("User", "ada@contoso.com")).toMatchObject({ name: { givenName: "Ada" } });

    // 8 Too many deletions are held, then allowed.
    for (const id of ids.slice(3)) tenant.removeUser(id);
    graph.clock.advance(40 * 60_000);
    await graph.runDueCycles();
    expect(await state()).toMatchObject({
      state: "quarantine",
      quarantine: { reason: "TooManyDeletes", daysLeft: 28 },
    });
    say((await state()).summary);
    const allow = restartJob(client, address, ["ForceDeletes"]);
    expect(allow.confirm).toContain("cannot be taken back");
    await allow.run();
    await graph.runDueCycles();
    expect((await state()).state).toBe("active");
    expect(scim.store.find("User", "gus@contoso.com")).toMatchObject({ active: false });

    // 9 The token expires: quarantine. A new one, a restart: healthy.
    scim.revoke(scim.token);
    graph.clock.advance(40 * 60_000);
    tenant.updateUser(ids[1]!, { givenName: "Bob" });
    await graph.runDueCycles();
    const ill = await state();
    expect(ill).toMatchObject({
      state: "quarantine",
      quarantine: { reason: "EncounteredQuarantineException" },
      lastCycle: { error: expect.stringContaining("SystemForCrossDomainIdentityManagementInvalidCredentials") },
    });
    expect(Date.parse(ill.quarantine!.nextAttempt)).toBe(graph.clock.now().getTime() + 5 * 60_000);
    say(ill.summary);
    await pauseJob(client, address).run();
    expect((await state()).state).toBe("paused");
    await expect(testConnection(client, address).run()).rejects.toMatchObject({ code: "credentialsInvalid" });
    const fresh = await fetch(scim.oauth.tokenUrl, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${scim.oauth.clientId}:${scim.oauth.clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const { access_token: token } = (await fresh.json()) as { access_token: string };
    await (await changeSettings(client, application.id, { secrets: { SecretToken: token } })).run();
    const restart = restartJob(client, address, ["portal"], 8);
    expect(restart.warnings.join(" ")).toContain("All 8 objects");
    await restart.run();
    await graph.runDueCycles();
    expect(await state()).toMatchObject({ state: "active" });
    expect(scim.store.find("User", "bob@contoso.com")).toMatchObject({ name: { givenName: "Bob" } });
    say((await state()).summary);

    // 10 The log tells it all.
    const log = await collect(readProvisioningLog(client, { jobId: job.id }));
    const actions = new Set(
      log.map(
        ({ provisioningAction, provisioningStatusInfo }) => `${provisioningAction} ${provisioningStatusInfo.status}`,
      ),
    );
    expect(actions).toContain("create success");
    expect(actions).toContain("update success");
    expect(actions).toContain("disable success");
    expect(actions).toContain("stagedDelete warning");
    const gus = await collect(readProvisioningLog(client, { jobId: job.id, who: "GUS@", action: "disable" }));
    expect(gus).toHaveLength(1);
    expect(transcript).toEqual([
      "added Databricks",
      "Not configured: no tenant URL and secret token are stored.",
      "mapping has 4 rows for users",
      "on demand: success, success",
      "On; the last cycle ended 2026-11-24T08:00:00.000Z (Succeeded).",
      "In quarantine: TooManyDeletes; the service turns the job off in 28 days.",
      "In quarantine: EncounteredQuarantineException; the service turns the job off in 28 days.",
      "On; the last cycle ended 2026-11-24T10:00:00.000Z (Succeeded).",
    ]);
  });
});
