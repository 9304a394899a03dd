import { coerceValue, ValueTypeError, type TargetType, type TargetValue } from "./coerce.ts";
import { readAttribute } from "./expression/attribute.ts";
import { compileExpression, type CompiledExpression } from "./expression/compile.ts";
import type { Attributes, EvaluationContext } from "./expression/context.ts";
import { ExpressionError } from "./expression/expressionError.ts";
import { drop, type ExpressionValue } from "./expression/value.ts";
import type { Mapping } from "./mapping.ts";
import type { TargetPath } from "./targetPath.ts";

/** Whether the object is about to be created, or exists at the target. Default values count on create only. */
export type MappingMode = "create" | "update";

/** Why a row gives no value for one object. */
export interface RowError {
  /** Index of the row in the mapping table. */
  readonly row: number;
  readonly target: string;
  readonly code: string;
  readonly message: string;
  /** 0-based place within the expression. */
  readonly position?: number;
  readonly length?: number;
}

/** One row, ready to be applied to any number of objects. */
export interface CompiledRow {
  /** Index in the mapping table. */
  readonly index: number;
  readonly mapping: Mapping;
  readonly target: TargetPath;
  /** Absent for a direct row and a constant. */
  readonly expression?: CompiledExpression;
  /** The source attributes that it reads. */
  readonly attributes: readonly string[];
  /** Functions whose result no preview can know. */
  readonly unpredictable: readonly string[];
  readonly redacted: boolean;
  /** Values are added to those at the target and never removed (AppRoleAssignmentsComplex). */
  readonly additive: boolean;
  /** What the source gives, before it is fitted to the target. @throws ExpressionError */
  source(attributes: Attributes, context: EvaluationContext): ExpressionValue;
  /**
   * The value to write, default value included; `undefined` when the target attribute is left alone.
   *
   * @throws ExpressionError, ValueTypeError
   */
  value(attributes: Attributes, context: EvaluationContext, mode: MappingMode): TargetValue | undefined;
  /** Fits what `source` gave to the target, default value included. @throws ValueTypeError */
  fit(value: ExpressionValue, mode: MappingMode): TargetValue | undefined;
}

/**
 * Compiles the source side of a row against its resolved target.
 *
 * @throws ExpressionError for an expression that does not compile, ValueTypeError for a constant or a default value that does
 * not fit the target.
 */
export function compileRow(index: number, mapping: Mapping, target: TargetPath): CompiledRow {
  const source = compileSource(mapping.source);
  const type: TargetType = { type: target.type, multiValued: target.multiValued };
  const byDefault = mapping.default === undefined ? undefined : coerceValue(mapping.default, type);
  return {
    index,
    mapping,
    target,
    ...source,
    additive: source.expression?.root.kind === "call" && source.expression.root.name === "AppRoleAssignmentsComplex",
    ...compileValue(mapping, source.source, type, byDefault),
  };
}

type Source = Pick<CompiledRow, "attributes" | "unpredictable" | "redacted" | "source" | "expression">;

function compileSource(source: Mapping["source"]): Source {
  const plain = { unpredictable: [], redacted: false };
  if ("attribute" in source)
    return { ...plain, attributes: [source.attribute], source: readAttribute(source.attribute) };
  if ("constant" in source) {
    const { constant } = source;
    return { ...plain, attributes: [], source: () => constant };
  }
  const expression = compileExpression(source.expression);
  const { attributes, unpredictable, redacted, evaluate } = expression;
  return { attributes, unpredictable, redacted, expression, source: evaluate };
}

function compileValue(
  mapping: Mapping,
  source: CompiledRow["source"],
  type: TargetType,
  byDefault: TargetValue | undefined,
): Pick<CompiledRow, "value" | "fit"> {
  const fit: CompiledRow["fit"] = (value, mode) => {
    // A dropped attribute stays out of the request; only an absent one takes the default.
    if (value === drop) return undefined;
    return coerceValue(value, type) ?? (mode === "create" ? byDefault : undefined);
  };
  if ("constant" in mapping.source) {
    const constant = coerceValue(mapping.source.constant, type);
    return { fit, value: () => constant };
  }
  const isText = type.type === "string" && !type.multiValued;
  return {
    fit,
    value: (attributes, context, mode) => {
      const value = source(attributes, context);
      return isText && typeof value === "string" ? value : fit(value, mode);
    },
  };
}

/** An error of a row as data. Everything else is rethrown. */
export function rowError(row: CompiledRow, error: unknown): RowError {
  const place = { row: row.index, target: row.target.path };
  if (error instanceof ExpressionError) {
    const { code, message, position, length } = error;
    return { ...place, code, message, position, length };
  }
  if (error instanceof ValueTypeError) return { ...place, code: error.code, message: error.message };
  throw error;
}
