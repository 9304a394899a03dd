import { operandKind, operators, type Clause, type ClauseGroup, type Operator } from "../../scope/rules.ts";
import type { Mapping, MappingSource } from "../mapping.ts";
import { expressionOfSource } from "./expressionTree.ts";
import {
  editableRule,
  parseSynchronizationSchema,
  SynchronizationSchemaError,
  type EntraAttributeMapping,
  type EntraFilter,
  type EntraObjectMapping,
  type EntraSource,
} from "./synchronizationSchema.ts";

export type ObjectAction = "create" | "update" | "delete";

/** What a job says of users or of groups, as it comes from a synchronization schema. */
export interface ImportedObject {
  readonly enabled: boolean;
  readonly actions: readonly ObjectAction[];
  readonly mappings: readonly Mapping[];
  /** Absent when the filter holds something that a job has no words for: without it the scope would be wider. */
  readonly scope?: readonly ClauseGroup[];
  /** Rows that a job has no words for, as they stand in the schema; an export leaves them where they are. */
  readonly kept: readonly EntraAttributeMapping[];
}

/** Something in a schema that a job cannot say in full. */
export interface ImportNote {
  readonly severity: "error" | "warning";
  /** `users.mappings`, `groups.scope`, … */
  readonly place: string;
  readonly message: string;
}

export interface ImportedSchema {
  readonly users?: ImportedObject;
  readonly groups?: ImportedObject;
  readonly notes: readonly ImportNote[];
}

/**
 * Reads mapping rows, scoping filters and object settings of a synchronization schema.
 *
 * @param text the JSON that Graph's `GET …/schema` or the portal's export gives, v1.0 or beta.
 * @throws SynchronizationSchemaError
 */
export function importSchema(text: string): ImportedSchema {
  const rule = editableRule(parseSynchronizationSchema(text));
  if (rule === undefined) {
    throw new SynchronizationSchemaError([
      { path: "synchronizationRules", message: "No editable rule maps users or groups." },
    ]);
  }
  const notes: ImportNote[] = [];
  const users = rule.users && importObject(rule.users.mapping, "users", notes);
  const groups = rule.groups && importObject(rule.groups.mapping, "groups", notes);
  return { ...(users !== undefined && { users }), ...(groups !== undefined && { groups }), notes };
}

function importObject(mapping: EntraObjectMapping, kind: "users" | "groups", notes: ImportNote[]): ImportedObject {
  const rows = mapping.attributeMappings.map((row) => ({ row, mapping: importRow(row) }));
  for (const { row, mapping: imported } of rows) {
    const flow = row.flowType ?? "Always";
    const message =
      imported === undefined
        ? `The row for ${row.targetAttributeName} has no source. It stays in Entra and is not part of the job.`
        : flow !== "Always" && flow !== "ObjectAddOnly"
          ? `The row for ${row.targetAttributeName} flows as ${flow}. The job applies it always; an export keeps ${flow}.`
          : undefined;
    if (message !== undefined) notes.push({ severity: "warning", place: `${kind}.mappings`, message });
  }
  const scope = importScope(mapping.scope, kind, notes);
  return {
    enabled: mapping.enabled ?? true,
    actions: importActions(mapping.flowTypes),
    mappings: rows.flatMap(({ mapping: imported }) => imported ?? []),
    ...(scope !== undefined && { scope }),
    kept: rows.filter(({ mapping: imported }) => imported === undefined).map(({ row }) => row),
  };
}

/** One row as a job says it; `undefined` for a row without source ("None" in the portal). */
export function importRow(row: EntraAttributeMapping): Mapping | undefined {
  const { targetAttributeName: target, source, matchingPriority, defaultValue, flowType } = row;
  if (source == null) return undefined;
  return {
    target,
    source: importSource(source),
    ...(matchingPriority != null && matchingPriority > 0 && { matching: matchingPriority }),
    ...(flowType === "ObjectAddOnly" && { apply: "create" as const }),
    ...(defaultValue != null && defaultValue !== "" && { default: defaultValue }),
  };
}

function importSource(source: EntraSource): MappingSource {
  if (source.type === "Attribute" && source.name != null && source.name !== "") return { attribute: source.name };
  if (source.type === "Constant" && source.name != null) return { constant: source.name };
  return { expression: expressionOfSource(source) };
}

/** `Add, Update, Delete` as actions of a job; all when it says nothing. */
export function importActions(flowTypes: string | null | undefined): readonly ObjectAction[] {
  if (flowTypes == null) return ["create", "update", "delete"];
  const flows = new Set(flowTypes.split(",").map((flow) => flow.trim().toLowerCase()));
  return (["create", "update", "delete"] as const).filter((action) => flows.has(action === "create" ? "add" : action));
}

/** A filter as groups of clauses; `undefined`, with an error noted, when a part of it cannot be said in a job. */
export function importScope(
  filter: EntraFilter | null | undefined,
  kind: "users" | "groups",
  notes: ImportNote[],
): readonly ClauseGroup[] | undefined {
  const place = `${kind}.scope`;
  const groups: ClauseGroup[] = [];
  const before = notes.length;
  const refuse = (message: string) => notes.push({ severity: "error", place, message });
  if ((filter?.inputFilterGroups?.length ?? 0) + (filter?.categoryFilterGroups?.length ?? 0) > 0) {
    refuse("The filter holds input or category groups, whose meaning is not published.");
  }
  for (const { name, clauses } of filter?.groups ?? []) {
    const read: Clause[] = [];
    for (const { sourceOperandName, operatorName, targetOperand } of clauses) {
      const values = targetOperand?.values ?? [];
      const operator = operators.find((each) => each === operatorName);
      if (operator === undefined) refuse(`The operator ${operatorName} of ${sourceOperandName} is not known.`);
      else if (values.length > 1)
        refuse(`The clause on ${sourceOperandName} compares with ${values.length} values at once.`);
      else read.push(clauseOf(sourceOperandName, operator, values[0]));
    }
    if (clauses.length === 0) refuse("A group of the filter holds no clause.");
    groups.push({ ...(name != null && name !== "" && { title: name }), clauses: read });
  }
  return notes.length === before ? groups : undefined;
}

function clauseOf(attribute: string, operator: Operator, value: string | undefined): Clause {
  return operandKind(operator) === "none" || value === undefined
    ? { attribute, operator }
    : { attribute, operator, value };
}
