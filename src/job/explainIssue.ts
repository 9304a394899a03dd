import type * as z from "zod";
import { nearestName } from "../mapping/expression/suggest.ts";

/** One issue of the schema, put in words, at the place a person must look at. */
export interface ExplainedIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** `key`: the name is at fault, not its value. */
  readonly at: "key" | "value";
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text in quotes",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list in [ ]",
  object: "an object in { }",
  record: "an object in { }",
  null: "null",
};

/**
 * Puts one zod issue in plain words that say how to mend it.
 * @param known gives the keys that an object at a path may hold, for suggestions.
 */
export function explainIssue(
  issue: z.core.$ZodIssue,
  valueAt: (path: readonly PropertyKey[]) => unknown,
  known: (path: readonly PropertyKey[]) => readonly string[],
): ExplainedIssue[] {
  const value = valueAt(issue.path);
  const here = (message: string): ExplainedIssue[] => [{ path: issue.path, message, at: "value" }];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: unknownKey(key, known(issue.path)),
        at: "key",
      }));
    case "invalid_type":
      if (value === undefined)
        return here(`${quote(issue.path.at(-1))} is missing. Add it: ${typeName(issue.expected)}.`);
      return here(`This is ${nameOf(value)}; it must be ${typeName(issue.expected)}.`);
    case "invalid_value":
      return here(notOneOf(value, issue.values.map(String), issue.path.at(-1)));
    case "invalid_union":
      return explainUnion(issue, value);
    case "invalid_format":
      return here(formatMessage(issue.format, value));
    case "too_big":
      return here(
        `This is ${issue.inclusive === false ? "not below" : "more than"} ${String(issue.maximum)}, the most that is allowed.`,
      );
    case "too_small":
      return here(
        issue.message.startsWith("Too small")
          ? `The least that is allowed is ${String(issue.minimum)}.`
          : issue.message,
      );
    case "not_multiple_of":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return here(issue.message);
  }
}

function explainUnion(issue: z.core.$ZodIssueInvalidUnion, value: unknown): ExplainedIssue[] {
  const last = issue.path.at(-1);
  if (issue.discriminator !== undefined) {
    const options: unknown = Reflect.get(issue, "options");
    return [
      {
        path: issue.path,
        message: notOneOf(value, Array.isArray(options) ? options.map(String) : [], last),
        at: "value",
      },
    ];
  }
  const message =
    last === "source"
      ? describeSource(value)
      : value === undefined
        ? `${quote(last)} is missing.`
        : `This is ${nameOf(value)}; it must be a text in quotes or a number.`;
  return [{ path: issue.path, message, at: "value" }];
}

const sourceKinds = ["attribute", "constant", "expression"];

function describeSource(value: unknown): string {
  const rule =
    'A source is exactly one of { "attribute": … }, { "constant": … } or { "expression": … }, each with a text.';
  if (value === undefined) return `"source" is missing. ${rule}`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `This is ${nameOf(value)}. ${rule}`;
  const keys = Object.keys(value);
  const unknown = keys.find((key) => !sourceKinds.includes(key));
  if (unknown !== undefined) return `${unknownKey(unknown, sourceKinds)} ${rule}`;
  return keys.length > 1 ? `This has ${keys.map(quote).join(" and ")}. ${rule}` : rule;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearestName(key, known);
  if (meant !== undefined) return `"${key}" is not known here. Did you mean "${meant}"?`;
  return known.length === 0
    ? `"${key}" is not known here.`
    : `"${key}" is not known here. Known are ${known.map(quote).join(", ")}.`;
}

function notOneOf(value: unknown, options: readonly string[], key: PropertyKey | undefined): string {
  const list = options.map(quote).join(", ");
  if (value === undefined) return `${quote(key)} is missing. It is one of ${list}.`;
  const meant = typeof value === "string" ? nearestName(value, options) : undefined;
  const shown = typeof value === "string" ? `"${value}"` : `This (${nameOf(value)})`;
  return meant !== undefined
    ? `${shown} is not known here. Did you mean "${meant}"? It is one of ${list}.`
    : `${shown} is not known here. It is one of ${list}.`;
}

function formatMessage(format: string, value: unknown): string {
  const shown = typeof value === "string" ? `"${value}"` : "This";
  if (format === "url") return `${shown} is not a URL that starts with https:// or http://.`;
  if (format === "email") return `${shown} is not an e-mail address.`;
  return `${shown} is not written as ${format}.`;
}

function typeName(expected: string): string {
  return typeNames[expected] ?? expected;
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  return "an object";
}

function quote(name: PropertyKey | undefined): string {
  return `"${String(name)}"`;
}
