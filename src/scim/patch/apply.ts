import { ScimError } from "../errors.ts";
import type { PatchOperation, ScimDocument } from "../resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../schema.ts";
import { findSchema } from "../schemaLookup.ts";
import { elementsOf, isComplex, isUnassigned, property, sameJson, withProperty } from "../values.ts";
import { coerceElements, coerceValue } from "./coerce.ts";
import {
  addElements,
  refuseImmutable,
  removeListed,
  removeMatching,
  replaceElements,
  setMatching,
} from "./elements.ts";
import { checkPatchValue, operationName } from "./operations.ts";
import { type PatchTarget, resolveTarget, type UnknownAttributes } from "./target.ts";

/** An operation as it may arrive: `op` in any letter case. */
export type IncomingOperation = Omit<PatchOperation, "op"> & { readonly op: string };

export interface ApplyOptions {
  /** What to do with attributes that the schema does not define; `refuse` when left out. */
  readonly unknownAttributes?: UnknownAttributes;
}

/**
 * Applies a PATCH to a document (RFC 7644 section 3.5.2), in order and all or nothing. Takes the lenient forms that real
 * clients send as well: any letter case of `op`, booleans as text, dotted and URN-qualified keys in an operation without a
 * path, `remove` with a list of values, a manager as a bare id.
 * @returns a new document, or the given one itself when nothing changes; the given one is never touched.
 * @throws ScimError 400 with the scimType of RFC 7644 section 3.12 and the number of the operation.
 */
export function applyPatch(
  document: ScimDocument,
  operations: readonly IncomingOperation[],
  schema: ResourceSchema,
  options: ApplyOptions = {},
): ScimDocument {
  const context: Context = { schema, unknown: options.unknownAttributes ?? "refuse" };
  return operations.reduce<ScimDocument>((current, operation, index) => {
    try {
      return applyOperation(current, operation, context);
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      throw new ScimError(error.status, `Operation ${index + 1}: ${error.detail}`, error.scimType);
    }
  }, document);
}

interface Context {
  readonly schema: ResourceSchema;
  readonly unknown: UnknownAttributes;
}

function applyOperation(document: ScimDocument, operation: IncomingOperation, context: Context): ScimDocument {
  const op = operationName(operation.op);
  const { path, value } = operation;
  checkPatchValue(value);
  if (op !== "remove" && value === undefined) throw new ScimError(400, `${op} needs a value.`, "invalidValue");
  if (path === undefined || path === "") {
    if (op === "remove") throw new ScimError(400, "remove needs a path.", "noTarget");
    return applyEach(document, op, "", value, context);
  }
  return applyAt(document, op, path, value, context, false);
}

/** Applies every key of a value as if it were the path of its own operation. */
function applyEach(
  document: ScimDocument,
  op: "add" | "replace",
  prefix: string,
  value: unknown,
  context: Context,
): ScimDocument {
  if (!isComplex(value)) {
    const where = prefix === "" ? "without a path" : `on ${prefix}`;
    throw new ScimError(400, `${op} ${where} needs an object of attributes as its value.`, "invalidValue");
  }
  return Object.entries(value).reduce<ScimDocument>(
    (current, [key, part]) => applyAt(current, op, prefix === "" ? key : `${prefix}:${key}`, part, context, true),
    document,
  );
}

function applyAt(
  document: ScimDocument,
  op: PatchOperation["op"],
  path: string,
  value: unknown,
  context: Context,
  pathless: boolean,
): ScimDocument {
  const whole = findSchema(context.schema, path);
  if (whole && op !== "remove") return applyEach(document, op, whole.id, value, context);
  if (whole) {
    return whole.attributes
      .filter(({ mutability }) => mutability !== "readOnly")
      .filter(({ name }) => property(property(document, whole.id), name) !== undefined)
      .reduce((current, { name }) => applyAt(current, op, `${whole.id}:${name}`, undefined, context, false), document);
  }
  const unknownExtension = context.unknown === "keep" && pathless && path.includes(":") && isComplex(value);
  if (unknownExtension && op !== "remove") return withProperty(document, path, value);
  const target = resolveTarget(path, context.schema, context.unknown, { document, value });
  const container = target.extension === undefined ? document : property(document, target.extension);
  const current = property(container, target.attribute.name);
  if (target.attribute.mutability === "readOnly" && pathless && sameJson(current, value)) return document;
  refuseReadOnly(target);
  const next = op === "remove" ? removed(target, current, value) : assigned(op, target, current, value);
  refuseImmutable(target.attribute, current, next);
  return stored(document, target, current, next);
}

