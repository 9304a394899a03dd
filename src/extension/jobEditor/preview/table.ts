import type { JobMapping } from "../../../job/job.ts";
import { checkMappings } from "../../../mapping/compileMappings.ts";
import type { CompiledRow } from "../../../mapping/compileRow.ts";
import type { MappingProblem } from "../../../mapping/mapping.ts";
import { referenceKind } from "../../../mapping/reference.ts";
import type { Dialect } from "../../../scim/dialects/dialect.ts";
import type { ResourceSchema } from "../../../scim/schema.ts";
import { builtinSchema } from "../../../scim/schemas/builtin.ts";

/** A mapping table as it is being edited: the rows that work, by their index, and what is wrong with the others. */
export interface PreviewTable {
  readonly resourceType: "User" | "Group";
  readonly count: number;
  /** Rows that write attributes. */
  readonly rows: readonly CompiledRow[];
  /** Rows that write references. */
  readonly references: readonly CompiledRow[];
  readonly problems: readonly MappingProblem[];
  readonly dialect: Dialect;
  readonly schema: ResourceSchema;
}

/** Compiles what can be compiled of a table. A row with an error has no result, even if it could be evaluated. */
export function previewTable(
  mappings: readonly JobMapping[],
  resourceType: "User" | "Group",
  dialect: Dialect,
  schema: ResourceSchema = builtinSchema(resourceType),
): PreviewTable {
  const checked = checkMappings(mappings, { resourceType, dialect, schema });
  const bad = new Set(checked.problems.flatMap(({ severity, row }) => (severity === "error" ? (row ?? []) : [])));
  const sound = checked.rows.filter(({ index }) => !bad.has(index));
  return {
    resourceType,
    count: mappings.length,
    rows: sound.filter(({ target }) => referenceKind(target) === undefined),
    references: sound.filter(({ target }) => referenceKind(target) !== undefined),
    problems: checked.problems,
    dialect,
    schema,
  };
}
