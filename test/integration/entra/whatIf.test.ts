import { describe, expect, it } from "vitest";
import { readSchema, schemaWith } from "../../../src/entra/schemaEdit.ts";
import { scorePrediction } from "../../../src/entra/score.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { Random } from "../../../src/sandbox/random.ts";
import { generateTenant } from "../../../src/sandbox/graph/tenantSeed.ts";
import { assignSome, serviceOver } from "../../support/entraService.ts";

describe("what-if of the service's next cycle", () => {
  it("writes nothing to the directory, the service or the target", async () => {
    const tenant = generateTenant({ users: 20, groups: 3 });
    const { graph, scim, address, role, predict } = await serviceOver(tenant);
    assignSome(tenant, address.servicePrincipalId, role, new Random(1));
    const before = graph.requests.length;
    const { plan } = await predict();
    expect(plan.changes.length).toBeGreaterThan(0);
    expect(graph.requests.slice(before).filter((text) => !text.startsWith("GET "))).toEqual([]);
    expect(scim.store.count("User")).toBe(0);
  });

  it("shows the cycle that an unsaved mapping would start", async () => {
    const tenant = generateTenant({ users: 10, groups: 1 });
    const { client, address, role, predict, cycle } = await serviceOver(tenant);
    for (const id of tenant.users.keys()) tenant.assign(address.servicePrincipalId, id, role);
    await cycle();
    expect((await predict()).plan.changes).toEqual([]);
    const base = await readSchema(client, address);
    const { users } = importSchema(base);
    const mappings = [...users!.mappings, { target: "name.givenName", source: { attribute: "givenName" } }];
    const schema = await schemaWith(client, address, base, { users: { mappings } });
    const edited = await predict({ schema });
    expect(edited.cycle).toBe("initial");
    expect(edited.plan.summary.update).toBeGreaterThan(0);
    expect(await readSchema(client, address)).toBe(base);
  });

  it("writes requests as the service's client does, with and without the flag", async () => {
    const tenant = generateTenant({ users: 2, groups: 0 });
    const [first] = [...tenant.users.keys()];
    const requestsOf = async (flag: string) => {
      const { address, role, predict, cycle, graph } = await serviceOver(tenant, { flag });
      tenant.updateUser(first!, { accountEnabled: true });
      for (const id of tenant.users.keys()) tenant.assign(address.servicePrincipalId, id, role);
      const created = (await predict()).plan.changes[0]!.requests;
      await cycle();
      tenant.updateUser(first!, { accountEnabled: false, displayName: `Other ${flag}` });
      const changed = (await predict()).plan.changes.flatMap(({ requests }) => requests);
      await graph.close();
      return { created, changed };
    };
    const legacy = await requestsOf("");
    expect(legacy.created[0]!.body).toMatchObject({
      schemas: [
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
      ],
      meta: { resourceType: "User" },
    });
    expect(legacy.changed).toMatchObject([
      {
        method: "PATCH",
        body: {
          Operations: expect.arrayContaining([{ op: "Replace", path: "active", value: "False" }]),
        },
      },
    ]);
    const compliant = await requestsOf("?aadOptscim062020");
    expect(compliant.changed).toMatchObject([
      {
        method: "PATCH",
        body: { Operations: [{ op: "replace", value: { active: false, displayName: "Other ?aadOptscim062020" } }] },
      },
    ]);
  });

  it("marks what cannot be predicted and does not guess it", async () => {
    const tenant = generateTenant({ users: 3, groups: 0 });
    const { client, address, role, predict } = await serviceOver(tenant);
    for (const id of tenant.users.keys()) tenant.assign(address.servicePrincipalId, id, role);
    const base = await readSchema(client, address);
    const { users } = importSchema(base);
    const row = { target: "externalId", source: { expression: "RandomString(10, 1, 1, 1, 1)" } };
    const schema = await schemaWith(client, address, base, { users: { mappings: [...users!.mappings, row] } });
    const { plan, unpredictable } = await predict({ schema });
    expect(unpredictable).toEqual([{ resourceType: "User", target: "externalId", functions: ["RandomString"] }]);
    expect(plan.changes[0]!.after).not.toHaveProperty("externalId");
    expect(plan.changes[0]!.notes).toContain("externalId comes from RandomString and cannot be predicted.");
  });

  it("knows that the service does not notice what moved at the target alone", async () => {
    const tenant = generateTenant({ users: 5, groups: 0 });
    const { address, role, predict, cycle, scim } = await serviceOver(tenant);
    for (const id of tenant.users.keys()) tenant.assign(address.servicePrincipalId, id, role);
    await cycle();
    const [user] = [...tenant.users.values()].filter(({ properties }) => properties.accountEnabled);
    const stored = scim.store.find("User", user!.properties.userPrincipalName!)!;
    await fetch(`${scim.baseUrl}/Users/${stored["id"] as string}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${scim.token}`, "content-type": "application/scim+json" },
      body: JSON.stringify({
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [{ op: "replace", path: "displayName", value: "Drifted" }],
      }),
    });
    const { plan, drift } = await predict();
    expect(plan.changes).toEqual([]);
    expect(drift).toMatchObject([{ sourceId: user!.id, attributes: ["displayName"] }]);
    expect(scorePrediction(plan, await cycle()).differences).toEqual([]);
  });

  it("says why a prediction and the log differ", async () => {
    const tenant = generateTenant({ users: 6, groups: 0 });
    const { address, role, predict, cycle } = await serviceOver(tenant);
    for (const id of tenant.users.keys()) tenant.assign(address.servicePrincipalId, id, role);
    const { plan } = await predict();
    const gone = plan.changes[0]!.sourceId;
    const late = tenant.addUser({ userPrincipalName: "late@contoso.com", displayName: "Late" });
    tenant.assign(address.servicePrincipalId, late, role);
    tenant.removeUser(gone!, true);
    const score = scorePrediction(plan, await cycle());
    expect(score.differences).toHaveLength(2);
    expect(score.differences).toContainEqual(
      expect.objectContaining({
        sourceId: gone,
        predicted: "create",
        happened: "nothing",
        why: expect.stringContaining("The log says nothing of it"),
      }),
    );
    expect(score.differences).toContainEqual(
      expect.objectContaining({
        sourceId: late,
        predicted: "nothing",
        happened: "create",
        why: expect.stringContaining("changed in the directory"),
      }),
    );
    expect(score.changes.agreed).toBe(score.changes.objects - 2);
  });
});
