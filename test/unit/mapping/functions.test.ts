import { describe, expect, it } from "vitest";
import { compileExpression } from "../../../src/mapping/expression/compile.ts";
import { ExpressionError } from "../../../src/mapping/expression/expressionError.ts";
import { drop } from "../../../src/mapping/expression/value.ts";
import { vectors } from "./vectors.ts";

/** What an evaluation comes to, in the words of the vectors. */
function outcomeOf(run: () => unknown): unknown {
  try {
    const value = run();
    return value === drop ? "dropped" : { value };
  } catch (error) {
    if (error instanceof ExpressionError) return { error: error.code };
    throw error;
  }
}

describe("the expression functions", () => {
  for (const { id, expression, cases } of vectors) {
    for (const [index, { attributes = {}, context = {}, gives }] of cases.entries()) {
      it(`${id}.${index + 1}: ${expression} of ${JSON.stringify(attributes)}`, () => {
        const compiled = compileExpression(expression);
        expect(outcomeOf(() => compiled.evaluate(attributes, context))).toEqual(gives);
        const { trace } = compiled.trace(attributes, context);
        expect({ dropped: trace.outcome === "dropped", error: trace.error?.code }).toEqual({
          dropped: gives === "dropped",
          error: typeof gives === "object" && "error" in gives ? gives.error : undefined,
        });
      });
    }
  }
});
