import type { JSONPath } from "jsonc-parser";
import { exportRow, draftSource, newRow } from "../mapping/entra/exportRows.ts";
import { exportSchema, newClause, newGroup } from "../mapping/entra/exportSchema.ts";
import { importRow, importScope, type ObjectAction } from "../mapping/entra/importSchema.ts";
import { JsonEdits } from "../mapping/entra/jsonEdits.ts";
import {
  editableRule,
  parseSynchronizationSchema,
  type EntraObjectMapping,
} from "../mapping/entra/synchronizationSchema.ts";
import type { Mapping } from "../mapping/mapping.ts";
import type { Clause, ClauseGroup } from "../scope/rules.ts";
import { applyJobEdit, JobEditError } from "./edit.ts";
import type { JobEdit, JobPath } from "./jobEdit.ts";

/** Users or groups within the text of a schema. */
interface Place {
  readonly text: string;
  readonly kind: "users" | "groups";
  readonly mapping: EntraObjectMapping;
  readonly path: JSONPath;
}

/**
 * Makes a change of a job in the synchronization schema that the job was read from. Rows and clauses are known by their places,
 * and all that the change does not name stays byte for byte. Expressions are written as text; their trees are made when the
 * schema is.
 *
 * @param edit a change of `users`, `groups`, `scope.users` or `scope.groups`
 * @throws JobEditError for a change that a schema cannot hold; SynchronizationSchemaError when the text is none
 */
export function applySchemaEdit(text: string, edit: JobEdit): string {
  const [part, ...rest] = edit.path;
  if (part === "scope") {
    const [kind, ...within] = rest;
    return editScope(placeOf(text, kind, edit.path), edit, within);
  }
  const place = placeOf(text, part, edit.path);
  const [what, row, ...within] = rest;
  if (what === "mappings") {
    if (row !== undefined) return editRow(place, edit, row, within);
    return exportSchema(text, { [place.kind]: { mappings: valueOf(edit) as readonly Mapping[] } }).text;
  }
  if (what === "enabled") return exportSchema(text, { [place.kind]: { enabled: valueOf(edit) === true } }).text;
  if (what === "actions")
    return exportSchema(text, { [place.kind]: { actions: valueOf(edit) as readonly ObjectAction[] } }).text;
  throw notThere(edit.path);
}

function placeOf(text: string, kind: string | number | undefined, path: JobPath): Place {
  const rule = editableRule(parseSynchronizationSchema(text));
  const found = kind === "users" || kind === "groups" ? rule?.[kind] : undefined;
  if ((kind !== "users" && kind !== "groups") || rule === undefined || found === undefined) throw notThere(path);
  const { mapping } = found;
  return { text, kind, mapping, path: ["synchronizationRules", rule.index, "objectMappings", found.index] };
}

const notThere = (path: JobPath) =>
  new JobEditError(`The schema of the provisioning service has no ${path.join(".")}.`);

function valueOf(edit: JobEdit): unknown {
  if (edit.kind === "set" || edit.kind === "insert") return edit.value;
  throw notThere(edit.path);
}

/** Rows without source are no rows of a job, so that its places are not those of the schema. */
function editRow(place: Place, edit: JobEdit, row: string | number, within: JobPath): string {
  const { text, mapping } = place;
  const rows = mapping.attributeMappings.flatMap((each, index) => (importRow(each) === undefined ? [] : [index]));
  const list = [...place.path, "attributeMappings"];
  const at = (index: number): JobPath => [...list, rows[index] ?? mapping.attributeMappings.length];
  if (typeof row !== "number") throw notThere(edit.path);
  if (within.length === 0 && edit.kind !== "set") {
    if (edit.kind === "insert")
      return applyJobEdit(text, { ...edit, path: at(row), value: newRow(edit.value as Mapping, draftSource) });
    if (edit.kind === "remove") return applyJobEdit(text, { ...edit, path: at(row) });
    return applyJobEdit(text, { ...edit, path: at(row), to: rows[edit.to] ?? -1 });
  }
  const index = rows[row];
  const entra = index === undefined ? undefined : mapping.attributeMappings[index];
  const before = entra && importRow(entra);
  if (index === undefined || entra === undefined || before === undefined) throw notThere(edit.path);
  const edits = new JsonEdits(text);
  exportRow(edits, [...list, index], entra, before, changed(before, edit, within), draftSource);
  return edits.apply();
}

function editScope(place: Place, edit: JobEdit, within: JobPath): string {
  const { text, mapping, kind } = place;
  const before = importScope(mapping.scope, kind, []);
  if (before === undefined)
    throw new JobEditError("This filter holds what this page has no words for. Edit the schema as text.");
  const groups = [...place.path, "scope", "groups"];
  const [group, part, clause, field] = within;
  const write = (path: JobPath, value: unknown) => applyJobEdit(text, { ...edit, path, value } as JobEdit);
  if (group === undefined || mapping.scope?.groups == null)
    return exportSchema(text, { [kind]: { scope: changed({ scope: before }, edit, ["scope", ...within]).scope } }).text;
  const given = edit.kind === "insert" || edit.kind === "set" ? edit.value : undefined;
  if (part === undefined)
    return write([...groups, group], given === undefined ? given : newGroup(given as ClauseGroup, Number(group)));
  if (part === "title") return write([...groups, group, "name"], given);
  if (clause === undefined) throw notThere(edit.path);
  const clauses = [...groups, group, "clauses", clause];
  if (field === undefined) return write(clauses, given === undefined ? given : newClause(given as Clause));
  if (field === "attribute") return write([...clauses, "sourceOperandName"], valueOf(edit));
  if (field === "operator") return write([...clauses, "operatorName"], valueOf(edit));
  const values = typeof given === "string" ? [given] : [];
  return applyJobEdit(text, { kind: "set", path: [...clauses, "targetOperand", "values"], value: values });
}

/** What a change makes of a part of the job. */
function changed<T extends object>(before: T, edit: JobEdit, path: JobPath): T {
  if (path.length === 0) return valueOf(edit) as T;
  return JSON.parse(applyJobEdit(JSON.stringify(before), { ...edit, path })) as T;
}
