import type { ScimDocument } from "../scim/resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../scim/schema.ts";
import { findAttribute, findSchema, topLevelAttributes } from "../scim/schemaLookup.ts";
import { elementKey } from "../scim/patch/elements.ts";
import { isComplex, isUnassigned, keyOf, sameJson } from "../scim/values.ts";
import { writableDocument } from "./writable.ts";

/** One attribute in which two documents differ. */
export interface AttributeDelta {
  /** `displayName`, `name.givenName`, `emails`, `URN:department`. */
  readonly path: string;
  /** `undefined`: unassigned. */
  readonly before: unknown;
  readonly after: unknown;
  /** Only of multi-valued attributes: the elements that come and go. */
  readonly elements?: { readonly added: readonly unknown[]; readonly removed: readonly unknown[] };
}

/**
 * The attributes in which two documents differ in meaning, in the order of the first document's attributes. Read-only
 * attributes do not count, an unassigned attribute equals an empty one (RFC 7643 section 2.5), the order of values of a
 * multi-valued attribute does not count, and members are the same when their `value` is.
 */
export function attributeDeltas(before: ScimDocument, after: ScimDocument, schema: ResourceSchema): AttributeDelta[] {
  const [left, right] = [writableDocument(before, schema), writableDocument(after, schema)];
  const attributes = topLevelAttributes(schema);
  return keysOfBoth(left, right).flatMap((key) => {
    if (key === "schemas") return [];
    const [a, b] = [valueOf(left, key), valueOf(right, key)];
    const extension = findSchema(schema, key);
    if (extension === undefined)
      return deltaOf(findAttribute(attributes, key)?.name ?? key, a, b, findAttribute(attributes, key));
    const inner = { ...(isComplex(a) && a) };
    const outer = { ...(isComplex(b) && b) };
    return keysOfBoth(inner, outer).flatMap((name) => {
      const definition = findAttribute(extension.attributes, name);
      return deltaOf(
        `${extension.id}:${definition?.name ?? name}`,
        valueOf(inner, name),
        valueOf(outer, name),
        definition,
      );
    });
  });
}

/** Compares one attribute; complex values by their parts. */
function deltaOf(
  path: string,
  before: unknown,
  after: unknown,
  definition: AttributeDefinition | undefined,
): AttributeDelta[] {
  if (isUnassigned(before) && isUnassigned(after)) return [];
  if (Array.isArray(before) || Array.isArray(after) || definition?.multiValued === true) {
    return listDelta(path, before, after, definition);
  }
  if ((isComplex(before) || before === undefined) && (isComplex(after) || after === undefined)) {
    const [left, right] = [before ?? {}, after ?? {}];
    return keysOfBoth(left, right).flatMap((name) => {
      const sub = findAttribute(definition?.subAttributes ?? [], name);
      return deltaOf(`${path}.${sub?.name ?? name}`, valueOf(left, name), valueOf(right, name), sub);
    });
  }
  return sameJson(before, after) ? [] : [{ path, before, after }];
}

function listDelta(
  path: string,
  before: unknown,
  after: unknown,
  definition: AttributeDefinition | undefined,
): AttributeDelta[] {
  const key = (element: unknown) =>
    definition === undefined ? JSON.stringify(element) : elementKey(definition, element);
  const [left, right] = [listOf(before), listOf(after)];
  const had = new Set(left.map(key));
  const has = new Set(right.map(key));
  const added = right.filter((element) => !had.has(key(element)));
  const removed = left.filter((element) => !has.has(key(element)));
  return added.length + removed.length === 0 ? [] : [{ path, before, after, elements: { added, removed } }];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function keysOfBoth(a: object, b: object): readonly string[] {
  const keys = Object.keys(a);
  return [...keys, ...Object.keys(b).filter((key) => keyOf(a, key) === undefined)];
}

function valueOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  const key = keyOf(object, name);
  return key === undefined ? undefined : object[key];
}
