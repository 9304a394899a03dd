import { parseBoolean } from "../directory/attributes.ts";
import type { SourceValue } from "../directory/source.ts";
import { DotnetRegex, RegexError } from "../mapping/dotnet/regex.ts";
import { type Clause, operandKind } from "./rules.ts";

/** A clause that cannot be evaluated, with what is wrong with its operand. */
export class ClauseError extends Error {
  readonly code = "invalidClause";

  constructor(message: string) {
    super(message);
    this.name = "ClauseError";
  }
}

/** Whether an attribute's value passes; null and empty values never reach it. */
type Test = (value: string | number | boolean) => boolean;

/** A clause ready to be evaluated for many objects. */
export interface CompiledClause {
  readonly clause: Clause;
  /** An absent or empty value passes nothing but IS NULL; a list passes nothing, since filters do not take lists. */
  readonly passes: (value: SourceValue | undefined) => boolean;
}

/**
 * Makes a clause ready. Comparisons are ordinal and case-sensitive, patterns are .NET regular expressions found anywhere in
 * the text. Source: Microsoft Entra documentation, "Scoping users or groups to be provisioned with scoping filters".
 * @throws ClauseError when the operand does not fit the operator.
 */
export function compileClause(clause: Clause): CompiledClause {
  const test = compileTest(clause);
  if (clause.operator === "IS NULL") return { clause, passes: isEmpty };
  if (clause.operator === "IS NOT NULL") return { clause, passes: (value) => !isEmpty(value) };
  return {
    clause,
    passes: (value) => !isEmpty(value) && !Array.isArray(value) && test(value as string | number | boolean),
  };
}

/** Whether a value counts as null in a filter. */
function isEmpty(value: SourceValue | undefined): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function compileTest(clause: Clause): Test {
  const { operator } = clause;
  const kind = operandKind(operator);
  if (kind !== "none" && clause.value === undefined) throw new ClauseError(`${operator} needs a "value".`);
  if (kind === "none" && clause.value !== undefined) throw new ClauseError(`${operator} takes no value. Remove it.`);
  const operand = clause.value ?? "";
  switch (operator) {
    case "EQUALS":
      return (value) => equals(value, operand);
    case "NOT EQUALS":
      return (value) => !equals(value, operand);
    case "IS TRUE":
      return (value) => asBoolean(value) === true;
    case "IS FALSE":
      return (value) => asBoolean(value) === false;
    case "REGEX MATCH": {
      const regex = compilePattern(operand);
      return (value) => regex.test(asText(value));
    }
    case "NOT REGEX MATCH": {
      const regex = compilePattern(operand);
      return (value) => !regex.test(asText(value));
    }
    case "Greater_Than":
      return integerTest(operator, operand, (value, limit) => value > limit);
    case "Greater_Than_OR_EQUALS":
      return integerTest(operator, operand, (value, limit) => value >= limit);
    case "Includes":
      return (value) => asText(value).includes(operand);
    case "ENDS_WITH":
      return (value) => asText(value).endsWith(operand);
    case "&":
      return integerTest(operator, operand, (value, bits) => (value & bits) !== 0n);
    case "!&":
      return integerTest(operator, operand, (value, bits) => (value & bits) === 0n);
    case "IS NULL":
      return () => false;
    case "IS NOT NULL":
      return () => true;
  }
}

function equals(value: string | number | boolean, operand: string): boolean {
  return typeof value === "boolean" ? parseBoolean(operand) === value : asText(value) === operand;
}

function asBoolean(value: string | number | boolean): boolean | undefined {
  if (typeof value === "boolean") return value;
  return typeof value === "string" ? parseBoolean(value) : undefined;
}

/** A value as .NET writes it as text. */
function asText(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

const wholeNumber = /^\d+$/;

/** A test of non-negative whole numbers of any size; everything else fails it. */
function integerTest(operator: string, operand: string, compare: (value: bigint, operand: bigint) => boolean): Test {
  if (!wholeNumber.test(operand))
    throw new ClauseError(`${operator} compares whole numbers from 0; "${operand}" is none.`);
  const limit = BigInt(operand);
  return (value) => {
    const text = asText(value);
    return wholeNumber.test(text) && compare(BigInt(text), limit);
  };
}

function compilePattern(pattern: string): DotnetRegex {
  try {
    return new DotnetRegex(pattern);
  } catch (error) {
    if (error instanceof RegexError)
      throw new ClauseError(`"${pattern}" is not a .NET regular expression: ${error.message}`);
    throw error;
  }
}

/** A clause as people read it: `department EQUALS 'Data'`. */
export function describeClause({ attribute, operator, value }: Clause): string {
  return value === undefined ? `${attribute} ${operator}` : `${attribute} ${operator} '${value}'`;
}
