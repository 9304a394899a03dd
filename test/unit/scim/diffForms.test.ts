import { describe, expect, it } from "vitest";
import type { PatchForms } from "../../../src/scim/dialects/dialect.ts";
import { applyPatch } from "../../../src/scim/patch/apply.ts";
import { diffDocuments } from "../../../src/scim/patch/diff.ts";
import { serializeOperations } from "../../../src/scim/patch/serialize.ts";
import { type PatchOperation, type ScimDocument, urns } from "../../../src/scim/resource.ts";
import { groupSchema, servicePrincipalSchema, userSchema } from "../../../src/scim/schemas/builtin.ts";
import { entraForms, rfcForms } from "./documents.ts";

const ENT = urns.enterpriseUser;
const W = { value: "ann@work.example.com", type: "work", primary: true };
const H = { value: "ann@home.example.com", type: "home" };
const O = { value: "ann@other.example.com", type: "other" };
const user: ScimDocument = {
  schemas: [urns.user, ENT],
  id: "u1",
  meta: { resourceType: "User", lastModified: "2024-05-01T10:00:00Z" },
  userName: "ann@example.com",
  name: { givenName: "Ann", familyName: "Lee" },
  displayName: "Ann Lee",
  active: true,
  emails: [W, H],
  groups: [{ value: "g1", display: "Ops" }],
  [ENT]: { department: "Ops", manager: { value: "26", displayName: "Mo" } },
};

const changed = (difference: ScimDocument): ScimDocument =>
  Object.fromEntries(Object.entries({ ...user, ...difference }).filter(([, value]) => value !== undefined));

describe("the PATCH of a user", () => {
  it.each<[string, ScimDocument, PatchOperation[]]>([
    ["is empty when nothing differs", {}, []],
    [
      "is empty when only what the service sets differs",
      { id: "u2", meta: undefined, groups: [], schemas: [urns.user] },
      [],
    ],
    [
      "is empty for other ways to say unassigned, another order and text booleans",
      { title: null, roles: [], nickName: "", emails: [H, { ...W }], active: "True", addresses: [{}] },
      [],
    ],
    ["is empty when an element says that it is not primary", { emails: [W, { ...H, primary: false }] }, []],
    ["replaces a single value", { displayName: "A" }, [{ op: "replace", path: "displayName", value: "A" }]],
    [
      "sees a change of letter case",
      { userName: "Ann@example.com" },
      [{ op: "replace", path: "userName", value: "Ann@example.com" }],
    ],
    [
      "sets a new value by replace, which more services take",
      { title: "Dr" },
      [{ op: "replace", path: "title", value: "Dr" }],
    ],
    ["removes a value", { displayName: undefined }, [{ op: "remove", path: "displayName" }]],
    [
      "changes a complex attribute part by part, removes first",
      { name: { givenName: "Ann", formatted: "Ann" } },
      [
        { op: "remove", path: "name.familyName" },
        { op: "replace", path: "name.formatted", value: "Ann" },
      ],
    ],
    ["removes a complex attribute whole", { name: { givenName: null } }, [{ op: "remove", path: "name" }]],
    [
      "names extension attributes by URN and ignores their readOnly parts",
      { [ENT]: { department: "Data", manager: { value: "27", displayName: "Ko" } } },
      [
        { op: "replace", path: `${ENT}:department`, value: "Data" },
        { op: "replace", path: `${ENT}:manager.value`, value: "27" },
      ],
    ],
    [
      "removes an extension attribute by attribute",
      { [ENT]: undefined },
      [
        { op: "remove", path: `${ENT}:department` },
        { op: "remove", path: `${ENT}:manager` },
      ],
    ],
    [
      "changes one element by its type",
      { emails: [{ ...W, value: "n@work.example.com" }, H] },
      [{ op: "replace", path: 'emails[type eq "work"].value', value: "n@work.example.com" }],
    ],
    ["adds only new elements", { emails: [W, H, O] }, [{ op: "add", path: "emails", value: [O] }]],
    ["removes one element", { emails: [W] }, [{ op: "remove", path: 'emails[type eq "home"]' }]],
    ["removes all elements", { emails: [] }, [{ op: "remove", path: "emails" }]],
    [
      "lets the service take primary from the old element",
      {
        emails: [
          { value: W.value, type: "work" },
          { ...H, primary: true },
        ],
      },
      [{ op: "replace", path: 'emails[type eq "home"].primary', value: true }],
    ],
    [
      "lets the service take primary from the old element when a new one gets it",
      { emails: [{ value: W.value, type: "work" }, H, { ...O, primary: true }] },
      [{ op: "add", path: "emails", value: [{ ...O, primary: true }] }],
    ],
    [
      "takes primary away when nobody gets it",
      { emails: [{ value: W.value, type: "work" }, H] },
      [{ op: "remove", path: 'emails[type eq "work"].primary' }],
    ],
    [
      "sends a small list whole when most of it changes",
      {
        emails: [
          { value: "n@work.example.com", type: "work" },
          { value: "n@home.example.com", type: "home" },
        ],
      },
      [
        {
          op: "replace",
          path: "emails",
          value: [
            { value: "n@home.example.com", type: "home" },
            { value: "n@work.example.com", type: "work" },
          ],
        },
      ],
    ],
    [
      "sends a list whole when its elements cannot be told apart",
      {
        emails: [
          { ...W, display: "x" },
          { ...H, type: "work" },
          { ...H, type: "work", display: "y" },
        ],
      },
      [
        {
          op: "replace",
          path: "emails",
          value: [
            { ...H, type: "work", display: "y" },
            { ...H, type: "work" },
            { ...W, display: "x" },
          ],
        },
      ],
    ],
    ["keeps attributes that no schema defines", { vendorLevel: 3 }, [{ op: "replace", path: "vendorLevel", value: 3 }]],
  ])("%s", (_, difference, operations) => {
    const after = changed(difference);
    expect(diffDocuments(user, after, userSchema, rfcForms)).toEqual(operations);
  });

  it("escapes quotes and backslashes in the path", () => {
    const [before, after] = ["a", "b"].map((display) => ({
      userName: "x",
      roles: [{ value: 'say "hi\\"', display }, { value: "r" }],
    }));
    const operations = diffDocuments(before!, after!, userSchema, rfcForms);
    expect(operations).toEqual([
      { op: "replace", path: String.raw`roles[value eq "say \"hi\\\""].display`, value: "b" },
    ]);
  });

  it("sends lists whole and booleans as text where the service wants it so", () => {
    const after = changed({ active: false, emails: [{ ...W, value: "n@work.example.com" }, H] });
    expect(diffDocuments(user, after, userSchema, entraForms)).toEqual([
      { op: "replace", path: "active", value: "False" },
      { op: "replace", path: "emails", value: [H, { ...W, value: "n@work.example.com" }] },
    ]);
  });

  it("is refused when it would remove what is required", () => {
    const diff = () => diffDocuments(user, changed({ userName: undefined }), userSchema, rfcForms);
    expect(diff).toThrow(expect.objectContaining({ scimType: "mutability" }));
  });

  it("is refused when it would change what is immutable", () => {
    const diff = () => diffDocuments({ applicationId: "a" }, { applicationId: "b" }, servicePrincipalSchema, rfcForms);
    expect(diff).toThrow(expect.objectContaining({ scimType: "mutability" }));
  });
});

