import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonDirectory } from "../../../src/directory/json.ts";
import { DirectoryError } from "../../../src/directory/source.ts";
import { readWhole, temporaryFolder } from "../../support/directoryReading.ts";

async function open(content: string | Uint8Array) {
  const folder = await temporaryFolder({ "directory.json": content });
  return new JsonDirectory({ type: "json", file: "directory.json" }, folder).read();
}

const good = {
  users: [
    {
      id: "u1",
      userPrincipalName: "Ada.Okafor@contoso.com",
      accountEnabled: true,
      level: 7,
      mail: null,
      manager: "u2",
    },
    { id: "u2", userPrincipalName: "zoe@contoso.com", otherMails: ["a@x", "b@x"] },
  ],
  groups: [{ id: "g1", displayName: "data-platform", members: ["u1", "u2"] }],
  assignments: [
    { principalId: "g1", principalType: "Group", appRole: "User" },
    { principalId: "u1", principalType: "User" },
  ],
};

async function refusalOf(content: string | Uint8Array): Promise<string[]> {
  const error: unknown = await readWhole(await open(content)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DirectoryError);
  return (error as DirectoryError).message.split("\n");
}

describe("a JSON directory", () => {
  it("gives users, groups with members, and assignments, and proves that it was read whole", async () => {
    const { users, groups, assignments, problems, completeness } = await readWhole(await open(JSON.stringify(good)));
    expect(problems).toEqual([]);
    expect(users.map((user) => ({ ...user.attributes }))).toEqual([
      { id: "u1", userPrincipalName: "Ada.Okafor@contoso.com", accountEnabled: true, level: 7, manager: "u2" },
      { id: "u2", userPrincipalName: "zoe@contoso.com", otherMails: ["a@x", "b@x"] },
    ]);
    expect(groups.map((group) => [{ ...group.attributes }, group.members])).toEqual([
      [{ id: "g1", displayName: "data-platform" }, ["u1", "u2"]],
    ]);
    expect(assignments).toEqual([
      { principalId: "g1", principalType: "Group", appRole: "User" },
      { principalId: "u1", principalType: "User", appRole: "" },
    ]);
    expect(completeness).toEqual({
      complete: true,
      proof: "directory.json read to its end, 2 users, 1 groups, 2 assignments",
    });
  });

  it("needs no groups and no assignments, and may start with a byte order mark", async () => {
    const { users, completeness } = await readWhole(await open('\uFEFF{ "users": [{ "id": "u1" }] }'));
    expect(users.map((user) => user.id)).toEqual(["u1"]);
    expect(completeness.complete).toBe(true);
  });

  it("has attributes that inherit nothing", async () => {
    const { users } = await readWhole(await open('{ "users": [{ "id": "u1", "__proto__": "x" }] }'));
    expect(users[0]?.attributes["constructor"]).toBeUndefined();
    expect(users[0]?.attributes["__proto__"]).toBe("x");
  });

  it("gives back any flat objects, in any order of the streams", async () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
    const name = fc.string({ unit: fc.constantFrom("a", "b", "é", "_"), minLength: 1, maxLength: 5 });
    const orders = fc.shuffledSubarray(["users", "groups", "assignments"] as const, { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(name, value), { maxLength: 5 }), orders, async (objects, order) => {
        const users = objects.map((attributes, index) => ({ ...attributes, id: `u${index}` }));
        const { users: read } = await readWhole(await open(JSON.stringify({ users })), order);
        expect(read.map((user) => ({ ...user.attributes }))).toEqual(users);
      }),
      { numRuns: 30 },
    );
  });
});

