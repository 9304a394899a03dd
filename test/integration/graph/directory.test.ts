import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { GraphDirectory } from "../../../src/directory/graph/graphDirectory.ts";
import { DirectoryError, type DirectoryRead } from "../../../src/directory/source.ts";
import type { GraphSandbox } from "../../../src/sandbox/graph/graphSandbox.ts";
import { Tenant } from "../../../src/sandbox/graph/tenant.ts";
import { clientFor, collect, FakeClock, graphFor } from "../../support/graphFixture.ts";

/** A tenant of three people, two of them in a group, and an application that the group is assigned to. */
async function contoso(pageSize = 100) {
  const tenant = new Tenant();
  const ada = tenant.addUser({
    id: "ada",
    userPrincipalName: "ada@contoso.com",
    displayName: "Ada",
    jobTitle: "Analyst",
  });
  const bob = tenant.addUser({ id: "bob", userPrincipalName: "bob@contoso.com", displayName: "Bob" }, "ada");
  tenant.addUser({ id: "cyd", userPrincipalName: "cyd@contoso.com", displayName: "Cyd", accountEnabled: false });
  const data = tenant.addGroup({ id: "data", displayName: "Data" }, [ada, bob]);
  const graph = await graphFor({ tenant, pageSize });
  const { servicePrincipal } = graph.state.instantiate("8adf8e6e-67b2-4cf2-a259-e3dc5476c621", "App");
  const role = servicePrincipal.appRoles[0]!.id;
  tenant.assign(servicePrincipal.id, data, role);
  return { graph, tenant, servicePrincipalId: servicePrincipal.id, role };
}

function directoryOf(graph: GraphSandbox, servicePrincipalId?: string, mirrorFile?: string, token = graph.token) {
  return new GraphDirectory({
    client: clientFor(graph, { token, attempts: 1 }),
    tenantId: graph.tenantId,
    servicePrincipalId,
    attributes: { users: ["jobTitle", "manager", "telephoneNumber", "extensionAttribute2"], groups: [] },
    mirrorFile,
  });
}

async function readAll(read: DirectoryRead) {
  const users = (await collect(read.users())).flat();
  const groups = (await collect(read.groups())).flat();
  const assignments = (await collect(read.assignments())).flat();
  return { users, groups, assignments, completeness: read.completeness(), problems: read.problems() };
}

