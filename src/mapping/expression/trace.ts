import { ExpressionError } from "./expressionError.ts";
import type { Evaluator } from "./functions/definition.ts";
import type { Span } from "./node.ts";
import { displayText, drop, type Value } from "./value.ts";

/** One part of an expression with what it gave for one object. Parts that were not needed are left out. */
export interface ExpressionTrace extends Span {
  /** The part as it stands in the expression. */
  readonly text: string;
  /** `value`: `result` holds it; `absent`; `dropped`: IgnoreFlowIfNullOrEmpty; `failed`: `error` says why. */
  readonly outcome: "value" | "absent" | "dropped" | "failed";
  /** The value as text, lists as `[a, b]`. */
  readonly result: string;
  readonly error?: ExpressionError;
  readonly children: readonly ExpressionTrace[];
}

/** One traced evaluation: what it came to, and how. */
export type TracedEvaluation<T extends Value = Value> = { readonly trace: ExpressionTrace } & (
  { readonly value: T; readonly error?: undefined } | { readonly error: ExpressionError }
);

interface Open {
  readonly children: ExpressionTrace[];
}

/** Collects the sub-results of one evaluation. */
export class TraceRecorder {
  readonly #text: string;
  #open: Open = { children: [] };
  #silent = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Runs the outermost part and gives its trace beside what it came to. */
  record<T extends Value>(run: () => T): TracedEvaluation<T> {
    this.#open = { children: [] };
    let came: { readonly value: T } | { readonly error: ExpressionError };
    try {
      came = { value: run() };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      came = { error };
    }
    const [trace] = this.#open.children;
    if (trace === undefined) throw new Error("the outermost part records itself");
    return { trace, ...came };
  }

  /** Runs without recording. */
  silently<T>(run: () => T): T {
    const before = this.#silent;
    this.#silent = true;
    try {
      return run();
    } finally {
      this.#silent = before;
    }
  }

  /** An evaluator that does the same and records what came of it. */
  wrap(span: Span, run: Evaluator): Evaluator {
    return (attributes, context) => {
      if (this.#silent) return run(attributes, context);
      const parent = this.#open;
      const children: ExpressionTrace[] = [];
      this.#open = { children };
      const { start, end } = span;
      const text = this.#text.slice(start, end);
      try {
        const value = run(attributes, context);
        parent.children.push({ text, start, end, outcome: outcomeOf(value), result: displayText(value), children });
        return value;
      } catch (error) {
        if (error instanceof ExpressionError) {
          parent.children.push({ text, start, end, outcome: "failed", result: "", error, children });
        }
        throw error;
      } finally {
        this.#open = parent;
      }
    };
  }
}

function outcomeOf(value: Value): ExpressionTrace["outcome"] {
  if (value === null) return "absent";
  return value === drop ? "dropped" : "value";
}
