import type { DateTime } from "../dotnet/dateTime.ts";

/** What IgnoreFlowIfNullOrEmpty gives for nothing: the target attribute stays out of the request, default value included. */
export const drop: unique symbol = Symbol("drop");

/** One role as the role functions hand it on; the sub-attributes of SCIM `roles`. */
export interface RoleValue {
  readonly primary: boolean;
  readonly type?: string;
  readonly display: string;
  readonly value: string;
}

/** What an expression gives for one object: `null` is an attribute without value. */
export type ExpressionValue = string | number | boolean | readonly string[] | readonly RoleValue[] | null | typeof drop;

/** A value between functions. Dates exist only here; outside they are text. */
export type Value = ExpressionValue | DateTime;

/** Whether a value is the list kind. */
export function isList(value: Value): value is readonly string[] | readonly RoleValue[] {
  return Array.isArray(value);
}

/** The text form of a single value: `True`/`False` for booleans, `M/d/yyyy h:mm:ss tt` in UTC for dates. */
export function scalarText(value: string | number | boolean | DateTime): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

/** The texts of a value, one per element; an absent value has none. */
export function textsOf(value: Value): readonly string[] {
  if (value === null || value === drop) return [];
  if (!isList(value)) return [scalarText(value)];
  return value.map((element) => (typeof element === "string" ? element : element.value));
}

/** A value as a person reads it in a table or a log: lists as `[a, b]`, an absent one as an empty text. */
export function displayText(value: Value): string {
  if (value === null || value === drop) return "";
  return isList(value) ? `[${textsOf(value).join(", ")}]` : scalarText(value);
}

/** Whether a value is absent, an empty text or an empty list. */
export function isEmpty(value: Value): boolean {
  if (typeof value === "string") return value === "";
  return value === null || value === drop || (isList(value) && value.length === 0);
}
