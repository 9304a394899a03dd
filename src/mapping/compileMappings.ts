import type { Dialect } from "../scim/dialects/dialect.ts";
import type { ResourceType, ScimDocument } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";
import { FilterSyntaxError } from "../scim/filter/syntaxError.ts";
import { checkRow, checkTable } from "./checkMappings.ts";
import { ValueTypeError } from "./coerce.ts";
import { compileRow, rowError, type CompiledRow, type MappingMode, type RowError } from "./compileRow.ts";
import { rolesAttribute, softDeletedAttribute } from "./expression/attribute.ts";
import type { Attributes, EvaluationContext } from "./expression/context.ts";
import { validateExpression } from "./expression/compile.ts";
import { MappingsError, type Mapping, type MappingProblem } from "./mapping.ts";
import { addRoles, copyForWriting } from "./merge.ts";
import { referenceKind, type ReferenceRow } from "./reference.ts";
import { resolveTarget, TargetPathError, type TargetPath } from "./targetPath.ts";
import { textsOf } from "./expression/value.ts";
import { traceRows, type RowTrace } from "./rowTrace.ts";

export interface MappingOptions {
  readonly resourceType: ResourceType;
  /** What the service's /Schemas says; the RFC's schema when absent. */
  readonly schema?: ResourceSchema | undefined;
  /** Adds the checks of what the service can do. */
  readonly dialect?: Dialect | undefined;
}

/** What an apply may be told of the object besides its attributes. */
export interface ApplyOptions extends EvaluationContext {
  readonly mode: MappingMode;
}

/** One object mapped. */
export interface MappedObject {
  /** The desired SCIM attributes, references excepted. What is absent here is to be left alone at the target. */
  readonly document: ScimDocument;
  /** Rows that failed for this object; their targets are not in the document. */
  readonly errors: readonly RowError[];
}

/** A row by which objects are matched. */
export interface MatchingRow {
  readonly row: CompiledRow;
  readonly precedence: number;
  /** The value to look for at the target, `null` when the object has none. @throws ExpressionError, ValueTypeError */
  value(attributes: Attributes, context: EvaluationContext): string | null;
}

/** A mapping table, compiled once and applied to any number of objects. */
export interface CompiledMappings {
  readonly resourceType: ResourceType;
  readonly schema: ResourceSchema;
  /** Rows that write attributes, in the order of the table. */
  readonly rows: readonly CompiledRow[];
  /** Rows that write references to other objects (members, manager). */
  readonly references: readonly ReferenceRow[];
  /** In the order of precedence. */
  readonly matching: readonly MatchingRow[];
  /** Every directory attribute that is read; computed ones (IsSoftDeleted, appRoleAssignments) are not among them. */
  readonly sourceAttributes: ReadonlySet<string>;
  /** Whether `appRoleAssignments` of the context is read. */
  readonly readsRoles: boolean;
  readonly warnings: readonly MappingProblem[];
  /** Maps one object. Never throws for its data: failing rows are in `errors`. */
  apply(attributes: Attributes, options: ApplyOptions): MappedObject;
  /**
   * Maps one object onto the document that stands at the target: a new document, with everything unmapped as it is.
   */
  applyTo(current: Readonly<ScimDocument>, attributes: Attributes, context?: EvaluationContext): MappedObject;
  /** As `apply`, with the outcome of each row and the sub-results of each expression, by the same functions. */
  trace(attributes: Attributes, options: ApplyOptions): readonly RowTrace[];
}

/** The outcome of checking a mapping table. `mappings` is there when no problem is an error. */
export interface CheckedMappings {
  readonly mappings?: CompiledMappings;
  /** The rows that compile by themselves, whatever is wrong elsewhere: for previews while a table is being edited. */
  readonly rows: readonly CompiledRow[];
  readonly problems: readonly MappingProblem[];
}

const noErrors: readonly RowError[] = [];

/**
 * Compiles a mapping table.
 *
 * @throws MappingsError with everything that is wrong with it.
 */
export function compileMappings(mappings: readonly Mapping[], options: MappingOptions): CompiledMappings {
  const { mappings: compiled, problems } = checkMappings(mappings, options);
  if (compiled === undefined) throw new MappingsError(problems);
  return compiled;
}

/** Compiles a mapping table and tells everything that is wrong or doubtful, for screens. */
export function checkMappings(mappings: readonly Mapping[], options: MappingOptions): CheckedMappings {
  const { resourceType, dialect } = options;
  const schema = options.schema ?? builtinSchema(resourceType);
  const problems: MappingProblem[] = [];
  const compiled: CompiledRow[] = [];
  for (const [index, mapping] of mappings.entries()) {
    const row = compileChecked(index, mapping, schema, problems);
    if (row === undefined) continue;
    problems.push(...checkRow(row, { resourceType, schema, dialect }));
    compiled.push(row);
  }
  problems.push(...checkTable(mappings, compiled, schema));
  if (problems.some(({ severity }) => severity === "error")) return { rows: compiled, problems };
  return { mappings: assemble(compiled, resourceType, schema, problems), rows: compiled, problems };
}

