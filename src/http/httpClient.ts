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
    const run: Run = {
      request,
      signal: new RequestSignal(request.signal, this.#timeouts.totalMs),
      path: request.path,
      attempts: 0,
      redirects: 0,
      refreshed: false,
    };
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
    for (;;) {
      const { signal } = run;
      if (signal.aborted || !this.#limiter.tryAcquire()) await this.#waitFor(this.#limiter.acquire(signal.signal), run);
      let next: HttpResponse | number;
      try {
        next = await this.#attempt(run);
      } finally {
        this.#limiter.release();
      }
      if (typeof next !== "number") return next;
      if (next > 0) await this.#waitFor(sleep(next, signal.signal), run);
    }
  }

  /** One attempt: the final answer, or how many milliseconds to wait before the next. */
  async #attempt(run: Run): Promise<HttpResponse | number> {
    const { request, signal } = run;
    const sentAt = Date.now();
    const header = this.#token.header();
    const authorization = typeof header === "object" ? await header : header;
    const answer = await this.#exchange(run, authorization);
    if (answer instanceof HttpError) {
      const waitMs = backoffMs(run.attempts, Math.random());
      const again =
        run.attempts < this.#attempts && mayRepeat(answer, isRepeatable(request)) && signal.hasTimeFor(waitMs);
      if (!again) throw answer;
      return waitMs;
    }
    const { status } = answer;
    if (status === 401 && !run.refreshed && authorization !== undefined) {
      run.refreshed = true;
      return (await this.#token.refresh(authorization)) ? 0 : answer;
    }
    if (status >= 300 && status < 400 && status !== 304) {
      const target = redirectTarget(answer.header("location"), this.origin + run.path);
      const follow = isRead(request) && target?.origin === this.origin && !isLoginPage(target);
      if (!follow || ++run.redirects > maxRedirects) throw redirectError(status, this.#url(run), target, follow);
      run.path = target.pathname + target.search;
      return 0;
    }
    if (status < 429) {
      this.#limiter.succeeded();
      return answer;
    }
    return this.#judge(answer, run, sentAt);
  }

  /** How long to wait before another attempt, or the answer when it is the last. @throws HttpError `throttled`, `unknownOutcome` */
  #judge(answer: HttpResponse, run: Run, sentAt: number): HttpResponse | number {
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
    if (throttled) throw throttledError(answer, this.#url(run), attempts);
    if (!isRead(request) && (status === 502 || status === 504)) throw gatewayError(answer, this.#url(run));
    return answer;
  }

  /** One request over the wire; what goes wrong on the wire is given, not thrown, since it may be worth another. */
  async #exchange(run: Run, authorization: string | undefined): Promise<HttpResponse | HttpError> {
    const { request, signal } = run;
    const exchange = new Exchange(this.#maxBytes);
    signal.start();
    signal.stops(exchange);
    run.attempts++;
    try {
      this.#dispatcher.dispatch(
        {
          origin: this.origin,
          path: run.path,
          method: request.method,
          headers: { ...this.#headers, ...request.headers, ...(authorization !== undefined && { authorization }) },
          body: request.body ?? null,
          headersTimeout: this.#timeouts.headersMs,
          bodyTimeout: this.#timeouts.bodyMs,
        },
        exchange,
      );
      const answer = await exchange.done;
      return authorization === undefined ? answer : answer.without(authorization.slice("Bearer ".length));
    } catch (error) {
      const url = this.#url(run);
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
  async #waitFor(wait: Promise<void>, run: Run): Promise<void> {
    try {
      await wait;
    } catch (error) {
      throw run.signal.failure(this.#url(run), false) ?? error;
    }
  }

  #url(run: Run): string {
    return this.origin + redactPath(run.path);
  }
}

/** One request with all its attempts. */
interface Run {
  readonly request: HttpRequest;
  readonly signal: RequestSignal;
  /** Where it goes now; a redirect changes it. */
  path: string;
  attempts: number;
  redirects: number;
  refreshed: boolean;
}
