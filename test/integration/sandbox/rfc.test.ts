import { describe, expect, it } from "vitest";
import { eq, groupBody, patchBody, userBody, type Send } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const searchBody = (more: Record<string, unknown>) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
  ...more,
});
const filter = (text: string) => `filter=${encodeURIComponent(text)}`;

const rfc = () => sandboxFor({ profile: "rfc" });
const namesOf = (body: { Resources?: { userName: string }[] }) =>
  (body.Resources ?? []).map(({ userName }) => userName);

async function withPeople(): Promise<Send> {
  const { send } = await rfc();
  const people = [
    userBody("Ann@Example.com", {
      title: "Engineer",
      name: { familyName: "Zed" },
      [enterprise]: { department: "Ops" },
    }),
    userBody("bob@example.com", {
      active: false,
      name: { familyName: "abel" },
      emails: [{ value: "bob@home.test", type: "home" }],
    }),
    userBody("cat@example.com", { title: "Manager" }),
  ];
  for (const body of people) expect((await send("POST", "/Users", { body })).status).toBe(201);
  return send;
}

describe("discovery (RFC 7644 section 4)", () => {
  it("tells what the service can do, its types and its schemas", async () => {
    const { sandbox, send } = await rfc();
    const { body: config } = await send("GET", "/ServiceProviderConfig");
    expect(config).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true },
      sort: { supported: true },
      etag: { supported: true },
      pagination: { cursor: true, index: true, defaultPaginationMethod: "index" },
    });
    const { body: types } = await send("GET", "/ResourceTypes");
    expect(types.Resources.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual(["/Users", "/Groups"]);
    const { body: user } = await send("GET", "/ResourceTypes/User");
    expect(user.schemaExtensions).toEqual([{ schema: enterprise, required: false }]);
    const { body: schema } = await send("GET", `/Schemas/${enterprise}`);
    expect(schema).toMatchObject({ id: enterprise, meta: { location: `${sandbox.baseUrl}/Schemas/${enterprise}` } });
    expect((await send("GET", "/Schemas/urn:nothing")).status).toBe(404);
    expect((await send("GET", `/Schemas?${filter('id eq "x"')}`)).status).toBe(403);
    expect((await send("GET", "/Users", { token: null })).headers["www-authenticate"]).toMatch(/^Bearer/);
  });
});

