import type { Filter, PatchPath } from "../scim/filter/filter.ts";
import { parsePath } from "../scim/filter/parse.ts";
import { forbiddenNames, sameName } from "../scim/names.ts";
import type { ScimDocument } from "../scim/resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../scim/schema.ts";
import { findAttribute, resolveAttribute } from "../scim/schemaLookup.ts";
import { booleanOf, elementsOf, isComplex, property } from "../scim/values.ts";
import type { TargetType, TargetValue } from "./coerce.ts";

/** A target path that no mapping can write. */
export class TargetPathError extends Error {
  readonly code = "invalidTarget";

  constructor(message: string) {
    super(message);
    this.name = "TargetPathError";
  }
}

/** Sub-attributes with the values by which `[…]` picks an element: `{ type: "work" }`. */
type Selector = readonly (readonly [name: string, value: string | boolean])[];

/** A target path, resolved once against the schema. */
export interface TargetPath extends TargetType {
  /** The path with the names as the schema spells them. */
  readonly path: string;
  /** What the schema says of it; absent for an attribute that it does not define. */
  readonly attribute?: AttributeDefinition;
  readonly sub?: AttributeDefinition;
  /** The key of the document under which the value stands: the attribute, or the URN of the extension. */
  readonly topLevel: string;
  /** Writes a value into a document that belongs to the caller; parts in between are made. */
  write(document: ScimDocument, value: TargetValue): void;
  /** The value that stands there, `undefined` when there is none. */
  read(document: Readonly<ScimDocument>): unknown;
}

/**
 * Resolves the target of a mapping row. Attributes that the schema does not define are taken as they are written.
 *
 * @throws FilterSyntaxError for a path that cannot be read (RFC 7644 section 3.5.2), TargetPathError for one that names no
 * place to write to.
 */
export function resolveTarget(text: string, schema: ResourceSchema): TargetPath {
  const path = parsePath(text.trim());
  for (const name of [path.name, path.sub, path.schema]) {
    if (name !== undefined && forbiddenNames.has(name))
      throw new TargetPathError(`No attribute can be named "${name}".`);
  }
  const resolved = resolveAttribute(schema, path.sub === undefined ? path : withoutSub(path));
  const attribute = resolved?.attribute;
  const sub = path.sub === undefined ? undefined : findAttribute(attribute?.subAttributes ?? [], path.sub);
  const extension =
    resolved !== undefined
      ? resolved.extension
      : path.schema !== undefined && !sameName(path.schema, schema.core.id)
        ? path.schema
        : undefined;
  const name = attribute?.name ?? path.name;
  const subName = sub?.name ?? path.sub;
  const selector = path.filter === undefined ? undefined : selectorOf(path.filter, attribute);
  if (selector !== undefined && attribute?.multiValued === false) {
    throw new TargetPathError(`${name} has one value, so brackets cannot pick one of several.`);
  }
  if (selector !== undefined && subName === undefined) {
    throw new TargetPathError(`Behind the brackets, name what is written, for example ${name}[…].value.`);
  }
  const place = {
    extension,
    name,
    sub: subName,
    selector,
    multiValued: attribute?.multiValued ?? selector !== undefined,
    complex: attribute?.type === "complex",
  };
  return {
    path: printTarget(extension, name, selector, subName),
    ...(attribute !== undefined && { attribute }),
    ...(sub !== undefined && { sub }),
    ...typeOf(attribute, path.sub !== undefined, sub),
    topLevel: extension ?? name,
    write: writer(place),
    read: reader(place),
  };
}

interface Place {
  readonly extension: string | undefined;
  readonly name: string;
  readonly sub: string | undefined;
  readonly selector: Selector | undefined;
  readonly multiValued: boolean;
  readonly complex: boolean;
}

function withoutSub({ schema, name }: PatchPath) {
  return schema === undefined ? { name } : { schema, name };
}

function typeOf(
  attribute: AttributeDefinition | undefined,
  hasSub: boolean,
  sub: AttributeDefinition | undefined,
): TargetType {
  if (attribute === undefined || (hasSub && sub === undefined)) return { type: "unknown", multiValued: false };
  if (sub !== undefined) return { type: sub.type, multiValued: sub.multiValued };
  // A complex attribute that is named alone means the `value` of its elements.
  const type =
    attribute.type === "complex"
      ? (findAttribute(attribute.subAttributes ?? [], "value")?.type ?? "complex")
      : attribute.type;
  return { type, multiValued: attribute.multiValued };
}

