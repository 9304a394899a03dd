import type { ScimDocument } from "../resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../schema.ts";
import { findAttribute, findSchema, topLevelAttributes } from "../schemaLookup.ts";
import { sameName } from "../names.ts";
import { isComplex, isUnassigned } from "../values.ts";

export interface CanonicalOptions {
  /** Whether `meta` stays; it does when left out. */
  readonly meta?: boolean;
}

/**
 * A document in the one form in which it is shown and compared: names spelled and ordered as in the schema, unknown ones
 * behind them in alphabetical order, `meta` last; multi-valued attributes in a stable order; unassigned values (null, `[]`)
 * left out, since they mean the same as absent ones (RFC 7643 section 2.5). Doing it again changes nothing.
 */
export function canonicalDocument(
  document: Readonly<ScimDocument>,
  schema: ResourceSchema,
  options: CanonicalOptions = {},
): ScimDocument {
  const inner = (value: unknown, definitions: readonly AttributeDefinition[]): unknown =>
    isComplex(value) ? canonicalObject(value, definitions) : value;

  const known = canonicalObject(document, topLevelAttributes(schema), (key) => findSchema(schema, key) !== undefined);
  const { meta, ...rest } = known;
  const result: ScimDocument = rest;
  if (Array.isArray(result["schemas"])) result["schemas"] = orderedSchemas(result["schemas"], schema);
  for (const extension of schema.extensions) {
    const key = Object.keys(document).find((each) => sameName(each, extension.id));
    const value = key === undefined ? undefined : inner(document[key], extension.attributes);
    if (!isEmpty(value)) result[extension.id] = value;
  }
  return options.meta === false || meta === undefined ? result : { ...result, meta };
}

function canonicalObject(
  object: Readonly<Record<string, unknown>>,
  definitions: readonly AttributeDefinition[],
  skip: (key: string) => boolean = () => false,
): Record<string, unknown> {
  const entries: { readonly rank: number; readonly name: string; readonly value: unknown }[] = [];
  for (const [key, value] of Object.entries(object)) {
    if (skip(key)) continue;
    const definition = findAttribute(definitions, key);
    const rank = definition ? definitions.indexOf(definition) : definitions.length;
    const canonical = canonicalValue(value, definition);
    if (!isEmpty(canonical)) entries.push({ rank, name: definition?.name ?? key, value: canonical });
  }
  entries.sort((a, b) => a.rank - b.rank || compareText(a.name, b.name));
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

function canonicalValue(value: unknown, definition: AttributeDefinition | undefined): unknown {
  const subs = definition?.subAttributes ?? [];
  if (isComplex(value)) return canonicalObject(value, subs);
  if (!Array.isArray(value)) return value;
  const elements = value
    .map((element: unknown) => canonicalValue(element, definition))
    .filter((element) => !isEmpty(element));
  // The order of values counts only where nobody knows what they are.
  return definition ? sortedElements(elements) : elements;
}

/** Whether nothing is left: unassigned, or a complex value without parts. */
function isEmpty(value: unknown): boolean {
  return isUnassigned(value) || (isComplex(value) && Object.keys(value).length === 0);
}

/** The elements of a multi-valued attribute by value, then type, then everything else. */
export function sortedElements(elements: readonly unknown[]): unknown[] {
  const keyed = elements.map((element) => ({ element, key: sortKey(element) }));
  return keyed.sort((a, b) => compareText(a.key, b.key)).map(({ element }) => element);
}

function sortKey(element: unknown): string {
  if (!isComplex(element)) return JSON.stringify(element);
  const { value, type } = element;
  return JSON.stringify([value ?? "", type ?? "", element]);
}

function orderedSchemas(urns: readonly unknown[], schema: ResourceSchema): unknown[] {
  const isCore = (urn: unknown): boolean => typeof urn === "string" && sameName(urn, schema.core.id);
  return [...urns.filter(isCore), ...urns.filter((urn) => !isCore(urn))];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
