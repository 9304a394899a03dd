import { describe, expect, it } from "vitest";
import { compileExpression, validateExpression } from "../../../src/mapping/expression/compile.ts";
import { ExpressionError } from "../../../src/mapping/expression/expressionError.ts";
import { functions, signatureText, unavailableFunctions } from "../../../src/mapping/expression/functions/catalogue.ts";
import { maximumDepth, maximumLength, parseExpression } from "../../../src/mapping/expression/parser.ts";

const value = (text: string, attributes = {}, context = {}) => compileExpression(text).evaluate(attributes, context);

/** Every error of a text as code, the part of the text it names, and the message. */
const errors = (text: string) =>
  validateExpression(text).map(({ code, position, length, message }) => ({
    code,
    at: text.slice(position, position + length),
    position,
    message,
  }));
const failure = (text: string, attributes = {}, context = {}): ExpressionError => {
  try {
    value(text, attributes, context);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${text} does not fail`);
};

describe("lexical rules", () => {
  it("ignores white space between tokens", () => {
    expect(value(' Append (\n\t[ a ] ,\u00a0"b" ) ', { a: "x" })).toBe("xb");
  });

  it("escapes only the backslash and the double quote in texts; another backslash is itself", () => {
    expect(value(String.raw`Append("\\ \" \d", "")`)).toBe(String.raw`\ " \d`);
  });

  it("keeps numbers as the texts they are typed as", () => {
    expect(value('Join("", 007, -3, 1.50)')).toBe("007-31.50");
    expect(value("BitAnd(&hff, 4097)")).toBe(1);
  });

  it("reads omitted arguments, and empty ones at the end", () => {
    expect(value('Switch("a", , "b", "c")')).toBe(null);
    expect(value('Append("a", "b", , )')).toBe("ab");
  });

  it("takes the bare forms of direct and constant mappings", () => {
    expect(value("[mail]", { mail: "m" })).toBe("m");
    expect(value('"x"')).toBe("x");
  });

  it("reads attributes of directory extensions and names of one's own", () => {
    const name = "extension_9d98asdfl15980a_Ünit-1";
    expect(value(`ToUpper([${name}])`, { [name]: "a" })).toBe("A");
  });
});

