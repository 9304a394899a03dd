import { CallArguments, type Compiled } from "./arguments.ts";
import { readAttribute } from "./attribute.ts";
import { argumentCount, checkExpression } from "./check.ts";
import type { Attributes, EvaluationContext } from "./context.ts";
import { ExpressionError } from "./expressionError.ts";
import { functions } from "./functions/catalogue.ts";
import type { Evaluator, ValueType } from "./functions/definition.ts";
import { walk, type CallNode, type ComparisonNode, type ExpressionNode } from "./node.ts";
import { parseExpression } from "./parser.ts";
import { TraceRecorder, type TracedEvaluation } from "./trace.ts";
import { DateTime } from "../dotnet/dateTime.ts";
import { drop, isList, scalarText, type ExpressionValue, type Value } from "./value.ts";

/** An expression ready to be evaluated for any number of objects. */
export interface CompiledExpression {
  readonly text: string;
  readonly root: ExpressionNode;
  /** The attributes that it reads, each once, in the order of the text. */
  readonly attributes: readonly string[];
  /** The functions in it whose result no preview can know, such as Guid; empty when the value is predictable. */
  readonly unpredictable: readonly string[];
  /** Whether the provisioning log must not show its value (Redact). */
  readonly redacted: boolean;
  readonly returns: ValueType;
  /**
   * The value for one object: `null` when it is absent, `drop` when the target attribute is to stay out of the request.
   *
   * @throws ExpressionError with the position of the part that failed.
   */
  evaluate(attributes: Attributes, context?: EvaluationContext): ExpressionValue;
  /** Evaluates once with the same functions and records the value or the error of every part. Never throws an ExpressionError. */
  trace(attributes: Attributes, context?: EvaluationContext): TracedEvaluation<ExpressionValue>;
}

const emptyContext: EvaluationContext = {};

/**
 * Compiles an expression of the attribute mapping language of Entra application provisioning to closures: constants are
 * computed once, patterns and formats are prepared.
 *
 * @throws ExpressionError for the first thing wrong with it; `validateExpression` gives all.
 */
export function compileExpression(text: string): CompiledExpression {
  const root = parseExpression(text);
  const [error] = checkExpression(root);
  if (error !== undefined) throw error;
  const { run } = compileNode(text, root);
  const calls = [...walk(root)].filter((node) => node.kind === "call");
  const names = (wanted: (call: CallNode) => boolean) => [...new Set(calls.filter(wanted).map(({ name }) => name))];
  return {
    text,
    root,
    attributes: attributesOf(root),
    unpredictable: names(({ name }) => functions.get(name)?.unpredictable === true),
    redacted: calls.some(({ name }) => name === "Redact"),
    returns: returnsOf(root),
    evaluate: (attributes, context = emptyContext) => outside(run(attributes, context)),
    trace: (attributes, context = emptyContext) => {
      const recorder = new TraceRecorder(text);
      const traced = compileNode(text, root, recorder);
      return recorder.record(() => outside(traced.run(attributes, context)));
    },
  };
}

/** Everything that is wrong with an expression text, in its order; empty when it compiles. */
export function validateExpression(text: string): readonly ExpressionError[] {
  try {
    const errors = checkExpression(parseExpression(text));
    if (errors.length > 0) return errors;
    compileExpression(text);
    return [];
  } catch (error) {
    if (error instanceof ExpressionError) return [error];
    throw error;
  }
}

/** The attributes that a tree reads, each once, in the order of the text. */
export function attributesOf(root: ExpressionNode): readonly string[] {
  return [...new Set([...walk(root)].flatMap((node) => (node.kind === "attribute" ? [node.name] : [])))];
}

/** Dates become texts where they leave the language. */
function outside(value: Value): ExpressionValue {
  return typeof value === "object" && value instanceof DateTime ? value.toString() : value;
}

function returnsOf(root: ExpressionNode): ValueType {
  if (root.kind === "call") return functions.get(root.name)?.returns ?? "any";
  return root.kind === "attribute" ? "any" : "text";
}

function constantNode(value: string | null): Compiled {
  return { run: () => value, constant: { value } };
}

function compileNode(text: string, node: ExpressionNode, recorder?: TraceRecorder): Compiled {
  const compiled = compileUntraced(text, node, recorder);
  if (recorder === undefined || node.kind === "omitted") return compiled;
  return { ...compiled, run: recorder.wrap(node, compiled.run) };
}

