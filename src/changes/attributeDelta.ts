import { writableValues } from "../scim/patch/meaning.ts";
import type { ScimDocument } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { isComplex, sameJson } from "../scim/values.ts";
import { valueAt } from "./attributePath.ts";

/** One attribute in which two documents differ. */
export interface AttributeDelta {
  /** `displayName`, `name.givenName`, `emails`, `URN:department`. */
  readonly path: string;
  /** As it stands in the document; `undefined`: unassigned. */
  readonly before: unknown;
  readonly after: unknown;
  /** Only of multi-valued attributes: the elements that come and go, in the form in which they are compared. */
  readonly elements?: { readonly added: readonly unknown[]; readonly removed: readonly unknown[] };
}

/**
 * The attributes in which two documents differ in meaning, complex ones part by part, in the order of the schema. What a
 * client cannot write does not count, nor does the order of values; members are the same when their `value` is
 * (scim/patch/meaning.ts).
 */
export function attributeDeltas(before: ScimDocument, after: ScimDocument, schema: ResourceSchema): AttributeDelta[] {
  const [left, right] = [
    writableValues(differing(before, after), schema),
    writableValues(differing(after, before), schema),
  ];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path): AttributeDelta[] => {
    const [a, b] = [left.get(path)?.value, right.get(path)?.value];
    if (sameJson(a, b)) return [];
    if (Array.isArray(a) || Array.isArray(b)) return [{ ...rawDelta(path), elements: elementsOfDelta(a, b) }];
    if (!(a === undefined || isComplex(a)) || !(b === undefined || isComplex(b))) return [rawDelta(path)];
    const parts = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
    return [...parts].filter((part) => !sameJson(a?.[part], b?.[part])).map((part) => rawDelta(`${path}.${part}`));
  });

  function rawDelta(path: string): AttributeDelta {
    return { path, before: valueAt(before, path), after: valueAt(after, path) };
  }
}

/** What is not word for word the same in the other document: most of a resource is, and need not be read for its meaning. */
function differing(document: ScimDocument, other: ScimDocument): ScimDocument {
  return Object.fromEntries(Object.entries(document).filter(([name, value]) => !sameJson(value, other[name])));
}

function elementsOfDelta(before: unknown, after: unknown): Required<AttributeDelta>["elements"] {
  const [left, right] = [keyed(before), keyed(after)];
  const added = [...right].filter(([key]) => !left.has(key)).map(([, element]) => element);
  const removed = [...left].filter(([key]) => !right.has(key)).map(([, element]) => element);
  return { added, removed };
}

/** Elements by what makes them equal; their keys stand in the order of the schema already. */
function keyed(value: unknown): Map<string, unknown> {
  const elements: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return new Map(elements.map((element) => [JSON.stringify(element), element]));
}
