import { ScimError } from "../scim/errors.ts";
import { sameName } from "../scim/names.ts";
import type { ScimDocument } from "../scim/resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../scim/schema.ts";
import { findAttribute, topLevelAttributes } from "../scim/schemaLookup.ts";
import { booleanOf, elementsOf, isComplex } from "../scim/values.ts";

/**
 * Reads the body of a POST or PUT against a schema: names in the schema's spelling, booleans as booleans, null and empty
 * lists as absent (RFC 7643 section 2.5). What a client cannot write is passed over (RFC 7644 section 3.3), and so is
 * what the schema does not know, which is how Databricks treats extensions. Passwords are checked and not kept.
 * @throws ScimError 400 invalidSyntax when it is no object, invalidValue when a value has the wrong type or is missing.
 */
export function readResource(body: unknown, schema: ResourceSchema): ScimDocument {
  if (!isComplex(body)) throw new ScimError(400, "The request body is not a JSON object.", "invalidSyntax");
  const definitions = topLevelAttributes(schema);
  const document = readAttributes(body, definitions, "");
  for (const extension of schema.extensions) {
    const key = Object.keys(body).find((name) => sameName(name, extension.id));
    if (key === undefined || body[key] === null) continue;
    if (!isComplex(body[key])) throw wrongType(extension.id, "an object");
    const attributes = readAttributes(body[key], extension.attributes, `${extension.id}:`);
    if (Object.keys(attributes).length > 0) document[extension.id] = attributes;
  }
  for (const { name, required } of definitions) {
    if (required && name !== "schemas" && !isFilled(document[name])) {
      throw new ScimError(400, `The required attribute ${name} is missing.`, "invalidValue");
    }
  }
  return document;
}

/**
 * Checks that a body names the core schema of its type (RFC 7643 section 3, `schemas`).
 * @throws ScimError 400 invalidSyntax.
 */
export function refuseForeignSchemas(body: unknown, schema: ResourceSchema): void {
  const named = elementsOf(isComplex(body) ? body.schemas : undefined);
  if (named.some((urn) => typeof urn === "string" && sameName(urn, schema.core.id))) return;
  throw new ScimError(400, `schemas does not name ${schema.core.id}.`, "invalidSyntax");
}

function readAttributes(
  source: Record<string, unknown>,
  definitions: readonly AttributeDefinition[],
  prefix: string,
): ScimDocument {
  const document: ScimDocument = {};
  for (const [key, value] of Object.entries(source)) {
    const definition = findAttribute(definitions, key);
    if (definition === undefined || definition.mutability === "readOnly" || definition.name === "schemas") continue;
    const read = readValue(definition, value, `${prefix}${definition.name}`);
    if (isFilled(read) && definition.returned !== "never") document[definition.name] = read;
  }
  return document;
}

function readValue(definition: AttributeDefinition, value: unknown, path: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (!definition.multiValued) return readSingle(definition, value, path);
  if (!Array.isArray(value)) throw wrongType(path, "a list");
  const elements = value.map((element, at) => readSingle(definition, element, `${path}[${at}]`)).filter(isFilled);
  if (elements.filter((element) => isComplex(element) && element.primary === true).length > 1) {
    throw new ScimError(400, `More than one value of ${path} is marked primary.`, "invalidValue");
  }
  return elements;
}

function readSingle(definition: AttributeDefinition, value: unknown, path: string): unknown {
  switch (definition.type) {
    case "complex":
      if (isComplex(value)) return readAttributes(value, writable(definition.subAttributes ?? []), `${path}.`);
      // Entra sends the manager as a bare id.
      if (
        typeof value === "string" &&
        !definition.multiValued &&
        findAttribute(definition.subAttributes ?? [], "value")
      )
        return { value };
      throw wrongType(path, "an object");
    case "boolean":
      return readBoolean(value, path);
    case "integer":
    case "decimal":
      if (typeof value !== "number" || (definition.type === "integer" && !Number.isInteger(value)))
        throw wrongType(path, definition.type === "integer" ? "a whole number" : "a number");
      return value;
    case "dateTime":
      if (typeof value !== "string" || Number.isNaN(Date.parse(value))) throw wrongType(path, "a date and time");
      return value;
    case "string":
    case "reference":
    case "binary":
      if (typeof value !== "string") throw wrongType(path, "a text");
      return value;
  }
}

function readBoolean(value: unknown, path: string): boolean {
  const read = booleanOf(value);
  if (read === undefined) throw wrongType(path, "true or false");
  return read;
}

/** Sub-attributes of `members` are immutable, which a whole new element does not offend. */
function writable(definitions: readonly AttributeDefinition[]): readonly AttributeDefinition[] {
  return definitions.filter(({ mutability }) => mutability !== "readOnly");
}

function isFilled(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function wrongType(path: string, wanted: string): ScimError {
  return new ScimError(400, `The value of ${path} is not ${wanted}.`, "invalidValue");
}
