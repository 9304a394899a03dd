import { describe, expect, it } from "vitest";
import { ScimError } from "../../../src/scim/errors.ts";
import { applyPatch, type IncomingOperation } from "../../../src/scim/patch/apply.ts";
import type { ScimDocument } from "../../../src/scim/resource.ts";
import { groupSchema, userSchema } from "../../../src/scim/schemas/builtin.ts";

const ENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const userUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
const W = { value: "ann@work.example.com", type: "work", primary: true };
const H = { value: "ann@home.example.com", type: "home" };
const user: ScimDocument = {
  schemas: [userUrn],
  id: "u1",
  userName: "ann@example.com",
  name: { givenName: "Ann", familyName: "Lee" },
  displayName: "Ann Lee",
  active: true,
  emails: [W, H],
};
const group: ScimDocument = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  id: "g1",
  displayName: "Ops",
  members: [{ value: "u1" }, { value: "u2" }, { value: "u3" }],
};

interface Vector {
  readonly id: string;
  readonly says: string;
  readonly operations: readonly IncomingOperation[];
  /** The difference from the base; a key that is undefined is gone. */
  readonly result: ScimDocument;
  readonly base?: ScimDocument;
}

const op = (name: string, path: string | undefined, value?: unknown): IncomingOperation => ({
  op: name,
  ...(path !== undefined && { path }),
  ...(value !== undefined && { value }),
});

const userVectors: readonly Vector[] = [
  {
    id: "V01",
    says: "replace sets a single attribute",
    operations: [op("replace", "displayName", "Ann B. Lee")],
    result: { displayName: "Ann B. Lee" },
  },
  {
    id: "V02",
    says: "paths ignore letter case and add no second key",
    operations: [op("replace", "DISPLAYNAME", "Z")],
    result: { displayName: "Z" },
  },
  {
    id: "V03",
    says: "keys of a path-less replace may be dotted",
    operations: [op("replace", undefined, { "name.familyName": "Ray", active: false })],
    result: { name: { givenName: "Ann", familyName: "Ray" }, active: false },
  },
  {
    id: "V04",
    says: "Entra's Replace and text booleans are taken",
    operations: [op("Replace", "active", "False")],
    result: { active: false },
  },
  {
    id: "V05",
    says: "add sets a sub-attribute",
    operations: [op("add", "name.middleName", "Q")],
    result: { name: { givenName: "Ann", familyName: "Lee", middleName: "Q" } },
  },
  {
    id: "V06",
    says: "a path-less add adds each key",
    operations: [op("add", undefined, { nickName: "A", emails: [{ value: "x@x.example", type: "other" }] })],
    result: { nickName: "A", emails: [W, H, { value: "x@x.example", type: "other" }] },
  },
  {
    id: "V07",
    says: "a path-less replace merges complex attributes",
    operations: [op("replace", undefined, { displayName: "Z", name: { familyName: "Ray" } })],
    result: { displayName: "Z", name: { givenName: "Ann", familyName: "Ray" } },
  },
  {
    id: "V08",
    says: "replace of a complex attribute merges",
    operations: [op("replace", "name", { familyName: "Ray" })],
    result: { name: { givenName: "Ann", familyName: "Ray" } },
  },
  {
    id: "V09",
    says: "replace of a multi-valued attribute sets the whole list",
    operations: [op("replace", "emails", [{ value: "only@x.example", type: "work" }])],
    result: { emails: [{ value: "only@x.example", type: "work" }] },
  },
  {
    id: "V10",
    says: "replace of a[f].b sets one part",
    operations: [op("replace", 'emails[type eq "work"].value', "n@w.example")],
    result: { emails: [{ ...W, value: "n@w.example" }, H] },
  },
  {
    id: "V11",
    says: "replace of a[f] replaces the element whole",
    operations: [
      op("replace", 'emails[type eq "work"]', { value: "n@w.example", type: "work", primary: true, display: "W" }),
    ],
    result: { emails: [{ value: "n@w.example", type: "work", primary: true, display: "W" }, H] },
  },
  {
    id: "V13",
    says: "add of an element that is there changes nothing",
    operations: [op("add", "emails", [{ value: "ann@home.example.com", type: "home" }])],
    result: {},
  },
  {
    id: "V14",
    says: "a new primary takes it from the old one",
    operations: [op("add", "emails", [{ value: "p@x.example", type: "other", primary: true }])],
    result: { emails: [{ ...W, primary: false }, H, { value: "p@x.example", type: "other", primary: true }] },
  },
  {
    id: "V15",
    says: "remove unassigns",
    operations: [op("remove", "displayName")],
    result: { displayName: undefined },
  },
  {
    id: "V16",
    says: "remove of a[f] drops the matches",
    operations: [op("remove", 'emails[type eq "home"]')],
    result: { emails: [W] },
  },
  {
    id: "V17",
    says: "remove of a[f].b drops one part",
    operations: [op("remove", 'emails[type eq "work"].primary')],
    result: { emails: [{ value: W.value, type: "work" }, H] },
  },
  {
    id: "V22",
    says: "an extension is made and named in schemas",
    operations: [op("add", `${ENT}:department`, "Ops")],
    result: { schemas: [userUrn, ENT], [ENT]: { department: "Ops" } },
  },
  {
    id: "V23",
    says: "add on a[f].b without a match builds the element",
    operations: [op("add", 'emails[type eq "other"].value', "o@x.example")],
    result: { emails: [W, H, { type: "other", value: "o@x.example" }] },
  },
];

