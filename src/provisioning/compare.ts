import type { ChangeContext } from "../changes/build.ts";
import { makeUpdate } from "../changes/build.ts";
import { ChangeError } from "../changes/changeError.ts";
import type { SourceAttributes } from "../directory/source.ts";
import type { TargetValue } from "../mapping/coerce.ts";
import type { CompiledMappings } from "../mapping/compileMappings.ts";
import type { CompiledRow } from "../mapping/compileRow.ts";
import { addRoles, copyForWriting } from "../mapping/merge.ts";
import type { AttributeDeparture, Dialect } from "../scim/dialects/dialect.ts";
import { departureOf } from "../scim/dialects/dialects.ts";
import { ScimError } from "../scim/errors.ts";
import type { ScimDocument, ScimResource } from "../scim/resource.ts";
import { isUnassigned } from "../scim/values.ts";
import type { ComputedAttributes } from "./consider.ts";

/**
 * Tells quickly whether an object may differ from what is mapped. `false` is certain; `true` means that the exact
 * comparison has to look. Most objects of a cycle are unchanged, and this keeps them cheap.
 *
 * @throws ExpressionError, ValueTypeError when a mapping cannot be evaluated for the object
 */
export type MayDiffer = (attributes: SourceAttributes, target: ScimResource, computed: ComputedAttributes) => boolean;

/** Compiles the quick comparison for the rows that apply to updates. */
export function compileMayDiffer(mappings: CompiledMappings, dialect: Dialect): MayDiffer {
  const rows = mappings.rows
    .filter(({ mapping }) => mapping.apply !== "create")
    .map(({ target, value }) => ({
      read: target.read,
      value,
      departure: departureOf(dialect, mappings.resourceType, target.path),
    }))
    // What is never written cannot differ; the mapping check says so once.
    .filter(({ departure }) => departure?.writable !== "never");
  return (attributes, target, computed) => {
    for (const { read, value, departure } of rows) {
      const wanted = value(attributes, computed, "update");
      if (wanted !== undefined && isOther(wanted, read(target), departure)) return true;
    }
    return false;
  };
}

/** Whether a value may be another one than the target has; `false` is certain. */
function isOther(wanted: TargetValue, actual: unknown, departure: AttributeDeparture | undefined): boolean {
  if (wanted === actual) return false;
  // What the service folds differs in letter case only: that is no change, and never sticks.
  if (departure?.stored === "lower" && typeof wanted === "string" && wanted.toLowerCase() === actual) return false;
  return wanted !== "" || !isUnassigned(actual);
}

/**
 * Whether a cycle would change the target by what one row gives, decided by the same comparison that a cycle makes. For
 * previews, which look at rows of a table that is being edited one by one.
 *
 * @param value what the row gives for an object that exists
 */
export function changesTarget(
  { mapping, target: { path, read, write, topLevel }, additive }: CompiledRow,
  value: TargetValue,
  target: ScimResource,
  context: ChangeContext,
): boolean {
  const departure = departureOf(context.dialect, context.resourceType, path);
  if (mapping.apply === "create" || departure?.writable === "never") return false;
  if (!isOther(value, read(target), departure)) return false;
  const wanted = copyForWriting(target, new Set([topLevel]));
  write(wanted, additive ? addRoles(read(target), value) : value);
  try {
    return makeUpdate(target, wanted, context, { reason: "" }).change !== undefined;
  } catch (error) {
    // No request can carry it, so nothing is changed.
    if (error instanceof ChangeError || error instanceof ScimError) return false;
    throw error;
  }
}

/** A document with another value for one top-level attribute; `undefined` takes it out. */
export function withAttribute(document: ScimDocument, name: string, value: unknown): ScimDocument {
  if (value !== undefined) return { ...document, [name]: value };
  const { [name]: _gone, ...rest } = document;
  return rest;
}
