import { GraphFault } from "./fault.ts";

/** Throttling on demand, and the two rates that the documentation names for provisioning. */
export class Throttle {
  readonly #now: () => number;
  readonly #rates: boolean;
  readonly #calls = new Map<string, number[]>();
  #left = 0;
  #retryAfterSeconds: number | undefined;
  #only: RegExp | undefined;

  /** @param rates whether 5 requests per 10 seconds are enforced for logs and provisioning on demand */
  constructor(rates: boolean, now: () => number) {
    this.#rates = rates;
    this.#now = now;
  }

  /** Refuses the next requests: so many, with this Retry-After or, when absent, without one; only those whose path matches. */
  refuse(count: number, retryAfterSeconds?: number, only?: RegExp): void {
    this.#left = count;
    this.#retryAfterSeconds = retryAfterSeconds;
    this.#only = only;
  }

  /** @throws GraphFault 429 */
  check(path: string): void {
    if (this.#left > 0 && (this.#only === undefined || this.#only.test(path))) {
      this.#left -= 1;
      throw this.#refusal(this.#retryAfterSeconds);
    }
    const rated = /\/provisionOnDemand$/i.test(path) ? "onDemand" : /^\/auditLogs\//i.test(path) ? "logs" : undefined;
    if (!this.#rates || rated === undefined) return;
    const now = this.#now();
    const recent = (this.#calls.get(rated) ?? []).filter((at) => at > now - 10_000);
    // Reports are throttled without a Retry-After.
    if (recent.length >= 5) throw this.#refusal(rated === "logs" ? undefined : 10);
    this.#calls.set(rated, [...recent, now]);
  }

  #refusal(retryAfterSeconds: number | undefined): GraphFault {
    const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    return new GraphFault(429, "TooManyRequests", "Too many requests.", headers);
  }
}