function compileUntraced(text: string, node: ExpressionNode, recorder?: TraceRecorder): Compiled {
  switch (node.kind) {
    case "text":
      return constantNode(node.value);
    case "number":
      return constantNode(node.digits);
    case "word":
      return constantNode(node.name);
    case "omitted":
      return constantNode(null);
    case "attribute":
      return { run: readAttribute(node.name) };
    case "comparison":
      return compileComparison(text, node, recorder);
    case "call":
      return compileCall(text, node, recorder);
  }
}

function compileCall(text: string, call: CallNode, recorder?: TraceRecorder): Compiled {
  const definition = functions.get(call.name);
  if (definition === undefined) throw new Error(`checkExpression lets no unknown function pass: ${call.name}`);
  const children = call.arguments.map((argument) => compileNode(text, argument, recorder));
  const args = new CallArguments(text, call, argumentCount(call, definition), children, recorder !== undefined);
  const run = definition.compile(args);
  const foldable = definition.unpredictable !== true && children.every((child) => child.constant !== undefined);
  return foldable ? fold(run, recorder) : { run };
}

/** Computes a call of constants once. One that fails keeps failing for each object that reaches it. */
function fold(run: Evaluator, recorder?: TraceRecorder): Compiled {
  try {
    const value = recorder === undefined ? run({}, emptyContext) : recorder.silently(() => run({}, emptyContext));
    return { run: recorder === undefined ? () => value : run, constant: { value } };
  } catch (error) {
    if (error instanceof ExpressionError) return { run };
    throw error;
  }
}

/** A comparison gives `null` when a side is absent. Texts compare by code units; `<` and `>` compare numbers and dates as such. */
function compileComparison(source: string, node: ComparisonNode, recorder?: TraceRecorder): Compiled {
  const left = compileNode(source, node.left, recorder);
  const right = compileNode(source, node.right, recorder);
  const holds = comparisons[node.operator];
  const equality = node.operator === "=" || node.operator === "<>" ? node.operator === "=" : undefined;
  const scalar = (value: Value, side: ExpressionNode) => {
    if (value === null || value === drop) return null;
    if (!isList(value)) return value;
    throw new ExpressionError(
      "multipleValues",
      "A list cannot be compared. Use Item or Join.",
      side.start,
      side.end - side.start,
    );
  };
  const run: Evaluator = (attributes, context) => {
    const first = left.run(attributes, context);
    const second = right.run(attributes, context);
    // Nearly every comparison is one of two texts.
    if (equality !== undefined && typeof first === "string" && typeof second === "string") {
      return (first === second) === equality;
    }
    const a = scalar(first, node.left);
    const b = scalar(second, node.right);
    return a === null || b === null ? null : holds(a, b);
  };
  if (left.constant !== undefined && right.constant !== undefined) return fold(run, recorder);
  const text = right.constant?.value;
  return node.left.kind === "attribute" && typeof text === "string" && equality !== undefined
    ? { run, test: { read: left.run, text, equal: equality } }
    : { run };
}

type Scalar = string | number | boolean | DateTime;

const comparisons = {
  "=": (a: Scalar, b: Scalar) => scalarText(a) === scalarText(b),
  "<>": (a: Scalar, b: Scalar) => scalarText(a) !== scalarText(b),
  ">": (a: Scalar, b: Scalar) => order(a, b) > 0,
  ">=": (a: Scalar, b: Scalar) => order(a, b) >= 0,
  "<": (a: Scalar, b: Scalar) => order(a, b) < 0,
  "<=": (a: Scalar, b: Scalar) => order(a, b) <= 0,
} as const;

function order(a: Scalar, b: Scalar): number {
  if (a instanceof DateTime && b instanceof DateTime) {
    return a.milliseconds - b.milliseconds || a.ticks - b.ticks;
  }
  const [first, second] = [scalarText(a), scalarText(b)];
  const [x, y] = [numberOf(first), numberOf(second)];
  if (x !== undefined && y !== undefined) return x - y;
  return first < second ? -1 : Number(first > second);
}

function numberOf(text: string): number | undefined {
  return /^\s*-?[0-9]+(?:\.[0-9]+)?\s*$/.test(text) ? Number(text) : undefined;
}
