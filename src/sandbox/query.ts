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

/** @throws ScimError 400 invalidValue when a number is none. */
export function readQuery(text: string): Query {
  if (text === "") return none;
  const parameters = new URLSearchParams(text);
  const one = (name: "filter" | "sortBy" | "sortOrder" | "cursor") => {
    const value = parameters.get(name);
    // An empty cursor asks for the first page; empty texts elsewhere ask for nothing.
    return value === null || (value === "" && name !== "cursor") ? {} : { [name]: value };
  };
  return {
    attributes: names(parameters.get("attributes")),
    excludedAttributes: names(parameters.get("excludedAttributes")),
    ...one("filter"),
    ...one("sortBy"),
    ...one("sortOrder"),
    ...one("cursor"),
    ...whole(parameters, "startIndex"),
    ...whole(parameters, "count"),
  };
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

function names(list: string | null): readonly string[] {
  return list === null
    ? []
    : list
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "");
}

function whole(parameters: URLSearchParams, name: "startIndex" | "count"): { readonly [key: string]: number } {
  const text = parameters.get(name);
  if (text === null || text === "") return {};
  if (!/^[+-]?\d{1,15}$/.test(text)) {
    throw new ScimError(400, `${name} is not a whole number.`, name === "count" ? "invalidCount" : "invalidValue");
  }
  return { [name]: Number(text) };
}
