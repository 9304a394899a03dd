import type { AttributePath } from "./filter/filter.ts";
import { sameName } from "./names.ts";
import { commonAttributes } from "./schemas/common.ts";
import type { AttributeDefinition, ResourceSchema, SchemaDefinition } from "./schema.ts";

/** Where an attribute stands in a resource and what it is. */
export interface ResolvedAttribute {
  /** The URN under which the values of an extension stand; absent for core and common attributes. */
  readonly extension?: string;
  readonly attribute: AttributeDefinition;
  readonly sub?: AttributeDefinition;
}

/** Finds a definition by its name in any letter case. */
export function findAttribute(
  attributes: readonly AttributeDefinition[],
  name: string,
): AttributeDefinition | undefined {
  return attributes.find((attribute) => sameName(attribute.name, name));
}

/** Finds the core schema or an extension by its URN in any letter case. */
export function findSchema(schema: ResourceSchema, urn: string): SchemaDefinition | undefined {
  return [schema.core, ...schema.extensions].find(({ id }) => sameName(id, urn));
}

/** The common and the core attributes: everything that may stand at the top level of a resource besides extensions. */
export function topLevelAttributes(schema: ResourceSchema): readonly AttributeDefinition[] {
  const own = schema.core.attributes;
  return [...commonAttributes.filter(({ name }) => !findAttribute(own, name)), ...own];
}

/**
 * Resolves a parsed path against a schema. A bare name that only an extension defines is found there, since Entra sends
 * such names. `undefined` when the schema does not define the attribute or the sub-attribute.
 */
export function resolveAttribute(schema: ResourceSchema, path: AttributePath): ResolvedAttribute | undefined {
  const found = resolveName(schema, path);
  if (!found || path.sub === undefined) return found;
  const sub = findAttribute(found.attribute.subAttributes ?? [], path.sub);
  return sub && { ...found, sub };
}

function resolveName(schema: ResourceSchema, path: AttributePath): ResolvedAttribute | undefined {
  if (path.schema === undefined || sameName(path.schema, schema.core.id)) {
    const attribute = findAttribute(schema.core.attributes, path.name) ?? findAttribute(commonAttributes, path.name);
    if (attribute) return { attribute };
  }
  for (const extension of schema.extensions) {
    if (path.schema !== undefined && !sameName(path.schema, extension.id)) continue;
    const attribute = findAttribute(extension.attributes, path.name);
    if (attribute) return { extension: extension.id, attribute };
  }
  return undefined;
}
