import type { Dialect } from "../scim/dialects/dialect.ts";
import { departureOf } from "../scim/dialects/dialects.ts";
import type { ResourceType } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { topLevelAttributes } from "../scim/schemaLookup.ts";
import type { CompiledRow } from "./compileRow.ts";
import { softDeletedAttribute } from "./expression/attribute.ts";
import { walk, type ExpressionNode } from "./expression/node.ts";
import { nearestName } from "./expression/suggest.ts";
import type { Mapping, MappingProblem } from "./mapping.ts";
import { referenceKind } from "./reference.ts";

interface Surroundings {
  readonly resourceType: ResourceType;
  readonly schema: ResourceSchema;
  readonly dialect: Dialect | undefined;
}

type Found = Omit<MappingProblem, "row">;

const error = (field: MappingProblem["field"], code: string, message: string): Found => ({
  field,
  severity: "error",
  code,
  message,
});
const warning = (field: MappingProblem["field"], code: string, message: string): Found => ({
  field,
  severity: "warning",
  code,
  message,
});

/** Everything wrong or doubtful with one row that compiles by itself. */
export function checkRow(row: CompiledRow, surroundings: Surroundings): readonly MappingProblem[] {
  const found = [
    ...checkTarget(row, surroundings),
    ...checkReference(row),
    ...checkMatching(row, surroundings.dialect),
    ...checkSource(row),
  ];
  return found.map((problem) => ({ row: row.index, ...problem }));
}

function* checkTarget(row: CompiledRow, { resourceType, schema, dialect }: Surroundings): Generator<Found> {
  const { path, attribute, sub, topLevel } = row.target;
  if (attribute === undefined) {
    const nearest = path.includes(":")
      ? undefined
      : nearestName(
          topLevel,
          topLevelAttributes(schema).map(({ name }) => name),
        );
    const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
    yield warning("target", "unknownTarget", `The schema of the service has no attribute ${path}.${hint}`);
    return;
  }
  if ((sub ?? attribute).mutability === "readOnly" || attribute.mutability === "readOnly") {
    yield error("target", "readOnlyTarget", `${path} is set by the service and cannot be mapped.`);
    return;
  }
  const isReference = referenceKind(row.target) !== undefined;
  if (attribute.type === "complex" && !attribute.multiValued && sub === undefined && !isReference) {
    yield path.includes(".")
      ? warning("target", "unknownTarget", `The schema of the service has no attribute ${path}.`)
      : error(
          "target",
          "complexTarget",
          `${path} has parts. Map one of them, for example ${path}.${attribute.subAttributes?.[0]?.name ?? "value"}.`,
        );
  }
  if (attribute.multiValued && sub !== undefined && !path.includes("[") && !isReference) {
    const message = `${path} has several elements, and the first is written. Say which one, for example ${attribute.name}[type eq "work"].${sub.name}.`;
    yield warning("target", "ambiguousElement", message);
  }
  const departure = dialect === undefined ? undefined : departureOf(dialect, resourceType, path);
  if (departure?.writable === "never") yield warning("target", "neverWritten", departure.note);
  if (departure?.writable === "create" && row.mapping.apply !== "create")
    yield warning("target", "writtenOnCreateOnly", departure.note);
}

function* checkReference(row: CompiledRow): Generator<Found> {
  const kind = referenceKind(row.target);
  if (kind === undefined) return;
  if (row.expression !== undefined && callsOf(row.expression.root).includes("Switch")) {
    yield error("source", "switchOnReference", "Switch cannot be used for a reference.");
  } else if (!("attribute" in row.mapping.source)) {
    yield error(
      "source",
      "referenceSource",
      `${row.target.path} refers to other objects, so its source is an attribute that holds their ids, such as ${kind}.`,
    );
  }
  if (row.mapping.default !== undefined)
    yield error("default", "referenceDefault", "A reference has no default value.");
}

