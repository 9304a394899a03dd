import type { RequestLog } from "../http/record.ts";
import type { AdaptiveLimiter } from "../http/limiter.ts";
import type { HttpMethod, HttpTimeouts } from "../http/request.ts";
import type { TokenProvider } from "../http/token.ts";
import type { Dialect } from "./dialects/dialect.ts";

export interface ScimClientOptions {
  /** As `normalizeBaseUrl` gives it. */
  readonly baseUrl: string;
  /** A dialect, or the id of one; its variant follows from the base URL then. */
  readonly dialect: Dialect | Dialect["id"];
  /** The bearer token, or a function that gives it. */
  readonly token?: string | TokenProvider | undefined;
  readonly log?: RequestLog | undefined;
  /** Cancels every request of this client. */
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: Partial<HttpTimeouts> | undefined;
  /** Most attempts for one request; 1 means no retry. */
  readonly attempts?: number | undefined;
  /** Shared between clients of one host; otherwise made from the dialect's rates. */
  readonly limiter?: AdaptiveLimiter | undefined;
  /** More certificate authorities, PEM. */
  readonly ca?: readonly string[] | undefined;
}

export interface ReadOptions {
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions {
  /** Only if the resource still has this version (`meta.version`); otherwise the service answers 412. */
  readonly ifMatch?: string | undefined;
  /** Whether doing it twice does no harm, so that it may be repeated after a broken connection. */
  readonly idempotent?: boolean | undefined;
  /** Whether to read the resource after the write when the answer does not show it for certain; by default as the dialect says. */
  readonly readBack?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One raw request of a change: path relative to the base URL, body as it goes over the wire. */
export interface ScimRequest {
  readonly method: HttpMethod;
  /** For example `/Users/42`. */
  readonly path: string;
  readonly body?: unknown;
}

export interface ScimAnswer {
  readonly status: number;
  /** The JSON body; `undefined` when there is none. */
  readonly body: unknown;
  /** The response header of that name, in lower case. */
  readonly header: (name: string) => string | undefined;
}
