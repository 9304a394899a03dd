import * as l10n from "@vscode/l10n";
import type { Node } from "jsonc-parser";
import { valueAt } from "../../changes/attributePath.ts";
import { whatSticks } from "../../changes/stick.ts";
import { documentTree } from "./documentText.ts";
import { canonicalDocument } from "../../scim/patch/normalize.ts";
import type { Dialect } from "../../scim/dialects/dialect.ts";
import { departureOf } from "../../scim/dialects/dialects.ts";
import type { ResourceType, ScimDocument } from "../../scim/resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../../scim/schema.ts";
import { findAttribute, findSchema, topLevelAttributes } from "../../scim/schemaLookup.ts";
import { sameJson } from "../../scim/values.ts";

/** What is wrong, or will not happen, in a document. Errors keep it from being saved. */
export interface DocumentProblem {
  readonly offset: number;
  readonly length: number;
  readonly severity: "error" | "warning" | "information";
  readonly code:
    | "id-changed"
    | "wrong-type"
    | "required"
    | "unknown-attribute"
    | "read-only"
    | "immutable-attribute"
    | "not-canonical";
  readonly message: string;
}

export interface DocumentContext {
  readonly resourceType: ResourceType;
  readonly schema: ResourceSchema;
  readonly dialect: Dialect;
  /** The document as the service has it; absent for one that is yet to be created. */
  readonly stored?: ScimDocument;
}

/**
 * Checks a document against the schema of the service and the departures of its dialect. JSON that cannot be read gives none:
 * the JSON language says that already.
 */
export function documentProblems(text: string, context: DocumentContext): DocumentProblem[] {
  const tree = documentTree(text);
  if (tree?.type !== "object") return [];
  const problems: DocumentProblem[] = [];
  const { schema } = context;
  const attributes = topLevelAttributes(schema);
  for (const { key, value, property } of propertiesOf(tree)) {
    const extension = findSchema(schema, key);
    if (extension !== undefined) {
      if (value?.type === "object") checkObject(value, extension.attributes, context, `${extension.id}:`, problems);
      continue;
    }
    const definition = findAttribute(attributes, key);
    if (definition !== undefined) checkAttribute(property, value, definition, context, "", problems);
    else if (key.toLowerCase() !== "schemas") problems.push(unknownAttribute(property, key, context));
  }
  checkId(tree, context, problems);
  checkRequired(tree, attributes, context, problems);
  return problems.sort((a, b) => a.offset - b.offset);
}

interface Property {
  readonly key: string;
  /** The node of the name. */
  readonly property: Node;
  readonly value: Node | undefined;
}

function propertiesOf(object: Node): Property[] {
  return (object.children ?? []).flatMap((pair) => {
    const [property, value] = pair.children ?? [];
    return property === undefined ? [] : [{ key: String(property.value), property, value }];
  });
}

function checkObject(
  node: Node,
  definitions: readonly AttributeDefinition[],
  context: DocumentContext,
  prefix: string,
  problems: DocumentProblem[],
): void {
  for (const { key, value, property } of propertiesOf(node)) {
    const definition = findAttribute(definitions, key);
    if (definition === undefined) problems.push(unknownAttribute(property, key, context));
    else checkAttribute(property, value, definition, context, prefix, problems);
  }
}

function checkAttribute(
  property: Node,
  value: Node | undefined,
  definition: AttributeDefinition,
  context: DocumentContext,
  prefix: string,
  problems: DocumentProblem[],
): void {
  if (value === undefined || value.type === "null") return;
  const path = `${prefix}${definition.name}`;
  const wrong = wrongType(value, definition);
  if (wrong !== undefined) {
    problems.push({ ...rangeOf(value), severity: "error", code: "wrong-type", message: `${path}: ${wrong}` });
    return;
  }
  checkDeparture(property, value, path, definition, context, problems);
  const elements = definition.multiValued ? (value.children ?? []) : [value];
  for (const element of elements) {
    if (element.type === "object") checkObject(element, definition.subAttributes ?? [], context, `${path}.`, problems);
    else checkCanonical(element, definition, path, problems);
  }
}

/** What the service will not do of a change: told where it stands, since saving would leave it out. */
function checkDeparture(
  property: Node,
  value: Node,
  path: string,
  definition: AttributeDefinition,
  context: DocumentContext,
  problems: DocumentProblem[],
): void {
  const { stored, dialect, resourceType } = context;
  if (path.includes(".") || path.startsWith("id") || path === "meta") return;
  const wanted = canonicalValue(path, plain(value), context);
  const had = stored === undefined ? undefined : canonicalValue(path, valueAt(stored, path), context);
  if (stored !== undefined && sameJson(wanted, had)) return;
  const departure = departureOf(dialect, resourceType, path);
  if (departure !== undefined) {
    const sticking = whatSticks({ [path]: wanted }, stored && { [path]: had }, dialect, resourceType);
    if (sameJson(sticking.document[path], wanted)) return;
    // A new resource gets the value in another form; a stored one keeps the value that it has.
    const severity = stored === undefined ? "information" : "warning";
    problems.push({ ...rangeOf(property), severity, code: "immutable-attribute", message: departure.note });
  } else if (definition.mutability === "readOnly" && stored !== undefined) {
    const message = l10n.t("{0} is kept by the service: a change here is not sent.", path);
    problems.push({ ...rangeOf(property), severity: "warning", code: "read-only", message });
  }
}

