import type { Entry } from "./entry.ts";

/** Entries in the order of their creation; the place of one is found by bisection. */
export class OrderedEntries {
  readonly #entries: Entry[] = [];

  get all(): readonly Entry[] {
    return this.#entries;
  }

  add(entry: Entry): void {
    const place = this.#place(entry.sequence);
    if (this.#entries[place] === entry) return;
    if (place === this.#entries.length) this.#entries.push(entry);
    else this.#entries.splice(place, 0, entry);
  }

  delete(entry: Entry): void {
    const place = this.#place(entry.sequence);
    if (this.#entries[place] === entry) this.#entries.splice(place, 1);
  }

  #place(sequence: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.sequence ?? Infinity) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
