import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { PreviewClient } from "../../../src/extension/jobEditor/preview/previewClient.ts";
import { parseJob } from "../../../src/job/load.ts";
import { graphFor } from "../../support/graphFixture.ts";
import { jobText, userMappings } from "../../support/jobFixture.ts";

const script = join(import.meta.dirname, "../../../src/extension/jobEditor/preview/preview.worker.ts");
const noAttributes = { users: [], groups: [] };

/** A tenant whose application has one person with two roles, and a job over it that maps them. */
async function roled() {
  const graph = await graphFor({ tenant: { users: 3, groups: 1 } });
  const { tenant } = graph;
  const { servicePrincipal } = graph.state.instantiate("2f6a3b51-9f0f-4b44-9d4b-0f7d5c0d6a11", "Databricks");
  const ada = tenant.addUser({ userPrincipalName: "ada@contoso.com", displayName: "Ada", department: "Data" });
  for (const { id } of servicePrincipal.appRoles) tenant.assign(servicePrincipal.id, ada, id);
  const directory = {
    type: "graph",
    tenantId: tenant.id,
    servicePrincipalId: servicePrincipal.id,
    baseUrl: graph.graphUrl,
  };
  const roles = { target: "roles", source: { expression: "AppRoleAssignmentsComplex([appRoleAssignments])" } };
  const department = { target: "title", source: { attribute: "department" } };
  const users = { enabled: true, mappings: [...userMappings, roles, department] };
  const text = jobText("http://127.0.0.1:9/", { directory, scope: { mode: "assigned" }, users });
  return { graph, ada, job: parseJob(text, "test.provisioning.json") };
}

function preview(token: () => Promise<string>): PreviewClient {
  const client = new PreviewClient({
    script,
    token,
    onPartial: () => undefined,
    onTarget: () => undefined,
    onRequest: () => undefined,
  });
  onTestFinished(() => client.dispose());
  return client;
}

describe("the preview thread of the job editor, over Microsoft Graph", () => {
  it("reads people with a token that comes by message, and shows what mappings give them, roles included", async () => {
    const { graph, ada, job } = await roled();
    const client = preview(() => Promise.resolve(graph.token));
    await client.ask("setJob", { version: 1, job, saved: undefined, schemas: {} });
    const { state, attributes } = await client.ask("load", job.directory, "/", noAttributes);
    expect(state).toMatchObject({ state: "ready", users: 4, groups: 1, assignments: 2 });
    // Not mapped in the file that was read, and can be mapped by the next edit.
    expect(attributes.users).toContain("department");
    const first = await client.ask("step", "users", null, 1);
    expect(first?.id).toBe(ada);
    const results = await client.ask("results", "users", ada);
    expect(results?.rows.slice(3)).toMatchObject([
      { outcome: "value", text: "User, msiam_access" },
      { outcome: "value", text: "Data" },
    ]);
    expect(graph.requests.every((request) => request.startsWith("GET "))).toBe(true);
  });

  it("says why nobody can be read: not signed in, or without the permission", async () => {
    const { graph, job } = await roled();
    const signedOut = preview(() => Promise.reject(new Error("Nobody is signed in.")));
    const { state } = await signedOut.ask("load", job.directory, "/", noAttributes);
    expect(state).toMatchObject({
      state: "failed",
      problems: [{ message: expect.stringContaining("Nobody is signed in") }],
    });
    expect(graph.requests).toEqual([]);
    const narrow = graph.access.issue(["Application.Read.All"]);
    const refused = await preview(() => Promise.resolve(narrow)).ask("load", job.directory, "/", noAttributes);
    expect(refused.state.problems[0]!.message).toContain("User.Read.All");
  });
});
