import * as z from "zod";
import { HttpError } from "../http/errors.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { HttpClient, type HttpClientOptions } from "../http/httpClient.ts";
import { AdaptiveLimiter } from "../http/limiter.ts";
import type { HttpMethod } from "../http/request.ts";
import type { TokenProvider } from "../http/token.ts";
import { systemClock, type Clock } from "./clock.ts";
import { graphEndpoint } from "./clouds.ts";
import { failedAnswer, GraphError, graphError } from "./errors.ts";
import type { Purpose } from "./permissions.ts";

/** One call, relative to the version: `/servicePrincipals/{id}`. */
export interface GraphRequest {
  readonly method: Exclude<HttpMethod, "HEAD">;
  /** Path and query, encoded; or the whole address of a next or delta link. */
  readonly path: string;
  /** Decides which permission an answer of 403 is about. */
  readonly purpose: Purpose;
  readonly body?: unknown;
  /** A body that is JSON already and must go as it stands. */
  readonly bodyText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a write may be done twice. */
  readonly idempotent?: boolean;
}

/** Told when the service asks for patience, for progress lines. */
export interface Throttled {
  readonly waitMs: number;
  readonly request: GraphRequest;
}

export interface GraphClientOptions {
  /** Default: the global cloud. */
  readonly graphUrl?: string | undefined;
  readonly token: string | TokenProvider;
  readonly log?: HttpClientOptions["log"];
  readonly timeouts?: HttpClientOptions["timeouts"];
  readonly attempts?: number | undefined;
  readonly ca?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  /** How long one call may be put off by throttling altogether, in milliseconds. Default: 15 minutes. */
  readonly patienceMs?: number | undefined;
  readonly onThrottled?: ((throttled: Throttled) => void) | undefined;
}

const version = "/v1.0";
/** Provisioning on demand answers when it is done, usually within half a minute. */
const timeouts = { headersMs: 120_000, bodyMs: 60_000, totalMs: 300_000 };

const page = z.looseObject({
  value: z.array(z.unknown()),
  "@odata.nextLink": z.string().optional(),
  "@odata.deltaLink": z.string().optional(),
});

/** One page of a collection. */
export interface GraphPage<Item> {
  readonly items: readonly Item[];
  readonly nextLink?: string;
  readonly deltaLink?: string;
}

/**
 * Talks to Microsoft Graph v1.0 of one cloud. Answers are parsed at the boundary; errors of the service are thrown as
 * GraphError with the request id and the permission that is missing; HttpError says that there was no usable answer.
 */
export class GraphClient {
  /** The origin that gets the token. */
  readonly graphUrl: string;
  readonly clock: Clock;
  readonly #http: HttpClient;
  readonly #options: GraphClientOptions;

