import { rowError, type CompiledRow, type MappingMode, type RowError } from "./compileRow.ts";
import type { TargetValue } from "./coerce.ts";
import type { Attributes, EvaluationContext } from "./expression/context.ts";
import type { ExpressionTrace } from "./expression/trace.ts";
import { drop } from "./expression/value.ts";

/** What became of one row for one object. */
export interface RowTrace {
  readonly row: CompiledRow;
  /**
   * `mapped`: `value` is written; `default`: `value` is the default; `absent`: the source has no value, the target is left
   * alone; `dropped`: IgnoreFlowIfNullOrEmpty; `notOnUpdate`: the row applies on create only; `failed`: `error` says why.
   */
  readonly outcome: "mapped" | "default" | "absent" | "dropped" | "notOnUpdate" | "failed";
  readonly value?: TargetValue;
  readonly error?: RowError;
  /** The parts of the expression with their results. */
  readonly expression?: ExpressionTrace;
}

/** Maps one object and tells of each row what became of it, and why. */
export function traceRows(
  rows: readonly CompiledRow[],
  attributes: Attributes,
  options: EvaluationContext & { readonly mode: MappingMode },
): readonly RowTrace[] {
  return rows.map((row) => {
    if (row.mapping.apply === "create" && options.mode === "update") return { row, outcome: "notOnUpdate" };
    const traced = row.expression?.trace(attributes, options);
    const expression = traced && { expression: traced.trace };
    try {
      if (traced?.error !== undefined) throw traced.error;
      const source = traced === undefined ? row.source(attributes, options) : traced.value;
      const value = row.fit(source, options.mode);
      const outcome =
        source === drop ? "dropped" : value === undefined ? "absent" : source === null ? "default" : "mapped";
      return { row, outcome, ...(value !== undefined && { value }), ...expression };
    } catch (error) {
      return { row, outcome: "failed", error: rowError(row, error), ...expression };
    }
  });
}