function printTarget(
  extension: string | undefined,
  name: string,
  selector: Selector | undefined,
  sub: string | undefined,
): string {
  const condition = selector?.map(([key, value]) => `${key} eq ${JSON.stringify(value)}`).join(" and ");
  return (
    (extension === undefined ? "" : `${extension}:`) +
    name +
    (condition === undefined ? "" : `[${condition}]`) +
    (sub === undefined ? "" : `.${sub}`)
  );
}

function selectorOf(filter: Filter, attribute: AttributeDefinition | undefined): Selector {
  if (filter.kind === "and") return filter.filters.flatMap((each) => selectorOf(each, attribute));
  const usable =
    filter.kind === "compare" &&
    filter.operator === "eq" &&
    filter.path.sub === undefined &&
    filter.path.schema === undefined;
  if (!usable || (typeof filter.value !== "string" && typeof filter.value !== "boolean")) {
    throw new TargetPathError('In the brackets of a target, only equality can stand, for example [type eq "work"].');
  }
  if (forbiddenNames.has(filter.path.name))
    throw new TargetPathError(`No attribute can be named "${filter.path.name}".`);
  const definition = findAttribute(attribute?.subAttributes ?? [], filter.path.name);
  // Entra writes roles[primary eq "True"]: the sub-attribute's type decides.
  const value = definition?.type === "boolean" ? booleanOf(filter.value) : filter.value;
  if (value === undefined) throw new TargetPathError(`${filter.path.name} is compared with true or false.`);
  return [[definition?.name ?? filter.path.name, value]];
}

/** A part that the caller may write into: what stands there when it is an object, else a new one. */
function partOf(container: ScimDocument, key: string): ScimDocument {
  const found = container[key];
  if (isComplex(found)) return found;
  const made: ScimDocument = {};
  container[key] = made;
  return made;
}

function writer({ extension, name, sub, selector, multiValued, complex }: Place): TargetPath["write"] {
  const container =
    extension === undefined
      ? (document: ScimDocument) => document
      : (document: ScimDocument) => partOf(document, extension);
  if (!multiValued) {
    if (sub === undefined) {
      return (document, value) => {
        // A complex attribute that is named alone means its `value`; what else stood there belonged to the old one.
        container(document)[name] = complex && !isComplex(value) ? { value } : value;
      };
    }
    return (document, value) => {
      partOf(container(document), name)[sub] = value;
    };
  }
  if (sub === undefined) {
    return (document, value) => {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      container(document)[name] = complex
        ? values.map((each) => (isComplex(each) ? { ...each } : { value: each }))
        : [...values];
    };
  }
  const fresh: ScimDocument = Object.fromEntries(selector ?? []);
  return (document, value) => {
    const parent = container(document);
    const found = parent[name];
    const elements: unknown[] = Array.isArray(found) ? found : [];
    parent[name] = elements;
    const element = findElement(elements, selector);
    if (element !== undefined) element[sub] = value;
    else elements.push({ ...fresh, [sub]: value });
  };
}

function reader({ extension, name, sub, selector, multiValued }: Place): TargetPath["read"] {
  return (document) => {
    const found = property(extension === undefined ? document : property(document, extension), name);
    if (sub === undefined) return found;
    return multiValued ? property(findElement(elementsOf(found), selector), sub) : property(found, sub);
  };
}

/** The element that the selector picks; without one, the first. */
function findElement(elements: readonly unknown[], selector: Selector | undefined): ScimDocument | undefined {
  for (const element of elements) {
    if (isComplex(element) && (selector === undefined || isPicked(element, selector))) return element;
  }
  return undefined;
}

function isPicked(element: ScimDocument, selector: Selector): boolean {
  for (const [name, wanted] of selector) {
    const value = property(element, name);
    const equal =
      typeof wanted === "boolean"
        ? (booleanOf(value) ?? false) === wanted
        : typeof value === "string" && sameName(value, wanted);
    if (!equal) return false;
  }
  return true;
}
