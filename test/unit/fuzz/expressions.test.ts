import { describe, expect, it } from "vitest";
import { compileExpression, validateExpression } from "../../../src/mapping/expression/compile.ts";
import { ExpressionError } from "../../../src/mapping/expression/expressionError.ts";
import { attempt, keepPrototypes, longestMessage, runs, seed, timeout } from "../../support/fuzzing.ts";
import { Mutator } from "../../support/mutator.ts";

keepPrototypes();

const expressions = [
  'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
  'Join("@", NormalizeDiacritics(StripSpaces(Join(".", [givenName], [surname]))), "contoso.com")',
  'IIF(IsNullOrEmpty([mail]), [userPrincipalName], ToLower([mail], "en-us"))',
  'Replace([mail], , "(?<Suffix>@(.)*)", "Suffix", "@x.com", , )',
  "Mid([displayName], 1, 5)",
  'FormatDateTime([employeeHireDate], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
  'SelectUniqueValue(Join(".", Left([givenName], 1), [surname]), "x")',
  'DateAdd("d", 5, CDate([employeeHireDate]))',
  'Item(Split([mail], "@"), 2)',
];
const expressionWords = [
  "[mail]",
  "[x",
  "IIF(",
  "Switch(",
  "Join(",
  "Mid(",
  "Left(",
  "Replace(",
  "Split(",
  "Not(",
  "Append(",
  "Guid()",
  "Word(",
  "InStr(",
  ", ,",
  '"(a+)+$"',
  '"\\\\d{1,9999}"',
  "RegexReplace(",
  "PCase(",
  "RemoveDuplicates(",
  "2147483648",
];
const person = {
  mail: "ada@contoso.com",
  userPrincipalName: "ada@contoso.com",
  givenName: "Åda",
  surname: "O'Neil",
  displayName: "x".repeat(500),
  employeeHireDate: "2026-01-31T00:00:00Z",
  proxyAddresses: ["SMTP:a@x.com", "smtp:b@x.com"],
};

describe("expressions", () => {
  it(`survive ${runs} inputs, compiled and evaluated`, { timeout }, () => {
    const mutator = new Mutator(seed, expressions, expressionWords);
    let good = 0;
    for (let run = 0; run < runs; run++) {
      const text = mutator.next();
      for (const error of validateExpression(text))
        if (error.message.length > longestMessage) throw new Error(`A long message for ${text}`);
      const compiled = attempt(text, [ExpressionError], () => compileExpression(text));
      if (compiled === undefined) continue;
      good += 1;
      attempt(text, [ExpressionError], () => compiled.evaluate(person));
      attempt(text, [ExpressionError], () => compiled.evaluate({}));
      attempt(text, [], () => compiled.trace(person));
    }
    expect(good).toBeGreaterThan(runs / 100);
  });
});
