import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileMappings } from "../../../src/mapping/compileMappings.ts";
import { exportSchema } from "../../../src/mapping/entra/exportSchema.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { DotnetRegex, RegexError } from "../../../src/mapping/dotnet/regex.ts";
import { DateTime } from "../../../src/mapping/dotnet/dateTime.ts";
import { formatDate, parseDateFormat } from "../../../src/mapping/dotnet/dateFormat.ts";
import { parseDate } from "../../../src/mapping/dotnet/dateParse.ts";
import { compileExpression, validateExpression } from "../../../src/mapping/expression/compile.ts";
import { ExpressionError } from "../../../src/mapping/expression/expressionError.ts";
import { functions } from "../../../src/mapping/expression/functions/catalogue.ts";
import type { ExpressionNode } from "../../../src/mapping/expression/node.ts";
import { parseExpression } from "../../../src/mapping/expression/parser.ts";
import { printExpression } from "../../../src/mapping/expression/print.ts";
import { displayText } from "../../../src/mapping/expression/value.ts";
import type { Mapping } from "../../../src/mapping/mapping.ts";
import { layouts } from "./entraSchemas.ts";

const nowhere = { start: 0, end: 0 };
const attributeName = fc.constantFrom("a", "b", "list", "empty", "absent", "constructor", "IsSoftDeleted");
const text = fc.oneof(
  fc.constantFrom("", "a", "True", "0", "2020-01-31", "yyyy-MM-dd", "d", "(?<n>a+)", "n", "${n}", "tr-TR", " "),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);

const leaf: fc.Arbitrary<ExpressionNode> = fc.oneof(
  attributeName.map((name): ExpressionNode => ({ kind: "attribute", name, ...nowhere })),
  text.map((value): ExpressionNode => ({ kind: "text", value, ...nowhere })),
  fc
    .integer({ min: -400, max: 400 })
    .map((number): ExpressionNode => ({ kind: "number", digits: String(number), ...nowhere })),
);
const operator = fc.constantFrom("=", "<>", ">", ">=", "<", "<=");

/** Trees with calls of every function, with any arguments, so that most are wrong in some way and many are right. */
const { tree } = fc.letrec<{ tree: ExpressionNode; argument: ExpressionNode }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.constantFrom(...functions.keys()), fc.array(tie("argument"), { maxLength: 7 }))
      .map(([name, args]): ExpressionNode => ({
        kind: "call",
        name,
        // One omitted argument prints as none at all.
        arguments: args.length === 1 && args[0]?.kind === "omitted" ? [] : args,
        ...nowhere,
      })),
  ),
  argument: fc.oneof(
    { depthSize: "small" },
    tie("tree"),
    fc.constant<ExpressionNode>({ kind: "omitted", ...nowhere }),
    fc.tuple(leaf, operator, leaf).map(([left, comparison, right]): ExpressionNode => ({
      kind: "comparison",
      operator: comparison,
      left,
      right,
      ...nowhere,
    })),
  ),
}));

/** Calls with the right number of arguments, so that evaluation is reached far more often. */
const { fitting } = fc.letrec<{ fitting: ExpressionNode }>((tie) => ({
  fitting: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc
      .constantFrom(...functions.values())
      .chain((definition) =>
        fc
          .array(tie("fitting"), { minLength: definition.parameters.length, maxLength: definition.parameters.length })
          .map((args): ExpressionNode => ({ kind: "call", name: definition.name, arguments: args, ...nowhere })),
      ),
  ),
}));

const withoutSpans = (node: ExpressionNode): unknown =>
  JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === "start" || key === "end" ? undefined : value)));

const attributes = fc.record({
  a: text,
  b: fc.oneof(text, fc.boolean(), fc.integer()),
  list: fc.array(text, { maxLength: 3 }),
  empty: fc.constant(""),
});