function compileChecked(
  index: number,
  mapping: Mapping,
  schema: ResourceSchema,
  problems: MappingProblem[],
): CompiledRow | undefined {
  const error = (problem: Omit<MappingProblem, "row" | "severity">) =>
    problems.push({ row: index, severity: "error", ...problem });
  const target = checkedTarget(mapping.target, schema, error);
  if ("expression" in mapping.source) {
    const errors = validateExpression(mapping.source.expression);
    for (const { code, message, position, length } of errors)
      error({ field: "source", code, message, position, length });
    if (errors.length > 0) return undefined;
  } else if ("attribute" in mapping.source && mapping.source.attribute === rolesAttribute) {
    const message = `${rolesAttribute} must go through SingleAppRoleAssignment, AppRoleAssignmentsComplex or AssertiveAppRoleAssignmentsComplex.`;
    error({ field: "source", code: "argumentForm", message });
    return undefined;
  }
  if (target === undefined) return undefined;
  try {
    return compileRow(index, mapping, target);
  } catch (thrown) {
    if (!(thrown instanceof ValueTypeError)) throw thrown;
    const field = mapping.default !== undefined && !("constant" in mapping.source) ? "default" : "source";
    error({ field, code: thrown.code, message: thrown.message });
    return undefined;
  }
}

function checkedTarget(
  text: string,
  schema: ResourceSchema,
  error: (problem: Omit<MappingProblem, "row" | "severity">) => void,
): TargetPath | undefined {
  try {
    return resolveTarget(text, schema);
  } catch (thrown) {
    if (thrown instanceof FilterSyntaxError) {
      error({ field: "target", code: "invalidTarget", message: thrown.message, position: thrown.position, length: 1 });
    } else if (thrown instanceof TargetPathError) {
      error({ field: "target", code: "invalidTarget", message: thrown.message });
    } else throw thrown;
    return undefined;
  }
}

function assemble(
  all: readonly CompiledRow[],
  resourceType: ResourceType,
  schema: ResourceSchema,
  warnings: readonly MappingProblem[],
): CompiledMappings {
  const rows = all.filter((row) => referenceKind(row.target) === undefined);
  const always = rows.filter((row) => row.mapping.apply !== "create");
  const written = new Set(always.map((row) => row.target.topLevel));
  const read = new Set(all.flatMap((row) => row.attributes));
  const run = (document: ScimDocument, attributes: Attributes, options: EvaluationContext, mode: MappingMode) => {
    let errors: RowError[] | undefined;
    for (const row of mode === "create" ? rows : always) {
      try {
        const value = row.value(attributes, options, mode);
        if (value === undefined) continue;
        row.target.write(document, row.additive ? addRoles(row.target.read(document), value) : value);
      } catch (error) {
        (errors ??= []).push(rowError(row, error));
      }
    }
    return { document, errors: errors ?? noErrors };
  };
  return {
    resourceType,
    schema,
    rows,
    references: all.flatMap((row): ReferenceRow[] => {
      const kind = referenceKind(row.target);
      if (kind === undefined) return [];
      return [{ row, kind, sourceIds: (attributes, context = {}) => textsOf(row.source(attributes, context)) }];
    }),
    matching: matchingRows(all),
    sourceAttributes: new Set([...read].filter((name) => name !== softDeletedAttribute && name !== rolesAttribute)),
    readsRoles: read.has(rolesAttribute),
    warnings,
    apply: (attributes, options) => run({}, attributes, options, options.mode),
    applyTo: (current, attributes, context = {}) =>
      run(copyForWriting(current, written), attributes, context, "update"),
    trace: (attributes, options) => traceRows(rows, attributes, options),
  };
}

/** The rows by which objects are matched, in the order of precedence. */
export function matchingRows(rows: readonly CompiledRow[]): readonly MatchingRow[] {
  return rows
    .flatMap((row): MatchingRow[] => {
      const precedence = row.mapping.matching;
      if (precedence === undefined) return [];
      return [
        {
          row,
          precedence,
          value: (attributes, context) => {
            const value = row.value(attributes, context, "update");
            return value === undefined || value === "" || typeof value === "object" ? null : String(value);
          },
        },
      ];
    })
    .sort((a, b) => a.precedence - b.precedence);
}
