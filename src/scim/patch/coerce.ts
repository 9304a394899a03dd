import { ScimError } from "../errors.ts";
import type { AttributeDefinition } from "../schema.ts";
import { findAttribute } from "../schemaLookup.ts";
import { booleanOf, instantOf, isComplex, isUnassigned } from "../values.ts";

/**
 * Brings a value that a client sent for a single value of an attribute (of a multi-valued one: for one element) into the form
 * of its type: booleans from text, names spelled as in the schema, nulls and readOnly parts left out. `null` for a value
 * that unassigns.
 * @throws ScimError 400 when the value does not suit the type.
 */
export function coerceValue(definition: AttributeDefinition, value: unknown): unknown {
  if (isUnassigned(value)) return null;
  return definition.type === "complex" ? coerceComplex(definition, value) : coerceSimple(definition, unwrapped(value));
}

/** The elements that a client sent for a multi-valued attribute; a single one may stand without a list around it. */
export function coerceElements(definition: AttributeDefinition, value: unknown): unknown[] {
  const list = Array.isArray(value) ? value : [value];
  if (definition.type === "complex" && list.some((each) => !isUnassigned(each) && each !== "" && !isComplex(each))) {
    throw new ScimError(400, `Each value of ${definition.name} is an object, as in {"value": "…"}.`, "invalidSyntax");
  }
  return list.map((each) => coerceValue(definition, each)).filter((each) => each !== null);
}

function coerceComplex(definition: AttributeDefinition, value: unknown): Record<string, unknown> | null {
  if (value === "") return null;
  const subs = definition.subAttributes ?? [];
  if (!isComplex(value)) {
    const sub = findAttribute(subs, "value");
    // Entra sends a manager as the bare id.
    if (sub && typeof value === "string") return { [sub.name]: coerceValue(sub, value) };
    throw invalid(definition, "an object");
  }
  const entries: [string, unknown][] = [];
  for (const [key, part] of Object.entries(value)) {
    const sub = findAttribute(subs, key);
    if (sub?.mutability === "readOnly") continue;
    const coerced = !sub ? part : sub.multiValued ? coerceElements(sub, part) : coerceValue(sub, part);
    entries.push([sub?.name ?? key, coerced]);
  }
  return Object.fromEntries(entries);
}

/** Databricks' clients send `active` as `[{"value": "false"}]`. */
function unwrapped(value: unknown): unknown {
  const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isComplex(single) && "value" in single ? single["value"] : single;
}

function coerceSimple(definition: AttributeDefinition, value: unknown): unknown {
  switch (definition.type) {
    case "boolean":
      return booleanOf(value) ?? fail(definition, "true or false");
    case "integer":
    case "decimal": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      const suits = definition.type === "integer" ? Number.isSafeInteger(number) : Number.isFinite(number);
      return suits ? number : fail(definition, definition.type === "integer" ? "a whole number" : "a number");
    }
    case "dateTime":
      return Number.isNaN(instantOf(value)) ? fail(definition, 'a dateTime like "2026-01-31T08:00:00Z"') : value;
    case "string":
    case "reference":
    case "binary":
    case "complex":
      return typeof value === "string" ? value : fail(definition, "text");
  }
}

function fail(definition: AttributeDefinition, expected: string): never {
  throw invalid(definition, expected);
}

function invalid(definition: AttributeDefinition, expected: string): ScimError {
  return new ScimError(400, `The value of ${definition.name} must be ${expected}.`, "invalidValue");
}
