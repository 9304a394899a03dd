import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Imprint } from "../../../src/directory/imprint.ts";
import { JsonDirectory } from "../../../src/directory/json.ts";
import { readMovedJson } from "../../../src/directory/jsonMoved.ts";
import type { DirectoryGroup, DirectoryUser, MovedPart, MovedRead } from "../../../src/directory/source.ts";
import { loadImprint, saveImprint } from "../../../src/provisioning/imprintFile.ts";
import { readWhole, temporaryFolder } from "../../support/directoryReading.ts";

interface Content {
  readonly users: readonly { readonly id: string; readonly [name: string]: unknown }[];
  readonly groups: readonly { readonly id: string; readonly members: readonly string[] }[];
  readonly assignments: readonly object[];
}

/** Long enough that a few people fill a block. */
const padding = "Ж".repeat(250);

const base: Content = {
  users: Array.from({ length: 30 }, (_, at) => ({ id: `u${at}`, displayName: `User ${at}`, padding, mail: null })),
  groups: [
    { id: "g0", members: ["u0", "u1", "u29"] },
    { id: "g1", members: ["u2", "g0"] },
  ],
  assignments: [{ principalId: "g0", principalType: "Group", appRole: "User" }],
};

/** What a whole read of a content is remembered by; every object has the note that it `was there`. */
async function imprintOf(content: string): Promise<Imprint | undefined> {
  const folder = await temporaryFolder({ "directory.json": content });
  const read = new JsonDirectory({ type: "json", file: "directory.json" }, folder).read();
  const { users, groups } = await readWhole(read);
  const noted = (objects: readonly { readonly id: string }[]) => ({
    ids: objects.map(({ id }) => id),
    notes: objects.map(() => "was there"),
  });
  return read.imprint?.({ User: noted(users), Group: noted(groups) });
}

async function readAfter(before: string, after: string | Buffer): Promise<MovedRead | undefined> {
  const earlier = await imprintOf(before);
  if (earlier === undefined) throw new Error("There is no imprint.");
  return readMovedJson("directory.json", Buffer.from(after), earlier);
}

/** All objects of a read, those that were not looked at included. */
function all<Item extends DirectoryUser | DirectoryGroup>(parts: readonly MovedPart<Item>[]): Item[] {
  return parts.flatMap((part) =>
    "fresh" in part ? [...part.fresh] : part.block.objects.map((_, at) => part.load(at)),
  );
}

const unread = (parts: readonly MovedPart<unknown>[]) =>
  parts.flatMap((part) => ("block" in part ? part.block.objects.map(({ id }) => id) : []));

const plain = (items: readonly (DirectoryUser | DirectoryGroup)[]) =>
  items.map(({ attributes, ...rest }) => ({ ...rest, attributes: { ...attributes } }));

const text = (content: Content) => JSON.stringify(content);

const renamed = (content: Content, ids: readonly string[]): Content => ({
  ...content,
  users: content.users.map((user) => (ids.includes(user.id) ? { ...user, displayName: 'Renamed } ] \\ "' } : user)),
});