describe("what is wrong in a JSON directory", () => {
  it("is told all at once, with line and JSON path", async () => {
    const text = [
      '{ "users": [',
      '  { "id": "u1", "accountEnabled": "true" },',
      '  { "id": "u2", "name": { "givenName": "Zoë" } },',
      '  { "id": "u3", "manager": "u9", "tags": [1] },',
      '  { "id": "u4", "manager": "u9" },',
      '  { "id": "u4" },',
      '  { "userPrincipalName": "a" },',
      '  { "id": 5 },',
      '  "u6"',
      "  ],",
      '  "groups": [',
      '  { "id": "g1", "members": ["u4", "u8"] },',
      '  { "id": "g2", "members": "u4" },',
      '  { "id": "u4", "members": [] }',
      "  ],",
      '  "assignments": [',
      '  { "principalId": "g1", "principalType": "User", "appRole": "" },',
      '  { "principalId": "u7", "principalType": "User", "appRole": 1 },',
      '  { "principalId": "u7", "principalType": "User" },',
      '  { "principalType": "Device" }',
      "  ] }",
    ].join("\n");
    const { problems, completeness } = await readWhole(await open(text));
    expect(completeness.complete).toBe(false);
    expect(problems).toEqual([
      "directory.json:2 users[0].accountEnabled: This must be true or false, without quotes.",
      "directory.json:3 users[1].name: Objects within an object are not read. Write the value itself.",
      "directory.json:4 users[2].tags: A list may hold texts only.",
      'directory.json:6 users[4].id: The id "u4" is taken by a user, at users[3].id. Ids must be unique.',
      'directory.json:7 users[5]: The "id" must be a text.',
      'directory.json:8 users[6].id: The "id" must be a text.',
      "directory.json:9 users[7]: This must be an object in { }.",
      'directory.json:13 groups[1].members: "members" must be a list of ids.',
      'directory.json:14 groups[2].id: The id "u4" is taken by a user, at users[3].id. Ids must be unique.',
      'directory.json:18 assignments[1].appRole: The "appRole" must be a text.',
      'directory.json:20 assignments[3]: The "principalId" must be a text.',
      'directory.json:20 assignments[3]: The "principalType" must be "User" or "Group".',
      'warning: directory.json:5 users[3].manager: The manager "u9" is nobody\'s id in this directory.',
      'directory.json:12 groups[0].members[1]: The member "u8" is nobody\'s id in this directory.',
      'directory.json:17 assignments[0].principalId: The principalId "g1" is a group, not a user.',
      'directory.json:19 assignments[2].principalId: The principalId "u7" is nobody\'s id in this directory.',
    ]);
  });
});

describe("a JSON directory that cannot be read at all", () => {
  it("is cut off: each fault with its line", async () => {
    expect(await refusalOf('{ "users": [\n  { "id": "u1" },\n  { "id": "u2"')).toEqual([
      "directory.json:3: This is not JSON: close brace expected.",
      "directory.json:3: This is not JSON: close bracket expected.",
      "directory.json:3: This is not JSON: close brace expected.",
    ]);
  });

  it.each([
    [
      "has a slip in two lines",
      '{ "users" [\n { "id": "u1", }\n] }',
      ["directory.json:1: This is not JSON: colon expected."],
    ],
    [
      "is no object",
      "[]",
      ['directory.json: The file must hold one object { "users": [], "groups": [], "assignments": [] }.'],
    ],
    [
      "has no users",
      '{ "user": [] }',
      [
        'directory.json: The file has no list "users".',
        'directory.json user: "user" is not known here. Known are users, groups, assignments.',
      ],
    ],
    ["has users that are no list", '{ "users": {} }', ['directory.json users: "users" must be a list in [ ].']],
    [
      "is Latin-1",
      Buffer.from('{ "users": [{ "id": "Zoë" }] }', "latin1"),
      ["directory.json: The file is not UTF-8; it may be Windows-1252 or Latin-1. Save it as UTF-8."],
    ],
    [
      "is UTF-16",
      Buffer.from('\uFEFF{ "users": [] }', "utf16le"),
      ["directory.json: The file is UTF-16 (little endian). Save it as UTF-8."],
    ],
  ])("%s", async (_, content, expected) => {
    expect((await refusalOf(content)).slice(0, expected.length)).toEqual(expected);
  });

  it("is missing", async () => {
    const folder = await temporaryFolder();
    const read = new JsonDirectory({ type: "json", file: "gone.json" }, folder).read();
    await expect(readWhole(read)).rejects.toThrow("gone.json: There is no such file.");
  });
});
