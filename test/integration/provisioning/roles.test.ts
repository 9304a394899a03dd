import { describe, expect, it } from "vitest";
import { actions, jobFor, person, userMappings, type Directory } from "../../support/jobFixture.ts";

const roleType = "WindowsAzureActiveDirectoryRole";
const role = (value: string) => ({ primary: false, type: roleType, display: value, value });
const mapped = (target: string, call: string) => ({
  scope: { mode: "assigned" },
  users: {
    enabled: true,
    mappings: [...userMappings, { target, source: { expression: `${call}([appRoleAssignments])` } }],
  },
});
const held = (...roles: string[]): Directory => ({
  users: [person("ada")],
  assignments: roles.map((appRole) => ({ principalId: "ada", principalType: "User", appRole })),
});
const valuesOf = (user: Record<string, unknown> | undefined) =>
  ((user?.["roles"] ?? []) as { value: string }[]).map(({ value }) => value).toSorted();

describe("mappings of appRoleAssignments", () => {
  it.each(["rfc", "databricks-workspace"] as const)("write the person's roles to %s, and rest", async (profile) => {
    const fixture = await jobFor({ profile }, mapped("roles", "AssertiveAppRoleAssignmentsComplex"));
    await fixture.directory(held("Reader", "Writer"));
    const { changes } = await fixture.plan();
    expect(changes[0]!.after!["roles"]).toEqual([role("Reader"), role("Writer")]);
    await fixture.cycle();
    expect(valuesOf(fixture.user("ada@contoso.com"))).toEqual(["Reader", "Writer"]);
    expect(actions(await fixture.plan({ initial: true }))).toEqual([]);
  });

  it("AssertiveAppRoleAssignmentsComplex replaces: a role that is taken away goes, one set by others too", async () => {
    const fixture = await jobFor({ profile: "rfc" }, mapped("roles", "AssertiveAppRoleAssignmentsComplex"));
    await fixture.directory(held("Reader", "Writer"));
    await fixture.cycle();
    const { sandbox } = fixture;
    await fetch(`${sandbox.baseUrl}/Users/${String(fixture.user("ada@contoso.com")!["id"])}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${sandbox.token}`, "content-type": "application/scim+json" },
      body: JSON.stringify({
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [{ op: "add", path: "roles", value: [{ value: "Foreign" }] }],
      }),
    });
    expect(valuesOf(fixture.user("ada@contoso.com"))).toEqual(["Foreign", "Reader", "Writer"]);
    await fixture.directory(held("Writer", "Admin"));
    expect(actions(await fixture.plan())).toEqual(["update ada@contoso.com"]);
    await fixture.cycle();
    expect(valuesOf(fixture.user("ada@contoso.com"))).toEqual(["Admin", "Writer"]);
    await fixture.directory(held());
    expect(actions(await fixture.plan())).toEqual(["deactivate ada@contoso.com"]);
  });

  it("AppRoleAssignmentsComplex adds and never removes", async () => {
    const fixture = await jobFor({ profile: "rfc" }, mapped("roles", "AppRoleAssignmentsComplex"));
    await fixture.directory(held("Reader"));
    await fixture.cycle();
    await fixture.directory(held("Writer"));
    await fixture.cycle();
    expect(valuesOf(fixture.user("ada@contoso.com"))).toEqual(["Reader", "Writer"]);
    expect(actions(await fixture.plan({ initial: true }))).toEqual([]);
  });

  it("SingleAppRoleAssignment writes the name of the one role as the primary one", async () => {
    const fixture = await jobFor(
      { profile: "rfc" },
      mapped('roles[primary eq "True"].value', "SingleAppRoleAssignment"),
    );
    await fixture.directory(held("Reader"));
    await fixture.cycle();
    expect(fixture.user("ada@contoso.com")!["roles"]).toEqual([{ primary: true, value: "Reader" }]);
    await fixture.directory(held("Writer"));
    await fixture.cycle();
    expect(fixture.user("ada@contoso.com")!["roles"]).toEqual([{ primary: true, value: "Writer" }]);
    expect(actions(await fixture.plan({ initial: true }))).toEqual([]);
  });

  it("are explained with the roles that were read", async () => {
    const fixture = await jobFor({ profile: "rfc" }, mapped("roles", "AssertiveAppRoleAssignmentsComplex"));
    await fixture.directory(held("Reader"));
    const { steps } = await fixture.explain("ada@contoso.com");
    const action = steps.find(({ id }) => id === "action")!;
    expect(action.details.find(({ name }) => name === "roles")!.value).toContain("Reader");
  });
});
