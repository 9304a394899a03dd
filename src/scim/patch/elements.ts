import { ScimError } from "../errors.ts";
import { compileElementFilter } from "../filter/compile.ts";
import type { Filter } from "../filter/filter.ts";
import type { AttributeDefinition } from "../schema.ts";
import { findAttribute } from "../schemaLookup.ts";
import { elementsOf, isComplex, isUnassigned, property, sameJson, withProperty } from "../values.ts";
import { coerceElements, coerceValue } from "./coerce.ts";

/** Attributes whose elements are the same when their `value` is, whatever the other parts say. */
const identifiedByValue: ReadonlySet<string> = new Set(["members", "groups", "roles", "entitlements"]);

/** A text that is equal for two elements that count as the same element of a multi-valued attribute. */
export function elementKey(attribute: AttributeDefinition, element: unknown): string {
  const value = property(element, "value");
  if (identifiedByValue.has(attribute.name) && typeof value === "string") {
    const caseExact = findAttribute(attribute.subAttributes ?? [], "value")?.caseExact ?? true;
    return `value ${caseExact ? value : value.toLowerCase()}`;
  }
  if (!isComplex(element)) return JSON.stringify(element);
  return JSON.stringify(
    Object.entries(element)
      .filter(([, part]) => !isUnassigned(part))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** `add` to a multi-valued attribute: appends the elements that are not there yet. */
export function addElements(
  attribute: AttributeDefinition,
  current: readonly unknown[],
  value: unknown,
): readonly unknown[] {
  const keys = new Set(current.map((element) => elementKey(attribute, element)));
  const added = coerceElements(attribute, value).filter((element) => {
    const key = elementKey(attribute, element);
    return !keys.has(key) && keys.add(key);
  });
  return added.length === 0 ? current : withOnePrimary(current, [...current, ...added.map(withoutNulls)]);
}

/** `replace` of a multi-valued attribute: the whole list. */
export function replaceElements(attribute: AttributeDefinition, value: unknown): readonly unknown[] {
  return withOnePrimary([], coerceElements(attribute, value).map(withoutNulls));
}

/** `remove` with a value list, as Entra sends it: drops only the listed elements, matched on `value` where they have one. */
export function removeListed(
  attribute: AttributeDefinition,
  current: readonly unknown[],
  value: unknown,
): readonly unknown[] {
  const wrapped = isComplex(value) ? property(value, attribute.name) : undefined;
  const listed = elementsOf(wrapped ?? value);
  const keyOf = (element: unknown): string => {
    const part = isComplex(element) ? property(element, "value") : element;
    return typeof part === "string" ? `value ${part}` : elementKey(attribute, element);
  };
  const keys = new Set(listed.map(keyOf));
  const kept = current.filter((element) => !keys.has(keyOf(element)));
  return kept.length === current.length ? current : kept;
}

/** `remove attribute[filter]` and `remove attribute[filter].sub`; without a filter every element is meant. */
export function removeMatching(
  attribute: AttributeDefinition,
  current: readonly unknown[],
  filter: Filter | undefined,
  sub: AttributeDefinition | undefined,
): readonly unknown[] {
  const matches = matcher(attribute, filter);
  if (!sub) {
    const kept = current.filter((element) => !matches(element));
    return kept.length === current.length ? current : kept;
  }
  const next = current.map((element) => {
    if (!matches(element) || !isComplex(element) || isUnassigned(property(element, sub.name))) return element;
    refuseImmutable(sub, property(element, sub.name), null);
    return withProperty(element, sub.name, null);
  });
  return next.filter((element) => !isComplex(element) || Object.keys(element).length > 0);
}

/**
 * `add` and `replace` on `attribute[filter]` or `attribute[filter].sub`; without a filter every element is meant. Where nothing
 * matches, `add` builds an element from the `eq` terms of the filter, as Entra expects.
 * @throws ScimError 400 `noTarget` when nothing matches and no element can be built.
 */
export function setMatching(
  op: "add" | "replace",
  attribute: AttributeDefinition,
  current: readonly unknown[],
  target: { readonly filter?: Filter; readonly sub?: AttributeDefinition },
  value: unknown,
): readonly unknown[] {
  const { filter, sub } = target;
  const matches = matcher(attribute, filter);
  const set = setter(op, attribute, sub, value);
  if (current.some(matches)) {
    const next = current.map((element) => {
      const changed = matches(element) ? set(element) : element;
      return sameJson(changed, element) ? element : changed;
    });
    return withOnePrimary(current, next);
  }
  const seed = op === "add" ? seedOf(attribute, filter) : undefined;
  if (!seed) throw new ScimError(400, `No value of ${attribute.name} matches the path.`, "noTarget");
  return withOnePrimary(current, [...current, set(seed)]);
}

function matcher(attribute: AttributeDefinition, filter: Filter | undefined): (element: unknown) => boolean {
  return filter ? compileElementFilter(filter, attribute) : () => true;
}

function setter(
  op: "add" | "replace",
  attribute: AttributeDefinition,
  sub: AttributeDefinition | undefined,
  value: unknown,
): (element: unknown) => unknown {
  if (sub) {
    const coerced = sub.multiValued ? coerceElements(sub, value) : coerceValue(sub, value);
    return (element) => {
      refuseImmutable(sub, property(element, sub.name), coerced);
      return withProperty(isComplex(element) ? element : {}, sub.name, coerced);
    };
  }
  const coerced = coerceElements(attribute, value)[0];
  if (coerced === undefined) throw new ScimError(400, `A value for ${attribute.name} is missing.`, "invalidValue");
  return (element) =>
    withoutNulls(op === "add" && isComplex(element) && isComplex(coerced) ? { ...element, ...coerced } : coerced);
}

/** An immutable part may be set once, and repeated (RFC 7643 section 2.2). */
export function refuseImmutable(definition: AttributeDefinition, current: unknown, next: unknown): void {
  if (definition.mutability === "immutable" && !isUnassigned(current) && !sameJson(current, next)) {
    throw new ScimError(400, `${definition.name} is immutable: once set, it cannot change.`, "mutability");
  }
}

/** The element that the `eq` terms of a filter describe; `undefined` when the filter holds anything else. */
function seedOf(attribute: AttributeDefinition, filter: Filter | undefined): Record<string, unknown> | undefined {
  if (!filter) return {};
  const terms = filter.kind === "and" ? filter.filters : [filter];
  const entries: [string, unknown][] = [];
  for (const term of terms) {
    if (term.kind !== "compare" || term.operator !== "eq") return undefined;
    const sub = findAttribute(attribute.subAttributes ?? [], term.path.name);
    entries.push([sub?.name ?? term.path.name, sub ? coerceValue(sub, term.value) : term.value]);
  }
  return Object.fromEntries(entries);
}

function withoutNulls(element: unknown): unknown {
  if (!isComplex(element)) return element;
  return Object.fromEntries(Object.entries(element).filter(([, part]) => !isUnassigned(part)));
}

/** At most one element is primary: the one that became so last; the others lose it (RFC 7644 section 3.5.2). */
function withOnePrimary(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const isPrimary = (element: unknown): boolean => property(element, "primary") === true;
  if (after.every((element, index) => element === before[index]))
    return after.length === before.length ? before : after;
  const known = new Set(before);
  const winner = after.findLast((element) => isPrimary(element) && !known.has(element));
  if (winner === undefined) return after;
  return after.map((element) =>
    element !== winner && isComplex(element) && isPrimary(element) ? withProperty(element, "primary", false) : element,
  );
}