describe("errors of an expression", () => {
  it.each<[string, string, number, string]>([
    ["", "syntax", 0, "empty"],
    ['Append("a', "syntax", 7, "no closing double quote"],
    ["ToLower([mail)", "syntax", 8, "no closing bracket"],
    ["ToLower([])", "syntax", 8, "no attribute name"],
    ["ToLower([a]", "syntax", 7, "no closing parenthesis"],
    ["ToLower([a]))", "syntax", 12, ") stands after the end"],
    ['Append("a" "b")', "syntax", 11, "A text stands where a comma"],
    ["ToLower(“a”)", "syntax", 8, "straight double quotes"],
    ['IIF([a]="x" AND [b]="y", "1", "2")', "syntax", 12, "Nest IIF"],
    ['[a] & "b"', "syntax", 4, "Use Append or Join"],
    ["ToLower(a)", "syntax", 8, 'Write "a" for a text, [a] for an attribute'],
    ["Append(Guid, 1)", "syntax", 7, "needs parentheses: Guid(…)"],
    ['append("a", "b")', "unknownFunction", 0, "Letter case counts: write Append."],
    ['Jion(" ", [a])', "unknownFunction", 0, "Did you mean Join?"],
    ["Frobnicate()", "unknownFunction", 0, 'no function "Frobnicate"'],
    ["Trim([a])", "unsupportedFunction", 0, "Cloud Sync only"],
    ["DefaultDomain()", "unsupportedFunction", 0, "not published"],
    ["ToLower()", "argumentCount", 0, "takes 1 to 2 arguments, and here stand 0: ToLower(source, culture?)"],
    ['Append("a")', "argumentCount", 0, "takes 2 arguments, and here stands 1"],
    ["Guid(1)", "argumentCount", 0, "takes 0 arguments"],
    ['Switch([a], "x", "k")', "argumentCount", 0, "in pairs"],
    ['Switch([a], "x")', "argumentCount", 0, "at least 3"],
    ['Append(, "b")', "missingArgument", 7, 'The argument "source" of Append is missing'],
    ['Append([a] = "b", "c")', "misplacedComparison", 7, "condition of IIF"],
    ['[a] = "b"', "misplacedComparison", 0, "condition of IIF"],
    ["ToLower(SelectUniqueValue([a], [b]))", "misplacedFunction", 8, "outermost"],
    ['Replace([a], "b", "c", , "d")', "argumentForm", 0, "Replace takes one of"],
    ["Count([appRoleAssignments])", "argumentForm", 6, "must go through SingleAppRoleAssignment"],
    ["SingleAppRoleAssignment([roles])", "argumentForm", 0, "takes exactly [appRoleAssignments]"],
    ['Replace([a], , "(", , "b")', "invalidPattern", 15, "without a closing one"],
    ['Replace([a], , "(?<x>.)", "y", "b")', "invalidPattern", 26, 'no group named "y"'],
    ['FormatDateTime([a], , "yyyy", "q")', "invalidFormat", 30, 'no standard date format "q"'],
    ['Left([a], "three")', "notANumber", 10, "needs a whole number"],
  ])("%s: %s at %i", (text, code, position, part) => {
    const [error] = errors(text);
    expect(error).toMatchObject({ code, position });
    expect(error?.message).toContain(part);
  });

  it("are all told at once, in the order of the text", () => {
    expect(errors('Append(Lower([a]), Mid("x"), [appRoleAssignments])').map(({ code, at }) => [code, at])).toEqual([
      ["argumentCount", 'Append(Lower([a]), Mid("x"), [appRoleAssignments])'],
      ["unknownFunction", "Lower"],
      ["argumentCount", 'Mid("x")'],
      ["argumentForm", "[appRoleAssignments]"],
    ]);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['Append("a", Left([x], [n]))', { x: "a", n: "b" }, "notANumber", "[n]"],
    ['Join(" ", "a", CDate([d]))', { d: "tomorrow" }, "notADate", "[d]"],
    ["CBool([x])", { x: "maybe" }, "notABoolean", "[x]"],
    ['InStr([x], "a")', { x: ["a", "b"] }, "multipleValues", "[x]"],
    ["Item([x], 0)", { x: ["a"] }, "outOfRange", "0"],
    ["Mid([x], 0, 1)", { x: "a" }, "outOfRange", "0"],
    ['DateAdd("q", 1, "2020-01-01")', {}, "invalidFormat", '"q"'],
    ['DateAdd("yyyy", 9000, "2020-01-01")', {}, "outOfRange", 'DateAdd("yyyy", 9000, "2020-01-01")'],
    ['Replace([x], "", , , "b")', { x: "a" }, "outOfRange", '""'],
    ['IIF(IsNullOrEmpty([x]), "a", "b")', {}, "emptyOperand", "IsNullOrEmpty([x])"],
    ['IIF([x], "a", "b")', { x: "perhaps" }, "notABoolean", "[x]"],
  ])("at evaluation name the part: %s", (text, attributes, code, at) => {
    const error = failure(text, attributes);
    expect([error.code, text.slice(error.position, error.position + error.length)]).toEqual([code, at]);
  });

  it("never grow with a hostile input", () => {
    const long = "x".repeat(9_000);
    for (const text of [
      `${long}()`,
      `Append("${long}`,
      `ToLower(${long})`,
      `Replace([a], , "(?<n>.)", "${long}", "b")`,
    ]) {
      for (const { message } of errors(text)) expect(message.length, text.slice(0, 30)).toBeLessThan(400);
    }
    expect(failure("CDate([d])", { d: long }).message.length).toBeLessThan(400);
  });
});