const groupVectors: readonly Vector[] = [
  {
    id: "V19",
    says: "add appends only the members that are new",
    operations: [op("add", "members", [{ value: "u3" }, { value: "u4" }])],
    result: { members: [{ value: "u1" }, { value: "u2" }, { value: "u3" }, { value: "u4" }] },
  },
  {
    id: "V20",
    says: "remove takes any filter",
    operations: [op("remove", 'members[value eq "u2" or value eq "u3"]')],
    result: { members: [{ value: "u1" }] },
  },
  {
    id: "V21",
    says: "remove with a value list drops only those",
    operations: [op("Remove", "members", [{ value: "u2" }])],
    result: { members: [{ value: "u1" }, { value: "u3" }] },
  },
  {
    id: "V21",
    says: "remove with a value list matches on value alone",
    base: { ...group, members: [{ value: "u1" }, { value: "u2", display: "Bo", $ref: "Users/u2", type: "User" }] },
    operations: [op("Remove", "members", [{ value: "u2" }])],
    result: { members: [{ value: "u1" }] },
  },
];

function expected(base: ScimDocument, difference: ScimDocument): ScimDocument {
  return Object.fromEntries(Object.entries({ ...base, ...difference }).filter(([, value]) => value !== undefined));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

describe("PATCH on a user gives", () => {
  it.each(userVectors)("$id: $says", ({ operations, result }) => {
    expect(applyPatch(deepFreeze(user), deepFreeze(operations), userSchema)).toStrictEqual(expected(user, result));
  });

  it("V13 hands back the very document when nothing changes", () => {
    expect(applyPatch(user, [op("add", "emails", [H])], userSchema)).toBe(user);
  });
});

describe("PATCH on a group gives", () => {
  it.each(groupVectors)("$id: $says", ({ base = group, operations, result }) => {
    expect(applyPatch(deepFreeze(base), deepFreeze(operations), groupSchema)).toStrictEqual(expected(base, result));
  });
});

describe("PATCH refuses", () => {
  it.each([
    { id: "V12", operations: [op("replace", 'emails[type eq "other"].value', "x")], scimType: "noTarget" },
    { id: "V18", operations: [op("remove", undefined)], scimType: "noTarget" },
    { id: "V24", operations: [op("replace", "id", "hack")], scimType: "mutability" },
    {
      id: "V25",
      operations: [op("replace", "displayName", "KEEP?"), op("replace", 'emails[type eq "nope"].value', "x")],
      scimType: "noTarget",
    },
  ])("$id with $scimType and leaves the document as it was", ({ operations, scimType }) => {
    const before = structuredClone(user);
    const apply = () => applyPatch(user, operations, userSchema);
    expect(apply).toThrow(ScimError);
    expect(apply).toThrow(expect.objectContaining({ status: 400, scimType }));
    expect(user).toStrictEqual(before);
  });
});
