import { describe, expect, it } from "vitest";
import { applyPatch, type IncomingOperation } from "../../../src/scim/patch/apply.ts";
import type { ScimDocument } from "../../../src/scim/resource.ts";
import { urns } from "../../../src/scim/resource.ts";
import type { ResourceSchema } from "../../../src/scim/schema.ts";
import { groupSchema, servicePrincipalSchema, userSchema } from "../../../src/scim/schemas/builtin.ts";

const ENT = urns.enterpriseUser;
const user: ScimDocument = { schemas: [urns.user], id: "u1", userName: "ann@example.com" };
const group: ScimDocument = { schemas: [urns.group], id: "g1", displayName: "Ops", members: [{ value: "u1" }] };

function patched(document: ScimDocument, schema: ResourceSchema, ...operations: IncomingOperation[]): ScimDocument {
  return applyPatch(document, operations, schema);
}

describe("forms that real clients send", () => {
  it("two adds with one filter build one element", () => {
    const path = 'addresses[type eq "work"]';
    const result = patched(
      user,
      userSchema,
      { op: "add", path: `${path}.locality`, value: "Oslo" },
      { op: "add", path: `${path}.country`, value: "NO" },
    );
    expect(result["addresses"]).toStrictEqual([{ type: "work", locality: "Oslo", country: "NO" }]);
  });

  it("an add on a[f] builds the element from every eq term", () => {
    const path = 'emails[type eq "work" and primary eq "True"]';
    const result = patched(user, userSchema, { op: "add", path, value: { value: "a@x.example" } });
    expect(result["emails"]).toStrictEqual([{ type: "work", primary: true, value: "a@x.example" }]);
  });

  it("an add whose filter describes no element has no target", () => {
    const apply = () =>
      patched(user, userSchema, { op: "add", path: 'emails[type ne "work"].value', value: "a@x.example" });
    expect(apply).toThrow(expect.objectContaining({ scimType: "noTarget" }));
  });

  it("replace of members with an empty list clears them", () => {
    const { members: _, ...rest } = group;
    expect(patched(group, groupSchema, { op: "replace", path: "members", value: [] })).toStrictEqual(rest);
  });

  it("Okta renames a group with its own id in a path-less replace", () => {
    const operation = { op: "replace", value: { id: "g1", displayName: "Data" } };
    expect(patched(group, groupSchema, operation)).toStrictEqual({ ...group, displayName: "Data" });
    const other = () => patched(group, groupSchema, { op: "replace", value: { id: "g2", displayName: "Data" } });
    expect(other).toThrow(expect.objectContaining({ scimType: "mutability" }));
  });

  it("the URN alone names the whole extension", () => {
    const set = patched(user, userSchema, { op: "add", path: ENT, value: { department: "Ops", costCenter: "7" } });
    expect(set).toStrictEqual({ ...user, schemas: [urns.user, ENT], [ENT]: { department: "Ops", costCenter: "7" } });
    expect(patched(set, userSchema, { op: "remove", path: ENT })).toStrictEqual(user);
  });

  it("URN-qualified keys and a nested extension stand in one path-less replace", () => {
    const value = {
      [`${ENT}:department`]: "Ops",
      [ENT]: { costCenter: "7" },
      'emails[type eq "work"].value': "a@x.example",
    };
    expect(patched(user, userSchema, { op: "add", value })).toStrictEqual({
      ...user,
      schemas: [urns.user, ENT],
      [ENT]: { department: "Ops", costCenter: "7" },
      emails: [{ type: "work", value: "a@x.example" }],
    });
  });

  it.each([{ value: "26" }, "26"])("a manager is set by %j", (value) => {
    const result = patched(user, userSchema, { op: "replace", path: `${ENT}:manager`, value });
    expect(result[ENT]).toStrictEqual({ manager: { value: "26" } });
  });

  it.each(["", null])("a manager is cleared by %j", (value) => {
    const managed = { ...user, schemas: [urns.user, ENT], [ENT]: { manager: { value: "26" } } };
    expect(patched(managed, userSchema, { op: "replace", path: `${ENT}:manager`, value })).toStrictEqual(user);
  });

  it("a bare name finds the attribute of an extension", () => {
    expect(patched(user, userSchema, { op: "add", path: "department", value: "Ops" })[ENT]).toStrictEqual({
      department: "Ops",
    });
  });

  it('a member with "$ref": null is added without it', () => {
    const result = patched(group, groupSchema, { op: "add", path: "members", value: [{ value: "u2", $ref: null }] });
    expect(result["members"]).toStrictEqual([{ value: "u1" }, { value: "u2" }]);
  });

  it("a single member stands without a list, and its names in any case", () => {
    const result = patched(group, groupSchema, { op: "ADD", path: "Members", value: { Value: "u2", DISPLAY: "Bo" } });
    expect(result["members"]).toStrictEqual([{ value: "u1" }, { value: "u2", display: "Bo" }]);
  });

  it("remove takes the list of members wrapped in an object", () => {
    const operation = { op: "remove", path: "members", value: { members: [{ value: "u1" }] } };
    expect(patched(group, groupSchema, operation)["members"]).toBeUndefined();
  });

  it.each([[[{ value: "false" }]], ["FALSE"], [false]])("active is set by %j", (value) => {
    expect(patched(user, userSchema, { op: "replace", path: "active", value })["active"]).toBe(false);
  });

  it("null in a path-less replace unassigns", () => {
    const titled = { ...user, title: "Engineer" };
    expect(patched(titled, userSchema, { op: "replace", value: { title: null } })).toStrictEqual(user);
  });

  it("remove of what is not there changes nothing", () => {
    expect(patched(user, userSchema, { op: "remove", path: "title" })).toBe(user);
    expect(patched(user, userSchema, { op: "remove", path: 'emails[type eq "work"]' })).toBe(user);
    expect(patched(group, groupSchema, { op: "remove", path: 'members[value eq "u9"]' })).toBe(group);
  });

  it("an element that loses its last part is gone", () => {
    const typed = { ...user, emails: [{ type: "work" }] };
    expect(patched(typed, userSchema, { op: "remove", path: 'emails[type eq "work"].type' })).toStrictEqual(user);
  });

  it("a sub-attribute without brackets is set on every element", () => {
    const mailed = { ...user, emails: [{ value: "a", type: "work" }, { value: "b" }] };
    expect(patched(mailed, userSchema, { op: "replace", path: "emails.type", value: "home" })["emails"]).toStrictEqual([
      { value: "a", type: "home" },
      { value: "b", type: "home" },
    ]);
  });

  it("an immutable attribute is set once and may be repeated", () => {
    const principal = { id: "s1", displayName: "etl" };
    const set = patched(principal, servicePrincipalSchema, { op: "add", path: "applicationId", value: "a-1" });
    expect(set["applicationId"]).toBe("a-1");
    expect(patched(set, servicePrincipalSchema, { op: "replace", path: "applicationId", value: "a-1" })).toBe(set);
    const change = () => patched(set, servicePrincipalSchema, { op: "replace", path: "applicationId", value: "a-2" });
    expect(change).toThrow(expect.objectContaining({ scimType: "mutability" }));
  });

  it("making one element primary by its path takes it from the other", () => {
    const mailed = {
      ...user,
      emails: [
        { value: "a", type: "work", primary: true },
        { value: "b", type: "home" },
      ],
    };
    const operation = { op: "replace", path: 'emails[type eq "home"].primary', value: true };
    expect(patched(mailed, userSchema, operation)["emails"]).toStrictEqual([
      { value: "a", type: "work", primary: false },
      { value: "b", type: "home", primary: true },
    ]);
  });
});

