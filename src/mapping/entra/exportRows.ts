import type { JSONPath } from "jsonc-parser";
import type { Mapping } from "../mapping.ts";
import { constantSource, expressionToTree } from "./expressionTree.ts";
import { importRow } from "./importSchema.ts";
import type { JsonEdits } from "./jsonEdits.ts";
import type { EntraAttributeMapping, EntraObjectMapping, EntraSource } from "./synchronizationSchema.ts";

/** Makes the source of a row, its tree included. */
export type SourceMaker = (mapping: Mapping) => EntraSource;

/**
 * Makes sources with their trees.
 *
 * @param trees those that the service made, by expression text
 * @param needTree collects the expressions whose tree only the service can make; they get none meanwhile
 * @throws ExpressionError (the maker) for an expression that cannot be parsed
 */
export function sourceMaker(trees: ReadonlyMap<string, EntraSource>, needTree: Set<string>): SourceMaker {
  return ({ source }) => {
    if (!("expression" in source)) return plainSource(source);
    const tree = trees.get(source.expression) ?? expressionToTree(source.expression);
    if (tree !== undefined) return tree;
    needTree.add(source.expression);
    return withoutTree(source.expression);
  };
}

/** The source of a row that is being edited: an expression is only its text, complete or not, until the schema is written. */
export const draftSource: SourceMaker = ({ source }) =>
  "expression" in source ? withoutTree(source.expression) : plainSource(source);

function plainSource(source: Exclude<Mapping["source"], { readonly expression: string }>): EntraSource {
  if ("constant" in source) return constantSource(source.constant);
  return { expression: `[${source.attribute}]`, name: source.attribute, type: "Attribute", parameters: [] };
}

const withoutTree = (expression: string): EntraSource => ({
  type: "Function",
  name: /^\s*(\w+)/.exec(expression)?.[1] ?? "",
  expression,
  parameters: [],
});

/** Writes the rows of a table, each known by its target; what is new comes behind the others. */
export function exportRows(
  edits: JsonEdits,
  path: JSONPath,
  mapping: EntraObjectMapping,
  wanted: readonly Mapping[],
  sourceOf: SourceMaker,
): void {
  const rowsPath = [...path, "attributeMappings"];
  const remaining = [...wanted];
  const removed = new Set<number>();
  for (const [index, row] of mapping.attributeMappings.entries()) {
    const before = importRow(row);
    if (before === undefined) continue;
    const at = remaining.findIndex(({ target }) => target === row.targetAttributeName);
    const [after] = at === -1 ? [] : remaining.splice(at, 1);
    if (after === undefined) removed.add(index);
    else exportRow(edits, [...rowsPath, index], row, before, after, sourceOf);
  }
  edits.changeArray(
    rowsPath,
    removed,
    remaining.map((row) => newRow(row, sourceOf)),
  );
}

/** Changes the fields of a row in which the job differs from what the row means; the others keep what a job cannot say. */
export function exportRow(
  edits: JsonEdits,
  path: JSONPath,
  row: EntraAttributeMapping,
  before: Mapping,
  after: Mapping,
  sourceOf: SourceMaker,
): void {
  if (row.targetAttributeName !== after.target) edits.set(path, "targetAttributeName", after.target);
  if (JSON.stringify(before.source) !== JSON.stringify(after.source)) edits.set(path, "source", sourceOf(after));
  if ((before.matching ?? 0) !== (after.matching ?? 0)) edits.set(path, "matchingPriority", after.matching ?? 0);
  if (before.default !== after.default) edits.set(path, "defaultValue", after.default ?? null);
  const flow = after.apply === "create" ? "ObjectAddOnly" : "Always";
  if ((before.apply ?? "always") !== (after.apply ?? "always") && row.flowType !== flow)
    edits.set(path, "flowType", flow);
}

/** A row as the schema writes it. */
export function newRow(mapping: Mapping, sourceOf: SourceMaker): unknown {
  return {
    defaultValue: mapping.default ?? null,
    exportMissingReferences: false,
    flowBehavior: "FlowWhenChanged",
    flowType: mapping.apply === "create" ? "ObjectAddOnly" : "Always",
    matchingPriority: mapping.matching ?? 0,
    targetAttributeName: mapping.target,
    source: sourceOf(mapping),
  };
}
