import { describe, expect, it } from "vitest";
import { eq, groupBody, patchBody, userBody } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

const applicationId = "0b9f1c1e-0000-4000-8000-1234567890ab";
const servicePrincipal = (more: Record<string, unknown> = {}) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal"],
  displayName: "etl",
  ...more,
});

describe("resources of Databricks", () => {
  it("line 9: ids are numbers as text, unique across types; any other id in a path is no endpoint", async () => {
    const { sandbox, send } = await sandboxFor({ users: 30, groups: 5 });
    const { users, groups, servicePrincipals } = sandbox.store.snapshot();
    const ids = [...users.keys(), ...groups.keys(), ...servicePrincipals.keys()];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^\d+$/.test(id))).toBe(true);
    expect((await send("GET", "/Users/ada@example.org")).body.detail).toBe("Endpoint not supported.");
    expect((await send("GET", "/Users/1")).status).toBe(404);
    expect((await send("GET", `/Groups/${[...users.keys()][0]}`)).status).toBe(404);
  });

  it("line 10: user names are stored in lower case and found in any; a switch makes look-ups case-sensitive", async () => {
    const { send } = await sandboxFor();
    const { send: older } = await sandboxFor({ switches: { caseSensitiveUserName: true } });
    for (const via of [send, older]) {
      expect((await via("POST", "/Users", { body: userBody("Ada@Example.org") })).body.userName).toBe(
        "ada@example.org",
      );
      expect((await via("GET", `/Users?${eq("userName", "ada@example.org")}`)).body.totalResults).toBe(1);
    }
    expect((await send("GET", `/Users?${eq("userName", "Ada@Example.org")}`)).body.totalResults).toBe(1);
    expect((await older("GET", `/Users?${eq("userName", "Ada@Example.org")}`)).body.totalResults).toBe(0);
  });

  it("line 11: changes of userName and emails are accepted and ignored, those of displayName too when federated", async () => {
    const { send } = await sandboxFor();
    const { send: federated } = await sandboxFor({ switches: { federated: true } });
    for (const [via, displayName] of [
      [send, "New"],
      [federated, "Ada"],
    ] as const) {
      const { body: before } = await via("POST", "/Users", {
        body: userBody("ada@example.org", { displayName: "Ada" }),
      });
      const patched = await via("PATCH", `/Users/${before.id}`, {
        body: patchBody(
          { op: "replace", path: "userName", value: "eve@example.org" },
          { op: "replace", path: 'emails[type eq "work"].value', value: "eve@example.org" },
          { op: "replace", value: { displayName: "New", emails: [] } },
        ),
      });
      expect(patched.status).toBe(200);
      expect(patched.body).toEqual({ ...before, displayName });
      const put = await via("PUT", `/Users/${before.id}`, {
        body: userBody("eve@example.org", { displayName: "New", emails: [{ value: "eve@example.org" }] }),
      });
      expect(put.status).toBe(200);
      expect(put.body).toEqual({ ...before, displayName });
    }
  });

  it("line 12: emails and displayName are derived, empty lists are left out", async () => {
    const { send } = await sandboxFor();
    const { body: bare } = await send("POST", "/Users", {
      body: userBody("ada@example.org", { roles: [], entitlements: [] }),
    });
    expect(bare).toMatchObject({
      displayName: "ada@example.org",
      active: true,
      emails: [{ type: "work", primary: true, value: "ada@example.org" }],
    });
    expect(bare).not.toHaveProperty("roles");
    expect(bare).not.toHaveProperty("entitlements");
    const { body: named } = await send("POST", "/Users", {
      body: userBody("bob@example.org", { name: { givenName: "Bob", familyName: "Lee" } }),
    });
    expect(named.displayName).toBe("Bob Lee");
    const { body: group } = await send("POST", "/Groups", { body: groupBody("empty", { members: [] }) });
    expect(group).not.toHaveProperty("members");
  });

  it("line 13: references are relative, and members carry their display name", async () => {
    const { send } = await sandboxFor();
    const { body: user } = await send("POST", "/Users", { body: userBody("ada@example.org", { displayName: "Ada" }) });
    const { body: inner } = await send("POST", "/Groups", { body: groupBody("inner") });
    const { body: sp } = await send("POST", "/ServicePrincipals", { body: servicePrincipal({ applicationId }) });
    const members = [user, inner, sp].map(({ id }) => ({ value: id }));
    const { body: group } = await send("POST", "/Groups", { body: groupBody("outer", { members }) });
    expect(group.members).toEqual([
      { value: user.id, display: "Ada", $ref: `Users/${user.id}` },
      { value: inner.id, display: "inner", $ref: `Groups/${inner.id}` },
      { value: sp.id, display: "etl", $ref: `ServicePrincipals/${sp.id}` },
    ]);
    const { body: read } = await send("GET", `/Users/${user.id}`);
    expect(read.groups).toContainEqual({
      value: group.id,
      display: "outer",
      type: "direct",
      $ref: `Groups/${group.id}`,
    });
    await send("PATCH", `/Users/${user.id}`, {
      body: patchBody({ op: "replace", path: "displayName", value: "Ada L" }),
    });
    await send("PATCH", `/Groups/${group.id}`, {
      body: patchBody({ op: "replace", path: "displayName", value: "renamed" }),
    });
    expect((await send("GET", `/Groups/${group.id}`)).body.members[0].display).toBe("Ada L");
    expect((await send("GET", `/Users/${user.id}`)).body.groups.at(-1).display).toBe("renamed");
  });

  it("line 14: groups tell account from workspace; a workspace group may share an account group's name", async () => {
    const { sandbox, send, sendToCompanion } = await sandboxFor({ companion: true });
    const { body: account } = await sendToCompanion("POST", "/Groups", { body: groupBody("data") });
    const { body: local } = await send("POST", "/Groups", { body: groupBody("data") });
    expect(account.meta).toEqual({ resourceType: "Group" });
    expect(local.meta).toEqual({ resourceType: "WorkspaceGroup" });
    sandbox.store.assign(account.id);
    const listed = await send("GET", `/Groups?${eq("displayName", "data")}`);
    expect(listed.body.Resources.map(({ meta }: { meta: object }) => meta)).toEqual([account.meta, local.meta]);
    const rename = patchBody({ op: "replace", path: "displayName", value: "x" });
    expect((await send("PATCH", `/Groups/${account.id}`, { body: rename })).status).toBe(400);
  });

  it("line 15: the account refuses entitlements and lists groups without members, but for older accounts", async () => {
    const { send } = await sandboxFor({ profile: "databricks-account" });
    const refused = await send("POST", "/Users", {
      body: userBody("ada@example.org", { entitlements: [{ value: "workspace-access" }] }),
    });
    expect(refused.status).toBe(400);
    expect(refused.body.scimType).toBe("invalidValue");
    const { send: older } = await sandboxFor({
      profile: "databricks-account",
      switches: { membersInAccountList: true },
    });
    for (const [via, listed] of [
      [send, false],
      [older, true],
    ] as const) {
      const { body: user } = await via("POST", "/Users", { body: userBody("ada@example.org") });
      const { body: group } = await via("POST", "/Groups", { body: groupBody("g", { members: [{ value: user.id }] }) });
      for (const query of [eq("displayName", "g"), `${eq("displayName", "g")}&attributes=displayName,members`]) {
        const { body: list } = await via("GET", `/Groups?${query}`);
        expect(Object.hasOwn(list.Resources[0], "members")).toBe(listed);
      }
      expect((await via("GET", `/Groups/${group.id}`)).body.members).toHaveLength(1);
    }
  });

  it("line 16: a service principal's applicationId is unique, generated where it may be absent, and fixed", async () => {
    const { send } = await sandboxFor({ switches: { azure: false } });
    const { body: made } = await send("POST", "/ServicePrincipals", { body: servicePrincipal() });
    expect(made.applicationId).toMatch(/^[0-9a-f-]{36}$/);
    const again = await send("POST", "/ServicePrincipals", {
      body: servicePrincipal({ applicationId: made.applicationId }),
    });
    expect(again.status).toBe(409);
    expect(again.body.detail).toBe(`Service principal with application ID ${made.applicationId} already exists.`);
    const change = patchBody({ op: "replace", path: "applicationId", value: applicationId });
    expect((await send("PATCH", `/ServicePrincipals/${made.id}`, { body: change })).status).toBe(400);
    expect((await send("GET", `/ServicePrincipals?${eq("applicationId", made.applicationId)}`)).body.totalResults).toBe(
      1,
    );
    const { body: group } = await send("POST", "/Groups", { body: groupBody("g") });
    const add = patchBody({ op: "add", path: "members", value: [{ value: made.applicationId }] });
    const added = await send("PATCH", `/Groups/${group.id}`, { body: add });
    expect(added.status).toBe(200);
    expect(added.body).not.toHaveProperty("members");
  });

  it("line 17: system groups exist, cannot be deleted, and take in every user with the default entitlements", async () => {
    const { send, sendToCompanion } = await sandboxFor({ companion: true });
    const { body: user } = await send("POST", "/Users", { body: userBody("ada@example.org") });
    const group = async (via: typeof send, name: string) =>
      (await via("GET", `/Groups?${eq("displayName", name)}`)).body.Resources[0];
    for (const [via, name] of [
      [send, "users"],
      [send, "admins"],
      [sendToCompanion, "account users"],
    ] as const) {
      const { id } = await group(via, name);
      expect((await via("DELETE", `/Groups/${id}`)).status).toBe(403);
      expect((await via("GET", `/Groups/${id}`)).status).toBe(200);
    }
    const users = await group(send, "users");
    expect(users.members.map(({ value }: { value: string }) => value)).toContain(user.id);
    expect(users.entitlements).toEqual([{ value: "workspace-access" }, { value: "databricks-sql-access" }]);
    expect((await send("GET", `/Users/${user.id}`)).body).not.toHaveProperty("entitlements");
    const { id: admins } = await group(send, "admins");
    const strip = patchBody({ op: "replace", path: "entitlements", value: [{ value: "databricks-sql-access" }] });
    expect((await send("PATCH", `/Groups/${admins}`, { body: strip })).status).toBe(400);
  });
});
