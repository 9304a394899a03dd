import fc from "fast-check";
import { parse, type Filter as PeerFilter } from "scim2-parse-filter";
import SCIMMY from "scimmy";
import { describe, expect, it } from "vitest";
import { compileFilter } from "../../../src/scim/filter/compile.ts";
import { type Filter, printAttributePath } from "../../../src/scim/filter/filter.ts";
import { parseFilter } from "../../../src/scim/filter/parse.ts";
import { printFilter } from "../../../src/scim/filter/print.ts";
import { applyPatch, type IncomingOperation } from "../../../src/scim/patch/apply.ts";
import { sameMeaning } from "../../../src/scim/patch/meaning.ts";
import { urns } from "../../../src/scim/resource.ts";
import { userSchema } from "../../../src/scim/schemas/builtin.ts";
import { filters } from "./filters.ts";

/** Our filter in the shape of scim2-parse-filter. */
function asPeer(filter: Filter): PeerFilter {
  switch (filter.kind) {
    case "and":
    case "or":
      return { op: filter.kind, filters: filter.filters.map(asPeer) };
    case "not":
      return { op: "not", filter: asPeer(filter.filter) };
    case "present":
      return { op: "pr", attrPath: printAttributePath(filter.path) };
    case "compare":
      return { op: filter.operator, attrPath: printAttributePath(filter.path), compValue: filter.value };
    case "value":
      return { op: "[]", attrPath: printAttributePath(filter.path), valFilter: asPeer(filter.filter) };
  }
}

/**
 * Whether scim2-parse-filter 0.2.10 can read a filter rightly. It cannot read names that begin with `$`, numbers with an
 * exponent or, before a space, a sign, and it keeps `\n` and its like in text as two characters.
 */
function readableByPeer(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.filters.every(readableByPeer);
    case "not":
      return readableByPeer(filter.filter);
    case "value":
      return readableByPeer(filter.filter) && !printAttributePath(filter.path).includes("$");
    case "present":
      return !printAttributePath(filter.path).includes("$");
    case "compare":
      return !printAttributePath(filter.path).includes("$") && !/[-\\]|\de/.test(JSON.stringify(filter.value));
  }
}

describe("scim2-parse-filter", () => {
  it("reads every filter as we do, where it is right", () => {
    const readable = filters.filter(readableByPeer);
    fc.assert(
      fc.property(readable, (filter) => {
        expect(asPeer(parseFilter(printFilter(filter)))).toStrictEqual(parse(printFilter(filter)));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["precedence", 'a eq "1" or b eq "2" and c eq "3" or d pr'],
    ["a URN", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value pr"],
    ["brackets within text", 'a[b eq "x]y" or not (c pr)] and d eq true'],
    ["escaped quotes", String.raw`a eq "say \"hi\""`],
    ["letter case", "A EQ null AND NOT (B PR)"],
  ])("agrees on %s: %s", (_, text) => {
    expect(asPeer(parseFilter(text))).toStrictEqual(parse(text));
  });
});

const lower = fc.constantFrom("ann", "bob", "cat", "ann@x.example", "an");
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { noNullPrototype: true });
const person = record({
  id: lower,
  userName: lower,
  displayName: lower,
  active: fc.boolean(),
  name: record({ givenName: lower }),
  emails: fc.array(record({ value: lower, type: fc.constantFrom("work", "home") }), { minLength: 1, maxLength: 3 }),
});
const conditions = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("userName", "displayName", "name.givenName"),
      fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"),
      lower,
    )
    .map(([name, operator, value]) => `${name} ${operator} "${value}"`),
  fc
    .tuple(fc.constantFrom("work", "home"), lower)
    .map(([type, value]) => `emails[type eq "${type}" and value co "${value}"]`),
  fc.constantFrom("active eq true", "active eq false", "displayName pr", 'emails.type eq "home"'),
);

const rootOf = (condition: string): string => condition.split(/[ .[]/, 1)[0]!;

describe("scimmy", () => {
  // scimmy 1.3.5 compares text with case, takes "" as present, loses `not` before a group, cannot read escaped quotes, and
  // finds nothing by URN, and mixes up conditions on one attribute within one `and`: so lower-case text, none of these, and
  // each attribute once in an `and`.
  it("finds the same people, where it is right", () => {
    const filter = fc
      .array(fc.uniqueArray(conditions, { minLength: 1, maxLength: 3, selector: rootOf }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((groups) => groups.map((parts) => parts.join(" and ")).join(" or "));
    fc.assert(
      fc.property(fc.array(person, { maxLength: 6 }), filter, (people, text) => {
        const ours = people.filter(compileFilter(parseFilter(text), userSchema));
        expect(ours).toStrictEqual([...new SCIMMY.Types.Filter(text).match(people)]);
      }),
      { numRuns: 500 },
    );
  });

  // scimmy replaces a complex attribute instead of merging, appends elements that are there already, and leaves the old
  // primary (V08, V13, V14), and refuses names in another case (V02): so exact names, paths to parts, new elements, none of them primary.
  it("patches a user to the same state, where it is right", async () => {
    const base = {
      schemas: [urns.user],
      id: "u1",
      userName: "ann@example.com",
      name: { givenName: "Ann", familyName: "Lee" },
      displayName: "Ann Lee",
      active: true,
      emails: [
        { value: "ann@work.example", type: "work" },
        { value: "ann@home.example", type: "home" },
      ],
    };
    const text = fc.constantFrom("Zoë", "B. Lee", "x@x.example");
    const setting = fc.oneof(
      record({
        path: fc.constantFrom("displayName", "title", "name.familyName", "name.middleName"),
        value: text,
      }),
      record({ path: fc.constant("active"), value: fc.boolean() }),
      record({ path: fc.constant('emails[type eq "work"].value'), value: text }),
    );
    const operation: fc.Arbitrary<IncomingOperation> = fc.oneof(
      fc.tuple(fc.constantFrom("add", "replace"), setting).map(([op, rest]) => ({ op, ...rest })),
      fc.constantFrom<IncomingOperation>(
        { op: "remove", path: "nickName" },
        { op: "remove", path: "name.givenName" },
        { op: "add", value: { nickName: "A", title: "Engineer" } },
        { op: "replace", value: { displayName: "Z", active: false } },
      ),
    );
    const last = fc.constantFrom<IncomingOperation>(
      { op: "replace", path: "emails", value: [{ value: "only@x.example", type: "other" }] },
      { op: "add", path: "emails", value: [{ value: "new@x.example", type: "other" }] },
      { op: "remove", path: 'emails[type eq "home"]' },
      { op: "remove", path: "emails" },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 5 }), last, async (first, final) => {
        const operations = [...first, final];
        const request = { schemas: [urns.patchOp], Operations: operations };
        const message = new SCIMMY.Messages.PatchOp(structuredClone(request) as never);
        const resource = new SCIMMY.Schemas.User(structuredClone(base), "out");
        // Where nothing changes, scimmy answers with nothing, whatever its types say.
        const patched: unknown = await message.apply(resource, async (instance) => instance);
        const theirs = JSON.parse(JSON.stringify(patched ?? resource));
        expect(sameMeaning(applyPatch(base, operations, userSchema), theirs, userSchema)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
