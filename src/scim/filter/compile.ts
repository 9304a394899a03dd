import { ScimError } from "../errors.ts";
import type { AttributeDefinition, ResourceSchema } from "../schema.ts";
import { findAttribute, resolveAttribute } from "../schemaLookup.ts";
import { elementsOf, isPresent, isUnassigned, property } from "../values.ts";
import { compileComparison, type ValueTest } from "./comparison.ts";
import { type AttributePath, type CompareFilter, type Filter, printAttributePath } from "./filter.ts";

/** What a path leads to: how to read it from a resource or an element, and what it is. */
interface Target {
  readonly read: (from: unknown) => unknown;
  readonly attribute: AttributeDefinition;
  readonly sub?: AttributeDefinition;
}

/** Resolves a path; `undefined` for an attribute that the schema does not define. */
type Scope = (path: AttributePath) => Target | undefined;

type Predicate = (from: unknown) => boolean;

/**
 * Compiles a filter to a test of resources (RFC 7644 section 3.4.2.2, RFC 7643 section 2.2 for `caseExact`). An attribute
 * that the schema does not define matches nothing. On a multi-valued attribute one matching element is enough; `ne` also
 * matches where nothing is assigned; a complex attribute that is named alone means its `value`.
 * @throws ScimError 400 `invalidFilter` when an operator does not suit its attribute, or the attribute is never returned.
 */
export function compileFilter(
  filter: Filter,
  schema: ResourceSchema,
): (resource: Readonly<Record<string, unknown>>) => boolean {
  return compile(filter, resourceScope(schema));
}

/**
 * Compiles the filter in the brackets of `attribute[filter]` to a test of one element of the attribute. An element that is
 * no object is its own `value`.
 * @throws ScimError as {@link compileFilter} does.
 */
export function compileElementFilter(filter: Filter, attribute: AttributeDefinition): (element: unknown) => boolean {
  return compile(filter, elementScope(attribute));
}

function resourceScope(schema: ResourceSchema): Scope {
  return (path) => {
    const found = resolveAttribute(schema, path);
    if (!found) return undefined;
    const { extension, attribute } = found;
    const read =
      extension === undefined
        ? (from: unknown) => property(from, attribute.name)
        : (from: unknown) => property(property(from, extension), attribute.name);
    return { ...found, read };
  };
}

function elementScope(attribute: AttributeDefinition): Scope {
  return (path) => {
    if (path.schema !== undefined || path.sub !== undefined) return undefined;
    if (attribute.type !== "complex") {
      return path.name.toLowerCase() === "value" ? { read: (from) => from, attribute } : undefined;
    }
    const sub = findAttribute(attribute.subAttributes ?? [], path.name);
    return sub && { read: (from) => property(from, sub.name), attribute: sub };
  };
}

function compile(filter: Filter, scope: Scope): Predicate {
  switch (filter.kind) {
    case "and": {
      const parts = filter.filters.map((part) => compile(part, scope));
      return (from) => parts.every((part) => part(from));
    }
    case "or": {
      const parts = filter.filters.map((part) => compile(part, scope));
      return (from) => parts.some((part) => part(from));
    }
    case "not": {
      const part = compile(filter.filter, scope);
      return (from) => !part(from);
    }
    case "present":
      return compilePresent(filter.path, scope);
    case "compare":
      return compileCompare(filter, scope);
    case "value":
      return compileValuePath(filter.path, filter.filter, scope);
  }
}

function compilePresent(path: AttributePath, scope: Scope): Predicate {
  const target = readable(path, scope);
  if (!target) return () => false;
  const { read, sub } = target;
  if (!sub) return (from) => isPresent(read(from));
  return (from) => elementsOf(read(from)).some((element) => isPresent(property(element, sub.name)));
}

function compileCompare({ path, operator, value }: CompareFilter, scope: Scope): Predicate {
  const target = readable(path, scope);
  if (!target) return () => false;
  if (value === null) {
    const assigned = anyValue(target, (each) => !isUnassigned(each));
    if (operator === "eq") return (from) => !assigned(from);
    if (operator === "ne") return assigned;
    throw new ScimError(
      400,
      `The filter compares ${path.name} with null, which only eq and ne can do.`,
      "invalidFilter",
    );
  }
  const { attribute } = target;
  const sub =
    target.sub ?? (attribute.type === "complex" ? findAttribute(attribute.subAttributes ?? [], "value") : undefined);
  const valued = sub ? { ...target, sub } : target;
  const test = compileComparison(sub ?? attribute, operator, value);
  const any = anyValue(valued, test);
  if (operator !== "ne") return any;
  const assigned = anyValue(valued, (each) => !isUnassigned(each));
  return (from) => any(from) || !assigned(from);
}

/** Whether one of the assigned values that a target has passes the test. */
function anyValue({ read, attribute, sub }: Target, test: ValueTest): Predicate {
  const assigned: ValueTest = (value) => value !== undefined && value !== null && test(value);
  const single: ValueTest = sub ? (element) => assigned(property(element, sub.name)) : assigned;
  if (!attribute.multiValued) {
    return (from) => {
      const value = read(from);
      return Array.isArray(value) ? value.some(single) : single(value);
    };
  }
  return (from) => elementsOf(read(from)).some(single);
}

function compileValuePath(path: AttributePath, filter: Filter, scope: Scope): Predicate {
  const target = readable(path, scope);
  if (!target) return () => false;
  const test = compileElementFilter(filter, target.attribute);
  return (from) => elementsOf(target.read(from)).some(test);
}

/** The target of a path, unless a filter could guess by it what is never shown, such as a password. */
function readable(path: AttributePath, scope: Scope): Target | undefined {
  const target = scope(path);
  const secret = [target?.attribute, target?.sub].some(
    (definition) => definition?.returned === "never" || definition?.mutability === "writeOnly",
  );
  if (secret) {
    throw new ScimError(
      400,
      `The filter names ${printAttributePath(path)}, which is never returned and so cannot be searched.`,
      "invalidFilter",
    );
  }
  return target;
}
