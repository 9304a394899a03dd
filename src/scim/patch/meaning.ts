import type { ScimDocument } from "../resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../schema.ts";
import { findAttribute, findSchema, topLevelAttributes } from "../schemaLookup.ts";
import { booleanOf, elementsOf, instantOf, isComplex, isUnassigned, sameJson } from "../values.ts";
import { canonicalDocument, sortedElements } from "./normalize.ts";

/** An attribute that a client can write, and its value in the form in which values are compared. */
export interface WritableValue {
  /** `[URN:]name`. */
  readonly path: string;
  /** Absent for an attribute that no schema defines. */
  readonly attribute?: AttributeDefinition;
  readonly value: unknown;
}

/** Attributes whose elements are nothing but their `value`: the service derives the rest. */
export const valueOnly: ReadonlySet<string> = new Set(["members", "groups"]);

/**
 * Whether two documents ask for the same state: the same values of everything a client can write. What the service sets
 * (`id`, `meta`, readOnly attributes), the order of multi-valued attributes, and the different ways to say "unassigned" do not count.
 */
export function sameMeaning(a: Readonly<ScimDocument>, b: Readonly<ScimDocument>, schema: ResourceSchema): boolean {
  return sameValues(writableValues(a, schema), writableValues(b, schema));
}

/** Whether two sets of values, as {@link writableValues} gives them, are equal. */
export function sameValues(a: ReadonlyMap<string, WritableValue>, b: ReadonlyMap<string, WritableValue>): boolean {
  return a.size === b.size && [...a].every(([path, { value }]) => sameJson(value, b.get(path)?.value));
}

/** Everything that a client can write in a document, by path, in the order of the schema. */
export function writableValues(
  document: Readonly<ScimDocument>,
  schema: ResourceSchema,
): ReadonlyMap<string, WritableValue> {
  const result = new Map<string, WritableValue>();
  const add = (path: string, attribute: AttributeDefinition | undefined, value: unknown): void => {
    const compared = attribute ? comparedValue(attribute, value) : value;
    if (compared !== undefined) result.set(path, { path, ...(attribute && { attribute }), value: compared });
  };
  const attributes = topLevelAttributes(schema);
  for (const [key, value] of Object.entries(canonicalDocument(document, schema, { meta: false }))) {
    if (key === "schemas") continue;
    const extension = findSchema(schema, key);
    if (!extension && !key.includes(":")) add(key, findAttribute(attributes, key), value);
    else if (!isComplex(value)) add(key, undefined, value);
    else {
      for (const [name, inner] of Object.entries(value)) {
        add(`${key}:${name}`, extension && findAttribute(extension.attributes, name), inner);
      }
    }
  }
  return result;
}

function comparedValue(attribute: AttributeDefinition, value: unknown): unknown {
  if (attribute.mutability === "readOnly" || attribute.returned === "never") return undefined;
  if (!attribute.multiValued) return comparedSingle(attribute, value);
  const elements = elementsOf(value)
    .map((element) => comparedElement(attribute, element))
    .filter((element) => element !== undefined);
  return elements.length > 0 ? sortedElements(elements) : undefined;
}

function comparedElement(attribute: AttributeDefinition, element: unknown): unknown {
  const compared = comparedSingle(attribute, element);
  if (!isComplex(compared)) return compared;
  if (valueOnly.has(attribute.name) && compared["value"] !== undefined) return { value: compared["value"] };
  // Not primary is what an element is that does not say so (RFC 7643 section 2.4).
  const parts = Object.entries(compared).filter(([name, part]) => name !== "primary" || part !== false);
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
}

function comparedSingle(attribute: AttributeDefinition, value: unknown): unknown {
  if (isUnassigned(value)) return undefined;
  if (!isComplex(value)) return comparedSimple(attribute, value);
  const parts = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    const compared = sub ? comparedValue(sub, part) : part;
    return compared === undefined ? [] : [[name, compared]];
  });
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
}

function comparedSimple(attribute: AttributeDefinition, value: unknown): unknown {
  if (attribute.type === "boolean") return booleanOf(value) ?? value;
  const instant = attribute.type === "dateTime" ? instantOf(value) : NaN;
  if (!Number.isNaN(instant)) return new Date(instant).toISOString();
  return value === "" && !attribute.required ? undefined : value;
}
