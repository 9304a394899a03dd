import type { SourceAttributes } from "../directory/source.ts";
import type { CompiledMappings } from "../mapping/compileMappings.ts";
import type { Dialect } from "../scim/dialects/dialect.ts";
import { departureOf } from "../scim/dialects/dialects.ts";
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
      if (wanted === undefined) continue;
      const actual = read(target);
      if (wanted === actual) continue;
      // What the service folds differs in letter case only: that is no change, and never sticks.
      if (departure?.stored === "lower" && typeof wanted === "string" && wanted.toLowerCase() === actual) continue;
      if (wanted === "" && isUnassigned(actual)) continue;
      return true;
    }
    return false;
  };
}

/** A document with another value for one top-level attribute; `undefined` takes it out. */
export function withAttribute(document: ScimDocument, name: string, value: unknown): ScimDocument {
  if (value !== undefined) return { ...document, [name]: value };
  const { [name]: _gone, ...rest } = document;
  return rest;
}