  /** @throws HttpError `invalidUrl` for a host that is neither one of Microsoft's clouds nor this machine */
  constructor(options: GraphClientOptions) {
    this.graphUrl = graphEndpoint(options.graphUrl).graphUrl;
    this.clock = options.clock ?? systemClock;
    this.#options = options;
    this.#http = new HttpClient({
      origin: this.graphUrl,
      token: options.token,
      log: options.log,
      timeouts: { ...timeouts, ...options.timeouts },
      attempts: options.attempts,
      // The pauses of the limiter and the waits below go by the same clock.
      limiter: new AdaptiveLimiter({ start: 4, max: 16, now: this.clock.now }),
      ca: options.ca,
    });
  }

  /**
   * Reads one object.
   * @throws GraphError, HttpError
   */
  async get<Schema extends z.ZodType>(
    path: string,
    purpose: Purpose,
    schema: Schema,
    options: CallOptions = {},
  ): Promise<z.output<Schema>> {
    const request: GraphRequest = {
      method: "GET",
      path,
      purpose,
      ...(options.headers && { headers: options.headers }),
    };
    const { text } = await this.send(request, options.signal);
    return this.parse(schema, text, request);
  }

  /** Sends a call whose answer has a body. @throws GraphError, HttpError */
  async call<Schema extends z.ZodType>(
    request: GraphRequest,
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const { text } = await this.send(request, signal);
    return this.parse(schema, text, request);
  }

  /**
   * The pages of a collection, one after the other, over `@odata.nextLink`.
   * @throws GraphError, HttpError; `invalidAnswer` when a link leads to another host or comes again
   */
  async *pages<Schema extends z.ZodType>(
    path: string,
    purpose: Purpose,
    schema: Schema,
    options: CallOptions = {},
  ): AsyncGenerator<GraphPage<z.output<Schema>>> {
    const seen = new Set<string>();
    let next: string | undefined = path;
    while (next !== undefined) {
      const request: GraphRequest = {
        method: "GET",
        path: next,
        purpose,
        ...(options.headers && { headers: options.headers }),
      };
      const { text } = await this.send(request, options.signal);
      const read = this.parse(page, text, request);
      const items = read.value.map((item) => this.#parseValue(schema, item, request));
      const nextLink = read["@odata.nextLink"];
      const deltaLink = read["@odata.deltaLink"];
      yield { items, ...(nextLink !== undefined && { nextLink }), ...(deltaLink !== undefined && { deltaLink }) };
      if (nextLink !== undefined && seen.has(nextLink))
        throw this.#invalid(request, "a page that leads back to itself");
      if (nextLink !== undefined) seen.add(nextLink);
      next = nextLink;
    }
  }

  /** All objects of a collection; for collections that are small by nature. @throws GraphError, HttpError */
  async all<Schema extends z.ZodType>(
    path: string,
    purpose: Purpose,
    schema: Schema,
    options: CallOptions = {},
  ): Promise<z.output<Schema>[]> {
    const all: z.output<Schema>[] = [];
    for await (const { items } of this.pages(path, purpose, schema, options)) all.push(...items);
    return all;
  }

  /**
   * Sends a call and gives its answer; waits while the service throttles, for as long as the patience lasts.
   * @throws GraphError when the answer is an error, HttpError when there is none
   */
  async send(request: GraphRequest, signal = this.#options.signal): Promise<HttpResponse> {
    const body = request.bodyText ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const path = this.#pathOf(request);
    const started = this.clock.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.#http.request({
          method: request.method,
          path,
          headers: { ...(body !== undefined && { "content-type": "application/json" }), ...request.headers },
          ...(body !== undefined && { body }),
          ...(request.idempotent !== undefined && { idempotent: request.idempotent }),
          signal,
        });
        if (response.status < 400) return response;
        throw graphError(failedAnswer(response), { ...request, path });
      } catch (error) {
        if (!(error instanceof HttpError) || error.code !== "throttled") throw error;
        // Some report endpoints throttle without a Retry-After.
        const backoffMs = Math.min(60_000, 5_000 * 2 ** (attempt - 1));
        // The limiter adds up to a tenth of a second to what the service asks for.
        const waitMs = error.retryAfterMs === undefined ? backoffMs : error.retryAfterMs + 100;
        const patienceMs = this.#options.patienceMs ?? 15 * 60_000;
        if (this.clock.now() + waitMs - started > patienceMs) throw error;
        this.#options.onThrottled?.({ waitMs, request });
        await this.clock.sleep(waitMs, signal);
      }
    }
  }

  /** Parses a text that the service answered. @throws GraphError `invalidAnswer` */
  parse<Schema extends z.ZodType>(schema: Schema, text: string, request: GraphRequest): z.output<Schema> {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw this.#invalid(request, "something that is no JSON");
    }
    return this.#parseValue(schema, json, request);
  }

  /** Closes all connections once requests in flight are done. */
  close(): Promise<void> {
    return this.#http.close();
  }

  #parseValue<Schema extends z.ZodType>(schema: Schema, value: unknown, request: GraphRequest): z.output<Schema> {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw this.#invalid(request, `another shape (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""})`);
  }

  #invalid({ method, path }: GraphRequest, what: string): GraphError {
    const place = path.replace(/\?.*$/s, "");
    return new GraphError("invalidAnswer", `Microsoft Graph answers ${method} ${place} with ${what}.`, {
      fix: "Check that the address is that of Microsoft Graph.",
    });
  }

  /** A link of an answer is followed only to where the token may go. */
  #pathOf(request: GraphRequest): string {
    if (request.path.startsWith("/")) return version + request.path;
    const url = URL.canParse(request.path) ? new URL(request.path) : undefined;
    if (url?.origin !== this.graphUrl) throw this.#invalid(request, "a link to another host, which gets no token");
    return url.pathname + url.search;
  }
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The header that counts, searches and casts of the directory need; their index can lag. */
export const eventual = { consistencylevel: "eventual" } as const;

/** A value within an OData string literal: quotes are doubled. */
export function odataText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A query string of OData options. */
export function odataQuery(options: Readonly<Record<string, string | number | undefined>>): string {
  const parts = Object.entries(options).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
