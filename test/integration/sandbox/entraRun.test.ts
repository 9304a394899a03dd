import { expect, it } from "vitest";
import { patchBody } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

/** The requests of the Entra provisioning service as its documentation gives them, sent byte for byte in its order. */
it("line 35: a scripted Entra run passes: test connection, match, create, update, groups, members, disable, delete", async () => {
  const { send } = await sandboxFor();
  const find = (path: string, attribute: string, value: string, more = "") =>
    send("GET", `${path}?${more}filter=${attribute}+eq+%22${encodeURIComponent(value)}%22`);
  const nobody = "7f9b0d52-0f8c-4a7a-9d3a-3f1f6f1c2b11";
  const withoutMembers = "excludedAttributes=members&";

  for (const probe of [
    await find("/Users", "userName", nobody),
    await find("/Groups", "displayName", nobody, withoutMembers),
  ]) {
    expect(probe.status).toBe(200);
    expect(probe.body.totalResults).toBe(0);
  }

  expect((await find("/Users", "userName", "Ada.Lovelace@contoso.com")).body.totalResults).toBe(0);
  const created = await send("POST", "/Users", {
    body: {
      schemas: [
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
      ],
      externalId: "ada",
      userName: "Ada.Lovelace@contoso.com",
      active: true,
      displayName: "Ada Lovelace",
      emails: [{ primary: true, type: "work", value: "Ada.Lovelace@contoso.com" }],
      meta: { resourceType: "User" },
      name: { formatted: "Ada Lovelace", familyName: "Lovelace", givenName: "Ada" },
      roles: [],
    },
  });
  expect(created.status).toBe(201);
  const { id } = created.body;
  expect((await find("/Users", "userName", "Ada.Lovelace@contoso.com")).body.Resources[0].id).toBe(id);
  expect((await send("GET", `/Users/${id}`)).status).toBe(200);

  const updated = await send("PATCH", `/Users/${id}`, {
    body: patchBody(
      { op: "Replace", path: "displayName", value: "Ada King" },
      { op: "Replace", path: "name.familyName", value: "King" },
      { op: "Add", path: 'emails[type eq "work"].value', value: "ada.king@contoso.com" },
    ),
  });
  expect([200, 204]).toContain(updated.status);
  expect((await send("GET", `/Users/${id}`)).body).toMatchObject({
    displayName: "Ada King",
    name: { familyName: "King" },
  });

  expect((await find("/Groups", "displayName", "Analysts", withoutMembers)).body.totalResults).toBe(0);
  const group = await send("POST", "/Groups", {
    body: {
      schemas: [
        "urn:ietf:params:scim:schemas:core:2.0:Group",
        "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
      ],
      externalId: "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
      displayName: "Analysts",
      members: [],
      meta: { resourceType: "Group" },
    },
  });
  expect(group.status).toBe(201);
  const path = `/Groups/${group.body.id}`;
  expect((await send("GET", `${path}?excludedAttributes=members`)).body).not.toHaveProperty("members");

  const members = async () =>
    ((await send("GET", path)).body.members ?? []).map(({ value }: { value: string }) => value);
  const change = async (operation: unknown) => {
    expect([200, 204]).toContain((await send("PATCH", path, { body: patchBody(operation) })).status);
  };
  await change({ op: "Add", path: "members", value: [{ $ref: null, value: id }] });
  expect(await members()).toEqual([id]);
  await change({ op: "Remove", path: "members", value: [{ $ref: null, value: id }] });
  expect(await members()).toEqual([]);
  await change({ op: "Add", path: "members", value: [{ value: id }] });
  await change({ op: "Remove", path: `members[value eq "${id}"]` });
  expect(await members()).toEqual([]);

  const disabled = await send("PATCH", `/Users/${id}`, {
    body: patchBody({ op: "Replace", path: "active", value: "False" }),
  });
  expect([200, 204]).toContain(disabled.status);
  const still = await find("/Users", "userName", "Ada.Lovelace@contoso.com");
  expect(still.body.Resources[0]).toMatchObject({ id, active: false });

  expect((await send("DELETE", `/Users/${id}`)).status).toBe(204);
  expect((await send("DELETE", path)).status).toBe(204);
  expect((await send("GET", `/Users/${id}`)).status).toBe(404);
});
