export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Path and query, from the root of the origin, encoded: `/scim/v2/Users?count=1`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether a write may be repeated when its outcome is unknown. Reads always may. */
  readonly idempotent?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** All times in milliseconds. */
export interface HttpTimeouts {
  readonly connectMs: number;
  /** Until the answer begins. */
  readonly headersMs: number;
  /** Between two pieces of the answer. */
  readonly bodyMs: number;
  /** For one request with all its attempts and waits, from when it is first sent. */
  readonly totalMs: number;
}

export const defaultTimeouts: HttpTimeouts = { connectMs: 10_000, headersMs: 60_000, bodyMs: 30_000, totalMs: 300_000 };

/** Whether a request only reads, so that repeating it does no harm. */
export function isRead(request: HttpRequest): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

/** Whether a request may be repeated when it is not known if it was carried out. */
export function isRepeatable(request: HttpRequest): boolean {
  return isRead(request) || request.idempotent === true;
}
