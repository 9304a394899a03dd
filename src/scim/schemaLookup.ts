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

/** Names of long lists of definitions, as written and in lower case; a plan asks for them millions of times. */
const names = new WeakMap<readonly AttributeDefinition[], ReadonlyMap<string, AttributeDefinition>>();

/** The common and the core attributes of a schema, put together once. */
const topLevels = new WeakMap<ResourceSchema, readonly AttributeDefinition[]>();

/** From this length on, names are looked up rather than compared one by one. */
const longList = 4;

/** Finds a definition by its name in any letter case. */
export function findAttribute(
  attributes: readonly AttributeDefinition[],
  name: string,
): AttributeDefinition | undefined {
  if (attributes.length < longList) return attributes.find((attribute) => sameName(attribute.name, name));
  let byName = names.get(attributes);
  if (byName === undefined) names.set(attributes, (byName = namesOf(attributes)));
  const found = byName.get(name) ?? byName.get(name.toLowerCase());
  return found !== undefined && sameName(found.name, name) ? found : undefined;
}

function namesOf(attributes: readonly AttributeDefinition[]): ReadonlyMap<string, AttributeDefinition> {
  const byName = new Map<string, AttributeDefinition>();
  for (const attribute of attributes) {
    const lower = attribute.name.toLowerCase();
    const first = byName.get(lower) ?? attribute;
    byName.set(lower, first).set(attribute.name, first);
  }
  return byName;
}

/** Finds the core schema or an extension by its URN in any letter case. */
export function findSchema(schema: ResourceSchema, urn: string): SchemaDefinition | undefined {
  return [schema.core, ...schema.extensions].find(({ id }) => sameName(id, urn));
}

/** The common and the core attributes: everything that may stand at the top level of a resource besides extensions. */
export function topLevelAttributes(schema: ResourceSchema): readonly AttributeDefinition[] {
  let all = topLevels.get(schema);
  if (all === undefined) {
    const own = schema.core.attributes;
    all = [...commonAttributes.filter(({ name }) => !findAttribute(own, name)), ...own];
    topLevels.set(schema, all);
  }
  return all;
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
