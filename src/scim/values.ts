import { sameName } from "./names.ts";

/** Whether a value is a JSON object, the form of a complex value. */
export function isComplex(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The key under which an object holds an attribute, in whatever letter case; `undefined` when it has none. */
export function keyOf(object: object, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  return Object.keys(object).find((key) => sameName(key, name));
}

/** Reads an attribute of an object by its name in any letter case (RFC 7643 section 2.1); own properties only. */
export function property(object: unknown, name: string): unknown {
  if (!isComplex(object)) return undefined;
  const key = keyOf(object, name);
  return key === undefined ? undefined : object[key];
}

/** Whether a value means "unassigned": absent, null, or an empty list (RFC 7643 section 2.5). */
export function isUnassigned(value: unknown): boolean {
  return isMissing(value) || (Array.isArray(value) && value.every(isMissing));
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Whether a value counts for `pr`: not unassigned, not empty text, and of a complex value at least one part present. */
export function isPresent(value: unknown): boolean {
  if (isUnassigned(value) || value === "") return false;
  if (Array.isArray(value)) return value.some(isPresent);
  return isComplex(value) ? Object.values(value).some(isPresent) : true;
}

/** The elements of a multi-valued attribute; a single value is a list of one, an unassigned one is an empty list. */
export function elementsOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i;
const dated = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}|$)/i;

/**
 * A dateTime (RFC 7643 section 2.3.5) as milliseconds since 1970; one without a zone is read as UTC. `NaN` when it is none.
 */
export function instantOf(value: unknown): number {
  if (typeof value !== "string" || !dated.test(value)) return NaN;
  return Date.parse(value.length === 10 || zoned.test(value) ? value : `${value}Z`);
}

/** A JSON boolean, or the text of one in any letter case, as Entra sends it. `undefined` for anything else. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  const text = value.toLowerCase();
  return text === "true" ? true : text === "false" ? false : undefined;
}

/** Deep equality of two JSON values; the order of keys does not count, an absent key equals one that is null. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, index) => sameJson(each, b[index]));
  }
  if (!isComplex(a) || !isComplex(b)) return (a ?? null) === (b ?? null);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameJson(own(a, key), own(b, key)));
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** An object with one key set, or taken away when the value is unassigned; the given object stays as it is. */
export function withProperty(
  object: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): Record<string, unknown> {
  const key = keyOf(object, name) ?? name;
  if (!isUnassigned(value)) return { ...object, [key]: value };
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== key));
}

/**
 * Whether lists and objects stand within each other deeper than so many levels. No resource needs more than five; code that
 * walks a value by recursion would run out of stack on a hostile one.
 */
export function nestsDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels <= 0) return true;
  // Leaves are passed over without a call: a page of a list has thousands of them.
  if (Array.isArray(value)) {
    for (const child of value) {
      if (typeof child === "object" && nestsDeeperThan(child, levels - 1)) return true;
    }
    return false;
  }
  const object = value as Record<string, unknown>;
  for (const name in object) {
    const child = object[name];
    if (typeof child === "object" && nestsDeeperThan(child, levels - 1)) return true;
  }
  return false;
}