/** The value in the form in which documents are compared: the order of its elements does not count. */
const canonicalValue = (path: string, value: unknown, { schema }: DocumentContext): unknown =>
  canonicalDocument({ [path]: value }, schema)[path];

function checkCanonical(node: Node, definition: AttributeDefinition, path: string, problems: DocumentProblem[]): void {
  const values = definition.canonicalValues;
  if (values === undefined || values.length === 0 || typeof node.value !== "string") return;
  if (values.some((value) => value.toLowerCase() === String(node.value).toLowerCase())) return;
  const message = l10n.t("{0} is usually one of {1}.", path, values.join(", "));
  problems.push({ ...rangeOf(node), severity: "information", code: "not-canonical", message });
}

function checkId(tree: Node, { stored }: DocumentContext, problems: DocumentProblem[]): void {
  const id = propertiesOf(tree).find(({ key }) => key.toLowerCase() === "id");
  if (id?.value === undefined) return;
  if (stored === undefined) {
    const message = l10n.t("The service gives the id; leave it out.");
    problems.push({ ...rangeOf(id.value), severity: "warning", code: "read-only", message });
  } else if (id.value.value !== stored["id"]) {
    const message = l10n.t("The id of a resource cannot be changed. This one is {0}.", String(stored["id"]));
    problems.push({ ...rangeOf(id.value), severity: "error", code: "id-changed", message });
  }
}

function checkRequired(
  tree: Node,
  attributes: readonly AttributeDefinition[],
  { resourceType }: DocumentContext,
  problems: DocumentProblem[],
): void {
  const there = propertiesOf(tree);
  const needed = new Set(resourceType === "User" ? ["userName"] : resourceType === "Group" ? ["displayName"] : []);
  for (const { name, required, mutability } of attributes) if (required && mutability !== "readOnly") needed.add(name);
  for (const name of needed) {
    const found = there.find(({ key }) => key.toLowerCase() === name.toLowerCase());
    const empty = found?.value === undefined || found.value.value === "" || found.value.type === "null";
    if (!empty || name === "schemas") continue;
    const message = l10n.t("{0} is required.", name);
    const range = found === undefined ? { offset: tree.offset, length: 1 } : rangeOf(found.property);
    problems.push({ ...range, severity: "error", code: "required", message });
  }
}

function unknownAttribute(property: Node, key: string, { resourceType, dialect }: DocumentContext): DocumentProblem {
  const message = l10n.t(
    "{0} is not in the schema of {1} of {2}. It is sent as it stands.",
    key,
    resourceType,
    dialect.name,
  );
  return { ...rangeOf(property), severity: "warning", code: "unknown-attribute", message };
}

/** What a value should be instead, in words; `undefined` when its type is right. */
function wrongType(value: Node, definition: AttributeDefinition): string | undefined {
  if (definition.multiValued) {
    if (value.type !== "array") return l10n.t("a list is needed, in square brackets.");
    const wrong = (value.children ?? []).find((element) => !fits(element, definition));
    return wrong === undefined ? undefined : l10n.t("every element must be {0}.", expected(definition));
  }
  return fits(value, definition) ? undefined : l10n.t("{0} is needed.", expected(definition));
}

function fits(node: Node, { type }: AttributeDefinition): boolean {
  switch (type) {
    case "complex":
      return node.type === "object";
    case "boolean":
      return node.type === "boolean";
    case "integer":
      return node.type === "number" && Number.isInteger(node.value);
    case "decimal":
      return node.type === "number";
    case "dateTime":
      return node.type === "string" && !Number.isNaN(Date.parse(String(node.value)));
    case "string":
    case "binary":
    case "reference":
      return node.type === "string";
  }
}

function expected({ type }: AttributeDefinition): string {
  const words = {
    complex: l10n.t("an object in braces"),
    boolean: l10n.t("true or false"),
    integer: l10n.t("a whole number"),
    decimal: l10n.t("a number"),
    dateTime: l10n.t("a time such as 2026-11-24T12:00:00Z"),
    string: l10n.t("text in quotes"),
    binary: l10n.t("text in quotes"),
    reference: l10n.t("text in quotes"),
  };
  return words[type];
}

const rangeOf = (node: Node): { offset: number; length: number } => ({ offset: node.offset, length: node.length });

function plain(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(plain);
  if (node.type !== "object") return node.value as unknown;
  return Object.fromEntries(propertiesOf(node).map(({ key, value }) => [key, value && plain(value)]));
}
