import { compileElementFilter } from "../scim/filter/compile.ts";
import { parsePath } from "../scim/filter/parse.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { resolveAttribute } from "../scim/schemaLookup.ts";
import { elementsOf, property } from "../scim/values.ts";

/** Reads the values that stand at one path of a resource; an empty list when there are none. */
export type AttributeReader = (resource: Readonly<Record<string, unknown>>) => readonly unknown[];

/**
 * Compiles a target path (`userName`, `name.givenName`, `emails[type eq "work"].value`, `URN:department`) into a reader.
 *
 * @throws FilterSyntaxError when the path cannot be parsed
 */
export function attributeReader(path: string, schema: ResourceSchema): AttributeReader {
  const parsed = parsePath(path);
  const resolved = resolveAttribute(schema, { name: parsed.name, ...(parsed.schema && { schema: parsed.schema }) });
  const extension = resolved?.extension;
  const name = resolved?.attribute.name ?? parsed.name;
  const { sub, filter } = parsed;
  if (extension === undefined && filter === undefined && sub === undefined) {
    // The common case, kept lean: a plan reads it once per user and mapping.
    return (resource) => elementsOf(Object.hasOwn(resource, name) ? resource[name] : property(resource, name));
  }
  const accepts = filter && resolved ? compileElementFilter(filter, resolved.attribute) : undefined;
  return (resource) => {
    const root = extension === undefined ? resource : property(resource, extension);
    let values = elementsOf(property(root, name));
    if (accepts) values = values.filter(accepts);
    return sub === undefined ? values : values.flatMap((element) => elementsOf(property(element, sub)));
  };
}

/** Whether the attribute at a path compares letter case (RFC 7643 section 2.2); unknown attributes do not. */
export function isCaseExact(path: string, schema: ResourceSchema): boolean {
  const { name, sub, schema: urn } = parsePath(path);
  const resolved = resolveAttribute(schema, { name, ...(urn && { schema: urn }), ...(sub && { sub }) });
  return (resolved?.sub ?? resolved?.attribute)?.caseExact ?? false;
}
