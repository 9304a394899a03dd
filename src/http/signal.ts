import { HttpError } from "./errors.ts";

/** The caller's signal and the request's deadline as one signal. The deadline starts with the first attempt, not while queueing. */
export class RequestSignal {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #totalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #deadline = Number.POSITIVE_INFINITY;
  readonly #onAbort = () => this.#controller.abort(this.#caller?.reason);

  constructor(caller: AbortSignal | undefined, totalMs: number) {
    this.#caller = caller;
    this.#totalMs = totalMs;
    if (caller?.aborted === true) this.#onAbort();
    else caller?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts the deadline; later calls do nothing. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#deadline = performance.now() + this.#totalMs;
    this.#timer = setTimeout(() => this.#controller.abort(), this.#totalMs);
  }

  /** Whether a wait of so many milliseconds ends before the deadline. */
  hasTimeFor(ms: number): boolean {
    return performance.now() + ms < this.#deadline;
  }

  /** What the abort means, or `undefined` when nothing was aborted. `sent`: a write was under way. */
  failure(url: string, sent: boolean): HttpError | undefined {
    if (!this.signal.aborted) return undefined;
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
          {
            fix: "Read the resource before repeating the change.",
            url,
          },
        )
      : new HttpError("timeout", `${url} was not answered within ${seconds} s.`, {
          fix: "Try again later, or ask for less at a time.",
          url,
        });
  }

  /** Lets go of timer and listener. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#onAbort);
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
