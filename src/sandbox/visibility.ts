import type { Entry, Level } from "./entry.ts";
import type { Random } from "./random.ts";
import type { Renderer } from "./render.ts";
import type { Store } from "./store.ts";

/** How a read may be behind: chances are shares from 0 to 1, ages are milliseconds. */
export interface Staleness {
  /** How long a change may stay unseen. */
  readonly milliseconds: number;
  /** How likely one read is behind. */
  readonly chance: number;
}

/**
 * What reads see while the service catches up with its own writes: a changed resource as it was, a new one not at all. Each
 * read is on its own, so a later one may show an older state. Filters match on the present state.
 */
export class Visibility {
  readonly #staleness: Staleness | undefined;
  readonly #random: Random;
  readonly #now: () => number;

  /** @param staleness Absent when every read is up to date. */
  constructor(store: Store, renderer: Renderer, staleness: Staleness | undefined, random: Random, now: () => number) {
    this.#staleness = staleness;
    this.#random = random;
    this.#now = now;
    if (staleness === undefined) return;
    store.onChange = (entry) => {
      // Everyone new enters the system groups; and of changes within one write only the state before the first counts.
      if (entry.system || entry.past?.until === now()) return;
      const texts = new Map<Level, string>();
      for (const level of entry.levels) texts.set(level, renderer.text(entry, level));
      entry.past = { until: now(), texts };
    };
  }

  /** The resource as it was before its last change, when this read is behind. */
  past(entry: Entry, level: Level): string | undefined {
    if (this.#staleness === undefined || entry.past === undefined) return undefined;
    const behind = this.#now() - entry.past.until < this.#staleness.milliseconds && this.#isBehind();
    return behind ? entry.past.texts.get(level) : undefined;
  }

  /** Whether this read knows of the entry yet. */
  isVisible(entry: Entry): boolean {
    if (this.#staleness === undefined) return true;
    return this.#now() - entry.created >= this.#staleness.milliseconds || !this.#isBehind();
  }

  /** Those entries that this read knows of. */
  visible(entries: readonly Entry[]): readonly Entry[] {
    return this.#staleness === undefined ? entries : entries.filter((entry) => this.isVisible(entry));
  }

  #isBehind(): boolean {
    return this.#random.next() < (this.#staleness?.chance ?? 0);
  }
}
