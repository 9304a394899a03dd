import { describe, expect, it } from "vitest";
import type { EntraAccess } from "../../../src/extension/entra/access.ts";
import { findPrincipals, membersOf } from "../../../src/extension/entra/principals.ts";
import { EntraTenants } from "../../../src/extension/entra/tenants.ts";
import { SignedOutError } from "../../../src/extension/entra/trouble.ts";
import { GraphClient } from "../../../src/graph/client.ts";
import { permissions } from "../../../src/graph/permissions.ts";
import type { GraphSandbox } from "../../../src/sandbox/graph/graphSandbox.ts";
import { clientFor, graphFor } from "../../support/graphFixture.ts";

const template = "2f6a3b51-9f0f-4b44-9d4b-0f7d5c0d6a11";

function accessTo(graph: GraphSandbox, granted: readonly string[] | "all" | "signedOut" = "all"): EntraAccess {
  const token = granted === "signedOut" ? "" : graph.access.issue(granted);
  const client = new GraphClient({ graphUrl: graph.graphUrl, token, attempts: 1 });
  return {
    graphUrl: graph.graphUrl,
    tenants: () => [""],
    client: async (tenant) => {
      if (granted === "signedOut") throw new SignedOutError(tenant);
      return client;
    },
    token: () => () => token,
  };
}

function withJob(graph: GraphSandbox) {
  const { servicePrincipal } = graph.state.instantiate(template, "Databricks");
  const job = graph.state.createJob(servicePrincipal.id, "dataBricks");
  return { tenant: "", servicePrincipalId: servicePrincipal.id, jobId: job.id };
}

describe("the tenants of the view", () => {
  it("lists applications with provisioning and leaves the others out", async () => {
    const graph = await graphFor();
    const place = withJob(graph);
    graph.state.instantiate(template, "Without a job");
    const tenants = new EntraTenants(accessTo(graph));
    expect(tenants.signedIn).toBeUndefined();
    await tenants.load();
    expect(tenants.signedIn).toBe(true);
    expect(tenants.tenant("")).toMatchObject({ id: graph.tenantId, name: "Contoso" });
    expect(tenants.places()).toEqual([place]);
  });

  it("knows that nobody is signed in, and sends nothing then", async () => {
    const graph = await graphFor();
    const tenants = new EntraTenants(accessTo(graph, "signedOut"));
    await tenants.load();
    expect(tenants.signedIn).toBe(false);
    expect(await tenants.canRead()).toBe(false);
    expect(graph.requests).toEqual([]);
    await expect(tenants.load("ask")).rejects.toMatchObject({ code: "signedOut" });
  });

  it("shows the missing permission where a tenant cannot be read", async () => {
    const graph = await graphFor();
    const tenants = new EntraTenants(accessTo(graph, ["User.Read"]));
    await tenants.load();
    const [[, read] = []] = tenants.tenants();
    expect(read).toMatchObject({
      state: "failed",
      error: { code: "forbidden", permissions: ["Application.Read.All"] },
    });
    expect(tenants.signedIn).toBe(true);
  });

  it("reads each part of a job by itself, so that one refusal does not hide the others", async () => {
    const graph = await graphFor();
    const place = withJob(graph);
    const tenants = new EntraTenants(accessTo(graph));
    await tenants.load();
    const details = await tenants.loadDetails(place);
    expect(details).toMatchObject({
      schema: { state: "read" },
      settings: { state: "read", value: { syncAll: false } },
      assignments: { state: "read", value: [] },
    });
    const narrow = accessTo(graph, [...permissions.readApplications.delegated]);
    const partly = new EntraTenants({ ...accessTo(graph), client: narrow.client });
    expect(await partly.loadDetails(place)).toMatchObject({
      schema: { state: "failed" },
      settings: { state: "failed" },
    });
  });

  it("takes in what a command did to a job", async () => {
    const graph = await graphFor();
    const place = withJob(graph);
    const tenants = new EntraTenants(accessTo(graph));
    await tenants.load();
    expect(tenants.job(place)?.status?.code).toBe("NotConfigured");
    graph.state.secretsOf(place.servicePrincipalId).replace({
      value: [
        { key: "BaseAddress", value: "http://127.0.0.1:1/scim" },
        { key: "SecretToken", value: "t" },
      ],
    });
    let told = 0;
    tenants.onDidChange(() => (told += 1));
    await tenants.refreshJob(place);
    expect(tenants.job(place)?.status?.code).toBe("Paused");
    expect(told).toBe(1);
  });
});

describe("people and groups for a choice", () => {
  it("are found by the beginning of their names; members of a group are its direct users", async () => {
    const graph = await graphFor({ tenant: { users: 30, groups: 2 } });
    const client = clientFor(graph);
    const [user] = graph.tenant.users.values();
    const [group] = graph.tenant.groups.values();
    const name = String(user?.properties["userPrincipalName"]).slice(0, 4);
    const found = await findPrincipals(client, name);
    expect(found.map(({ id }) => id)).toContain(user?.id);
    expect(new Set(found.map(({ type }) => type))).toContain("User");
    const members = await membersOf(client, group?.id ?? "");
    expect(new Set(members.map(({ id }) => id))).toEqual(new Set(group?.members));
    expect(await findPrincipals(client, "o'nobody")).toEqual([]);
  });
});