describe("the Microsoft Graph directory", () => {
  it("reads users, groups with their direct members, and the assignments of the application", async () => {
    const { graph, servicePrincipalId } = await contoso();
    const { users, groups, assignments, completeness } = await readAll(directoryOf(graph, servicePrincipalId).read());
    expect(users.map(({ id, attributes }) => ({ ...attributes, id }))).toEqual([
      {
        id: "ada",
        userPrincipalName: "ada@contoso.com",
        displayName: "Ada",
        jobTitle: "Analyst",
        accountEnabled: true,
      },
      { id: "bob", userPrincipalName: "bob@contoso.com", displayName: "Bob", accountEnabled: true, manager: "ada" },
      { id: "cyd", userPrincipalName: "cyd@contoso.com", displayName: "Cyd", accountEnabled: false },
    ]);
    expect(groups.map(({ id, members }) => ({ id, members }))).toEqual([{ id: "data", members: ["ada", "bob"] }]);
    expect(assignments).toEqual([{ principalId: "data", principalType: "Group", appRole: "User" }]);
    expect(completeness).toEqual({
      complete: true,
      proof:
        "3 users, read from the beginning by delta query to its delta link. 1 groups, read from the beginning by delta query to its delta link. 1 assignments, to the last page.",
    });
  });

  it("asks only for the properties that are mapped", async () => {
    const { graph, tenant } = await contoso();
    tenant.updateUser("ada", {
      officeLocation: "Lyon",
      businessPhones: ["+33 1"],
      onPremisesExtensionAttributes: { extensionAttribute2: "blue", extensionAttribute3: "red" },
    });
    const { users } = await readAll(directoryOf(graph).read());
    expect(Object.keys(users[0]!.attributes).toSorted()).toEqual([
      "accountEnabled",
      "displayName",
      "extensionAttribute2",
      "id",
      "jobTitle",
      "telephoneNumber",
      "userPrincipalName",
    ]);
    expect(users[0]!.attributes["telephoneNumber"]).toBe("+33 1");
    expect(users[0]!.attributes["extensionAttribute2"]).toBe("blue");
  });

  it("puts pages together, and a group that comes in several parts", async () => {
    const tenant = new Tenant();
    const ids = Array.from({ length: 2_500 }, (_, at) => tenant.addUser({ userPrincipalName: `u${at}@contoso.com` }));
    tenant.addGroup({ displayName: "All" }, ids);
    const graph = await graphFor({ tenant, pageSize: 700 });
    const { users, groups } = await readAll(directoryOf(graph).read());
    expect(users).toHaveLength(2_500);
    expect(groups).toHaveLength(1);
    expect(new Set(groups[0]!.members)).toEqual(new Set(ids));
  });

  it("knows the Default Access role", async () => {
    const { graph, tenant, servicePrincipalId } = await contoso();
    tenant.servicePrincipals.get(servicePrincipalId)!.appRoles = [];
    tenant.assign(servicePrincipalId, "cyd", "00000000-0000-0000-0000-000000000000");
    const { assignments } = await readAll(directoryOf(graph, servicePrincipalId).read());
    expect(assignments.map(({ appRole }) => appRole)).toContain("Default Access");
  });

  it("asks only for what changed in a later read, removed people and members included", async () => {
    const { graph, tenant } = await contoso();
    const directory = directoryOf(graph);
    await readAll(directory.read());
    tenant.updateUser("ada", { displayName: "Ada L." });
    tenant.setManager("bob", undefined);
    tenant.removeMember("data", "ada");
    tenant.removeUser("cyd");
    const { users, groups, completeness } = await readAll(directory.read());
    expect(users.map(({ id, attributes }) => [id, attributes["displayName"], attributes["manager"]])).toEqual([
      ["ada", "Ada L.", undefined],
      ["bob", "Bob", undefined],
      ["cyd", "Cyd", undefined],
    ]);
    expect(users[2]!.attributes["IsSoftDeleted"]).toBe(true);
    expect(groups[0]!.members).toEqual(["bob"]);
    expect(completeness).toMatchObject({ complete: true, proof: expect.stringContaining("brought up to date") });
  });

  it("forgets who is deleted for good, and takes back who is restored", async () => {
    const { graph, tenant } = await contoso();
    const directory = directoryOf(graph);
    await readAll(directory.read());
    tenant.removeUser("bob", true);
    tenant.removeUser("cyd");
    await readAll(directory.read());
    delete tenant.users.get("cyd")!.removed;
    tenant.updateUser("cyd", {});
    const { users } = await readAll(directory.read());
    expect(users.map(({ id, attributes }) => [id, attributes["IsSoftDeleted"]])).toEqual([
      ["ada", undefined],
      ["cyd", undefined],
    ]);
  });

  it("keeps its tokens between processes, and begins anew when other attributes are read", async () => {
    const { graph } = await contoso();
    const folder = await mkdtemp(join(tmpdir(), "mirror-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "state", "directory.jsonl");
    await readAll(directoryOf(graph, undefined, file).read());
    const again = await readAll(directoryOf(graph, undefined, file).read());
    expect(again.users).toHaveLength(3);
    expect(again.completeness).toMatchObject({ proof: expect.stringContaining("brought up to date") });
    const other = new GraphDirectory({
      client: clientFor(graph),
      tenantId: graph.tenantId,
      attributes: { users: ["department"], groups: [] },
      mirrorFile: file,
    });
    expect((await readAll(other.read())).completeness).toMatchObject({
      proof: expect.stringContaining("read from the beginning"),
    });
  });

  it("reads everything again when the delta token has expired", async () => {
    const { graph, tenant } = await contoso();
    const directory = directoryOf(graph);
    await readAll(directory.read());
    tenant.removeUser("bob", true);
    tenant.expireDeltaTokens();
    const { users, completeness } = await readAll(directory.read());
    expect(users.map(({ id }) => id)).toEqual(["ada", "cyd"]);
    expect(completeness.complete).toBe(true);
  });

  it("cannot be read without the permission, and names it", async () => {
    const { graph } = await contoso();
    const token = graph.access.issue(["Synchronization.Read.All"]);
    const reading = readAll(directoryOf(graph, undefined, undefined, token).read());
    await expect(reading).rejects.toThrow(DirectoryError);
    await expect(reading).rejects.toThrow(/needs User\.Read\.All/);
  });

  it("is not complete when a later page fails", async () => {
    const { graph } = await contoso(1);
    // The token is taken back after the first page of users.
    let asked = 0;
    const client = clientFor(graph, { token: () => (++asked > 1 ? "another" : graph.token) });
    const directory = new GraphDirectory({ client, tenantId: graph.tenantId, attributes: { users: [], groups: [] } });
    const read = directory.read();
    const users = (await collect(read.users())).flat();
    expect(users).toHaveLength(1);
    expect(read.completeness()).toMatchObject({ complete: false, reason: expect.stringContaining("401") });
  });

  it("knows nothing of who left between a first read that broke off and the next one", async () => {
    const { graph, tenant } = await contoso(1);
    let broken = true;
    let asked = 0;
    const client = clientFor(graph, { token: () => (broken && ++asked > 1 ? "another" : graph.token) });
    const directory = new GraphDirectory({ client, tenantId: graph.tenantId, attributes: { users: [], groups: [] } });
    const [first] = (await collect(directory.read().users())).flat();
    tenant.removeUser(first!.id, true);
    broken = false;
    const { users, completeness } = await readAll(directory.read());
    expect(users.map(({ id }) => id)).not.toContain(first!.id);
    expect(completeness.complete).toBe(true);
  });

  it("is complete when Graph throttles it for minutes", async () => {
    const { graph } = await contoso(1);
    const clock = new FakeClock();
    const client = clientFor(graph, { clock, attempts: 1 });
    const directory = new GraphDirectory({ client, tenantId: graph.tenantId, attributes: { users: [], groups: [] } });
    graph.throttle.refuse(5, 60, /delta$/);
    expect((await readAll(directory.read())).completeness.complete).toBe(true);
    expect(clock.waits).toHaveLength(5);
  });

  it("does not take a hidden membership for an empty group", async () => {
    const { graph, tenant } = await contoso();
    tenant.updateGroup("data", { visibility: "HiddenMembership" });
    const { completeness } = await readAll(directoryOf(graph).read());
    expect(completeness).toMatchObject({ complete: false, reason: expect.stringContaining("Member.Read.Hidden") });
  });
});
