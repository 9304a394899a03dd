import * as z from "zod";
import { ScimError } from "../scim/errors.ts";

/** The parameters of a search, from the query of a GET or the body of a `.search` (RFC 7644 sections 3.4.2, 3.4.3). */
export interface Query {
  readonly attributes: readonly string[];
  readonly excludedAttributes: readonly string[];
  readonly filter?: string;
  readonly sortBy?: string;
  readonly sortOrder?: string;
  readonly startIndex?: number;
  readonly count?: number;
  readonly cursor?: string;
}

const none: Query = { attributes: [], excludedAttributes: [] };

/**
 * Reads the query of a GET; of a name that stands twice the first counts.
 * @throws ScimError 400 invalidValue or invalidCount when a number is none.
 */
export function readQuery(text: string): Query {
  if (text === "") return none;
  const query: { -readonly [K in keyof Query]: Query[K] } = { ...none };
  for (const [name, value] of parameters(text).reverse()) {
    switch (name) {
      case "attributes":
      case "excludedAttributes":
        query[name] = names(value);
        break;
      case "cursor":
        // An empty cursor asks for the first page; empty texts elsewhere ask for nothing.
        query.cursor = value;
        break;
      case "filter":
      case "sortBy":
      case "sortOrder":
        if (value !== "") query[name] = value;
        break;
      case "startIndex":
      case "count":
        if (value !== "") query[name] = whole(name, value);
    }
  }
  return query;
}

const searchSchema = z.looseObject({
  attributes: z.array(z.string()).default([]),
  excludedAttributes: z.array(z.string()).default([]),
  filter: z.string().min(1).optional(),
  sortBy: z.string().min(1).optional(),
  sortOrder: z.string().min(1).optional(),
  startIndex: z.int().optional(),
  count: z.int().optional(),
  cursor: z.string().optional(),
});

/** @throws ScimError 400 invalidSyntax when the body is no search request. */
export function readSearchRequest(body: unknown): Query {
  const parsed = searchSchema.safeParse(body);
  if (parsed.success) return parsed.data as Query;
  const [issue] = parsed.error.issues;
  throw new ScimError(
    400,
    `The search request is not valid at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
    "invalidSyntax",
  );
}

function parameters(text: string): (readonly [string, string])[] {
  if (text.includes("&") || text.includes("+")) return [...new URLSearchParams(text)];
  // One parameter, as in look-ups by filter: decoded at a fraction of the cost.
  const equals = text.indexOf("=");
  try {
    return [[text.slice(0, Math.max(0, equals)), decodeURIComponent(text.slice(equals + 1))]];
  } catch {
    return [...new URLSearchParams(text)];
  }
}

function names(list: string): readonly string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function whole(name: "startIndex" | "count", text: string): number {
  if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
  throw new ScimError(400, `${name} is not a whole number.`, name === "count" ? "invalidCount" : "invalidValue");
}
