import { urns, type ScimResource } from "../scim/resource.ts";
import { type MutableAttributes, newAttributes } from "./attributes.ts";
import type { SourceAttributes } from "./source.ts";

/** Attributes that say nothing of the person: bookkeeping, and what others hold about them. */
const skipped = new Set(["schemas", "meta", "groups", "members"]);

/**
 * The attributes of a SCIM resource under the names that mappings use: `userName`, `name.givenName`,
 * `emails[type eq "work"].value`, `roles.value` (a list), `urn:…:User:department`. `accountEnabled` is `active` and
 * `manager` is the id of the manager, as in every other directory.
 */
export function flattenResource(resource: ScimResource): SourceAttributes {
  const attributes = newAttributes();
  for (const [name, value] of Object.entries(resource)) {
    if (skipped.has(name)) continue;
    if (name.startsWith("urn:") && isObject(value)) addParts(attributes, `${name}:`, value);
    else add(attributes, name, value);
  }
  if (typeof resource["active"] === "boolean") attributes["accountEnabled"] = resource["active"];
  const manager = attributes[`${urns.enterpriseUser}:manager.value`];
  if (typeof manager === "string") attributes["manager"] = manager;
  return attributes;
}

function add(attributes: MutableAttributes, name: string, value: unknown): void {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    attributes[name] ??= value;
  } else if (Array.isArray(value)) {
    addElements(attributes, name, value);
  } else if (isObject(value)) {
    addParts(attributes, `${name}.`, value);
  }
}

function addParts(attributes: MutableAttributes, prefix: string, value: Record<string, unknown>): void {
  for (const [name, part] of Object.entries(value)) add(attributes, prefix + name, part);
}

/** Elements of a multi-valued attribute: each by its type, the first of a type wins; and all their values as a list. */
function addElements(attributes: MutableAttributes, name: string, elements: readonly unknown[]): void {
  const texts = elements.filter((element) => typeof element === "string");
  if (texts.length > 0) attributes[name] = texts;
  const values: string[] = [];
  for (const element of elements) {
    if (!isObject(element)) continue;
    const { type, value, ...others } = element;
    if (typeof value === "string") values.push(value);
    if (typeof type === "string")
      addParts(attributes, `${name}[type eq ${JSON.stringify(type)}].`, { value, ...others });
  }
  if (values.length > 0) attributes[`${name}.value`] = values;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
