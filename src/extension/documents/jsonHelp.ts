import * as l10n from "@vscode/l10n";
import { findNodeAtOffset, getLocation } from "jsonc-parser";
import type { Dialect } from "../../scim/dialects/dialect.ts";
import { departureOf } from "../../scim/dialects/dialects.ts";
import type { ResourceType } from "../../scim/resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../../scim/schema.ts";
import { findAttribute, findSchema, topLevelAttributes } from "../../scim/schemaLookup.ts";
import { tooDeepAt } from "../../scim/jsonDepth.ts";
import { documentTree } from "./documentText.ts";

/** What a document is about, for completion and hovers. */
export interface HelpContext {
  readonly resourceType: ResourceType;
  readonly schema: ResourceSchema;
  readonly dialect: Dialect;
}

/** Something that can stand at a place of a document. */
export interface DocumentProposal {
  readonly kind: "property" | "value";
  readonly label: string;
  /** The JSON to put there; of a property with a place for its value, marked `$0`. */
  readonly insert: string;
  readonly detail: string;
  readonly documentation: string;
}

export interface Proposals {
  /** What the proposal takes the place of. */
  readonly replace: { readonly offset: number; readonly length: number };
  readonly items: readonly DocumentProposal[];
}

/** What can stand at an offset: attributes that are not there yet, or the values that the schema names. */
export function proposalsAt(text: string, offset: number, context: HelpContext): Proposals {
  if (tooDeepAt(text) !== undefined) return { replace: { offset, length: 0 }, items: [] };
  const location = getLocation(text, offset);
  const node = location.previousNode;
  const inside =
    node !== undefined &&
    (node.type === "string" || node.type === "property") &&
    offset >= node.offset &&
    offset <= node.offset + node.length;
  const replace = inside ? { offset: node.offset, length: node.length } : { offset, length: 0 };
  const keys = location.path.filter((part): part is string => typeof part === "string" && part !== "");
  if (location.isAtPropertyKey) {
    const parents = location.path.slice(0, -1);
    const definitions = definitionsAt(
      context.schema,
      parents.filter((part) => typeof part === "string"),
    );
    const there = namesAround(text, offset);
    const items = definitions
      .filter(({ name, mutability }) => mutability !== "readOnly" && !there.has(name.toLowerCase()))
      .map((definition) =>
        propertyProposal(definition, parents.length === 0 ? definition.name : "", context, inside, text, offset),
      );
    return { replace, items };
  }
  const definition = definitionAt(context.schema, keys);
  if (definition === undefined) return { replace, items: [] };
  const values =
    definition.type === "boolean"
      ? ["true", "false"]
      : (definition.canonicalValues ?? []).map((value) => JSON.stringify(value));
  const items = values.map((value): DocumentProposal => ({
    kind: "value",
    label: value,
    insert: value,
    detail: definition.name,
    documentation: definition.description ?? "",
  }));
  return { replace, items };
}

/** What there is to say of the attribute at an offset, in whole sentences; `undefined` when nothing is known. */
export function hoverAt(
  text: string,
  offset: number,
  context: HelpContext,
):
  | { readonly name: string; readonly lines: readonly string[]; readonly offset: number; readonly length: number }
  | undefined {
  const tree = documentTree(text);
  const node = tree && findNodeAtOffset(tree, offset);
  if (node === undefined || node.type !== "string") return undefined;
  const location = getLocation(text, offset);
  if (!location.isAtPropertyKey) return undefined;
  const keys = location.path.filter((part): part is string => typeof part === "string");
  const definition = definitionAt(context.schema, keys);
  if (definition === undefined) return undefined;
  const lines = [
    definition.description,
    traits(definition),
    departureOf(context.dialect, context.resourceType, keys.join("."))?.note,
  ];
  return {
    name: keys.join("."),
    lines: lines.filter((line): line is string => line !== undefined && line !== ""),
    offset: node.offset,
    length: node.length,
  };
}

/** The definition at a path of names; list positions are left out of the path. */
export function definitionAt(schema: ResourceSchema, keys: readonly string[]): AttributeDefinition | undefined {
  const last = keys.at(-1);
  return last === undefined ? undefined : findAttribute(definitionsAt(schema, keys.slice(0, -1)), last);
}

/** What can stand inside the object at a path. */
function definitionsAt(schema: ResourceSchema, parents: readonly string[]): readonly AttributeDefinition[] {
  const [first, ...rest] = parents;
  if (first === undefined) return [...topLevelAttributes(schema), ...schema.extensions.map(extensionAttribute)];
  const extension = findSchema(schema, first);
  const start = extension?.attributes ?? findAttribute(topLevelAttributes(schema), first)?.subAttributes ?? [];
  return rest.reduce<readonly AttributeDefinition[]>(
    (definitions, name) => findAttribute(definitions, name)?.subAttributes ?? [],
    start,
  );
}

/** An extension stands in a document like a complex attribute that is named by its URN (RFC 7643 section 3.3). */
const extensionAttribute = (extension: ResourceSchema["extensions"][number]): AttributeDefinition => ({
  name: extension.id,
  type: "complex",
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: "readWrite",
  returned: "default",
  uniqueness: "none",
  ...(extension.description === undefined ? {} : { description: extension.description }),
});

/** Names that the object around an offset has, in lower case. */
function namesAround(text: string, offset: number): ReadonlySet<string> {
  const tree = documentTree(text);
  let node = tree && findNodeAtOffset(tree, offset, true);
  const own = node?.type === "string" ? String(node.value).toLowerCase() : undefined;
  while (node !== undefined && node.type !== "object") node = node.parent;
  const names = (node?.children ?? []).map((pair) => String(pair.children?.[0]?.value).toLowerCase());
  return new Set(names.filter((name) => name !== own));
}

function propertyProposal(
  definition: AttributeDefinition,
  path: string,
  context: HelpContext,
  inside: boolean,
  text: string,
  offset: number,
): DocumentProposal {
  const hasValue = inside && /^[^"\n]*"\s*:/.test(text.slice(offset));
  const note = departureOf(context.dialect, context.resourceType, path)?.note;
  return {
    kind: "property",
    label: definition.name,
    insert: hasValue
      ? JSON.stringify(definition.name)
      : `${JSON.stringify(definition.name)}: ${emptyValue(definition)}`,
    detail: traits(definition),
    documentation: [definition.description, note].filter((line) => line !== undefined).join("\n\n"),
  };
}

function emptyValue({ type, multiValued }: AttributeDefinition): string {
  if (multiValued) return type === "complex" ? "[{ $0 }]" : "[$0]";
  if (type === "complex") return "{ $0 }";
  return type === "boolean" || type === "integer" || type === "decimal" ? "$0" : '"$0"';
}

function traits({ type, multiValued, required, mutability }: AttributeDefinition): string {
  const parts = [
    multiValued ? l10n.t("list of {0}", type) : type,
    required ? l10n.t("required") : undefined,
    mutability === "readWrite" ? undefined : mutability,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}
