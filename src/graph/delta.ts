import type * as z from "zod";
import type { GraphClient } from "./client.ts";
import { GraphError } from "./errors.ts";
import type { Purpose } from "./permissions.ts";

export interface DeltaOptions<Schema extends z.ZodType> {
  /** Where a first round starts, with its $select: `/users/delta?$select=…`. */
  readonly start: string;
  /** The link of the last round; absent for a first one. */
  readonly deltaLink?: string | undefined;
  readonly purpose: Purpose;
  readonly schema: Schema;
  readonly signal?: AbortSignal | undefined;
  /** Told once when the token is no longer known and everything is read again; what was kept must be dropped. */
  readonly onResync?: () => void;
}

/**
 * One round of a delta query: gives the pages and returns the link of the next round, which may be kept once all pages are
 * applied. Objects may come more than once and in any order (Microsoft Graph documentation, "Use delta query to track changes").
 *
 * @throws GraphError; `invalidAnswer` when the last page has no delta link, so that the round is not proved to be whole
 */
export async function* deltaRound<Schema extends z.ZodType>(
  client: GraphClient,
  options: DeltaOptions<Schema>,
): AsyncGenerator<readonly z.output<Schema>[], string> {
  const { start, deltaLink, purpose, schema, signal, onResync } = options;
  let from = deltaLink ?? start;
  for (;;) {
    try {
      let end: string | undefined;
      for await (const page of client.pages(from, purpose, schema, { signal })) {
        if (page.items.length > 0) yield page.items;
        end = page.deltaLink;
      }
      if (end !== undefined) return end;
      throw new GraphError(
        "invalidAnswer",
        `The delta query ${start.replace(/\?.*$/s, "")} ends without a delta link.`,
        {
          fix: "Read it again.",
        },
      );
    } catch (error) {
      const expired = error instanceof GraphError && error.code === "resyncRequired";
      if (!expired || from === start) throw error;
      onResync?.();
      from = start;
    }
  }
}
