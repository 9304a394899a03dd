import { appendFile, rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CsvDirectory } from "../../../src/directory/csv.ts";
import { DirectoryError } from "../../../src/directory/source.ts";
import { readWhole, temporaryFolder } from "../../support/directoryReading.ts";

const files = {
  "users.csv": [
    "id,userPrincipalName,displayName,accountEnabled,proxyAddresses[],manager",
    "u1,Ada.Okafor@contoso.com,Ada Okafor,true,smtp:ada@contoso.com; SMTP:a@contoso.com,u2",
    'u2,zoe@contoso.com,"Larsson, Zoë",False,,',
  ].join("\n"),
  "groups.csv": "id,displayName\ng1,data-platform\ng2,analysts\n",
  "members.csv": "groupId,memberId\ng1,u1\ng1,g2\ng2,u2\n",
  "assignments.csv": "principalId,principalType,appRole\ng1,Group,User\nu2,user,Default Access\n",
};

const settings = {
  type: "csv",
  users: "users.csv",
  groups: "groups.csv",
  members: "members.csv",
  assignments: "assignments.csv",
} as const;

async function open(changed: Readonly<Record<string, string | Uint8Array>> = {}) {
  const folder = await temporaryFolder({ ...files, ...changed });
  return { folder, read: new CsvDirectory(settings, folder).read() };
}

async function problemsWith(changed: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
  const whole = await readWhole((await open(changed)).read);
  expect(whole.completeness.complete).toBe(false);
  return whole.problems;
}

async function refusalOf(changed: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
  const { read } = await open(changed);
  const error: unknown = await readWhole(read).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DirectoryError);
  return (error as DirectoryError).message.split("\n");
}

describe("a CSV directory", () => {
  it("gives users, groups with members, and assignments, and proves that it was read whole", async () => {
    const { users, groups, assignments, problems, completeness } = await readWhole((await open()).read);
    expect(problems).toEqual([]);
    expect(users.map((user) => ({ ...user, attributes: { ...user.attributes } }))).toEqual([
      {
        id: "u1",
        location: "users.csv:2",
        attributes: {
          id: "u1",
          userPrincipalName: "Ada.Okafor@contoso.com",
          displayName: "Ada Okafor",
          accountEnabled: true,
          proxyAddresses: ["smtp:ada@contoso.com", "SMTP:a@contoso.com"],
          manager: "u2",
        },
      },
      {
        id: "u2",
        location: "users.csv:3",
        attributes: {
          id: "u2",
          userPrincipalName: "zoe@contoso.com",
          displayName: "Larsson, Zoë",
          accountEnabled: false,
        },
      },
    ]);
    expect(groups.map((group) => [group.id, group.members])).toEqual([
      ["g1", ["u1", "g2"]],
      ["g2", ["u2"]],
    ]);
    expect(assignments).toEqual([
      { principalId: "g1", principalType: "Group", appRole: "User" },
      { principalId: "u2", principalType: "User", appRole: "Default Access" },
    ]);
    expect(completeness).toEqual({
      complete: true,
      proof:
        "users.csv read to its end, 2 rows; groups.csv read to its end, 2 rows; members.csv read to its end, 3 rows; assignments.csv read to its end, 2 rows",
    });
  });

  it("gives the same in any order of the streams, unknown references included", async () => {
    const changed = { "members.csv": "groupId,memberId\ng1,u1\ng1,u9\n" };
    const first = await readWhole((await open(changed)).read);
    const second = await readWhole((await open(changed)).read, ["assignments", "groups", "users"]);
    expect(second).toEqual(first);
    expect(second.problems).toEqual(['members.csv:3 memberId: The memberId "u9" is nobody\'s id in this directory.']);
  });

  it("is not complete before everything is consumed", async () => {
    const { read } = await open();
    for await (const _ of read.users());
    expect(read.completeness()).toEqual({ complete: false, reason: "Not read to the end: groups, assignments." });
  });

  it("has attributes that inherit nothing", async () => {
    const { users } = await readWhole((await open({ "users.csv": "id,__proto__\nu1,x\nu2,y\n" })).read);
    expect(users[0]?.attributes["constructor"]).toBeUndefined();
    expect(users[0]?.attributes["__proto__"]).toBe("x");
  });

  it("may start with a byte order mark and end lines with CRLF", async () => {
    const { users, problems } = await readWhole(
      (await open({ "users.csv": "\uFEFFid,displayName\r\nu1,Ada\r\nu2,Zoë\r\n" })).read,
    );
    expect(problems).toEqual([]);
    expect(users.map((user) => user.attributes["displayName"])).toEqual(["Ada", "Zoë"]);
  });

  it("gives batches of at most 1,000", async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => `x${index},a`).join("\n");
    const { read } = await open({ "users.csv": `id,displayName\n${rows}\nu1,a\nu2,b\n` });
    const sizes: number[] = [];
    for await (const batch of read.users()) sizes.push(batch.length);
    expect(sizes).toEqual([1000, 1000, 502]);
  });
});

