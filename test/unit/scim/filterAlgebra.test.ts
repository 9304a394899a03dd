import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFilter } from "../../../src/scim/filter/compile.ts";
import { parseFilter } from "../../../src/scim/filter/parse.ts";
import { printFilter } from "../../../src/scim/filter/print.ts";
import { userSchema } from "../../../src/scim/schemas/builtin.ts";
import { users } from "./documents.ts";
import { filters, userConditions } from "./filters.ts";

const matches = (filter: string, user: Record<string, unknown>): boolean =>
  compileFilter(parseFilter(filter), userSchema)(user);

describe("for any filter", () => {
  it("parse(print(f)) is f", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(parseFilter(printFilter(filter))).toStrictEqual(filter);
      }),
      { numRuns: 1000 },
    );
  });

  it("printing has no more parentheses than it needs", () => {
    fc.assert(
      fc.property(userConditions, userConditions, userConditions, (a, b, c) => {
        expect(printFilter(parseFilter(`((${a}) and ((${b}))) or (${c})`))).toBe(`${a} and ${b} or ${c}`);
      }),
    );
  });
});

describe("for any user and any conditions", () => {
  const law = (name: string, left: (a: string, b: string, c: string) => string, right: typeof left): void => {
    it(name, () => {
      fc.assert(
        fc.property(users, userConditions, userConditions, userConditions, (user, a, b, c) => {
          expect(matches(left(a, b, c), user)).toBe(matches(right(a, b, c), user));
        }),
        { numRuns: 300 },
      );
    });
  };
  law(
    "not (A or B) is not A and not B",
    (a, b) => `not (${a} or ${b})`,
    (a, b) => `not (${a}) and not (${b})`,
  );
  law(
    "not (A and B) is not A or not B",
    (a, b) => `not (${a} and ${b})`,
    (a, b) => `not (${a}) or not (${b})`,
  );
  law(
    "A or B and C is A or (B and C)",
    (a, b, c) => `${a} or ${b} and ${c}`,
    (a, b, c) => `(${a}) or (${b} and ${c})`,
  );
  law(
    "A and (B or C) is A and B or A and C",
    (a, b, c) => `${a} and (${b} or ${c})`,
    (a, b, c) => `${a} and ${b} or ${a} and ${c}`,
  );
  law(
    "not (not A) is A",
    (a) => `not (not (${a}))`,
    (a) => a,
  );

  it("brackets find no more than the same conditions without them", () => {
    fc.assert(
      fc.property(
        users,
        fc.constantFrom("work", "home"),
        fc.constantFrom("a", "b@", "X.example"),
        (user, type, part) => {
          const apart = matches(`emails.type eq "${type}" and emails.value co "${part}"`, user);
          expect(apart || !matches(`emails[type eq "${type}" and value co "${part}"]`, user)).toBe(true);
        },
      ),
    );
  });
});
