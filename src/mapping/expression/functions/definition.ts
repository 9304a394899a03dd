import type { Attributes, EvaluationContext } from "../context.ts";
import type { ExpressionErrorCode } from "../expressionError.ts";
import type { CallNode } from "../node.ts";
import type { Value } from "../value.ts";

/** A compiled node: gives its value for one object. */
export type Evaluator<T extends Value = Value> = (attributes: Attributes, context: EvaluationContext) => T;

export type ValueType = "text" | "number" | "boolean" | "date" | "list" | "roles" | "condition" | "attribute" | "any";

export interface Parameter {
  readonly name: string;
  readonly type: ValueType;
  /** What it is for, one line. */
  readonly doc: string;
  readonly optional?: true;
}

export type FunctionKind = "text" | "logic" | "number" | "date" | "list" | "encoding" | "random" | "roles";

/** One function of the expression language: its signature for people and tools, and how a call of it is compiled. */
export interface FunctionDefinition {
  readonly name: string;
  readonly kind: FunctionKind;
  readonly returns: ValueType;
  readonly parameters: readonly Parameter[];
  /** Parameters that may come again and again behind `parameters`, together. */
  readonly repeated?: readonly Parameter[];
  /** A second, shorter list of parameters that the service also takes. */
  readonly shortForm?: readonly Parameter[];
  /** What it gives, one line. */
  readonly doc: string;
  readonly example: string;
  /** Two evaluations of the same object may differ, so no preview can know the value. */
  readonly unpredictable?: true;
  /** Must be the whole expression, never an argument. */
  readonly outermost?: true;
  /** What argument lists cannot say by themselves; gives a message when the call is wrong. */
  readonly check?: (call: CallNode) => string | undefined;
  readonly compile: (args: Arguments) => Evaluator;
}

/** The commonest condition, `[attribute] = "text"` or `<>`, in its parts, so that it need not be run as a whole. */
export interface AttributeTest {
  readonly read: Evaluator;
  readonly text: string;
  /** Whether it holds for the text, or for any other. */
  readonly equal: boolean;
}

/** The arguments of one call, for the function that compiles it. Omitted arguments count as absent values. */
export interface Arguments {
  readonly count: number;
  /** Whether the argument is written, be it `""`. */
  given(index: number): boolean;
  value(index: number): Evaluator;
  /** One text or `null`; several values are an error. */
  text(index: number): Evaluator<string | null>;
  /** A whole number; anything else is an error. */
  integer(index: number): (attributes: Attributes, context: EvaluationContext) => number;
  /** As `integer`, without a limit: what has up to nine digits is a number. An absent value gives `null`. */
  anyInteger(index: number): (attributes: Attributes, context: EvaluationContext) => number | bigint | null;
  /** The text of a constant argument, `undefined` when it depends on the object. */
  constantText(index: number): string | undefined;
  /** The attributes that the argument reads, nested ones included. */
  attributesOf(index: number): readonly { readonly name: string; readonly read: Evaluator }[];
  /** The parts of a condition that compares an attribute with a constant text; `undefined` when it is another, or is traced. */
  attributeTest(index: number): AttributeTest | undefined;
  /** The attribute or the value as it stands in the text, for messages. */
  source(index: number): string;
  /** Raises an ExpressionError at the argument, or at the call when no argument is named. */
  fail(code: ExpressionErrorCode, message: string, index?: number): never;
  /** Applies `map` to the text of an argument, or to each of its values when it has several; `null` stays `null`. */
  overTexts(
    index: number,
    map: (text: string, attributes: Attributes, context: EvaluationContext) => string | null,
  ): Evaluator;
}

/** Longest text that a function may build, so that no expression can exhaust the memory. */
export const maximumResultLength = 100_000;
