/**
 * The operators of attribute scoping filters, in the texts that the provisioning service stores.
 * Source: Microsoft Entra documentation, "Scoping users or groups to be provisioned with scoping filters".
 */
export const operators = [
  "EQUALS",
  "NOT EQUALS",
  "IS TRUE",
  "IS FALSE",
  "IS NULL",
  "IS NOT NULL",
  "REGEX MATCH",
  "NOT REGEX MATCH",
  "Greater_Than",
  "Greater_Than_OR_EQUALS",
  "Includes",
  "ENDS_WITH",
  "&",
  "!&",
] as const;

export type Operator = (typeof operators)[number];

/** What stands at the right of an operator. */
export type OperandKind = "none" | "text" | "pattern" | "integer";

const operandKinds: Readonly<Record<Operator, OperandKind>> = {
  EQUALS: "text",
  "NOT EQUALS": "text",
  "IS TRUE": "none",
  "IS FALSE": "none",
  "IS NULL": "none",
  "IS NOT NULL": "none",
  "REGEX MATCH": "pattern",
  "NOT REGEX MATCH": "pattern",
  Greater_Than: "integer",
  Greater_Than_OR_EQUALS: "integer",
  Includes: "text",
  ENDS_WITH: "text",
  "&": "integer",
  "!&": "integer",
};

/** The kind of operand that an operator takes. */
export function operandKind(operator: Operator): OperandKind {
  return operandKinds[operator];
}

/** One comparison of an attribute scoping filter. */
export interface Clause {
  readonly attribute: string;
  readonly operator: Operator;
  /** Absent for operators without an operand. */
  readonly value?: string | undefined;
}

/** Clauses that must all hold; an object passes when any group of the filter passes, or when there is none. */
export interface ClauseGroup {
  /** What the service calls the filter's title; shown in explanations. */
  readonly title?: string | undefined;
  readonly clauses: readonly Clause[];
}

/** `scope` of a job file. */
export interface ScopeRules {
  readonly mode: "assigned" | "all";
  readonly defaultAccess: "exclude" | "include";
  readonly users: readonly ClauseGroup[];
  readonly groups: readonly ClauseGroup[];
}
