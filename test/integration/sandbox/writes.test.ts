import { describe, expect, it } from "vitest";
import { eq, groupBody, patchBody, userBody, type Send } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

const applicationId = "0b9f1c1e-0000-4000-8000-1234567890ab";
const principalBody = (more: Record<string, unknown>) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal"],
  ...more,
});

const create = async (send: Send, path: string, body: unknown) => {
  const answer = await send("POST", path, { body });
  expect(answer.text).toContain('"id"');
  return answer.body;
};

const values = (group: { members?: { value: string }[] }) => (group.members ?? []).map(({ value }) => value);

describe("writes of Databricks", () => {
  it("line 22: POST 201 with the resource, PUT and PATCH 200, DELETE 204 and then 404; switches for the variants", async () => {
    const { send } = await sandboxFor();
    const posted = await send("POST", "/Users", { body: userBody("ada@example.org") });
    expect(posted.status).toBe(201);
    const { id } = posted.body;
    expect(posted.body).toEqual((await send("GET", `/Users/${id}`)).body);
    const off = patchBody({ op: "replace", path: "active", value: false });
    expect(await send("PATCH", `/Users/${id}`, { body: off })).toMatchObject({
      status: 200,
      body: { id, active: false },
    });
    expect((await send("PUT", `/Users/${id}`, { body: userBody("ada@example.org") })).status).toBe(200);
    const deleted = await send("DELETE", `/Users/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect((await send("DELETE", `/Users/${id}`)).status).toBe(404);

    const { send: empty } = await sandboxFor({ switches: { createStatus: 200, updateAnswer: "empty" } });
    const second = await empty("POST", "/Users", { body: userBody("ada@example.org") });
    expect(second.status).toBe(200);
    expect(await empty("PATCH", `/Users/${second.body.id}`, { body: off })).toMatchObject({ status: 200, body: {} });
    expect((await empty("GET", `/Users/${second.body.id}`)).body.active).toBe(false);
    const { send: silent } = await sandboxFor({ switches: { updateAnswer: "nothing" } });
    const third = await create(silent, "/Users", userBody("ada@example.org"));
    expect((await silent("PATCH", `/Users/${third.id}`, { body: off })).status).toBe(204);
  });

  it("line 23: conflicts answer 409 with the texts that clients know, also for inactive users and other letter case", async () => {
    const { send, sendToCompanion } = await sandboxFor({ companion: true });
    const conflict = async (via: Send, path: string, body: unknown) => {
      const answer = await via("POST", path, { body });
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ status: "409", schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"] });
      expect(answer.body).not.toHaveProperty("scimType");
      return answer.body.detail as string;
    };
    const { id } = await create(send, "/Users", userBody("ada@example.org"));
    await send("PATCH", `/Users/${id}`, { body: patchBody({ op: "replace", path: "active", value: false }) });
    await create(send, "/Groups", groupBody("Data"));
    await create(send, "/ServicePrincipals", principalBody({ applicationId }));
    expect(await conflict(send, "/Users", userBody("ADA@example.org"))).toMatch(
      /^User with username ada@example.org already exists\./,
    );
    expect(await conflict(sendToCompanion, "/Users", userBody("Ada@example.org"))).toMatch(
      /^User with email ada@example.org already exists in this account/,
    );
    expect(await conflict(send, "/Groups", groupBody("DATA"))).toMatch(/^Group with name DATA already exists\./);
    expect(await conflict(send, "/ServicePrincipals", principalBody({ applicationId }))).toBe(
      `Service principal with application ID ${applicationId} already exists.`,
    );
    expect(await conflict(sendToCompanion, "/ServicePrincipals", principalBody({ applicationId }))).toBe(
      `User with email ${applicationId} already exists in this account`,
    );
  });

  it("line 24: the PATCH forms behave as tabled", async () => {
    const { send } = await sandboxFor();
    const [a, b, c] = await Promise.all(
      ["a", "b", "c"].map((name) => create(send, "/Users", userBody(`${name}@x.org`))),
    );
    const group = await create(send, "/Groups", groupBody("g"));
    const patch = (...operations: unknown[]) =>
      send("PATCH", `/Groups/${group.id}`, { body: patchBody(...operations) });
    // 1, 2, 3 and 15
    expect(
      values((await patch({ op: "add", path: "members", value: [{ value: a.id }, { value: b.id }] })).body),
    ).toEqual([a.id, b.id]);
    expect(values((await patch({ op: "Add", value: { members: [{ value: c.id }] } })).body)).toEqual([
      a.id,
      b.id,
      c.id,
    ]);
    expect(values((await patch({ op: "Remove", path: `members[value eq "${b.id}"]` })).body)).toEqual([a.id, c.id]);
    expect((await patch({ op: "ADD", path: "members", value: [{ value: b.id }] })).status).toBe(400);
    // Order is kept
    const both = await patch(
      { op: "remove", path: `members[value eq "${a.id}"]` },
      { op: "add", path: "members", value: [{ value: a.id }, { value: b.id }] },
      { op: "remove", path: `members[value eq "${b.id}"]` },
    );
    expect(values(both.body).sort()).toEqual([a.id, c.id].sort());
    // 5
    expect(values((await patch({ op: "remove", path: "members" })).body)).toEqual([]);
    // 6 and 7
    expect(await patch({ op: "add", path: "members", value: [a.id] })).toMatchObject({
      status: 400,
      body: {
        scimType: "invalidSyntax",
        detail: "Request is unparsable, syntactically incorrect, or violates schema.",
      },
    });
    expect(await patch({ op: "add", path: `members[value eq "${a.id}"]` })).toMatchObject({
      status: 500,
      body: { detail: "None Error in performing the patch operation on group resource." },
    });
    // 8
    expect((await patch({ op: "replace", path: "displayName", value: "new" })).body.displayName).toBe("new");
    // 9 and 10
    const grant = patchBody({ op: "replace", path: "entitlements", value: [{ value: "workspace-access" }] });
    expect((await send("PATCH", `/Users/${a.id}`, { body: grant })).body.entitlements).toEqual([
      { value: "workspace-access" },
    ]);
    const none = patchBody({ op: "replace", path: "entitlements", value: [{ value: "" }] });
    expect((await send("PATCH", `/Users/${a.id}`, { body: none })).body).not.toHaveProperty("entitlements");
    const remove = patchBody({ op: "remove", path: "entitlements" });
    expect(await send("PATCH", `/Users/${a.id}`, { body: remove })).toMatchObject({
      status: 400,
      body: {
        scimType: "invalidPath",
        detail: "No such attribute with the name : entitlements in the current resource",
      },
    });
    // 14
    const { send: account } = await sandboxFor({ profile: "databricks-account" });
    const admin = await create(account, "/Users", userBody("admin@x.org"));
    const role = patchBody({ op: "add", value: { roles: [{ value: "account_admin" }] } });
    expect((await account("PATCH", `/Users/${admin.id}`, { body: role })).body.roles).toEqual([
      { value: "account_admin" },
    ]);
    // All or nothing
    const half = await patch(
      { op: "add", path: "members", value: [{ value: a.id }] },
      { op: "replace", path: "displayName", value: "half" },
      { op: "add", path: "members", value: [{ value: "1" }] },
    );
    expect(half.status).toBe(400);
    expect((await send("GET", `/Groups/${group.id}`)).body).toMatchObject({ displayName: "new" });
    expect(values((await send("GET", `/Groups/${group.id}`)).body)).toEqual([]);
  });

  it("line 25: a remove with a value is refused when strict, and removes exactly the listed ids otherwise", async () => {
    for (const strictRemove of [true, false]) {
      const { send } = await sandboxFor({ switches: { strictRemove } });
      const [a, b, c] = await Promise.all(
        ["a", "b", "c"].map((name) => create(send, "/Users", userBody(`${name}@x.org`))),
      );
      const members = [a, b, c].map(({ id }) => ({ value: id }));
      const group = await create(send, "/Groups", groupBody("g", { members }));
      const patch = (value: unknown) =>
        send("PATCH", `/Groups/${group.id}`, { body: patchBody({ op: "Remove", path: "members", value }) });
      const first = await patch([{ value: a.id }]);
      const second = await patch({ members: [{ value: b.id }] });
      if (strictRemove) {
        expect([first.status, second.status]).toEqual([400, 400]);
        expect(first.body.detail).toContain("Unrecognized field");
      }
      const left = values((await send("GET", `/Groups/${group.id}`)).body);
      expect(left.sort()).toEqual((strictRemove ? [a.id, b.id, c.id] : [c.id]).sort());
    }
  });

  it("line 26: active as boolean, as text and as Terraform's list; a switch makes the bare text 500 at the account", async () => {
    const { send } = await sandboxFor();
    const { id } = await create(send, "/Users", userBody("ada@example.org"));
    const set = async (via: Send, user: string, value: unknown) =>
      via("PATCH", `/Users/${user}`, { body: patchBody({ op: "replace", path: "active", value }) });
    for (const [value, active] of [
      ["False", false],
      [true, true],
      ["false", false],
      ["TRUE", true],
      [[{ value: "false" }], false],
      [[{ value: true }], true],
    ] as const) {
      expect((await set(send, id, value)).body.active).toBe(active);
    }
    const { send: strict } = await sandboxFor({ profile: "databricks-account", switches: { textActiveFails: true } });
    const user = await create(strict, "/Users", userBody("ada@example.org"));
    expect(await set(strict, user.id, "false")).toMatchObject({
      status: 500,
      body: { detail: "class java.lang.String cannot be cast to class java.lang.Boolean" },
    });
    expect((await set(strict, user.id, [{ value: "false" }])).body.active).toBe(false);
  });

  it("line 27: PUT clears what it does not name; on Azure a service principal's needs the applicationId", async () => {
    const { send } = await sandboxFor();
    const user = await create(
      send,
      "/Users",
      userBody("ada@example.org", {
        externalId: "x",
        name: { givenName: "Ada" },
        entitlements: [{ value: "workspace-access" }],
      }),
    );
    const { body } = await send("PUT", `/Users/${user.id}`, {
      body: userBody("ada@example.org", { displayName: "Ada" }),
    });
    for (const cleared of ["externalId", "name", "entitlements"]) expect(body).not.toHaveProperty(cleared);
    expect(body.userName).toBe("ada@example.org");
    const sp = await create(send, "/ServicePrincipals", principalBody({ applicationId, displayName: "etl" }));
    const bare = await send("PUT", `/ServicePrincipals/${sp.id}`, { body: principalBody({ displayName: "x" }) });
    expect(bare).toMatchObject({
      status: 400,
      body: { detail: "Required attribute applicationID is missing in the SCIM Object" },
    });
    const whole = await send("PUT", `/ServicePrincipals/${sp.id}`, {
      body: principalBody({ applicationId, displayName: "x" }),
    });
    expect(whole.body.displayName).toBe("x");
  });

  it("line 28: deactivation and deletion reach as far as their level; the home folder stays until it is forced away", async () => {
    const { sandbox, send, sendToCompanion } = await sandboxFor({ companion: true });
    const { id } = await create(send, "/Users", userBody("ada@example.org"));
    const set = (via: Send, active: boolean) =>
      via("PATCH", `/Users/${id}`, { body: patchBody({ op: "replace", path: "active", value: active }) });
    const active = async (via: Send) => (await via("GET", `/Users/${id}`)).body.active;
    await set(sendToCompanion, false);
    expect([await active(send), await active(sendToCompanion)]).toEqual([false, false]);
    await set(send, true);
    expect(await active(send)).toBe(false);
    await set(sendToCompanion, true);
    expect(await active(send)).toBe(true);
    await set(send, false);
    expect([await active(send), await active(sendToCompanion)]).toEqual([false, true]);

    await send("DELETE", `/Users/${id}`);
    expect((await send("GET", `/Users/${id}`)).status).toBe(404);
    expect((await sendToCompanion("GET", `/Users/${id}`)).status).toBe(200);
    expect(sandbox.store.homeFolders()).toContain("/Users/ada@example.org");
    const again = await send("POST", "/Users", { body: userBody("ada@example.org") });
    expect([again.status, again.body.id, again.body.active]).toEqual([201, id, true]);

    await sendToCompanion("DELETE", `/Users/${id}`);
    expect((await send("GET", `/Users/${id}`)).status).toBe(404);
    expect((await sendToCompanion("GET", `/Users?${eq("userName", "ada@example.org")}`)).body.totalResults).toBe(0);
    expect(sandbox.store.homeFolders()).toContain("/Users/ada@example.org");
    sandbox.store.forceDeleteHomeFolder("/Users/ada@example.org");
    expect(sandbox.store.homeFolders()).not.toContain("/Users/ada@example.org");
  });

  it("line 29: circles, deep nesting, too many parents, too many groups and principals are refused", async () => {
    const { sandbox, send } = await sandboxFor({ limits: { nesting: 3, parents: 4, groups: 12, principals: 5 } });
    const chain: string[] = [];
    for (let at = 0; at < 5; at += 1) chain.push((await create(send, "/Groups", groupBody(`level ${at}`))).id);
    const nest = (outer: string, inner: string) =>
      send("PATCH", `/Groups/${outer}`, { body: patchBody({ op: "add", path: "members", value: [{ value: inner }] }) });
    for (let at = 0; at < 3; at += 1) expect((await nest(chain[at]!, chain[at + 1]!)).status).toBe(200);
    expect((await nest(chain[3]!, chain[4]!)).status).toBe(400);
    expect((await nest(chain[3]!, chain[0]!)).status).toBe(400);
    expect((await nest(chain[0]!, chain[0]!)).status).toBe(400);

    const user = await create(send, "/Users", userBody("ada@example.org"));
    const statuses: number[] = [];
    for (const group of chain) statuses.push((await nest(group, user.id)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 400]);

    while (sandbox.store.count("Group") < 12)
      await create(send, "/Groups", groupBody(`g${sandbox.store.count("Group")}`));
    expect((await send("POST", "/Groups", { body: groupBody("one too many") })).status).toBe(400);
    const names = ["b", "c", "d", "e", "f"];
    const made = [];
    for (const name of names) made.push((await send("POST", "/Users", { body: userBody(`${name}@x.org`) })).status);
    expect(made).toEqual([201, 201, 201, 201, 400]);
  });

  it("line 30: groups of an identity provider refuse edits when they are immutable", async () => {
    for (const [immutableExternalGroups, status] of [
      [true, 500],
      [false, 200],
    ] as const) {
      const { send } = await sandboxFor({ switches: { immutableExternalGroups } });
      const external = await create(send, "/Groups", groupBody("from Entra", { externalId: "e1" }));
      const local = await create(send, "/Groups", groupBody("local"));
      const rename = (id: string) =>
        send("PATCH", `/Groups/${id}`, { body: patchBody({ op: "replace", path: "displayName", value: `new ${id}` }) });
      expect((await rename(external.id)).status).toBe(status);
      expect((await rename(local.id)).status).toBe(200);
    }
  });
});