describe("an operation is refused", () => {
  it.each<[string, IncomingOperation, string]>([
    ["with an unknown op", { op: "move", path: "title", value: "x" }, "invalidSyntax"],
    ["without a value", { op: "add", path: "title" }, "invalidValue"],
    ["without a path and an object", { op: "add", value: "x" }, "invalidValue"],
    ["on a malformed path", { op: "add", path: "title[", value: "x" }, "invalidPath"],
    ["on an unknown attribute", { op: "add", path: "shoeSize", value: "44" }, "invalidPath"],
    ["on an unknown key", { op: "add", value: { shoeSize: "44" } }, "invalidPath"],
    ["on an unknown sub-attribute", { op: "add", path: "name.nick", value: "x" }, "invalidPath"],
    ["on brackets after a single value", { op: "add", path: 'title[value eq "x"]', value: "x" }, "invalidPath"],
    ["on a readOnly attribute", { op: "replace", path: "meta.created", value: "2024-01-01T00:00:00Z" }, "mutability"],
    ["on a user's groups", { op: "add", path: "groups", value: [{ value: "g1" }] }, "mutability"],
    ["on a readOnly part", { op: "add", path: `${ENT}:manager.displayName`, value: "x" }, "mutability"],
    ["to remove what is required", { op: "remove", path: "userName" }, "mutability"],
    ["to unassign what is required", { op: "replace", path: "userName", value: null }, "mutability"],
    ["with text that is no boolean", { op: "replace", path: "active", value: "yes" }, "invalidValue"],
    ["with a number for text", { op: "replace", path: "title", value: 5 }, "invalidValue"],
    ["with an object for text", { op: "replace", path: "title", value: { a: 1 } }, "invalidValue"],
    ["with text for an object", { op: "replace", path: "name", value: "Ann" }, "invalidValue"],
    ["with plain text for elements", { op: "add", path: "emails", value: ["a@x.example"] }, "invalidSyntax"],
    ["with a filter that does not suit", { op: "remove", path: "emails[primary gt true]" }, "invalidFilter"],
  ])("%s", (_, operation, scimType) => {
    expect(() => patched(user, userSchema, operation)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });

  it("by its number", () => {
    const apply = () =>
      patched(user, userSchema, { op: "add", path: "title", value: "x" }, { op: "remove", path: "userName" });
    expect(apply).toThrow("Operation 2: userName is required");
  });

  it("when it changes an immutable part of a member", () => {
    const operation = { op: "replace", path: 'members[value eq "u1"].value', value: "u2" };
    expect(() => patched(group, groupSchema, operation)).toThrow(expect.objectContaining({ scimType: "mutability" }));
  });
});

describe("unknown attributes that are kept", () => {
  const vendor = "urn:example:vendor:1.0:User";
  it.each<[string, IncomingOperation, ScimDocument]>([
    ["single", { op: "add", path: "level", value: 3 }, { level: 3 }],
    ["parts", { op: "add", path: "badge.color", value: "red" }, { badge: { color: "red" } }],
    ["lists", { op: "add", path: "tags", value: ["a", "b"] }, { tags: ["a", "b"] }],
    [
      "extensions",
      { op: "add", path: `${vendor}:floor`, value: 2 },
      { schemas: [urns.user, vendor], [vendor]: { floor: 2 } },
    ],
  ])("%s", (_, operation, difference) => {
    expect(applyPatch(user, [operation], userSchema, { unknownAttributes: "keep" })).toStrictEqual({
      ...user,
      ...difference,
    });
  });
});

describe("hostile operations", () => {
  const json = (text: string): unknown => JSON.parse(text);
  it.each<[string, IncomingOperation]>([
    ["a path to a prototype", { op: "add", path: "__proto__.polluted", value: true }],
    ["a path to a constructor", { op: "add", path: "constructor.prototype", value: true }],
    ["a sub-attribute named prototype", { op: "add", path: "name.__proto__", value: { polluted: true } }],
    ["a URN named as a prototype", { op: "add", path: "__proto__:polluted", value: true }],
    ["a filter on a prototype", { op: "add", path: 'emails[__proto__ eq "x"].value', value: "x" }],
    ["a key that is a prototype", { op: "add", value: json('{"__proto__": {"polluted": true}}') }],
    ["a key within a value", { op: "add", path: "name", value: json('{"__proto__": {"polluted": true}}') }],
    [
      "a key within an element",
      { op: "add", path: "emails", value: json('[{"constructor": {"prototype": {"polluted": true}}}]') },
    ],
    [
      "a value of a thousand levels",
      { op: "add", path: "name", value: json(`${"[".repeat(1000)}${"]".repeat(1000)}`) },
    ],
    ["10,000 nested parentheses", { op: "remove", path: `emails[${"(".repeat(10_000)}type pr${")".repeat(10_000)}]` }],
    ["a megabyte of path", { op: "remove", path: "x".repeat(1_000_000) }],
  ])("%s end in an error", (_, operation) => {
    for (const unknownAttributes of ["refuse", "keep"] as const) {
      const apply = () => applyPatch(user, [operation], userSchema, { unknownAttributes });
      expect(apply).toThrow(expect.objectContaining({ status: 400 }));
    }
    expect(Object.keys(Object.prototype)).toStrictEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("a megabyte of value is stored as it is", () => {
    const title = "x".repeat(1_000_000);
    expect(patched(user, userSchema, { op: "add", path: "title", value: title })["title"]).toBe(title);
  });
});
