export interface LimiterOptions {
  readonly start: number;
  readonly max: number;
  /** The clock, in milliseconds; for tests. */
  readonly now?: () => number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
}

/**
 * How many requests one host gets at once: additive increase, multiplicative decrease. It starts politely, grows by about
 * one per round of answers, halves when the host throttles, and pauses everyone when the host names a time.
 */
export class AdaptiveLimiter {
  readonly #max: number;
  readonly #now: () => number;
  #limit: number;
  #active = 0;
  #pausedUntil = 0;
  #lastDecrease = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiters = new Set<Waiter>();

  constructor(options: LimiterOptions) {
    this.#max = Math.max(1, options.max);
    this.#limit = Math.min(Math.max(1, options.start), this.#max);
    this.#now = options.now ?? Date.now;
  }

  /** How many requests may be in flight now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  get active(): number {
    return this.#active;
  }

  /** Takes a place at once if one is free; saves the hot path a promise. */
  tryAcquire(): boolean {
    if (this.#waiters.size > 0 || !this.#free()) return false;
    this.#active++;
    return true;
  }

  /** Waits for a place, first come first served. @throws the signal's reason when it aborts first. */
  acquire(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (this.tryAcquire()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiters.delete(waiter);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = { resolve, reject, signal, onAbort };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(waiter);
      this.#pump();
    });
  }

  /** Gives the place back. */
  release(): void {
    this.#active--;
    if (this.#waiters.size > 0) this.#pump();
  }

  /** An answer that was not throttled: room for a little more. */
  succeeded(): void {
    if (this.#limit < this.#max) this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit);
  }

  /**
   * The host throttled a request that was sent at `sentAt`. Halves once per wave: answers to requests sent before the last
   * decrease tell nothing new.
   *
   * @param pauseMs the wait that the host asked for; nobody is let through before
   */
  throttled(sentAt: number, pauseMs: number | undefined): void {
    const now = this.#now();
    if (sentAt >= this.#lastDecrease) {
      this.#limit = Math.max(1, this.#limit / 2);
      this.#lastDecrease = now;
    }
    if (pauseMs !== undefined) this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
  }

  #free(): boolean {
    return this.#active < this.limit && (this.#pausedUntil === 0 || this.#now() >= this.#pausedUntil);
  }

  #pump(): void {
    for (const waiter of this.#waiters) {
      if (!this.#free()) break;
      this.#waiters.delete(waiter);
      waiter.signal?.removeEventListener("abort", waiter.onAbort);
      this.#active++;
      waiter.resolve();
    }
    const pause = this.#pausedUntil - this.#now();
    if (this.#waiters.size > 0 && pause > 0 && this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#pump();
      }, pause);
    }
  }
}
