import { HttpError } from "./errors.ts";

/**
 * The caller's signal and the deadline of one request with all its attempts. The deadline starts with the first attempt,
 * not while queueing. An AbortController is only made where something waits: it would be a good part of the cost of a
 * request that goes straight through.
 */
export class RequestSignal {
  readonly #caller: AbortSignal | undefined;
  readonly #totalMs: number;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #deadline = Number.POSITIVE_INFINITY;
  #aborted = false;
  #stop: ((reason: Error) => void) | undefined;
  readonly #abort = () => {
    this.#aborted = true;
    const reason = new Error("aborted");
    this.#controller?.abort(reason);
    this.#stop?.(reason);
  };

  constructor(caller: AbortSignal | undefined, totalMs: number) {
    this.#caller = caller;
    this.#totalMs = totalMs;
    if (caller === undefined) return;
    if (caller.aborted) this.#aborted = true;
    else caller.addEventListener("abort", this.#abort, { once: true });
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  /** For what waits. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Starts the deadline; later calls do nothing. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#deadline = performance.now() + this.#totalMs;
    this.#timer = setTimeout(this.#abort, this.#totalMs);
  }

  /** What to stop when the signal fires; replaces what was given before. */
  stops(exchange: { abort(reason: Error): void } | undefined): void {
    this.#stop = exchange && ((reason) => exchange.abort(reason));
  }

  /** Whether a wait of so many milliseconds ends before the deadline. */
  hasTimeFor(ms: number): boolean {
    return performance.now() + ms < this.#deadline;
  }

  /** What the abort means, or `undefined` when nothing was aborted. `sent`: a write was under way. */
  failure(url: string, sent: boolean): HttpError | undefined {
    if (!this.#aborted) return undefined;
    if (this.#caller?.aborted === true) {
      return new HttpError("aborted", `The request to ${url} was cancelled.`, {
        fix: sent
          ? "It had been sent, so whether it was applied is unknown: read the resource before repeating it."
          : "",
        url,
        outcomeUnknown: sent,
      });
    }
    const seconds = Math.round(this.#totalMs / 100) / 10;
    return sent
      ? new HttpError(
          "unknownOutcome",
          `${url} did not answer within ${seconds} s; whether the change was applied is unknown.`,
          { fix: "Read the resource before repeating the change.", url },
        )
      : new HttpError("timeout", `${url} was not answered within ${seconds} s.`, {
          fix: "Try again later, or ask for less at a time.",
          url,
        });
  }

  /** Lets go of timer and listener. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#abort);
  }
}

/** Waits; rejects with the signal's reason when it aborts first. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