function gives(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

const steady = { random: () => 0.5, now: () => new Date("2026-11-24T00:00:00Z") };

describe("laws of the expression language", () => {
  it("printing and parsing give the same tree", () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(withoutSpans(parseExpression(printExpression(node)))).toEqual(withoutSpans(node));
      }),
      { numRuns: 500 },
    );
  });

  it("every expression gives a value or an ExpressionError within its text, traced or not", () => {
    fc.assert(
      fc.property(fc.oneof(tree, fitting), attributes, (node, person) => {
        const source = printExpression(node);
        const compiled = gives(() => compileExpression(source));
        const check = (error: ExpressionError) => {
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position + error.length).toBeLessThanOrEqual(source.length);
          expect(error.message.length).toBeLessThan(600);
        };
        if (compiled instanceof ExpressionError) {
          check(compiled);
          return;
        }
        const { evaluate, trace } = compiled as ReturnType<typeof compileExpression>;
        const value = gives(() => evaluate(person, steady));
        const { trace: traced } = trace(person, steady);
        if (!(value instanceof ExpressionError)) {
          expect(traced.result).toBe(displayText(value as never));
          return;
        }
        check(value);
        expect(traced.error).toMatchObject({ code: value.code, position: value.position, message: value.message });
      }),
      { numRuns: 2_000 },
    );
  });

  it("any text compiles or tells its errors", () => {
    const pieces = fc.constantFrom(
      "(",
      ")",
      ",",
      "[",
      "]",
      '"',
      "\\",
      "Append",
      "IIF",
      "=",
      "<>",
      "&H",
      "1",
      "-",
      " ",
      "a",
      "“",
      "\u0000",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 40 }).map((all) => all.join("")),
          fc.string({ maxLength: 60 }),
        ),
        (source) => {
          for (const { position, length } of validateExpression(source))
            expect(position + length).toBeLessThanOrEqual(source.length);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("evaluating twice gives the same, and does not touch the object", () => {
    fc.assert(
      fc.property(fitting, attributes, (node, person) => {
        const compiled = gives(() => compileExpression(printExpression(node)));
        if (compiled instanceof ExpressionError) return;
        const before = structuredClone(person);
        const { evaluate } = compiled as ReturnType<typeof compileExpression>;
        expect(gives(() => evaluate(person, steady))).toEqual(gives(() => evaluate(person, steady)));
        expect(person).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });
});

describe("laws of .NET emulation", () => {
  it("any pattern compiles or gives a RegexError, never another error", () => {
    const pieces = fc.constantFrom(
      "(",
      ")",
      "[",
      "]",
      "(?:",
      "(?<n>",
      "(?i)",
      "(?>",
      "\\d",
      "\\w",
      "\\b",
      "\\1",
      "\\k<n>",
      "*",
      "+",
      "?",
      "{2}",
      "|",
      "^",
      "$",
      ".",
      "-",
      "a",
      "é",
      "😀",
      "\\",
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
        (pattern) => {
          try {
            new DotnetRegex(pattern);
          } catch (error) {
            expect(error).toBeInstanceOf(RegexError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("a literal text finds itself, whatever characters it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 }), (literal) => {
        const escaped = literal.replace(/[\\*+?|{[()^$.#]/g, "\\$&");
        expect(new DotnetRegex(`^${escaped}\\z`).test(literal)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("a date written in a full format is read back", () => {
    const formats = [
      "o",
      "yyyy-MM-ddTHH:mm:ss.fffffffK",
      "MM/dd/yyyy hh:mm:ss.fffffff tt",
      "dddd, dd MMMM yyyy HH.mm.ss FFFFFFF zzz",
    ];
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }),
        fc.integer({ min: 0, max: 9999 }),
        fc.constantFrom(...formats),
        (date, ticks, format) => {
          const value = new DateTime(date.getTime(), ticks);
          const parts = parseDateFormat(format);
          const read = parseDate(formatDate(value, parts), parts, { leading: false, trailing: false, inner: false });
          expect([read?.milliseconds, read?.ticks]).toEqual([value.milliseconds, ticks]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("laws of mapping tables", () => {
  const targets = [
    "displayName",
    "name.givenName",
    'emails[type eq "work"].value',
    'emails[type eq "home"].value',
    "active",
    "roles",
    "externalId",
  ];
  const mapping: fc.Arbitrary<Mapping> = fc
    .tuple(
      fc.constantFrom(...targets),
      fc.oneof(
        fc.constantFrom("a", "b", "list").map((attribute) => ({ attribute })),
        fc
          .constantFrom("ToUpper([a])", "IgnoreFlowIfNullOrEmpty([b])", "Not([b])")
          .map((expression) => ({ expression })),
      ),
      fc.constantFrom("always", "create"),
    )
    .map(([target, source, apply]) => ({ target, source, apply: apply }));
  const table = fc
    .uniqueArray(mapping, { selector: ({ target }) => target, maxLength: 7 })
    .map((rows): Mapping[] => [{ target: "userName", source: { attribute: "id" }, matching: 1 }, ...rows]);

  it("what was written is read back, and writing it again changes nothing", () => {
    fc.assert(
      fc.property(table, attributes, (rows, person) => {
        const mappings = compileMappings(rows, { resourceType: "User" });
        const source = { id: "x", ...person };
        const { document } = mappings.apply(source, { mode: "update" });
        for (const row of mappings.rows) {
          if (row.mapping.apply === "create") expect(row.target.read(document)).toBeUndefined();
        }
        expect(mappings.applyTo(document, source).document).toEqual(document);
      }),
      { numRuns: 500 },
    );
  });

  it("an exported table imports as it was, in every layout of the schema", () => {
    fc.assert(
      fc.property(table, fc.constantFrom(...Object.values(layouts)), (rows, original) => {
        const exported = exportSchema(original, { users: { mappings: rows } }).text;
        const plain = (all: readonly Mapping[]) =>
          all.map(({ target, source, matching, apply }) => [target, source, matching ?? 0, apply ?? "always"]).sort();
        expect(plain(importSchema(exported).users!.mappings)).toEqual(plain(rows));
        expect(exportSchema(exported, { users: { mappings: rows } }).text).toBe(exported);
      }),
      { numRuns: 100 },
    );
  });
});
