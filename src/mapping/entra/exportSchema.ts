import type { JSONPath } from "jsonc-parser";
import type { Clause, ClauseGroup } from "../../scope/rules.ts";
import type { Mapping } from "../mapping.ts";
import { exportRows, sourceMaker } from "./exportRows.ts";
import { importActions, importScope, type ObjectAction } from "./importSchema.ts";
import { JsonEdits } from "./jsonEdits.ts";
import {
  editableRule,
  parseSynchronizationSchema,
  SynchronizationSchemaError,
  type EntraObjectMapping,
  type EntraSource,
} from "./synchronizationSchema.ts";

/** What a job says of users or of groups. What is absent is left as the schema has it. */
export interface ExportedObject {
  readonly enabled?: boolean | undefined;
  readonly actions?: readonly ObjectAction[] | undefined;
  readonly mappings?: readonly Mapping[] | undefined;
  readonly scope?: readonly ClauseGroup[] | undefined;
}

export interface ExportOptions {
  /** Trees that the service's own parseExpression gave, by expression text; ours are made for the others. */
  readonly trees?: ReadonlyMap<string, EntraSource> | undefined;
}

export interface ExportedSchema {
  /** The schema to write back: the original text with only the differences changed. */
  readonly text: string;
  /** Expressions whose tree only the service can make: pass its parseExpression results as `trees`. */
  readonly needTree: readonly string[];
}

/**
 * Writes mapping rows, filters and object settings of a job into a synchronization schema. Everything that the job does not
 * change stays byte for byte, unknown parts and rows without words in a job included; with nothing changed, the text comes back
 * as it was.
 *
 * @param original the schema as it was read, text and all.
 * @throws SynchronizationSchemaError when the original is none, or lacks an object that is to be written;
 * ExpressionError for an expression that cannot be parsed.
 */
export function exportSchema(
  original: string,
  job: { readonly users?: ExportedObject | undefined; readonly groups?: ExportedObject | undefined },
  options: ExportOptions = {},
): ExportedSchema {
  const rule = editableRule(parseSynchronizationSchema(original));
  const edits = new JsonEdits(original);
  const needTree = new Set<string>();
  const sourceOf = sourceMaker(options.trees ?? new Map(), needTree);
  for (const kind of ["users", "groups"] as const) {
    const exported = job[kind];
    if (exported === undefined) continue;
    const place = rule?.[kind];
    if (rule === undefined || place === undefined) {
      const message = `The schema has no editable mapping of ${kind} to write to.`;
      throw new SynchronizationSchemaError([{ path: "synchronizationRules", message }]);
    }
    const path = ["synchronizationRules", rule.index, "objectMappings", place.index];
    exportSettings(edits, path, place.mapping, exported);
    exportScope(edits, path, place.mapping, exported.scope, kind);
    if (exported.mappings !== undefined) exportRows(edits, path, place.mapping, exported.mappings, sourceOf);
  }
  return { text: edits.apply(), needTree: [...needTree] };
}

function exportSettings(edits: JsonEdits, path: JSONPath, mapping: EntraObjectMapping, job: ExportedObject): void {
  if (job.enabled !== undefined && job.enabled !== (mapping.enabled ?? true)) edits.set(path, "enabled", job.enabled);
  if (job.actions === undefined) return;
  const wanted = new Set(job.actions);
  const before = importActions(mapping.flowTypes);
  if (before.length === wanted.size && before.every((action) => wanted.has(action))) return;
  const names = { create: "Add", update: "Update", delete: "Delete" } as const;
  const flows = (["create", "update", "delete"] as const).filter((action) => wanted.has(action));
  edits.set(path, "flowTypes", flows.length === 0 ? "None" : flows.map((action) => names[action]).join(", "));
}

function exportScope(
  edits: JsonEdits,
  path: JSONPath,
  mapping: EntraObjectMapping,
  scope: readonly ClauseGroup[] | undefined,
  kind: "users" | "groups",
): void {
  if (scope === undefined) return;
  const before = importScope(mapping.scope, kind, []);
  const normal = (groups: readonly ClauseGroup[]) =>
    JSON.stringify(
      groups.map(({ title, clauses }) => [
        title ?? "",
        clauses.map((each) => [each.attribute, each.operator, each.value ?? ""]),
      ]),
    );
  if (before !== undefined && normal(before) === normal(scope)) return;
  const groups = scope.map(newGroup);
  if (mapping.scope == null) edits.set(path, "scope", { groups, inputFilterGroups: [], categoryFilterGroups: [] });
  else edits.set([...path, "scope"], "groups", groups);
}

/** A group of clauses as the schema writes it. @param index its place, which names a group that has no title */
export function newGroup({ title, clauses }: ClauseGroup, index: number) {
  return { name: title ?? `Filter ${index + 1}`, clauses: clauses.map(newClause) };
}

/** A clause as the schema writes it. */
export function newClause({ attribute, operator, value }: Clause) {
  return {
    operatorName: operator,
    sourceOperandName: attribute,
    targetOperand: { values: value === undefined ? [] : [value] },
  };
}
