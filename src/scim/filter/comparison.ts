import { ScimError } from "../errors.ts";
import type { AttributeDefinition } from "../schema.ts";
import { booleanOf, instantOf } from "../values.ts";
import type { CompareOperator, FilterLiteral } from "./filter.ts";

/** Tests one assigned value of an attribute. */
export type ValueTest = (value: unknown) => boolean;

/**
 * The comparison of one attribute with a literal (RFC 7644 section 3.4.2.2): text by `caseExact`, numbers by size,
 * dateTime as instants. The literal is not null: that asks for assignment, not for a value.
 * @throws ScimError 400 `invalidFilter` when the operator or the literal does not suit the type of the attribute.
 */
export function compileComparison(
  definition: AttributeDefinition,
  operator: CompareOperator,
  literal: Exclude<FilterLiteral, null>,
): ValueTest {
  const refuse = (problem: string): never => {
    throw new ScimError(
      400,
      `The filter compares ${definition.name} in a way that is not possible: ${problem}.`,
      "invalidFilter",
    );
  };
  switch (definition.type) {
    case "boolean": {
      if (operator !== "eq" && operator !== "ne") refuse(`${operator} does not apply to a boolean`);
      const expected = booleanOf(literal) ?? refuse("it is a boolean, so the value is true or false");
      return operator === "eq" ? (value) => booleanOf(value) === expected : (value) => booleanOf(value) !== expected;
    }
    case "integer":
    case "decimal": {
      if (typeof literal !== "number") return refuse("it is a number, so the value is a number without quotes");
      return ordered(operator, literal, (value) => value) ?? refuse(`${operator} does not apply to a number`);
    }
    case "dateTime": {
      const instant = instantOf(literal);
      if (Number.isNaN(instant)) return refuse('it is a dateTime, so the value is like "2026-01-31T08:00:00Z"');
      return ordered(operator, instant, instantOf) ?? refuse(`${operator} does not apply to a dateTime`);
    }
    case "binary":
      if (typeof literal !== "string") return refuse("it is binary, so the value is base64 in double quotes");
      if (operator !== "eq" && operator !== "ne") return refuse(`${operator} does not apply to binary data`);
      return operator === "eq" ? (value) => value === literal : (value) => value !== literal;
    case "string":
    case "reference":
      if (typeof literal !== "string") return refuse("it is text, so the value stands in double quotes");
      return textual(operator, literal, definition.caseExact);
    case "complex":
      return refuse("it is complex and has no value of its own; name one of its sub-attributes");
  }
}

function ordered(operator: CompareOperator, literal: number, read: (value: unknown) => unknown): ValueTest | undefined {
  const test = (compare: (value: number) => boolean): ValueTest => {
    return (value) => {
      const found = read(value);
      return typeof found === "number" && compare(found);
    };
  };
  switch (operator) {
    case "eq":
      return test((value) => value === literal);
    case "ne":
      return (value) => read(value) !== literal;
    case "gt":
      return test((value) => value > literal);
    case "ge":
      return test((value) => value >= literal);
    case "lt":
      return test((value) => value < literal);
    case "le":
      return test((value) => value <= literal);
    case "co":
    case "sw":
    case "ew":
      return undefined;
  }
}

function textual(operator: CompareOperator, literal: string, caseExact: boolean): ValueTest {
  const expected = caseExact ? literal : literal.toLowerCase();
  const test = (compare: (value: string) => boolean): ValueTest =>
    caseExact
      ? (value) => typeof value === "string" && compare(value)
      : (value) => typeof value === "string" && compare(value.toLowerCase());
  switch (operator) {
    case "eq":
      return test((value) => value === expected);
    case "ne": {
      const equal = test((value) => value === expected);
      return (value) => !equal(value);
    }
    case "co":
      return test((value) => value.includes(expected));
    case "sw":
      return test((value) => value.startsWith(expected));
    case "ew":
      return test((value) => value.endsWith(expected));
    case "gt":
      return test((value) => value > expected);
    case "ge":
      return test((value) => value >= expected);
    case "lt":
      return test((value) => value < expected);
    case "le":
      return test((value) => value <= expected);
  }
}
