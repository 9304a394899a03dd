import { describe, expect, it } from "vitest";
import { ScimError } from "../../../src/scim/errors.ts";
import { compileFilter } from "../../../src/scim/filter/compile.ts";
import { parseFilter, parsePath } from "../../../src/scim/filter/parse.ts";
import { printFilter } from "../../../src/scim/filter/print.ts";
import { FilterSyntaxError } from "../../../src/scim/filter/syntaxError.ts";
import { applyPatch } from "../../../src/scim/patch/apply.ts";
import { urns } from "../../../src/scim/resource.ts";
import { userSchema } from "../../../src/scim/schemas/builtin.ts";
import { attempt, keepPrototypes, runs, seed, timeout, user } from "../../support/fuzzing.ts";
import { Mutator } from "../../support/mutator.ts";

keepPrototypes();

const filters = [
  'userName eq "ada@contoso.com"',
  'emails[type eq "work" and value co "@contoso.com"]',
  'not (active eq false) and (name.familyName sw "L" or meta.created gt "2020-01-01T00:00:00Z")',
  `${urns.enterpriseUser}:department eq "Data" and title pr`,
  'externalId eq null or emails.type ne "other" and userName ew "m"',
];
const filterWords = [
  "and",
  "or",
  "not",
  "eq",
  "ne",
  "co",
  "sw",
  "ew",
  "gt",
  "ge",
  "lt",
  "le",
  "pr",
  "userName",
  "emails",
  "[",
  "]",
  "active",
  urns.user,
  "name.",
  '"x"',
];

describe("filters", () => {
  it(`survive ${runs} inputs; what parses prints to the same filter, and runs`, { timeout }, () => {
    const mutator = new Mutator(seed, filters, filterWords);
    let good = 0;
    for (let run = 0; run < runs; run++) {
      const text = mutator.next();
      const filter = attempt(text, [FilterSyntaxError], () => parseFilter(text));
      if (filter === undefined) continue;
      good += 1;
      expect(parseFilter(printFilter(filter))).toEqual(filter);
      attempt(text, [ScimError], () => compileFilter(filter, userSchema)(user));
    }
    expect(good).toBeGreaterThan(runs / 100);
  });
});

const paths = [
  "userName",
  "name.familyName",
  'emails[type eq "work"].value',
  "emails[primary eq true]",
  `${urns.enterpriseUser}:manager.value`,
  urns.enterpriseUser,
  "members",
  'addresses[type eq "work"].locality',
];

describe("PATCH", () => {
  it(`survives ${runs} operations, and never touches the document it is given`, { timeout }, () => {
    const mutator = new Mutator(seed, paths, [...filterWords, ...paths]);
    const given = deepFreeze(structuredClone(user));
    let good = 0;
    for (let run = 0; run < runs; run++) {
      const { random } = mutator;
      const operations = Array.from({ length: random.integer(1, 3) }, () => ({
        op: random.pick(["add", "replace", "remove", "Add", "REPLACE", "move", ""]),
        ...(random.next() < 0.8 && { path: random.next() < 0.5 ? random.pick(paths) : mutator.next() }),
        ...(random.next() < 0.8 && { value: mutator.json() }),
      }));
      const text = JSON.stringify(operations);
      const [first] = operations;
      attempt(text, [FilterSyntaxError], () => parsePath(first?.path ?? ""));
      for (const unknownAttributes of ["refuse", "keep"] as const) {
        const patched = attempt(text, [ScimError], () =>
          applyPatch(given, operations, userSchema, { unknownAttributes }),
        );
        if (patched === undefined) continue;
        good += 1;
        expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
        expect(Object.hasOwn(patched, "__proto__")).toBe(false);
      }
    }
    expect(good).toBeGreaterThan(runs / 100);
    expect(given).toEqual(user);
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