function* checkMatching(row: CompiledRow, dialect: Dialect | undefined): Generator<Found> {
  const { mapping, target } = row;
  if (mapping.matching === undefined) return;
  if (!Number.isInteger(mapping.matching) || mapping.matching < 1) {
    yield error("matching", "invalidPrecedence", "Matching precedence is a whole number, 1 for the first.");
  }
  if (referenceKind(target) !== undefined || target.multiValued || target.type === "boolean") {
    yield error(
      "matching",
      "unmatchable",
      `Objects cannot be matched by ${target.path}. Choose one with a single text, such as userName.`,
    );
  }
  if (row.unpredictable.length > 0) {
    yield error(
      "matching",
      "unpredictableMatching",
      `${row.unpredictable.join(", ")} gives another value each time, so it cannot be matched by.`,
    );
  }
  if ("constant" in mapping.source) {
    yield error("matching", "constantMatching", "A constant is the same for everybody, so it cannot be matched by.");
  }
  if (dialect?.filterOperators !== undefined && !dialect.filterOperators.includes("eq")) {
    yield warning(
      "matching",
      "unfilterable",
      `${dialect.name} does not filter by equality, so its whole list is read to find people by ${target.path}.`,
    );
  }
  if (dialect?.patch.filteredPaths === false && target.path.includes("[")) {
    yield warning(
      "matching",
      "filteredMatching",
      `${dialect.name} may not be able to filter by ${target.path}. Prefer userName.`,
    );
  }
}

function* checkSource(row: CompiledRow): Generator<Found> {
  const { expression } = row;
  if (expression === undefined) return;
  if (expression.root.kind !== "call") {
    const other = expression.root.kind === "attribute" ? "attribute" : "constant";
    yield warning(
      "source",
      "bareExpression",
      `An expression is a function call. Make this an ${other === "attribute" ? "attribute" : "constant, not an"} ${other === "attribute" ? "source" : "expression"}.`,
    );
  }
  const calls = callsOf(expression.root);
  if (calls.includes("Switch") && !expression.attributes.every((name) => name === softDeletedAttribute)) {
    const message =
      "The provisioning service may evaluate Switch as absent when another attribute changes, and clear the target. Microsoft advises IIF for such rows.";
    yield warning("source", "switchMayClear", message);
  }
  if (calls.includes("SelectUniqueValue") && row.mapping.apply !== "create") {
    yield error("source", "uniqueOnCreateOnly", 'SelectUniqueValue works on creation only. Set "apply" to "create".');
  }
}

function callsOf(root: ExpressionNode): readonly string[] {
  return [...walk(root)].flatMap((node) => (node.kind === "call" ? [node.name] : []));
}

/** Problems between rows: targets and precedences that are taken twice, and what no row does. */
export function* checkTable(
  mappings: readonly Mapping[],
  rows: readonly CompiledRow[],
  schema: ResourceSchema,
): Generator<MappingProblem> {
  const targets = new Set<string>();
  const precedences = new Map<number, string>();
  for (const { index, target, mapping } of rows) {
    const key = target.path.toLowerCase();
    if (targets.has(key))
      yield {
        row: index,
        ...error("target", "duplicateTarget", `${target.path} is mapped twice. Remove one of the rows.`),
      };
    targets.add(key);
    if (mapping.matching === undefined) continue;
    const other = precedences.get(mapping.matching);
    if (other !== undefined) {
      const message = `Precedence ${mapping.matching} is taken by ${other}. Give each matching attribute its own.`;
      yield { row: index, ...error("matching", "duplicatePrecedence", message) };
    }
    precedences.set(mapping.matching, target.path);
  }
  if (!mappings.some(({ matching }) => matching !== undefined)) {
    yield error(
      "rows",
      "noMatching",
      'No row is matched by. Set "matching": 1 on the one that tells who is who, such as userName.',
    );
  }
  for (const { name, required } of schema.core.attributes) {
    if (required && rows.length === mappings.length && !rows.some(({ target }) => target.topLevel === name)) {
      yield warning("rows", "requiredTarget", `The service requires ${name}, and no row maps it.`);
    }
  }
}
