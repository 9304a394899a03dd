import { ScimError } from "../scim/errors.ts";
import { parsePath } from "../scim/filter/parse.ts";
import type { ScimDocument } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { resolveAttribute } from "../scim/schemaLookup.ts";
import { isComplex } from "../scim/values.ts";
import type { Links } from "./render.ts";

/** What a client wants to see of a resource (RFC 7644 section 3.9). */
export interface Projection {
  readonly links: Links;
  readonly apply: (document: ScimDocument) => ScimDocument;
}

/** Where a requested attribute stands. */
interface Place {
  readonly extension?: string;
  readonly name?: string;
  readonly sub?: string;
}

const always = ["schemas", "id"];

/**
 * Reads `attributes` and `excludedAttributes`; `undefined` when the whole resource is wanted. Unknown names count as named
 * and show nothing. `id` and `schemas` always stay.
 * @param exactNames Databricks compares the names with letter case.
 * @throws ScimError 400 invalidValue when both are given and names are not exact: the RFC lets one exclude the other.
 */
export function readProjection(
  attributes: readonly string[],
  excluded: readonly string[],
  schema: ResourceSchema,
  exactNames: boolean,
): Projection | undefined {
  if (attributes.length === 0 && excluded.length === 0) return undefined;
  if (attributes.length > 0 && excluded.length > 0 && !exactNames) {
    throw new ScimError(400, "attributes and excludedAttributes cannot be used together.", "invalidValue");
  }
  const places = (names: readonly string[]) => names.flatMap((name) => place(name, schema, exactNames) ?? []);
  if (attributes.length > 0) {
    const wanted = places(attributes);
    const wants = (link: string) => wanted.some(({ name }) => name === link);
    return {
      links: { members: wants("members"), groups: wants("groups") },
      apply: (document) => keep(document, wanted),
    };
  }
  const unwanted = places(excluded);
  const lacks = (link: string) => unwanted.some(({ name, sub }) => name === link && sub === undefined);
  return {
    links: { members: !lacks("members"), groups: !lacks("groups") },
    apply: (document) => drop(document, unwanted),
  };
}

function place(text: string, schema: ResourceSchema, exactNames: boolean): Place | undefined {
  const extension = schema.extensions.find(({ id }) => id.toLowerCase() === text.toLowerCase());
  if (extension) return { extension: extension.id };
  let path;
  try {
    path = parsePath(text);
  } catch {
    return undefined;
  }
  const found = path.filter === undefined ? resolveAttribute(schema, path) : undefined;
  if (!found) return undefined;
  const { attribute, sub } = found;
  if (exactNames && (attribute.name !== path.name || sub?.name !== path.sub)) return undefined;
  if (attribute.returned === "never") return undefined;
  return {
    ...(found.extension !== undefined && { extension: found.extension }),
    name: attribute.name,
    ...(sub && { sub: sub.name }),
  };
}

function keep(document: ScimDocument, places: readonly Place[]): ScimDocument {
  const kept: ScimDocument = {};
  for (const name of always) if (name in document) kept[name] = document[name];
  for (const { extension, name, sub } of places) {
    if (extension === undefined) copy(document, kept, name, sub);
    else if (name === undefined) copy(document, kept, extension);
    else if (isComplex(document[extension])) {
      const inner = isComplex(kept[extension]) ? kept[extension] : {};
      copy(document[extension], inner, name, sub);
      if (Object.keys(inner).length > 0) kept[extension] = inner;
    }
  }
  return kept;
}

function copy(from: ScimDocument, to: ScimDocument, name?: string, sub?: string): void {
  if (name === undefined || !Object.hasOwn(from, name)) return;
  const value = from[name];
  if (sub === undefined) to[name] = value;
  else if (Array.isArray(value)) {
    const known = Array.isArray(to[name]) ? (to[name] as unknown[]) : [];
    to[name] = value.map((element, at) => ({ ...part(known[at]), ...pick(element, sub) }));
  } else to[name] = { ...part(to[name]), ...pick(value, sub) };
}

function part(value: unknown): ScimDocument {
  return isComplex(value) ? value : {};
}

function pick(value: unknown, sub: string): ScimDocument {
  return isComplex(value) && Object.hasOwn(value, sub) ? { [sub]: value[sub] } : {};
}

function drop(document: ScimDocument, places: readonly Place[]): ScimDocument {
  let rest = document;
  for (const { extension, name, sub } of places) {
    if (extension === undefined) rest = without(rest, name, sub);
    else if (name === undefined) rest = without(rest, extension);
    else if (isComplex(rest[extension])) rest = { ...rest, [extension]: without(rest[extension], name, sub) };
  }
  return rest;
}

function without(document: ScimDocument, name?: string, sub?: string): ScimDocument {
  if (name === undefined || always.includes(name) || !Object.hasOwn(document, name)) return document;
  const { [name]: value, ...rest } = document;
  if (sub === undefined) return rest;
  const inner = (element: unknown) => (isComplex(element) ? without(element, sub) : element);
  return { ...rest, [name]: Array.isArray(value) ? value.map(inner) : inner(value) };
}