describe("bounds", () => {
  it("takes 10,000 characters and no more", () => {
    const text = `Append("${"x".repeat(maximumLength - 14)}", "")`;
    expect(text).toHaveLength(maximumLength);
    expect(validateExpression(text)).toEqual([]);
    expect(errors(`${text} `)[0]).toMatchObject({ code: "tooLong", position: maximumLength });
  });

  it("takes functions nested 100 deep and no more", () => {
    const nested = (depth: number) => `${"ToLower(".repeat(depth)}[a]${")".repeat(depth)}`;
    expect(value(nested(maximumDepth), { a: "A" })).toBe("a");
    expect(errors(nested(maximumDepth + 1))[0]?.code).toBe("tooDeep");
    expect(errors("(".repeat(9_999))[0]?.code).toBe("syntax");
  });

  it("stops a pattern that explodes, and a text that grows without end", () => {
    const pattern = 'Replace([x], , "^(a+)+$", , "", , )';
    expect(failure(pattern, { x: `${"a".repeat(60)}!` }).code).toBe("patternTimeout");
    const doubling = (depth: number): string =>
      depth === 0 ? "[x]" : `Replace([x], "a", , , , , Append(${doubling(depth - 1)}, "aa"))`;
    expect(failure(doubling(6), { x: "a".repeat(1_000) }).code).toBe("resultTooLong");
  });

  it("reads only own attributes", () => {
    for (const name of ["constructor", "__proto__", "toString", "valueOf"]) {
      expect(value(`IsNull([${name}])`), name).toBe(true);
    }
    expect(value("[constructor]", { constructor: "Foreman" })).toBe("Foreman");
    expect(errors("constructor()")[0]?.code).toBe("unknownFunction");
    expect(errors("__proto__()")[0]?.code).toBe("unknownFunction");
  });
});

describe("functions that no preview can know", () => {
  it("are named on the compiled expression", () => {
    const compiled = compileExpression('Join("-", Guid(), Now(), RandomString(6, 3, 0, 0, 3))');
    expect(compiled.unpredictable).toEqual(["Guid", "Now", "RandomString"]);
    expect(compileExpression("ToLower([a])").unpredictable).toEqual([]);
  });

  it("GUI1: Guid gives a new lower-case GUID each time", () => {
    const [first, second] = [value("Guid()"), value("Guid()")];
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first).not.toBe(second);
  });

  it("RND1: RandomString keeps its minimums and avoids characters", () => {
    for (let run = 0; run < 200; run++) {
      expect(value("RandomString(6, 3, 0, 0, 3)")).toMatch(/^(?=(?:\D*\d){3}\D*$)(?=(?:[^a-z]*[a-z]){3}[^a-z]*$).{6}$/);
      const text = value('RandomString(10, 2, 2, 2, 1, "?,")') as string;
      expect(text).toMatch(/^[^?,]{10}$/);
      const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
      expect([count(/\d/g) >= 2, count(/[^A-Za-z0-9]/g) >= 2, count(/[A-Z]/g) >= 2, count(/[a-z]/g) >= 1]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }
    expect(failure("RandomString(3, 2, 2, 0, 0)").code).toBe("outOfRange");
    expect(failure("RandomString(257, 0, 0, 0, 0)").code).toBe("outOfRange");
    expect(failure('RandomString(3, 1, 0, 0, 0, "0123456789")').code).toBe("outOfRange");
  });

  it("repeat with the random numbers that the context gives", () => {
    const context = () => {
      let seed = 7;
      return { random: () => (seed = (seed * 16807) % 2147483647) / 2147483647 };
    };
    const text = 'Join(" ", Guid(), RandomString(8, 1, 1, 1, 1))';
    expect(value(text, {}, context())).toBe(value(text, {}, context()));
  });

  it("RED1: Redact marks the expression for the log, and the value flows", () => {
    expect(compileExpression("ToLower(Redact([a]))").redacted).toBe(true);
    expect(compileExpression("ToLower([a])").redacted).toBe(false);
  });
});

