import { describe, expect, it } from "vitest";
import { readSchema, schemaWith } from "../../../src/entra/schemaEdit.ts";
import { scorePrediction } from "../../../src/entra/score.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { Tenant } from "../../../src/sandbox/graph/tenant.ts";
import { serviceOver } from "../../support/entraService.ts";

const type = "WindowsAzureActiveDirectoryRole";
const appRole = (id: string, value: string, displayName: string) => ({
  id,
  value,
  displayName,
  description: displayName,
  allowedMemberTypes: ["User"],
  isEnabled: true,
});
const reader = appRole("10000000-0000-4000-8000-000000000001", "reader", "Workspace reader");
const admin = appRole("10000000-0000-4000-8000-000000000002", "admin", "Workspace admin");

/** A service whose application declares two roles with values, one person, and a row that maps roles. */
async function withRoles(call: string, more: { target?: string; flag?: string } = {}) {
  const tenant = new Tenant();
  const ada = tenant.addUser({ userPrincipalName: "ada@contoso.com", displayName: "Ada" });
  const group = tenant.addGroup({ displayName: "Readers" }, [ada]);
  const service = await serviceOver(tenant, { scim: { profile: "rfc" }, flag: more.flag ?? "" });
  const { client, address, job } = service;
  tenant.servicePrincipals.get(address.servicePrincipalId)!.appRoles.push(reader, admin);
  const base = await readSchema(client, address);
  const row = { target: more.target ?? "roles", source: { expression: `${call}([appRoleAssignments])` } };
  const { users } = importSchema(base);
  job.putSchema(await schemaWith(client, address, base, { users: { mappings: [...users!.mappings, row] } }));
  const assign = (principal: string, { id }: { id: string }) =>
    tenant.assign(address.servicePrincipalId, principal, id).id;
  const stored = () => service.scim.store.find("User", "ada@contoso.com")?.["roles"];
  return { ...service, tenant, ada, group, assign, stored };
}

describe("appRoleAssignments of the service", () => {
  it("are the roles of the application, held directly and through assigned groups; foretold and carried out alike", async () => {
    const { ada, group, assign, tried, stored, tenant } = await withRoles("AssertiveAppRoleAssignmentsComplex");
    const direct = assign(ada, admin);
    assign(group, reader);
    const initial = await tried();
    expect(initial.predicted.plan.changes.find(({ sourceId }) => sourceId === ada)!.after!["roles"]).toEqual([
      { primary: false, type, display: "Workspace admin", value: "admin" },
      { primary: false, type, display: "Workspace reader", value: "reader" },
    ]);
    expect(initial.differences).toEqual([]);
    expect(stored()).toMatchObject([{ value: "admin" }, { value: "reader" }]);
    // Nobody but the assignment moved: a cycle that looks at changes only has to notice.
    tenant.assignments.delete(direct);
    const incremental = await tried();
    expect(incremental.predicted.plan.changes.map(({ action, sourceId }) => [action, sourceId])).toEqual([
      ["update", ada],
    ]);
    expect(incremental.differences).toEqual([]);
    expect(stored()).toMatchObject([{ value: "reader" }]);
  });

  it("are added as JSON texts without the flag, and as elements with it", async () => {
    const added = async (flag: string) => {
      const { ada, assign, cycle, predict } = await withRoles("AppRoleAssignmentsComplex", { flag });
      assign(ada, reader);
      await cycle();
      assign(ada, admin);
      const { plan } = await predict();
      return (plan.changes[0]!.requests[0]!.body as { Operations: unknown[] }).Operations;
    };
    expect(await added("")).toEqual([
      {
        op: "Add",
        path: "roles",
        value: [{ value: JSON.stringify({ id: admin.id, value: "admin", displayName: "Workspace admin" }) }],
      },
    ]);
    expect(await added("?aadOptscim062020")).toEqual([
      { op: "add", path: "roles", value: [{ type, display: "Workspace admin", value: "admin" }] },
    ]);
  });

  it("give SingleAppRoleAssignment the role's name, as the primary one", async () => {
    const { ada, assign, tried, stored } = await withRoles("SingleAppRoleAssignment", {
      target: 'roles[primary eq "True"].value',
    });
    assign(ada, reader);
    const score = await tried();
    expect(score.differences).toEqual([]);
    expect(stored()).toEqual([{ primary: true, value: "Workspace reader" }]);
  });

  it("give SingleAppRoleAssignment the JSON text of the role where one replaces another without the flag", async () => {
    const { ada, assign, cycle, predict, tenant } = await withRoles("SingleAppRoleAssignment", {
      target: 'roles[primary eq "True"].value',
    });
    const first = assign(ada, reader);
    await cycle();
    tenant.assignments.delete(first);
    assign(ada, admin);
    const { plan } = await predict();
    const { Operations: operations } = plan.changes[0]!.requests[0]!.body as { Operations: unknown[] };
    expect(operations).toEqual([
      {
        op: "Add",
        path: "roles",
        value: [{ value: JSON.stringify({ id: admin.id, value: "admin", displayName: "Workspace admin" }) }],
      },
    ]);
  });

  it("are not supported for everybody, and what-if says so", async () => {
    const { ada, assign, predict } = await withRoles("AssertiveAppRoleAssignmentsComplex");
    assign(ada, reader);
    expect((await predict({ syncAll: true })).plan.notes!.join(" ")).toContain("not supported with the scope of all");
    const { plan } = await predict();
    expect(plan.notes!.join(" ")).not.toContain("not supported with the scope of all");
    expect(scorePrediction(plan, []).changes.objects).toBe(1);
  });
});