describe("what is wrong in the rows of a CSV directory", () => {
  it("is told all at once, with file, line and column", async () => {
    const found = await problemsWith({
      "users.csv": [
        "id,displayName,accountEnabled,manager",
        "u1,Ada,true,u7",
        "u2,Zoë,yes,",
        "u1,Ada again,true,",
        ",Nobody,true,",
        "u3,too,few",
        'u4,"open,true,',
        "u2,Zoë,true,",
      ].join("\n"),
      "groups.csv": "id,displayName\ng1,data\ng1,data\nu1,taken\n",
      "members.csv": "groupId,memberId\ng1,u1\ng1,u1\ng7,u1\ng1,u8\n",
      "assignments.csv": "principalId,principalType,appRole\nu1,Group,User\nu9,User,User\nu2,Device,User\n",
    });
    expect(found).toEqual([
      'users.csv:3 accountEnabled: "yes" is neither true nor false.',
      'users.csv:4 id: The id "u1" is taken by a user, at users.csv:2. Ids must be unique.',
      "users.csv:5 id: The id is empty.",
      "users.csv:6: 3 fields where the header names 4.",
      "users.csv:7: A quoted text starts here and is never closed.",
      'users.csv:8 id: The id "u2" is taken by a user, at users.csv:3. Ids must be unique.',
      'groups.csv:3 id: The id "g1" is taken by a group, at groups.csv:2. Ids must be unique.',
      'groups.csv:4 id: The id "u1" is taken by a user, at users.csv:2. Ids must be unique.',
      'members.csv:4 groupId: The groupId "g7" is no group\'s id in groups.csv.',
      'warning: members.csv:3 memberId: "u1" is a member of "g1" already.',
      'assignments.csv:4 principalType: "Device" is not a principal type. It is User or Group.',
      'warning: users.csv:2 manager: The manager "u7" is nobody\'s id in this directory.',
      'members.csv:5 memberId: The memberId "u8" is nobody\'s id in this directory.',
      'assignments.csv:2 principalId: The principalId "u1" is a user, not a group.',
      'assignments.csv:3 principalId: The principalId "u9" is nobody\'s id in this directory.',
    ]);
  });

  it("leaves a warning's read complete", async () => {
    const { completeness, problems } = await readWhole(
      (await open({ "members.csv": "groupId,memberId\ng1,u1\ng1,u1\n" })).read,
    );
    expect(problems).toHaveLength(1);
    expect(completeness.complete).toBe(true);
  });

  it("names every line that is not UTF-8, and reads the others", async () => {
    const { read } = await open({ "users.csv": Buffer.from("id,displayName\nu1,Zoë\nu2,Ada\nu3,Björn\n", "latin1") });
    const { users, problems, completeness } = await readWhole(read);
    expect(users.map((user) => user.id)).toEqual(["u2"]);
    expect(problems.slice(0, 2)).toEqual([
      "users.csv:2: The line holds bytes that are not UTF-8; the file may be Windows-1252 or Latin-1. Save it as UTF-8.",
      "users.csv:4: The line holds bytes that are not UTF-8; the file may be Windows-1252 or Latin-1. Save it as UTF-8.",
    ]);
    expect(completeness.complete).toBe(false);
  });

  it("is bounded: a thousand problems and a count of the rest", async () => {
    const rows = Array.from({ length: 1500 }, () => "u1,a,b").join("\n");
    const found = await problemsWith({ "users.csv": `id,displayName\nu1,a\nu2,b\n${rows}\n` });
    expect(found).toHaveLength(1001);
    expect(found.at(-1)).toBe("500 more problems are not listed.");
  });

  it("says the first reason and how many more there are", async () => {
    const { completeness } = await readWhole((await open({ "users.csv": "id,displayName\nu1\nu2\n" })).read);
    expect(completeness).toEqual({
      complete: false,
      reason: "users.csv:2: 1 field where the header names 2. (and 4 more)",
    });
  });
});