describe("several values", () => {
  it("are each taken by a text function, with a warning", () => {
    const warnings: string[] = [];
    const context = { warn: ({ message }: { message: string }) => warnings.push(message) };
    expect(value("ToUpper([p])", { p: ["a", "b"] }, context)).toEqual(["A", "B"]);
    expect(warnings).toEqual([expect.stringContaining("applied to each of 2 values")]);
    expect(value("ToUpper([p])", { p: ["a"] })).toBe("A");
    expect(value("ToUpper([p])", { p: [] })).toBe(null);
  });

  it("come from the role functions as complex values", () => {
    const appRoleAssignments = [{ value: "admin", displayName: "Admin" }];
    const role = { primary: false, type: "WindowsAzureActiveDirectoryRole", display: "Admin", value: "admin" };
    expect(value("AppRoleAssignmentsComplex([appRoleAssignments])", {}, { appRoleAssignments })).toEqual([role]);
    expect(value("AppRoleAssignmentsComplex([appRoleAssignments])")).toBe(null);
    expect(value("AssertiveAppRoleAssignmentsComplex([appRoleAssignments])")).toEqual([]);
  });
});

describe("evaluation", () => {
  it("computes constants once, and leaves a failing constant to the objects that reach it", () => {
    const text = 'IIF([x]="1", Item("a", 2), "fine")';
    expect(value(text, { x: "2" })).toBe("fine");
    expect(failure(text, { x: "1" }).code).toBe("outOfRange");
  });

  it("evaluates only the branch that is taken", () => {
    expect(value('Switch([x], CDate("?"), "1", "one")', { x: "1" })).toBe("one");
    expect(value('Coalesce([x], CDate("?"))', { x: "1" })).toBe("1");
  });

  it("compares numbers as numbers, dates as dates, and all else as texts", () => {
    const iif = (condition: string, attributes = {}) => value(`IIF(${condition}, "yes", "no")`, attributes);
    expect(iif("[n] > 9", { n: "10" })).toBe("yes");
    expect(iif('[n] > "9"', { n: "a" })).toBe("yes");
    expect(iif("[n] <= 1.5", { n: 1.5 })).toBe("yes");
    expect(iif('[b] = "True"', { b: true })).toBe("yes");
    expect(iif('[b] <> "true"', { b: true })).toBe("yes");
    expect(iif('CDate("10/1/2020") > CDate([d])', { d: "9/1/2020" })).toBe("yes");
    expect(iif("CBool([n])", { n: "1" })).toBe("yes");
  });
});

describe("the function catalogue", () => {
  it("has what completion, argument hints and validation need, for every function", () => {
    for (const definition of functions.values()) {
      expect(definition.doc, definition.name).toMatch(/\.$/);
      expect(signatureText(definition).startsWith(`${definition.name}(`)).toBe(true);
      expect(validateExpression(definition.example), definition.example).toEqual([]);
      const names = [...definition.parameters, ...(definition.shortForm ?? [])];
      for (const { name, doc } of names)
        expect([name, doc.length > 5], definition.name).toEqual([expect.stringMatching(/^\w+$/), true]);
      expect(unavailableFunctions.has(definition.name)).toBe(false);
    }
    expect(functions.size).toBe(44);
    expect(signatureText(functions.get("Switch")!)).toBe(
      "Switch(source, defaultValue?, key1, value1?, key2, value2, …)",
    );
  });

  it("gives every node its place in the text", () => {
    const text = 'IIF( [a]  = "b", Append("c", [d]), )';
    const root = parseExpression(text);
    expect(text.slice(root.start, root.end)).toBe(text);
    const parts = root.kind === "call" ? root.arguments.map(({ start, end }) => text.slice(start, end)) : [];
    expect(parts).toEqual(['[a]  = "b"', 'Append("c", [d])', ""]);
  });
});
