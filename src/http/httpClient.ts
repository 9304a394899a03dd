import type { Dispatcher } from "undici";
import { createDispatcher } from "./dispatcher.ts";
import { HttpError } from "./errors.ts";
import { AdaptiveLimiter } from "./limiter.ts";
import { networkError } from "./networkError.ts";
import { redactPath, type RequestLog } from "./record.ts";
import { isLoginPage, redirectError, redirectTarget } from "./redirect.ts";
import { backoffMs, parseRetryAfter } from "./retryAfter.ts";
import { judgeAnswer, mayRepeat } from "./retryPolicy.ts";
import { parseSecureUrl } from "./secureUrl.ts";
import { RequestSignal, sleep } from "./signal.ts";
import { TokenSource, type TokenProvider } from "./token.ts";
import { userAgent } from "./userAgent.ts";

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

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header the first value. */
  header(name: string): string | undefined;
  readonly text: string;
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

const defaultTimeouts: HttpTimeouts = { connectMs: 10_000, headersMs: 60_000, bodyMs: 30_000, totalMs: 300_000 };

export interface HttpClientOptions {
  /** The one origin that gets the token; https, or http on loopback. */
  readonly origin: string;
  readonly token?: string | TokenProvider | undefined;
  /** The limit of concurrent requests; share one between clients of the same host. */
  readonly limiter?: AdaptiveLimiter | undefined;
  readonly accept?: string;
  readonly log?: RequestLog | undefined;
  readonly timeouts?: Partial<HttpTimeouts> | undefined;
  /** Most attempts for one request; 1 means no retry. Throttled requests get twice as many. */
  readonly attempts?: number | undefined;
  readonly maxResponseBytes?: number;
  /** More certificate authorities, PEM. */
  readonly ca?: readonly string[] | undefined;
  readonly env?: NodeJS.ProcessEnv;
  /** Recognises throttling that does not arrive as 429. */
  readonly isThrottled?: (status: number, body: string) => boolean;
}

const maxRedirects = 5;

/**
 * Requests to one origin: bearer token, retry of what is safe to retry, an adaptive limit on concurrency, timeouts, and one
 * redacted record per request. The token never goes to another origin, and never over plain http but to loopback.
 */
