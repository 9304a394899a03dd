import { describe, expect, it } from "vitest";
import { sameMeaning } from "../../../src/scim/patch/meaning.ts";
import { canonicalDocument } from "../../../src/scim/patch/normalize.ts";
import { nestsDeeperThan } from "../../../src/scim/values.ts";
import { urns } from "../../../src/scim/resource.ts";
import { userSchema } from "../../../src/scim/schemas/builtin.ts";

const ENT = urns.enterpriseUser;

describe("the canonical document", () => {
  const document = {
    meta: { version: 'W/"3"', resourceType: "User" },
    [ENT.toUpperCase()]: { department: "Ops", COSTCENTER: "7", organization: null },
    zebra: { b: 1, a: [2, 1] },
    aardvark: true,
    active: true,
    EMAILS: [
      { type: "work", value: "b@x.example" },
      { Primary: true, value: "a@x.example", $ref: null },
    ],
    roles: [],
    title: null,
    nickName: "",
    name: { familyName: "Lee", GIVENNAME: "Ann", formatted: null },
    userName: "ann@example.com",
    id: "u1",
    schemas: [ENT, urns.user],
  };

  it("is spelled and ordered as in the schema, without what is unassigned", () => {
    const canonical = canonicalDocument(document, userSchema);
    expect(JSON.stringify(canonical, null, 1)).toBe(
      JSON.stringify(
        {
          schemas: [urns.user, ENT],
          id: "u1",
          userName: "ann@example.com",
          name: { familyName: "Lee", givenName: "Ann" },
          nickName: "",
          active: true,
          emails: [
            { value: "a@x.example", primary: true },
            { value: "b@x.example", type: "work" },
          ],
          aardvark: true,
          zebra: { a: [2, 1], b: 1 },
          [ENT]: { costCenter: "7", department: "Ops" },
          meta: { resourceType: "User", version: 'W/"3"' },
        },
        null,
        1,
      ),
    );
  });

  it("can leave meta out", () => {
    expect(canonicalDocument(document, userSchema, { meta: false })).not.toHaveProperty("meta");
  });

  it("keeps the given document as it is", () => {
    const copy = structuredClone(document);
    canonicalDocument(document, userSchema);
    expect(document).toStrictEqual(copy);
  });

  it("holds no key that reaches a prototype", () => {
    const hostile: Record<string, unknown> = JSON.parse('{"__proto__": {"polluted": true}, "userName": "x"}');
    const canonical = canonicalDocument(hostile, userSchema);
    expect((canonical as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toStrictEqual([]);
  });
});

describe("two documents mean the same", () => {
  it.each([
    ["whatever the service sets", { id: "1", groups: [{ value: "g" }], meta: {} }, {}],
    [
      "in whatever letter case names are written",
      { TITLE: "Dr", name: { GivenName: "A" } },
      { title: "Dr", name: { givenName: "A" } },
    ],
    ["in whatever order", { roles: [{ value: "b" }, { value: "a" }] }, { roles: [{ value: "a" }, { value: "b" }] }],
    ["whether nothing is absent, null, empty text or an empty list", { title: null, nickName: "", roles: [] }, {}],
    ["whether a boolean is JSON or text", { active: "False" }, { active: false }],
    ["whether a secret stands in one", { password: "x" }, {}],
  ])("%s", (_, a, b) => {
    expect(sameMeaning(a, b, userSchema)).toBe(true);
    expect(sameMeaning(b, a, userSchema)).toBe(true);
  });

  it.each([
    ["a value differs", { title: "Dr" }, { title: "dr" }],
    ["one is unassigned", { active: false }, {}],
    ["an element is there twice", { roles: [{ value: "a" }, { value: "a", type: "x" }] }, { roles: [{ value: "a" }] }],
    ["an unknown attribute differs", { level: 1 }, { level: 2 }],
    ["the order of unknown values differs", { levels: [1, 2] }, { levels: [2, 1] }],
  ])("but not when %s", (_, a, b) => {
    expect(sameMeaning(a, b, userSchema)).toBe(false);
    expect(sameMeaning(b, a, userSchema)).toBe(false);
  });
});

describe("nestsDeeperThan", () => {
  it.each([
    [{ emails: [{ value: "a" }] }, 3, false],
    [{ emails: [{ value: "a" }] }, 2, true],
    ["text", 0, false],
    [[], 0, true],
    [JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`), 100, true],
  ])("tells whether a value nests too deep (%#)", (value, levels, expected) => {
    expect(nestsDeeperThan(value, levels)).toBe(expected);
  });
});
