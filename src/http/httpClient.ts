import type { Dispatcher } from "undici";
import { createDispatcher } from "./dispatcher.ts";
import { gatewayError, throttledError } from "./answerError.ts";
import { HttpError } from "./errors.ts";
import { Exchange, type HttpResponse } from "./exchange.ts";
import { AdaptiveLimiter } from "./limiter.ts";
import { networkError } from "./networkError.ts";
import { redactPath, type RequestLog } from "./record.ts";
import { defaultTimeouts, isRead, isRepeatable, type HttpRequest, type HttpTimeouts } from "./request.ts";
import { isLoginPage, redirectError, redirectTarget } from "./redirect.ts";
import { backoffMs } from "./retryAfter.ts";
import { judgeAnswer, mayRepeat } from "./retryPolicy.ts";
import { parseSecureUrl } from "./secureUrl.ts";
import { RequestSignal, sleep } from "./signal.ts";
import { TokenSource, type TokenProvider } from "./token.ts";
import { userAgent } from "./userAgent.ts";

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
  readonly #maxBytes: number;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws HttpError `invalidUrl`, `insecureUrl` */
  constructor(options: HttpClientOptions) {
    const url = parseSecureUrl(options.origin);
    this.origin = url.origin;
    this.#host = url.host;
    this.#options = options;
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#attempts = options.attempts ?? 4;
    this.#maxBytes = options.maxResponseBytes ?? 256 * 2 ** 20;
    this.#limiter = options.limiter ?? new AdaptiveLimiter({ start: 4, max: 16 });
    this.#token = new TokenSource(options.token);
    this.#headers = { "user-agent": userAgent, accept: options.accept ?? "application/json" };
    this.#dispatcher = createDispatcher(url, {
      connections: 64,
      connectTimeoutMs: this.#timeouts.connectMs,
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
    const run: Run = { request, signal: new RequestSignal(request.signal, this.#timeouts.totalMs), attempts: 0 };
    let answer: HttpResponse | undefined;
    let failure: HttpError | undefined;
    try {
      return (answer = await this.#run(run));
    } catch (error) {
      if (error instanceof HttpError) failure = error;
      throw error;
    } finally {
      run.signal.dispose();
      const status = answer?.status ?? failure?.status;
      const requestId = answer?.requestId ?? failure?.requestId;
      this.#options.log?.({
        startedAt: new Date(startedAt).toISOString(),
        method: request.method,
        path: redactPath(request.path),
        ...(status !== undefined && { status }),
        ...(failure !== undefined && { error: failure.code }),
        durationMs: Math.round((performance.now() - started) * 10) / 10,
        attempts: run.attempts,
        ...(requestId !== undefined && { requestId }),
        bytes: answer?.bytes ?? 0,
      });
    }
  }

  /** Closes all connections once requests in flight are done. */
  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #run(run: Run): Promise<HttpResponse> {
    const { request, signal } = run;
    let path = request.path;
    let redirects = 0;
    let refreshed = false;
    for (;;) {
      if (!this.#limiter.tryAcquire()) await this.#waitFor(this.#limiter.acquire(signal.signal), run, path);
      const sentAt = Date.now();
      let authorization: string | undefined;
      let answer: HttpResponse | HttpError;
      try {
        const header = this.#token.header();
        authorization = typeof header === "object" ? await header : header;
        answer = await this.#exchange(run, path, authorization);
      } finally {
        this.#limiter.release();
      }

      if (answer instanceof HttpError) {
        const wait = backoffMs(run.attempts, Math.random());
        if (run.attempts >= this.#attempts || !mayRepeat(answer, isRepeatable(request)) || !signal.hasTimeFor(wait))
          throw answer;
        await this.#waitFor(sleep(wait, signal.signal), run, path);
      } else if (answer.status === 401 && !refreshed && authorization !== undefined) {
        refreshed = true;
        if (!(await this.#token.refresh(authorization))) return answer;
      } else if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
        const target = redirectTarget(answer.header("location"), this.origin + path);
        const follow = isRead(request) && target?.origin === this.origin && !isLoginPage(target);
        if (!follow || ++redirects > maxRedirects) throw redirectError(answer.status, this.#url(path), target, follow);
        path = target.pathname + target.search;
      } else if (answer.status < 429) {
        this.#limiter.succeeded();
        return answer;
      } else {
        const waitMs = this.#judge(answer, run, sentAt, path);
        if (waitMs === undefined) return answer;
        await this.#waitFor(sleep(waitMs, signal.signal), run, path);
      }
    }
  }

  /** How long to wait before another attempt; `undefined` when the answer is the last. @throws HttpError `throttled`, `unknownOutcome` */
  #judge(answer: HttpResponse, run: Run, sentAt: number, path: string): number | undefined {
    const { request, signal, attempts } = run;
    const { status } = answer;
    const throttled = status === 429 || (this.#options.isThrottled?.(status, answer.text) ?? false);
    const verdict = judgeAnswer(
      {
        status,
        retryAfter: answer.header("retry-after"),
        throttled,
        method: request.method,
        repeatable: isRepeatable(request),
        attempt: attempts,
      },
      Date.now(),
      Math.random(),
    );
    if (verdict.kind === "repeat") {
      if (verdict.throttled) this.#limiter.throttled(sentAt, verdict.pauseMs);
      const most = throttled && this.#attempts > 1 ? this.#attempts * 2 : this.#attempts;
      if (attempts < most && signal.hasTimeFor(verdict.waitMs)) return verdict.waitMs;
    }
    if (throttled) throw throttledError(answer, this.#url(path), attempts);
    if (!isRead(request) && (status === 502 || status === 504)) throw gatewayError(answer, this.#url(path));
    return undefined;
  }

  /** One attempt; what goes wrong on the wire is given, not thrown, since it may be worth another. */
  async #exchange(run: Run, path: string, authorization: string | undefined): Promise<HttpResponse | HttpError> {
    const { request, signal } = run;
    const exchange = new Exchange(this.#maxBytes);
    signal.start();
    signal.stops(exchange);
    run.attempts++;
    try {
      this.#dispatcher.dispatch(
        {
          origin: this.origin,
          path,
          method: request.method,
          headers: { ...this.#headers, ...request.headers, ...(authorization !== undefined && { authorization }) },
          body: request.body ?? null,
          headersTimeout: this.#timeouts.headersMs,
          bodyTimeout: this.#timeouts.bodyMs,
        },
        exchange,
      );
      return await exchange.done;
    } catch (error) {
      const url = this.#url(path);
      const { sent, answered } = exchange;
      const write = !isRead(request);
      return (
        signal.failure(url, write && sent) ?? networkError(error, { url, host: this.#host, write, sent, answered })
      );
    } finally {
      signal.stops(undefined);
    }
  }

  /** Waits while nothing is in flight: an abort now leaves no doubt about what was done. */
  async #waitFor(wait: Promise<void>, run: Run, path: string): Promise<void> {
    try {
      await wait;
    } catch (error) {
      throw run.signal.failure(this.#url(path), false) ?? error;
    }
  }

  #url(path: string): string {
    return this.origin + redactPath(path);
  }
}

/** One request with all its attempts. */
interface Run {
  readonly request: HttpRequest;
  readonly signal: RequestSignal;
  attempts: number;
}
