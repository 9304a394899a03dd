import type { Entry } from "./entry.ts";

/** Entries by the value of one attribute, letter case aside. Most values have one entry, so that one stands without a list. */
export class AttributeIndex {
  readonly #byValue = new Map<string, Entry | readonly Entry[]>();

  /** Every entry with this value in any letter case. */
  find(value: string): readonly Entry[] {
    const found = this.#byValue.get(fold(value));
    if (found === undefined) return [];
    return isList(found) ? found : [found];
  }

  add(value: string, entry: Entry): void {
    const others = this.find(value);
    this.#byValue.set(fold(value), others.length === 0 ? entry : [...others, entry]);
  }

  delete(value: string, entry: Entry): void {
    const [first, ...rest] = this.find(value).filter((other) => other !== entry);
    if (first === undefined) this.#byValue.delete(fold(value));
    else this.#byValue.set(fold(value), rest.length === 0 ? first : [first, ...rest]);
  }
}

function fold(value: string): string {
  return value.toLowerCase();
}

function isList(found: Entry | readonly Entry[]): found is readonly Entry[] {
  return Array.isArray(found);
}