describe("a CSV directory that cannot be read at all", () => {
  it("is refused with everything that is wrong with its files", async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("id,displayName\n", "utf16le")]);
    const { read, folder } = await open({
      "groups.csv": utf16,
      "members.csv": "group,memberId\n",
      "assignments.csv": "principalId;principalType;appRole\n",
    });
    await rm(path.join(folder, "users.csv"));
    const error: unknown = await readWhole(read).catch((reason: unknown) => reason);
    expect((error as DirectoryError).code).toBe("directoryUnreadable");
    expect((error as DirectoryError).message.split("\n")).toEqual([
      "users.csv: There is no such file.",
      "groups.csv: The file is UTF-16 (little endian). Save it as UTF-8.",
      'members.csv:1 groupId: The header lacks the column "groupId". It names group, memberId.',
      "assignments.csv:1: The columns are divided by semicolons. Save the file with commas between the fields.",
    ]);
  });

  it.each([
    [
      "no id",
      "userPrincipalName\na\n",
      'users.csv:1 id: The header lacks the column "id". It names userPrincipalName.',
    ],
    [
      "id in another case",
      "ID,mail\na,b\n",
      'users.csv:1 id: The header lacks the column "id". "ID" must be written "id".',
    ],
    ["a column twice", "id,mail,mail\n", 'users.csv:1 mail: The column "mail" is there twice. Remove one.'],
    ["a column without a name", "id,,mail\n", "users.csv:1: Column 2 has no name."],
    ["nothing in it", "", "users.csv: The file is empty. Its first line must name the columns: id."],
  ])("has a header with %s", async (_, text, message) => {
    expect(await refusalOf({ "users.csv": text })).toEqual([message]);
  });
});

describe("a CSV file that moves while it is read", () => {
  it("changes: the read is not complete and says so", async () => {
    const { read, folder } = await open();
    const users = read.users()[Symbol.asyncIterator]();
    await users.next();
    await appendFile(path.join(folder, "users.csv"), "\nu3,linh@contoso.com,Linh,true,,\n");
    while (!(await users.next()).done);
    for await (const _ of read.groups());
    for await (const _ of read.assignments());
    expect(read.completeness()).toEqual({
      complete: false,
      reason: "users.csv: The file was not read whole: it changed while it was read. Run again when it is at rest.",
    });
  });

  it("vanishes: what was read is given, and the read is not complete", async () => {
    const { read, folder } = await open();
    const whole = { users: 0 };
    for await (const batch of read.users()) {
      whole.users += batch.length;
      await rm(path.join(folder, "members.csv"), { force: true });
    }
    for await (const _ of read.groups());
    for await (const _ of read.assignments());
    expect(whole.users).toBe(2);
    expect(read.completeness()).toEqual({ complete: false, reason: "members.csv: There is no such file." });
  });

  it("stops when it is told to", async () => {
    const { folder } = await open();
    const read = new CsvDirectory(settings, folder).read({ signal: AbortSignal.abort() });
    await expect(readWhole(read)).rejects.toThrow("aborted");
  });
});
