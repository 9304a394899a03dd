import type { Entry, Level } from "./entry.ts";
import type { Renderer } from "./render.ts";
import type { Store } from "./store.ts";

/** How far a read is behind, in milliseconds: what changed or came since then is not seen. */
export interface Lag {
  readonly changed: number;
  readonly created: number;
}

const upToDate: Lag = { changed: 0, created: 0 };

/**
 * What a request sees while the service catches up with its own writes: a changed resource as it was, a new one not at all.
 * The state before the last change is kept, no more. Filters match on the present state.
 */
export class Visibility {
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #now: () => number;
  #lag = upToDate;

  constructor(store: Store, renderer: Renderer, now: () => number) {
    this.#store = store;
    this.#renderer = renderer;
    this.#now = now;
  }

  /** Begins to keep the past, which costs each write the text of what it changes. */
  keepPast(): void {
    this.#store.onChange = (entry) => {
      // Everyone new enters the system groups; and of changes within one write only the state before the first counts.
      if (entry.system || entry.past?.until === this.#now()) return;
      const texts = new Map<Level, string>();
      for (const level of entry.levels) texts.set(level, this.#renderer.text(entry, level));
      entry.past = { until: this.#now(), texts };
    };
  }

  /** Runs an action, such as answering one request, that sees things with a lag. */
  during<T>(lag: Lag, action: () => T): T {
    this.#lag = lag;
    try {
      return action();
    } finally {
      this.#lag = upToDate;
    }
  }

  /** The resource as it was before its last change, when that is what the request sees. */
  past(entry: Entry, level: Level): string | undefined {
    if (this.#lag.changed === 0 || entry.past === undefined) return undefined;
    return this.#now() - entry.past.until < this.#lag.changed ? entry.past.texts.get(level) : undefined;
  }

  /** Whether the request knows of the entry yet. */
  isVisible(entry: Entry): boolean {
    return this.#lag.created === 0 || this.#now() - entry.created >= this.#lag.created;
  }

  /** Those entries that the request knows of. */
  visible(entries: readonly Entry[]): readonly Entry[] {
    return this.#lag.created === 0 ? entries : entries.filter((entry) => this.isVisible(entry));
  }
}
