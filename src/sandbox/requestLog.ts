/** One request that a sandbox answered. */
export interface LoggedRequest {
  readonly method: string;
  /** The path relative to the SCIM base URL where it lies under it, else whole; without the query. */
  readonly path: string;
  readonly query: string;
  /** 0 when the connection was broken. */
  readonly status: number;
  /** The fault that struck it. */
  readonly fault?: string;
}

/** The requests of a sandbox, for tests of what a client sends; the newest 100,000 are kept. */
export class RequestLog {
  readonly #kept: LoggedRequest[] = [];
  #count = 0;

  static readonly #most = 100_000;

  /** How many requests there were, kept or not. */
  get count(): number {
    return this.#count;
  }

  get all(): readonly LoggedRequest[] {
    return this.#kept;
  }

  add(request: LoggedRequest): void {
    this.#count += 1;
    if (this.#kept.push(request) >= 2 * RequestLog.#most) this.#kept.splice(0, RequestLog.#most);
  }

  clear(): void {
    this.#kept.length = 0;
    this.#count = 0;
  }
}
