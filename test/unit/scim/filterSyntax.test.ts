import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFilter, parsePath } from "../../../src/scim/filter/parse.ts";
import { printFilter } from "../../../src/scim/filter/print.ts";
import { FilterSyntaxError } from "../../../src/scim/filter/syntaxError.ts";

const ENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

function problem(parse: () => unknown): FilterSyntaxError {
  try {
    parse();
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("parseFilter", () => {
  it("splits a URN from its attribute at the last colon", () => {
    expect(parseFilter(`${ENT}:manager.displayName pr`)).toStrictEqual({
      kind: "present",
      path: { schema: ENT, name: "manager", sub: "displayName" },
    });
  });

  it("reads the tail form as one more condition on the same element", () => {
    expect(parseFilter('emails[type eq "work"].value eq "x"')).toStrictEqual(
      parseFilter('emails[type eq "work" and value eq "x"]'),
    );
  });

  it.each([
    ['a eq "tab\\tquote\\"back\\\\slash\\u00e9"', 'tab\tquote"back\\slashé'],
    ["a eq -12.5e2", -1250],
    ["a eq TRUE", true],
    ["a eq null", null],
    ["a eq -0", 0],
  ])("reads the literal of %s", (text, value) => {
    expect(parseFilter(text)).toMatchObject({ kind: "compare", value });
  });

  it.each([
    ["F06", "userName eq", 11, "a value is expected after eq"],
    ["nothing", "", 0, "an attribute is expected"],
    ["no operator", "userName", 8, "an operator is expected"],
    ["no such operator", 'userName is "a"', 9, "an operator is expected"],
    ["unquoted text", "userName eq ann", 12, "double quotes"],
    ["single quotes", "userName eq 'ann'", 12, "double quotes"],
    ["an endless number", "a eq 1e999", 5, "double quotes"],
    ["an open quote", 'userName eq "ann', 12, "closing double quote is missing"],
    ["a bad escape", String.raw`userName eq "\x"`, 12, "no JSON string"],
    ["a line break in text", 'userName eq "a\nb"', 12, "no JSON string"],
    ["an open parenthesis", "(a pr", 0, 'no closing ")"'],
    ["an open bracket", "a[b pr", 1, 'no closing "]"'],
    ["a crossed bracket", "a[b pr)", 6, '"]" is expected'],
    ["a lone closing parenthesis", "a pr)", 4, "closes nothing"],
    ["two filters in a row", "a pr b pr", 5, "and, or, or the end is expected"],
    ["a dangling and", "a pr and", 8, "an attribute is expected"],
    ["not without parentheses", "not a pr", 4, "not needs parentheses"],
    ["brackets in brackets", "a[b[c pr]]", 3, "within brackets"],
    ["brackets on a sub-attribute", "a.b[c pr]", 3, "follow an attribute"],
    ["three levels", "a.b.c pr", 0, "an attribute is expected"],
    ["an empty tail", 'a[b eq "x"]. eq "y"', 11, "name of a sub-attribute"],
    ["a prototype", "__proto__ pr", 0, "an attribute is expected"],
    ["a constructor", "constructor.name pr", 0, "an attribute is expected"],
  ])("points at the problem: %s", (_, text, position, message) => {
    const error = problem(() => parseFilter(text));
    expect(error).toMatchObject({ status: 400, scimType: "invalidFilter", code: "invalidFilter", position });
    expect(error.message).toContain(message);
    expect(error.message).toContain(`character ${position + 1}`);
  });
});

describe("parsePath", () => {
  it.each([
    ["displayName", { name: "displayName" }],
    ["name.familyName", { name: "name", sub: "familyName" }],
    [`${ENT}:manager.value`, { schema: ENT, name: "manager", sub: "value" }],
    ["members.$ref", { name: "members", sub: "$ref" }],
    [
      'emails[type eq "a]b"].value',
      {
        name: "emails",
        filter: { kind: "compare", path: { name: "type" }, operator: "eq", value: "a]b" },
        sub: "value",
      },
    ],
  ])("reads %s", (text, path) => {
    expect(parsePath(text)).toStrictEqual(path);
  });

  it.each([
    "",
    "a b",
    "a[",
    "a[b pr",
    "a[]",
    "a[b pr].",
    "a[b pr] .c",
    "a[b pr].c.d",
    "a.b[c pr]",
    ".a",
    "a.",
    "__proto__.x",
    "x.constructor",
  ])("refuses %j", (text) => {
    expect(problem(() => parsePath(text))).toMatchObject({ status: 400, scimType: "invalidPath" });
  });
});

describe("printFilter", () => {
  it.each([
    ["((a pr))", "a pr"],
    ["A PR AND (B PR OR C PR)", "A pr and (B pr or C pr)"],
    ["(a pr and b pr) or c pr", "a pr and b pr or c pr"],
    ["a pr and (b pr and c pr)", "a pr and b pr and c pr"],
    ["not((a pr))", "not (a pr)"],
    ['e[ type  eq "w" ].value   sw "x"', 'e[type eq "w" and value sw "x"]'],
  ])("writes %s as %s", (text, canonical) => {
    expect(printFilter(parseFilter(text))).toBe(canonical);
    expect(printFilter(parseFilter(canonical))).toBe(canonical);
  });
});

describe("hostile filters end in one bounded error", () => {
  it.each([
    ["10,000 nested parentheses", `${"(".repeat(10_000)}a pr${")".repeat(10_000)}`],
    ["10,000 nested nots", `${"not (".repeat(10_000)}a pr${")".repeat(10_000)}`],
    ["a megabyte of text", `a eq "${"x".repeat(1_000_000)}"`],
    ["a megabyte of backslashes", `a eq "${"\\".repeat(1_000_000)}`],
    ["100,000 clauses", Array.from({ length: 100_000 }, () => "a pr").join(" or ")],
    ["more conditions than the limit", Array.from({ length: 12_000 }, () => "a pr").join(" or ")],
    ["a long attribute name", "x".repeat(99_000)],
    ["a long path", `${"a.".repeat(40_000)}b pr`],
    ["control characters", "a\u0000\u0007 eq\u0001"],
    ["half a surrogate pair", "\ud800 eq 1 \udfff"],
  ])("%s", (_, text) => {
    const error = problem(() => parseFilter(text));
    expect(error.message.length).toBeLessThanOrEqual(300);
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  });

  it("any text either parses or throws FilterSyntaxError with a position within it", () => {
    const piece = fc.constantFrom(
      ...["(", ")", "[", "]", '"', " ", ".", ":"],
      "and",
      "or",
      "not",
      "eq",
      "pr",
      "a",
      "urn:x:b",
      '"s"',
      "1",
      "null",
      "\\",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(" ")),
      fc.array(piece).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(text, (filter) => {
        try {
          parseFilter(filter);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterSyntaxError);
          expect((error as FilterSyntaxError).position).toBeLessThanOrEqual(filter.length);
          expect((error as FilterSyntaxError).message.length).toBeLessThanOrEqual(300);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("limits of filters", () => {
  const chain = (clauses: number): string => Array.from({ length: clauses }, () => "a pr").join(" or ");

  it("a chain of 10,000 conditions is read as one flat list", () => {
    expect(parseFilter(chain(10_000))).toMatchObject({ kind: "or", filters: { length: 10_000 } });
  });

  it("100 levels of parentheses are read", () => {
    expect(printFilter(parseFilter(`${"(".repeat(100)}a pr${")".repeat(100)}`))).toBe("a pr");
  });
});