describe("resources (RFC 7643)", () => {
  it("are created with id, meta, location and version; the password is never shown", async () => {
    const { sandbox, send } = await rfc();
    const answer = await send("POST", "/Users", {
      body: userBody("Ann@Example.com", { password: "s3cret", id: "mine", [enterprise]: { manager: "42" } }),
    });
    const { body } = answer;
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`${sandbox.baseUrl}/Users/${body.id}`);
    expect(answer.headers.etag).toBe(body.meta.version);
    expect(body.meta).toMatchObject({ resourceType: "User", location: answer.headers.location });
    expect(body.id).not.toBe("mine");
    expect(body.userName).toBe("Ann@Example.com");
    expect(body[enterprise]).toEqual({ manager: { value: "42" } });
    expect(body.schemas).toContain(enterprise);
    expect(answer.text).not.toContain("s3cret");
    expect((await send("GET", `/Users?${filter('password eq "s3cret"')}`)).status).toBe(400);
  });

  it("are refused with the scimType that fits", async () => {
    const { send } = await rfc();
    await send("POST", "/Users", { body: userBody("ann@example.com") });
    const post = async (body: unknown) => {
      const answer = await send("POST", "/Users", { body });
      return [answer.status, answer.body.scimType];
    };
    expect(await post(userBody("ANN@example.com"))).toEqual([409, "uniqueness"]);
    expect(await post({ schemas: userBody("x").schemas })).toEqual([400, "invalidValue"]);
    expect(await post({ userName: "no schemas" })).toEqual([400, "invalidSyntax"]);
    expect(await post(userBody("x", { active: "maybe" }))).toEqual([400, "invalidValue"]);
    expect(await post(userBody("x", { emails: "x@example.com" }))).toEqual([400, "invalidValue"]);
    expect(
      await post(
        userBody("x", {
          emails: [
            { value: "a", primary: true },
            { value: "b", primary: true },
          ],
        }),
      ),
    ).toEqual([400, "invalidValue"]);
    expect(await post("{ not json")).toEqual([400, "invalidSyntax"]);
    expect(await post("[]")).toEqual([400, "invalidSyntax"]);
  });

  it("cannot reach a prototype", async () => {
    const { send } = await rfc();
    const body = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`;
    const { body: user } = await send("POST", "/Users", { body });
    const patched = await send("PATCH", `/Users/${user.id}`, {
      body: `{"Operations":[{"op":"add","value":{"__proto__":{"polluted":true}}}]}`,
    });
    expect(patched.status).toBeLessThan(500);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect((await send("GET", "/__proto__")).status).toBe(404);
  });
});

describe("changes (RFC 7644 section 3.5)", () => {
  it("move the version only when something changed, and are refused when made for another version", async () => {
    const { send } = await rfc();
    const { body: user } = await send("POST", "/Users", { body: userBody("ann@example.com", { displayName: "Ann" }) });
    const path = `/Users/${user.id}`;
    const { version } = user.meta;
    const set = (displayName: string, headers: Record<string, string> = {}) =>
      send("PATCH", path, { body: patchBody({ op: "replace", path: "displayName", value: displayName }), headers });
    expect((await set("Ann")).body.meta).toEqual(user.meta);
    const changed = await set("Ann Lee", { "if-match": version });
    expect(changed.body.meta.version).not.toBe(version);
    expect((await set("Eve", { "if-match": version })).status).toBe(412);
    expect((await send("DELETE", path, { headers: { "if-match": version } })).status).toBe(412);
    expect(
      (await send("PUT", path, { body: userBody("ann@example.com"), headers: { "if-match": version } })).status,
    ).toBe(412);
    expect((await send("GET", path)).body.displayName).toBe("Ann Lee");
    expect((await set("Eve", { "if-match": `W/"99", ${changed.body.meta.version}` })).status).toBe(200);
    expect((await set("Eve", { "if-match": "*" })).status).toBe(200);
  });

  it("are not sent again to who has the version", async () => {
    const { send } = await rfc();
    const { body: user } = await send("POST", "/Users", { body: userBody("ann@example.com") });
    const same = await send("GET", `/Users/${user.id}`, { headers: { "if-none-match": user.meta.version } });
    expect([same.status, same.text]).toEqual([304, ""]);
    const other = await send("GET", `/Users/${user.id}`, { headers: { "if-none-match": 'W/"99"' } });
    expect(other.status).toBe(200);
  });

  it("apply whole or not at all, with the operations in any letter case", async () => {
    const { send } = await rfc();
    const { body: user } = await send("POST", "/Users", { body: userBody("ann@example.com", { displayName: "Ann" }) });
    const failed = await send("PATCH", `/Users/${user.id}`, {
      body: patchBody(
        { op: "REPLACE", path: "displayName", value: "KEEP?" },
        { op: "replace", path: 'emails[type eq "nope"].value', value: "x" },
      ),
    });
    expect([failed.status, failed.body.scimType]).toEqual([400, "noTarget"]);
    expect((await send("GET", `/Users/${user.id}`)).body).toEqual(user);
  });

  it("keep members in step with the groups of users, wherever a member is removed", async () => {
    const { sandbox, send } = await rfc();
    const { body: user } = await send("POST", "/Users", { body: userBody("ann@example.com", { displayName: "Ann" }) });
    const { body: group } = await send("POST", "/Groups", {
      body: groupBody("Ops", { members: [{ value: user.id }] }),
    });
    expect(group.members).toEqual([
      { value: user.id, display: "Ann", type: "User", $ref: `${sandbox.baseUrl}/Users/${user.id}` },
    ]);
    expect((await send("GET", `/Users/${user.id}`)).body.groups).toMatchObject([{ value: group.id, display: "Ops" }]);
    expect((await send("POST", "/Groups", { body: groupBody("x", { members: [{ value: "nobody" }] }) })).status).toBe(
      400,
    );
    await send("DELETE", `/Users/${user.id}`);
    const { body: after } = await send("GET", `/Groups/${group.id}`);
    expect(after).not.toHaveProperty("members");
    expect(after.meta.version).not.toBe(group.meta.version);
    expect((await send("POST", "/Users", { body: userBody("ann@example.com") })).body.id).not.toBe(user.id);
  });
});

describe("searches (RFC 7644 section 3.4, RFC 9865)", () => {
  it("filter, sort and project", async () => {
    const send = await withPeople();
    const names = async (query: string) => namesOf((await send("GET", `/Users?${query}`)).body);
    expect(await names(filter("not (active eq false)"))).toEqual(["Ann@Example.com", "cat@example.com"]);
    expect(await names(filter('emails[type eq "home" and value ew "@home.test"]'))).toEqual(["bob@example.com"]);
    expect(await names(filter(`${enterprise}:department eq "ops"`))).toEqual(["Ann@Example.com"]);
    expect(await names(eq("userName", "ann@example.com"))).toEqual(["Ann@Example.com"]);
    expect((await send("GET", `/Users?${filter("userName eq")}`)).body.scimType).toBe("invalidFilter");
    expect(await names("sortBy=name.familyName")).toEqual(["bob@example.com", "Ann@Example.com", "cat@example.com"]);
    expect(await names("sortBy=name.familyName&sortOrder=descending")).toEqual([
      "cat@example.com",
      "Ann@Example.com",
      "bob@example.com",
    ]);
    const { body } = await send("GET", `/Users?attributes=USERNAME,${enterprise}:department&count=1`);
    expect(Object.keys(body.Resources[0]).sort()).toEqual(["id", "schemas", enterprise, "userName"].sort());
    expect((await send("GET", "/Users?attributes=userName&excludedAttributes=emails")).status).toBe(400);
    expect((await send("GET", "/Users?count=0")).body).toMatchObject({ totalResults: 3, itemsPerPage: 0 });
    expect((await send("GET", "/Users?count=many")).status).toBe(400);
  });

  it("also come in a body, over one type or all", async () => {
    const send = await withPeople();
    await send("POST", "/Groups", { body: groupBody("Ops") });
    const one = await send("POST", "/Users/.search", {
      body: searchBody({ filter: 'title eq "Manager"', attributes: ["userName"] }),
    });
    expect(one.body.Resources).toMatchObject([{ userName: "cat@example.com" }]);
    const all = await send("POST", "/.search", { body: searchBody({}) });
    expect(all.body.totalResults).toBe(4);
    const groups = await send("POST", "/.search", { body: searchBody({ filter: 'meta.resourceType eq "Group"' }) });
    expect(groups.body.Resources).toMatchObject([{ displayName: "Ops" }]);
    expect((await send("POST", "/.search", { body: searchBody({ count: "x" }) })).body.scimType).toBe("invalidSyntax");
  });

  it("page by cursor without losing or repeating anyone while others come and go", async () => {
    const { sandbox, send } = await sandboxFor({ profile: "rfc", users: 30 });
    const all = [...sandbox.store.snapshot().users.values()].map(({ id }) => String(id));
    const seen: string[] = [];
    let cursor: string | undefined = "";
    while (cursor !== undefined) {
      const { body } = await send("GET", `/Users?count=7&cursor=${cursor}`);
      expect(body).not.toHaveProperty("startIndex");
      seen.push(...body.Resources.map(({ id }: { id: string }) => id));
      if (cursor === "") sandbox.store.delete(seen[2]!);
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(all);
  });

  it("refuse cursors that are made up, of another query, or with a count that cannot be", async () => {
    const { send } = await sandboxFor({ profile: "rfc", users: 5 });
    const type = async (query: string) => (await send("GET", `/Users?${query}`)).body.scimType;
    const { body } = await send("GET", "/Users?cursor=&count=2");
    expect(await type("cursor=bm90IG91cnM&count=2")).toBe("invalidCursor");
    expect(await type(`cursor=${body.nextCursor}&sortBy=userName`)).toBe("invalidCursor");
    expect(await type("cursor=&count=-1")).toBe("invalidCount");
    const old = { ...JSON.parse(Buffer.from(body.nextCursor, "base64url").toString()), expires: 1 };
    expect(await type(`cursor=${Buffer.from(JSON.stringify(old)).toString("base64url")}`)).toBe("expiredCursor");
  });
});

describe("Me (RFC 7644 section 3.11)", () => {
  it("is the user that the token stands for, or not implemented", async () => {
    const { send } = await rfc();
    expect((await send("GET", "/Me")).status).toBe(501);
    const seed = { users: [{ userName: "ann@example.com" }] };
    const { sandbox, send: own } = await sandboxFor({ profile: "rfc", seed, me: "ANN@example.com" });
    const me = await own("GET", "/Me");
    expect(me.body.userName).toBe("ann@example.com");
    expect(me.headers.location).toBe(`${sandbox.baseUrl}/Users/${me.body.id}`);
  });
});
