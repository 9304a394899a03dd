import type { ScimDocument } from "../scim/resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../scim/schema.ts";
import { findAttribute, findSchema, topLevelAttributes } from "../scim/schemaLookup.ts";
import { isComplex, keyOf } from "../scim/values.ts";

/**
 * The part of a document that a client may send: read-only attributes (`id`, `meta`, a user's `groups`) and empty values
 * are left out, since an unassigned attribute and an empty one are the same (RFC 7643 section 2.5). Attributes that the
 * schema does not know are kept. `schemas` names the core schema and every extension that holds a value.
 */
export function writableDocument(document: ScimDocument, schema: ResourceSchema): ScimDocument {
  const attributes = topLevelAttributes(schema);
  const result: ScimDocument = {};
  const extensions: string[] = [];
  for (const [key, value] of Object.entries(document)) {
    if (key.toLowerCase() === "schemas") continue;
    const extension = findSchema(schema, key);
    const kept = extension
      ? writableValue(value, extension.attributes)
      : writableAttribute(value, findAttribute(attributes, key));
    if (kept === undefined) continue;
    result[key] = kept;
    if (extension !== undefined || key.toLowerCase().startsWith("urn:")) extensions.push(extension?.id ?? key);
  }
  const declared = schemasOf(document).filter((urn) => keyOf(result, urn) !== undefined);
  return { schemas: [...new Set([schema.core.id, ...extensions, ...declared])], ...result };
}

function schemasOf(document: ScimDocument): readonly string[] {
  const schemas = document["schemas"];
  return Array.isArray(schemas) ? schemas.filter((urn): urn is string => typeof urn === "string") : [];
}

function writableAttribute(value: unknown, definition: AttributeDefinition | undefined): unknown {
  if (definition?.mutability === "readOnly") return undefined;
  if (!Array.isArray(value)) return writableValue(value, definition?.subAttributes);
  const elements = value
    .map((element: unknown) => writableValue(element, definition?.subAttributes))
    .filter((element) => element !== undefined);
  return elements.length === 0 ? undefined : elements;
}

function writableValue(value: unknown, attributes: readonly AttributeDefinition[] | undefined): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (!isComplex(value)) return value;
  const entries = Object.entries(value)
    .map(([key, inner]): [string, unknown] => [
      key,
      writableAttribute(inner, attributes && findAttribute(attributes, key)),
    ])
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
