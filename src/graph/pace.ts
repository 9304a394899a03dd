import type { Clock } from "./clock.ts";

/** Keeps calls to so many in a stretch of time; whoever comes too early waits, in the order of coming. */
export class Pace {
  readonly #calls: number;
  readonly #windowMs: number;
  readonly #clock: Clock;
  readonly #starts: number[] = [];
  #queue: Promise<void> = Promise.resolve();

  /**
   * @param calls most calls within the window
   * @param windowMs length of the window in milliseconds
   */
  constructor(calls: number, windowMs: number, clock: Clock) {
    this.#calls = calls;
    this.#windowMs = windowMs;
    this.#clock = clock;
  }

  /** Resolves when the next call may start. */
  next(signal?: AbortSignal): Promise<void> {
    const turn = this.#queue.then(() => this.#wait(signal));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = this.#clock.now();
      while (this.#starts[0] !== undefined && this.#starts[0] <= now - this.#windowMs) this.#starts.shift();
      const [oldest] = this.#starts;
      if (oldest === undefined || this.#starts.length < this.#calls) break;
      await this.#clock.sleep(oldest + this.#windowMs - now, signal);
    }
    this.#starts.push(this.#clock.now());
  }
}
