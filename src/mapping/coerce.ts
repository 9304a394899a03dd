import type { AttributeType } from "../scim/schema.ts";
import { booleanOf, instantOf } from "../scim/values.ts";
import { parseAnyDate } from "./dotnet/anyDate.ts";
import { excerpt } from "./expression/expressionError.ts";
import { drop, isList, scalarText, type ExpressionValue, type RoleValue } from "./expression/value.ts";

/** A value that does not fit the type of its target attribute. */
export class ValueTypeError extends Error {
  readonly code: "valueType" | "multipleValues";

  constructor(code: ValueTypeError["code"], message: string) {
    super(message);
    this.name = "ValueTypeError";
    this.code = code;
  }
}

/** What can be written to a target: a JSON value, or nothing. */
export type TargetValue = string | number | boolean | readonly (string | number | boolean)[] | readonly RoleValue[];

/** What a target attribute takes. */
export interface TargetType {
  /** The type of the value, or of each value. Unknown attributes take what comes. */
  readonly type: AttributeType | "unknown";
  readonly multiValued: boolean;
}

/**
 * Turns a value into the type of the target: `"True"` into a boolean, digits into a number, a date text into ISO 8601.
 *
 * @returns `undefined` when there is nothing to write.
 * @throws ValueTypeError when it does not fit.
 */
export function coerceValue(value: ExpressionValue, target: TargetType): TargetValue | undefined {
  if (value === null || value === drop) return undefined;
  if (!isList(value)) {
    const single = target.type === "unknown" ? value : coerceScalar(scalarText(value), target.type);
    return target.multiValued ? [single] : single;
  }
  if (target.multiValued || target.type === "unknown") {
    return isRoles(value)
      ? value
      : value.map((text) => (target.type === "unknown" ? text : coerceScalar(text, target.type)));
  }
  if (value.length > 1) {
    throw new ValueTypeError(
      "multipleValues",
      `The source gives ${value.length} values, and the target attribute takes one. Use Item or Join.`,
    );
  }
  const [only] = value;
  return only === undefined ? undefined : coerceScalar(typeof only === "string" ? only : only.value, target.type);
}

function isRoles(value: readonly string[] | readonly RoleValue[]): value is readonly RoleValue[] {
  return typeof value[0] === "object";
}

function coerceScalar(text: string, type: Exclude<TargetType["type"], "unknown">): string | number | boolean {
  switch (type) {
    case "boolean":
      return booleanOf(text) ?? misfit(text, "a boolean (True or False)");
    case "integer":
      return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : misfit(text, "a whole number");
    case "decimal":
      return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : misfit(text, "a number");
    case "dateTime": {
      if (!Number.isNaN(instantOf(text))) return text;
      return parseAnyDate(text)?.date.toISOString() ?? misfit(text, "a date");
    }
    case "string":
    case "reference":
    case "binary":
    case "complex":
      return text;
  }
}

function misfit(text: string, wanted: string): never {
  throw new ValueTypeError(
    "valueType",
    `The target attribute takes ${wanted}, and the value is ${excerpt(JSON.stringify(text))}.`,
  );
}