describe("the PATCH of a group", () => {
  const group = (...ids: readonly string[]): ScimDocument => ({
    displayName: "Ops",
    members: ids.map((value) => ({ value, display: `Person ${value}`, $ref: `Users/${value}` })),
  });
  const forms = (change: Partial<PatchForms>): PatchForms => ({ ...rfcForms, ...change });

  it("removes each member by a filter, then adds in portions without what the service derives", () => {
    const after = {
      ...group("2", "4", "5", "6"),
      members: ["2", "4", "5", "6"].map((value) => ({ value, type: "User", display: "?" })),
    };
    expect(diffDocuments(group("1", "2", "3"), after, groupSchema, forms({ membersPerOperation: 2 }))).toEqual([
      { op: "remove", path: 'members[value eq "1"]' },
      { op: "remove", path: 'members[value eq "3"]' },
      {
        op: "add",
        path: "members",
        value: [
          { value: "4", type: "User" },
          { value: "5", type: "User" },
        ],
      },
      { op: "add", path: "members", value: [{ value: "6", type: "User" }] },
    ]);
  });

  it("removes members by value lists where the service wants it so", () => {
    const operations = diffDocuments(
      group("1", "2", "3", "4"),
      group("4"),
      groupSchema,
      forms({ removeMember: "value", membersPerOperation: 2 }),
    );
    expect(operations).toEqual([
      { op: "remove", path: "members", value: [{ value: "1" }, { value: "2" }] },
      { op: "remove", path: "members", value: [{ value: "3" }] },
    ]);
  });

  it("empties a group by one remove", () => {
    expect(diffDocuments(group("1", "2"), group(), groupSchema, rfcForms)).toEqual([{ op: "remove", path: "members" }]);
  });

  it("is empty when only what the service derives of a member differs", () => {
    const after = { displayName: "Ops", members: [{ value: "2" }, { value: "1", type: "User", display: "X" }] };
    expect(diffDocuments(group("1", "2"), after, groupSchema, rfcForms)).toEqual([]);
  });

  it("handles twenty thousand members", () => {
    const ids = (from: number): string[] => Array.from({ length: 20_000 }, (_, index) => String(from + index));
    const [before, after] = [group(...ids(0)), group(...ids(10_000))];
    const operations = diffDocuments(
      before,
      after,
      groupSchema,
      forms({ removeMember: "value", membersPerOperation: 1000 }),
    );
    expect(operations).toHaveLength(20);
    expect(diffDocuments(applyPatch(before, operations, groupSchema), after, groupSchema, rfcForms)).toEqual([]);
    expect(diffDocuments(before, after, groupSchema, forms({ membersPerOperation: 1000 }))).toHaveLength(10_010);
  });
});

describe("serializeOperations", () => {
  const operations: PatchOperation[] = [
    { op: "remove", path: "title" },
    { op: "replace", path: "active", value: false },
    { op: "add", path: "nickName", value: "A" },
  ];

  it("spells operation names the service's way, and divides them into requests in order", () => {
    expect(serializeOperations(operations, { operationCase: "capital", operationsPerRequest: 2 })).toEqual([
      {
        schemas: [urns.patchOp],
        Operations: [
          { op: "Remove", path: "title" },
          { op: "Replace", path: "active", value: false },
        ],
      },
      { schemas: [urns.patchOp], Operations: [{ op: "Add", path: "nickName", value: "A" }] },
    ]);
  });

  it("gives no request for no operations", () => {
    expect(serializeOperations([], { operationCase: "lower", operationsPerRequest: 0 })).toEqual([]);
  });
});