describe("a read with knowledge of an earlier one", () => {
  it("looks only at what moved and at its neighbours", async () => {
    const moved = await readAfter(text(base), text(renamed(base, ["u10"])));
    const left = unread(moved?.users ?? []);
    expect(left).toContain("u0");
    expect(left).toContain("u29");
    expect(left).not.toContain("u10");
    expect(left.length).toBeGreaterThan(20);
    expect(unread(moved?.groups ?? [])).toEqual(["g0", "g1"]);
    expect(moved?.completeness).toEqual({
      complete: true,
      proof: "directory.json read to its end, 30 users, 2 groups, 1 assignments",
    });
  });

  const edit = fc.oneof(
    fc
      .subarray(
        base.users.map(({ id }) => id),
        { maxLength: 4 },
      )
      .map((ids) => (content: Content) => renamed(content, ids)),
    fc.nat(40).map((at) => (content: Content): Content => {
      const id = `new${content.users.length}`;
      return { ...content, users: content.users.toSpliced(at, 0, { id, manager: "u1", padding }) };
    }),
    fc.tuple(fc.nat(29), fc.nat(29)).map(([from, to]) => (content: Content): Content => {
      const moved = content.users.slice(from, from + 3);
      const others = content.users.filter((user) => !moved.includes(user));
      return { ...content, users: others.toSpliced(to, 0, ...moved) };
    }),
    fc.subarray(["u3", "u4", "g1"]).map((members) => (content: Content): Content => {
      const groups = content.groups.map((group) => (group.id === "g0" ? { ...group, members } : group));
      return { ...content, groups };
    }),
    fc.constant((content: Content): Content => ({
      ...content,
      assignments: [...content.assignments, ...base.assignments],
    })),
  );

  it("gives what a whole read gives, with notes of who was there, however the file is laid out", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 3 }),
        fc.constantFrom(0, 2, "\t"),
        fc.constantFrom("", "\uFEFF", " \r\n"),
        async (edits, indent, lead) => {
          const content = edits.reduce((sofar, each) => each(sofar), base);
          const written = (each: Content) => lead + JSON.stringify(each, undefined, indent);
          const moved = await readAfter(written(base), written(content));
          const folder = await temporaryFolder({ "directory.json": written(content) });
          const whole = await readWhole(new JsonDirectory({ type: "json", file: "directory.json" }, folder).read());
          expect(moved).toBeDefined();
          expect(plain(all(moved?.users ?? []))).toEqual(plain(whole.users));
          expect(plain(all(moved?.groups ?? []))).toEqual(plain(whole.groups));
          expect(moved?.assignments).toEqual(whole.assignments);
          expect(moved?.completeness).toEqual(whole.completeness);
          for (const part of moved?.users ?? []) {
            if ("block" in part) continue;
            for (const { id } of part.fresh) expect(part.before(id)).toBe(id.startsWith("u") ? "was there" : undefined);
          }
        },
      ),
      { numRuns: 60 },
    ));

  it("is remembered in turn", async () => {
    const second = text(renamed(base, ["u4", "u20"]));
    const moved = await readAfter(text(base), second);
    const noted = (objects: readonly { readonly id: string }[]) => ({
      ids: objects.map(({ id }) => id),
      notes: objects.map(({ id }) => `again ${id}`),
    });
    const imprint = moved?.imprint({ User: noted(all(moved.users)), Group: noted(all(moved.groups)) });
    const third = imprint && readMovedJson("directory.json", Buffer.from(second), imprint);
    expect(unread(third?.users ?? [])).toEqual(base.users.map(({ id }) => id));
    expect(imprint?.User.flatMap(({ objects }) => objects.map(({ note }) => note))).toEqual(
      base.users.map(({ id }) => `again ${id}`),
    );
  });

  const without = (id: string): Content => ({
    users: base.users.filter((user) => user.id !== id),
    groups: base.groups.map((group) => ({ ...group, members: group.members.filter((member) => member !== id) })),
    assignments: base.assignments,
  });
  const user = (at: number, more: object): Content => ({
    ...base,
    users: base.users.map((each, place) => (place === at ? { ...each, ...more } : each)),
  });

  it.each<[string, string | Buffer]>([
    ["somebody is gone", text(without("u7"))],
    ["all groups are gone", JSON.stringify({ users: base.users, assignments: [] })],
    ["there are no users", JSON.stringify({ groups: [], assignments: [] })],
    ["an id stands twice", text({ ...base, users: [...base.users, { id: "u3" }] })],
    ["a new id stands twice", text({ ...base, users: [...base.users, { id: "n" }, { id: "n" }] })],
    [
      "an id names something else",
      text({ ...base, groups: [...base.groups, { id: "u29", members: [] }], users: base.users.slice(0, -1) }),
    ],
    ["a manager is nobody", text(user(4, { manager: "nobody" }))],
    ["a member is nobody", text({ ...base, groups: [{ id: "g0", members: ["nobody"] }, ...base.groups.slice(1)] })],
    [
      "a member stands twice",
      text({ ...base, groups: [{ id: "g0", members: ["u1", "u1"] }, ...base.groups.slice(1)] }),
    ],
    ["an assignment names nobody", text({ ...base, assignments: [{ principalId: "nobody", principalType: "User" }] })],
    [
      "an assignment names the wrong kind",
      text({ ...base, assignments: [{ principalId: "u1", principalType: "Group" }] }),
    ],
    ["a value is not fit", text(user(4, { mail: { work: "a@x" } }))],
    ["an element is no object", text(base).replace('{"id":"u5"', '5,{"id":"u5"')],
    ["the file ends too early", text(base).slice(0, -30)],
    ["something follows the end", `${text(base)}{}`],
    ["a comma is missing", text(base).replace('},{"id":"u9"', '}{"id":"u9"')],
    ["a comma is too much", text(base).replace('}],"groups"', '},],"groups"')],
    ["brackets do not match", text(base).replace('"members":["u2","g0"]', '"members":["u2","g0"}')],
    ["a list is not known", text(base).replace('"assignments"', '"Assignments"')],
    ["a list stands twice", text(base).replace('"assignments":', '"users":[],"assignments":')],
    [
      "a text is not UTF-8",
      Buffer.concat([Buffer.from(text(base).slice(0, 40)), Buffer.from([0xff]), Buffer.from(text(base).slice(41))]),
    ],
    ["the file is empty", ""],
  ])("leaves it to the whole read when %s", async (_, after) => {
    expect(await readAfter(text(base), after)).toBeUndefined();
  });

  it("is not offered after a read with problems to tell, or of a file that has changed since", async () => {
    expect(await imprintOf(text(user(4, { manager: "nobody" })))).toBeUndefined();
    const folder = await temporaryFolder({ "directory.json": text(base) });
    const read = new JsonDirectory({ type: "json", file: "directory.json" }, folder).read();
    const none = { ids: [], notes: [] };
    expect(await read.imprint?.({ User: none, Group: none })).toBeUndefined();
    await readWhole(read);
    await writeFile(join(folder, "directory.json"), text(renamed(base, ["u1"])));
    const noted = (objects: readonly { readonly id: string }[]) => ({
      ids: objects.map(({ id }) => id),
      notes: objects.map(() => ""),
    });
    expect(await read.imprint?.({ User: noted(base.users), Group: noted(base.groups) })).toBeUndefined();
  });
});

describe("the file of an imprint", () => {
  it("gives back what was written, and nothing when it is damaged or absent", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "imprint.jsonl");
    expect(await loadImprint(file)).toBeUndefined();
    const imprint = await imprintOf(text(base));
    if (imprint === undefined) throw new Error("There is no imprint.");
    await saveImprint(file, { fingerprint: "f", imprint });
    const loaded = await loadImprint(file);
    expect(loaded).toEqual({ fingerprint: "f", imprint });
    const written = await readFile(file, "utf8");
    for (const damaged of [written.slice(0, -20), written.slice(20), "", "{}\n", written.replace("\n", "\n\n")]) {
      await writeFile(file, damaged);
      expect(await loadImprint(file)).toBeUndefined();
    }
  });
});
