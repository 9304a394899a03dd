import * as z from "zod";
import { isOrdinaryResource, resourceSchema, type ScimResource } from "./resource.ts";

const count = z.union([z.int().min(0), z.string().regex(/^\d+$/).transform(Number)]);

/**
 * A ListResponse as services really send it (RFC 7644 section 3.4.2, RFC 9865): numbers may arrive as texts, `Resources` may
 * be absent when empty, and totals may be absent with cursors.
 */
export const listResponseSchema = z.object({
  totalResults: count.nullish(),
  startIndex: count.nullish(),
  itemsPerPage: count.nullish(),
  nextCursor: z.string().nullish(),
  Resources: z.array(resourceSchema).nullish(),
});

/**
 * The same, for a list whose resources are all of the ordinary kind: they are looked at and taken as they came, where
 * `listResponseSchema` copies each. What it refuses is for `listResponseSchema` to judge and to name.
 */
export const ordinaryListSchema = listResponseSchema.extend({
  Resources: z.custom<ScimResource[]>((value) => Array.isArray(value) && value.every(isOrdinaryResource)),
});

/** What a list can be asked for (RFC 7644 section 3.4.2, RFC 9865 section 2). */
export interface ListQuery {
  readonly filter?: string;
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
  readonly sortBy?: string;
  readonly sortOrder?: "ascending" | "descending";
  /** From 1. */
  readonly startIndex?: number;
  readonly count?: number;
  /** Pages by cursor; the empty text begins. */
  readonly cursor?: string;
}

/** The query as a query string, without `?`; empty when nothing is asked for. */
export function listQueryString(query: ListQuery): string {
  const parts: string[] = [];
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined) parts.push(`${name}=${encodeURIComponent(value)}`);
  };
  add("filter", query.filter);
  add("attributes", query.attributes?.join(","));
  add("excludedAttributes", query.excludedAttributes?.join(","));
  add("sortBy", query.sortBy);
  add("sortOrder", query.sortOrder);
  add("cursor", query.cursor);
  add("startIndex", query.startIndex);
  add("count", query.count);
  return parts.join("&").replaceAll("%2C", ",");
}
