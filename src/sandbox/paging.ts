import * as z from "zod";
import { ScimError } from "../scim/errors.ts";
import type { Entry } from "./entry.ts";

/** How long a cursor can be used, in seconds; announced in ServiceProviderConfig. */
export const cursorSeconds = 600;

/** Part of a list and where it stands. */
export interface Page {
  readonly entries: readonly Entry[];
  readonly total: number;
  /** 1-based; absent when paging by cursor. */
  readonly startIndex?: number;
  readonly nextCursor?: string;
}

/**
 * A page by index (RFC 7644 section 3.4.2.4). `startIndex` below 1 means 1, `count` below 0 means 0, and more than `cap` is
 * cut to it without an error.
 */
export function pageByIndex(found: readonly Entry[], startIndex: number, count: number | undefined, cap: number): Page {
  const start = Math.max(1, startIndex);
  const length = Math.min(Math.max(0, count ?? cap), cap);
  return { entries: found.slice(start - 1, start - 1 + length), total: found.length, startIndex: start };
}

const cursorSchema = z.object({ offset: z.int().min(0), last: z.string(), query: z.string(), expires: z.int() });

/**
 * A page by cursor (RFC 9865). A cursor names the last entry that was given, so that what goes or comes meanwhile neither
 * hides nor repeats another; it is good for one query and some minutes.
 * @throws ScimError 400 invalidCursor, expiredCursor, invalidCount.
 */
export function pageByCursor(
  found: readonly Entry[],
  cursor: string,
  count: number | undefined,
  cap: number,
  query: string,
  now: number,
): Page {
  if (count !== undefined && count < 0) throw new ScimError(400, "count is below 0.", "invalidCount");
  const length = Math.min(count ?? cap, cap);
  const from = cursor === "" ? 0 : readCursor(found, cursor, query, now);
  const entries = found.slice(from, from + length);
  const last = entries.at(-1);
  const more = last !== undefined && from + entries.length < found.length;
  return {
    entries,
    total: found.length,
    ...(more && {
      nextCursor: Buffer.from(
        JSON.stringify({
          offset: from + entries.length,
          last: last.id,
          query,
          expires: now + cursorSeconds * 1000,
        } satisfies z.infer<typeof cursorSchema>),
      ).toString("base64url"),
    }),
  };
}

function readCursor(found: readonly Entry[], cursor: string, query: string, now: number): number {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
  if (!parsed.success || parsed.data.query !== query) {
    throw new ScimError(400, "The cursor is none of this service's, or belongs to another query.", "invalidCursor");
  }
  const { offset, last, expires } = parsed.data;
  if (expires < now) throw new ScimError(400, "The cursor has expired; begin with the first page.", "expiredCursor");
  if (found[offset - 1]?.id === last) return offset;
  const place = found.findIndex(({ id }) => id === last);
  return place === -1 ? Math.max(0, offset - 1) : place + 1;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
