import type { SourceValue } from "./source.ts";

/** Attributes while they are being read. */
export type MutableAttributes = Record<string, SourceValue>;

// An object made by a constructor keeps its fast shape; `Object.create(null)` would make a slow dictionary of each person.
const Attributes = function Attributes() {
  // Starts empty.
} as unknown as new () => MutableAttributes;
Attributes.prototype = Object.freeze(Object.create(null) as object);

/** An empty set of attributes that inherits nothing, so that no attribute name is taken for a method. */
export function newAttributes(): MutableAttributes {
  return new Attributes();
}

/** The same object without a prototype, for attributes that were parsed as an ordinary object. */
export function inheritNothing(attributes: MutableAttributes): MutableAttributes {
  return Object.setPrototypeOf(attributes, null) as MutableAttributes;
}

/** Attributes that are true or false wherever they come from; names compare without case. */
const booleanName = /^(?:accountEnabled|isSoftDeleted)$/i;

/** Whether an attribute holds true or false rather than a text. */
export function isBooleanAttribute(name: string): boolean {
  return booleanName.test(name);
}

/** `true` or `false` of a text in any case; undefined for any other text. */
export function parseBoolean(text: string): boolean | undefined {
  if (text === "true" || text === "True") return true;
  if (text === "false" || text === "False") return false;
  const folded = text.toLowerCase();
  return folded === "true" ? true : folded === "false" ? false : undefined;
}
