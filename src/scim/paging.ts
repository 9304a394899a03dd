import type { ListQuery } from "./listResponse.ts";
import type { ScimResource } from "./resource.ts";

/** One page of a list. */
export interface ListPage {
  /** All matches; absent only when the service pages by cursor and does not count. */
  readonly totalResults: number | undefined;
  /** From 1. */
  readonly startIndex: number;
  /** How many resources this page holds, as received. */
  readonly itemsPerPage: number;
  readonly resources: readonly ScimResource[];
  readonly nextCursor?: string;
}

/** Whether a read is proved to be whole; nothing may be removed on the ground of one that is not. */
export type ReadCompleteness =
  { readonly complete: true; readonly proof: string } | { readonly complete: false; readonly reason: string };

/** The service pages in a way that cannot be read to the end. */
export class PagingError extends Error {
  override readonly name = "PagingError";
  readonly code: "repeatingPages" | "endlessPages" | "repeatingCursor";

  constructor(code: PagingError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export interface PagingOptions {
  /** How many pages to ask for ahead of the one being read; 1 reads one after the other. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal | undefined;
}

type FetchPage = (query: ListQuery, signal: AbortSignal) => Promise<ListPage>;

interface Ahead {
  readonly startIndex: number;
  readonly page: Promise<ListPage>;
}

/**
 * Reads a list to its end: by index, advancing by what was received (never by what was asked for), or by cursor when the
 * service gives one (RFC 9865). Resources seen before are left out. Can be iterated once.
 */
export class PagedRead implements AsyncIterable<ListPage> {
  readonly #fetch: FetchPage;
  readonly #query: ListQuery;
  readonly #size: number;
  readonly #concurrency: number;
  readonly #signal: AbortSignal | undefined;
  readonly #seen = new Set<string>();
  readonly #warnings: string[] = [];
  #completeness: ReadCompleteness = { complete: false, reason: "The read was stopped before its end." };

  /** @param size the page size to ask for when the query names none */
  constructor(fetch: FetchPage, query: ListQuery, size: number, options: PagingOptions = {}) {
    this.#fetch = fetch;
    this.#query = query;
    this.#size = query.count ?? size;
    this.#concurrency = Math.max(1, options.concurrency ?? 1);
    this.#signal = options.signal;
  }

  /** Final once the iteration has ended; not complete until then. */
  completeness(): ReadCompleteness {
    return this.#completeness;
  }

  /** Oddities of the service that did not stop the read; whole sentences. */
  warnings(): readonly string[] {
    return this.#warnings;
  }

  /** @throws PagingError when pages repeat or never end; whatever the fetch throws */
  async *[Symbol.asyncIterator](): AsyncGenerator<ListPage, void, undefined> {
    const stop = new AbortController();
    const signal = this.#signal === undefined ? stop.signal : AbortSignal.any([this.#signal, stop.signal]);
    try {
      const first = await this.#fetch({ ...this.#query, count: this.#size }, signal);
      if (first.nextCursor !== undefined || this.#query.cursor !== undefined) yield* this.#byCursor(first, signal);
      else yield* this.#byIndex(first, signal);
    } finally {
      stop.abort();
    }
  }

  async *#byCursor(first: ListPage, signal: AbortSignal): AsyncGenerator<ListPage, void, undefined> {
    const cursors = new Set<string>();
    let empty = 0;
    for (let page = first; ;) {
      const fresh = this.#fresh(page);
      if (fresh.resources.length === 0 && page.resources.length > 0)
        throw repeatingPages("This cursor", this.#seen.size, page.totalResults);
      yield fresh;
      const cursor = page.nextCursor;
      if (cursor === undefined) {
        if (page.totalResults !== undefined && page.totalResults !== this.#seen.size) {
          this.#warn(
            `The service announced ${page.totalResults} resources and sent ${this.#seen.size} different ones.`,
          );
        }
        break;
      }
      if (cursors.has(cursor)) {
        throw new PagingError(
          "repeatingCursor",
          `The service gave the same cursor twice after ${this.#seen.size} resources, so the list would never end. Report it to the vendor.`,
        );
      }
      cursors.add(cursor);
      empty = fresh.resources.length === 0 ? empty + 1 : 0;
      if (empty > 100 || this.#beyond(page.totalResults)) throw endlessPages(page.totalResults, this.#seen.size);
      const { startIndex: _, ...query } = this.#query;
      page = await this.#fetch({ ...query, cursor, count: this.#size }, signal);
    }
    this.#completeness = { complete: true, proof: `The cursor ended after ${this.#seen.size} resources.` };
  }

  async *#byIndex(first: ListPage, signal: AbortSignal): AsyncGenerator<ListPage, void, undefined> {
    const begin = this.#query.startIndex ?? 1;
    let next = begin;
    let total = first.totalResults ?? 0;
    const announced = total;
    let ahead: Ahead[] = [];
    let step = first.resources.length;
    for (let page = first; ;) {
      const received = page.resources.length;
      if (page.totalResults !== undefined && page.totalResults !== total) {
        this.#warn(`The number of matches changed while reading, from ${total} to ${page.totalResults}.`);
        total = page.totalResults;
      }
      if (received === 0) break;
      const fresh = this.#fresh(page);
      if (fresh.resources.length === 0) {
        if (this.#seen.size === total) break;
        throw repeatingPages(`The page from ${next}`, this.#seen.size, total);
      }
      yield fresh;
      next += received;
      // Services exist that announce the length of the page as the total: a full first page that claims to be all, or more
      // than was announced, is only believed to be the end when an empty page follows.
      const doubtful = (next === begin + received && received >= this.#size) || this.#seen.size > total;
      if (next > total && !doubtful) break;
      if (this.#beyond(announced)) throw endlessPages(announced, this.#seen.size);
      if (ahead[0]?.startIndex !== next) {
        ahead = [];
        step = received;
      }
      while (ahead.length < this.#concurrency) {
        const startIndex = (ahead.at(-1)?.startIndex ?? next - step) + step;
        if (ahead.length > 0 && startIndex > total) break;
        const page = this.#fetch({ ...this.#query, startIndex, count: this.#size }, signal);
        page.catch(() => undefined);
        ahead.push({ startIndex, page });
      }
      page = await (ahead.shift() as Ahead).page;
    }
    this.#judge(begin, total);
  }

  #judge(begin: number, total: number): void {
    const expected = Math.max(0, total - (begin - 1));
    if (this.#seen.size === expected) {
      this.#completeness = { complete: true, proof: `All ${expected} of ${expected} resources were received.` };
      return;
    }
    const reason = `The service announced ${expected} resources and sent ${this.#seen.size} different ones.`;
    this.#warn(reason);
    this.#completeness = { complete: false, reason };
  }

  /** The page without what was seen before. */
  #fresh(page: ListPage): ListPage {
    const resources = page.resources.filter(({ id }) => !this.#seen.has(id) && this.#seen.add(id));
    const repeated = page.resources.length - resources.length;
    if (repeated === 0) return page;
    if (resources.length > 0)
      this.#warn(`${repeated} resources came twice, so the list changed while it was read; they were taken once.`);
    return { ...page, resources };
  }

  /** Far more than was announced at first; a list that grows while it is read stays below. */
  #beyond(total: number | undefined): boolean {
    return total !== undefined && this.#seen.size > 10 * total + 10_000;
  }

  #warn(text: string): void {
    if (this.#warnings.length < 20) this.#warnings.push(text);
  }
}

function repeatingPages(page: string, seen: number, total: number | undefined): PagingError {
  const rest = total === undefined ? `${seen} were read` : `${seen} of ${total} were read`;
  return new PagingError(
    "repeatingPages",
    `${page} gave only resources of earlier pages, so the service does not page as asked (it may ignore startIndex): ${rest}, the rest cannot be. Report it to the vendor.`,
  );
}

function endlessPages(total: number | undefined, seen: number): PagingError {
  return new PagingError(
    "endlessPages",
    `The service ${total === undefined ? "" : `announced ${total} resources and `}has sent ${seen} and does not come to an end, so the read was stopped. Report it to the vendor.`,
  );
}
