import { ScimError } from "../errors.ts";
import { type Filter, type PatchPath, printAttributePath } from "../filter/filter.ts";
import { parsePath } from "../filter/parse.ts";
import { sameName } from "../names.ts";
import type { AttributeDefinition, ResourceSchema } from "../schema.ts";
import { attribute } from "../schemas/attribute.ts";
import { type ResolvedAttribute, resolveAttribute } from "../schemaLookup.ts";
import { isComplex, property } from "../values.ts";

/** What an operation works on: an attribute, some of its elements, or one sub-attribute of it. */
export interface PatchTarget extends ResolvedAttribute {
  readonly filter?: Filter;
  /** Nothing defines the attribute or the part that the path names: values are taken as they come. */
  readonly loose?: true;
}

/** What to do with an attribute that the schema does not define: `refuse` as `invalidPath`, or take it as it comes. */
export type UnknownAttributes = "refuse" | "keep";

/**
 * Finds the target of a path in a schema. The values of an unknown attribute that is kept tell what it is.
 * @throws ScimError 400 `invalidPath`
 */
export function resolveTarget(
  text: string,
  schema: ResourceSchema,
  unknown: UnknownAttributes,
  samples: { readonly document: unknown; readonly value: unknown },
): PatchTarget {
  const path = parsePath(text);
  const found = resolveAttribute(schema, path);
  if (!found && unknown === "refuse") {
    throw new ScimError(400, `${schema.resourceType} has no attribute ${printAttributePath(path)}.`, "invalidPath");
  }
  const target = found ?? looseTarget(path, schema, samples);
  if (path.filter && !target.attribute.multiValued && target.attribute.type !== "complex") {
    throw new ScimError(400, `${target.attribute.name} has one value, so brackets do not apply to it.`, "invalidPath");
  }
  return { ...target, ...(path.filter && { filter: path.filter }) };
}

function looseTarget(
  path: PatchPath,
  schema: ResourceSchema,
  samples: { document: unknown; value: unknown },
): PatchTarget {
  const known = resolveAttribute(schema, {
    ...(path.schema !== undefined && { schema: path.schema }),
    name: path.name,
  });
  const core = path.schema === undefined || sameName(path.schema, schema.core.id);
  const extension = known ? known.extension : core ? undefined : path.schema;
  const container = extension === undefined ? samples.document : property(samples.document, extension);
  const definition = known?.attribute ?? looseAttribute(path, property(container, path.name), samples.value);
  return {
    ...(extension !== undefined && { extension }),
    attribute: definition,
    loose: true,
    ...(path.sub !== undefined && { sub: looseAttribute({ name: path.sub }, undefined, samples.value) }),
  };
}

/** A definition for an attribute that no schema defines, made from its present and its new value. */
function looseAttribute(path: PatchPath, current: unknown, value: unknown): AttributeDefinition {
  const samples = path.sub === undefined ? [current, value] : [current];
  const element: unknown = samples.flat().find((each) => each !== undefined && each !== null);
  const complex = path.sub !== undefined || path.filter !== undefined || isComplex(element);
  return attribute(path.name, "An attribute that no schema defines.", {
    type: complex
      ? "complex"
      : typeof element === "boolean"
        ? "boolean"
        : typeof element === "number"
          ? "decimal"
          : "string",
    multiValued: path.filter !== undefined || samples.some(Array.isArray),
    caseExact: true,
    ...(complex && { subAttributes: [] }),
  });
}