function refuseReadOnly({ attribute, sub }: PatchTarget): void {
  const fixed = [attribute, sub].find((definition) => definition?.mutability === "readOnly");
  if (fixed) throw new ScimError(400, `${fixed.name} is readOnly: the service sets it.`, "mutability");
}

function removed(target: PatchTarget, current: unknown, value: unknown): unknown {
  const { attribute, sub, filter } = target;
  const wholly = sub ?? (filter ? undefined : attribute);
  if (wholly?.required === true)
    throw new ScimError(400, `${wholly.name} is required and cannot be removed.`, "mutability");
  if (!attribute.multiValued) {
    if (!sub && !filter) return null;
    return removeMatching(attribute, elementsOf(current), filter, sub)[0] ?? null;
  }
  const elements = elementsOf(current);
  if (filter || sub) return removeMatching(attribute, elements, filter, sub);
  return isUnassigned(value) ? null : removeListed(attribute, elements, value);
}

function assigned(op: "add" | "replace", target: PatchTarget, current: unknown, value: unknown): unknown {
  const { attribute, sub, filter } = target;
  if (filter || (sub && attribute.multiValued)) {
    const elements = setMatching(op, attribute, elementsOf(current), target, value);
    return attribute.multiValued ? elements : elements[0];
  }
  if (target.loose) return assignedLoosely(op, target, current, value);
  if (attribute.multiValued) {
    return op === "add" ? addElements(attribute, elementsOf(current), value) : replaceElements(attribute, value);
  }
  if (sub) {
    const part = sub.multiValued ? coerceElements(sub, value) : coerceValue(sub, value);
    refuseImmutable(sub, property(current, sub.name), part);
    return merged(current, { [sub.name]: part });
  }
  const single = coerceValue(attribute, value);
  return isComplex(single) ? merged(current, single) : single;
}

function assignedLoosely(op: "add" | "replace", { sub }: PatchTarget, current: unknown, value: unknown): unknown {
  if (sub) return merged(current, { [sub.name]: value });
  if (isComplex(current) && isComplex(value)) return merged(current, value);
  if (op === "replace" || !Array.isArray(current)) return value;
  const elements = elementsOf(current);
  return [...elements, ...elementsOf(value).filter((element) => !elements.some((each) => sameJson(each, element)))];
}

/** Sub-attributes that are not named stay as they are; null unassigns (RFC 7644 section 3.5.2.3). */
function merged(current: unknown, parts: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
  const start = isComplex(current) ? current : {};
  const result = Object.entries(parts).reduce((object, [name, part]) => withProperty(object, name, part), start);
  return Object.keys(result).length > 0 ? result : null;
}

function stored(document: ScimDocument, target: PatchTarget, current: unknown, next: unknown): ScimDocument {
  if (current === next || (isUnassigned(current) && isUnassigned(next)) || sameJson(current, next)) return document;
  const { attribute, extension } = target;
  if (isUnassigned(next)) refuseRequired(attribute);
  if (extension === undefined) return withProperty(document, attribute.name, next);
  const container = property(document, extension);
  const values = withProperty(isComplex(container) ? container : {}, attribute.name, next);
  const empty = Object.keys(values).length === 0;
  return withSchema(withProperty(document, extension, empty ? null : values), extension, !empty);
}

function refuseRequired(attribute: AttributeDefinition): void {
  if (attribute.required)
    throw new ScimError(400, `${attribute.name} is required and cannot be unassigned.`, "mutability");
}

/** Keeps `schemas` in step with the extensions that stand in the document (RFC 7643 section 3). */
function withSchema(document: ScimDocument, urn: string, present: boolean): ScimDocument {
  const schemas = elementsOf(property(document, "schemas"));
  const others = schemas.filter((each) => typeof each !== "string" || each.toLowerCase() !== urn.toLowerCase());
  if (present) return others.length < schemas.length ? document : withProperty(document, "schemas", [...schemas, urn]);
  return withProperty(document, "schemas", others);
}