export class HttpClient {
  readonly origin: string;
  readonly #host: string;
  readonly #dispatcher: Dispatcher;
  readonly #token: TokenSource;
  readonly #limiter: AdaptiveLimiter;
  readonly #options: HttpClientOptions;
  readonly #timeouts: HttpTimeouts;
  readonly #attempts: number;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws HttpError `invalidUrl`, `insecureUrl` */
  constructor(options: HttpClientOptions) {
    const url = parseSecureUrl(options.origin);
    this.origin = url.origin;
    this.#host = url.host;
    this.#options = options;
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#attempts = options.attempts ?? 4;
    this.#limiter = options.limiter ?? new AdaptiveLimiter({ start: 4, max: 16 });
    this.#token = new TokenSource(options.token);
    this.#headers = { "user-agent": userAgent, accept: options.accept ?? "application/json" };
    this.#dispatcher = createDispatcher(url, {
      connections: 64,
      connectTimeoutMs: this.#timeouts.connectMs,
      maxResponseBytes: options.maxResponseBytes ?? 256 * 2 ** 20,
      ca: options.ca ?? [],
      env: options.env ?? process.env,
    });
  }

  /**
   * Sends a request and gives the final answer, whatever its status; what to make of 4xx is the caller's.
   *
   * @throws HttpError when there is no answer, when the answer is a redirect elsewhere, or when the host still throttles
   */
  async request(request: HttpRequest): Promise<HttpResponse> {
    const startedAt = Date.now();
    const started = performance.now();
    const progress: Progress = { attempts: 0, answered: false };
    let response: HttpResponse | undefined;
    let failure: HttpError | undefined;
    const signal = new RequestSignal(request.signal, this.#timeouts.totalMs);
    try {
      return (response = await this.#run(request, signal, progress));
    } catch (error) {
      if (error instanceof HttpError) failure = error;
      throw error;
    } finally {
      signal.dispose();
      const status = response?.status ?? failure?.status;
      const requestId = response === undefined ? failure?.requestId : requestIdOf(response);
      this.#options.log?.({
        startedAt: new Date(startedAt).toISOString(),
        method: request.method,
        path: redactPath(request.path),
        ...(status !== undefined && { status }),
        ...(failure !== undefined && { error: failure.code }),
        durationMs: Math.round((performance.now() - started) * 10) / 10,
        attempts: progress.attempts,
        ...(requestId !== undefined && { requestId }),
        bytes: response === undefined ? 0 : Buffer.byteLength(response.text),
      });
    }
  }

  /** Closes all connections once requests in flight are done. */
  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #run(request: HttpRequest, signal: RequestSignal, progress: Progress): Promise<HttpResponse> {
    const write = request.method !== "GET" && request.method !== "HEAD";
    const repeatable = !write || request.idempotent === true;
    let path = request.path;
    let redirects = 0;
    let refreshed = false;
    for (;;) {
      const url = this.#url(path);
      if (!this.#limiter.tryAcquire()) await this.#waitFor(this.#limiter.acquire(signal.signal), signal, url);
      const sentAt = Date.now();
      let response: HttpResponse;
      let authorization: string | undefined;
      progress.answered = false;
      try {
        const header = this.#token.header();
        authorization = typeof header === "object" ? await header : header;
        signal.start();
        progress.attempts++;
        response = await this.#exchange(request, path, authorization, signal.signal, progress);
      } catch (error) {
        if (error instanceof HttpError) throw error;
        const failure =
          signal.failure(url, write) ??
          networkError(error, { url, host: this.#host, write, answered: progress.answered });
        if (failure.code === "aborted" || progress.attempts >= this.#attempts || !mayRepeat(failure, repeatable))
          throw failure;
        await this.#pause(backoffMs(progress.attempts, Math.random()), signal, failure);
        continue;
      } finally {
        this.#limiter.release();
      }

      if (response.status === 401 && !refreshed && authorization !== undefined) {
        refreshed = true;
        if (await this.#token.refresh(authorization)) continue;
      }
      if (response.status >= 300 && response.status < 400 && response.status !== 304) {
        const target = redirectTarget(response.header("location"), this.origin + path);
        if (write || target?.origin !== this.origin || isLoginPage(target) || ++redirects > maxRedirects) {
          throw redirectError(response.status, url, target, redirects > maxRedirects);
        }
        path = target.pathname + target.search;
        continue;
      }
      if (response.status < 429) {
        this.#limiter.succeeded();
        return response;
      }
      const body = response.text;
      const throttled = response.status === 429 || (this.#options.isThrottled?.(response.status, body) ?? false);
      const verdict = judgeAnswer(
        {
          status: response.status,
          retryAfter: response.header("retry-after"),
          throttled,
          method: request.method,
          repeatable,
          attempt: progress.attempts,
        },
        Date.now(),
        Math.random(),
      );
      if (verdict.kind === "repeat" && verdict.throttled) this.#limiter.throttled(sentAt, verdict.pauseMs);
      const allowed = throttled ? this.#attempts * 2 : this.#attempts;
      const again =
        verdict.kind === "repeat" &&
        this.#attempts > 1 &&
        progress.attempts < allowed &&
        signal.hasTimeFor(verdict.waitMs);
      if (again) {
        await this.#waitFor(sleep(verdict.waitMs, signal.signal), signal, url);
        continue;
      }
      if (throttled) throw throttledError(response, url, progress.attempts);
      if (write && (response.status === 502 || response.status === 504)) throw gatewayError(response, url);
      return response;
    }
  }

  async #exchange(
    request: HttpRequest,
    path: string,
    authorization: string | undefined,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<HttpResponse> {
    const answer = await this.#dispatcher.request({
      origin: this.origin,
      path,
      method: request.method,
      headers: { ...this.#headers, ...request.headers, ...(authorization !== undefined && { authorization }) },
      body: request.body ?? null,
      signal,
      headersTimeout: this.#timeouts.headersMs,
      bodyTimeout: this.#timeouts.bodyMs,
    });
    progress.answered = true;
    const headers = answer.headers;
    return {
      status: answer.statusCode,
      text: await answer.body.text(),
      header: (name) => {
        const value = headers[name];
        return typeof value === "string" ? value : value?.[0];
      },
    };
  }

  /** Waits before a repetition, or gives up with the failure when the deadline comes first. */
  async #pause(ms: number, signal: RequestSignal, failure: HttpError): Promise<void> {
    if (!signal.hasTimeFor(ms)) throw failure;
    await this.#waitFor(sleep(ms, signal.signal), signal, failure.url ?? this.origin);
  }

  /** Waits while nothing is in flight: an abort now leaves no doubt about what was done. */
  async #waitFor(wait: Promise<void>, signal: RequestSignal, url: string): Promise<void> {
    try {
      await wait;
    } catch (error) {
      throw signal.failure(url, false) ?? error;
    }
  }

  #url(path: string): string {
    return this.origin + redactPath(path);
  }
}

interface Progress {
  attempts: number;
  answered: boolean;
}

/** The header by which a service names a request in its own logs. */
export function requestIdOf(response: HttpResponse): string | undefined {
  return response.header("x-request-id") ?? response.header("request-id") ?? response.header("x-ms-request-id");
}

function throttledError(response: HttpResponse, url: string, attempts: number): HttpError {
  const retryAfterMs = parseRetryAfter(response.header("retry-after"), Date.now());
  const requestId = requestIdOf(response);
  return new HttpError(
    "throttled",
    `${url} is throttled: the service still refuses after ${attempts} ${attempts === 1 ? "attempt" : "attempts"} (${response.status}).`,
    {
      fix: "Wait a few minutes and try again; another program may be using the same limit.",
      url,
      status: response.status,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(requestId !== undefined && { requestId }),
    },
  );
}

function gatewayError(response: HttpResponse, url: string): HttpError {
  const requestId = requestIdOf(response);
  return new HttpError(
    "unknownOutcome",
    `A gateway gave up waiting for ${url} (${response.status}); whether the change was applied is unknown.`,
    {
      fix: "Read the resource before repeating the change.",
      url,
      status: response.status,
      ...(requestId !== undefined && { requestId }),
    },
  );
}
