import type { ImprintObject, ObjectKind } from "./imprint.ts";
import type { IdBook } from "./jsonObjects.ts";
import type { ProblemList } from "./problemList.ts";
import type { Mention } from "./references.ts";

/**
 * The ids of a read that knows an earlier one. What stayed the same keeps its ids, and what it mentions is still there as long as
 * nobody is gone; so only new and changed objects are looked at.
 */
export class MovedIds implements IdBook {
  readonly #before: ReadonlyMap<string, ObjectKind>;
  /** Objects of the earlier read that were not found as they were: each must turn up once. */
  readonly #missing: Set<string>;
  readonly #added = new Map<string, ObjectKind>();
  readonly #mentions: Mention[] = [];
  readonly #problems: ProblemList;

  constructor(
    before: ReadonlyMap<string, ObjectKind>,
    released: ReadonlyMap<string, ImprintObject>,
    problems: ProblemList,
  ) {
    this.#before = before;
    this.#missing = new Set(released.keys());
    this.#problems = problems;
  }

  define(kind: ObjectKind, id: string): boolean {
    const before = this.#before.get(id);
    const fits = before === undefined ? id !== "" && !this.#added.has(id) : before === kind && this.#missing.delete(id);
    if (!fits) this.#problems.error(`The id "${id}" is taken, or names something else than before.`);
    else if (before === undefined) this.#added.set(id, kind);
    return fits;
  }

  shared(id: string): string | undefined {
    return this.kindOf(id) === undefined ? undefined : id;
  }

  expect(mention: Mention): void {
    this.#mentions.push(mention);
  }

  expectKind(mention: Mention): string {
    this.#mentions.push(mention);
    return mention.id;
  }

  /** Everything is read: tells a problem when somebody is gone, or a mention names nobody. */
  finish(): void {
    if (this.#missing.size > 0) this.#problems.error(`${this.#missing.size} objects are gone.`);
    for (const { id, kind, place } of this.#mentions) {
      const found = this.kindOf(id);
      if (found === undefined || (kind !== undefined && kind !== found))
        this.#problems.error(`"${id}" names nobody.`, place);
    }
  }

  kindOf(id: string): ObjectKind | undefined {
    return this.#before.get(id) ?? this.#added.get(id);
  }

  /** Whether there is nobody new. */
  get areAsBefore(): boolean {
    return this.#added.size === 0;
  }
}

/** For objects that were checked in an earlier read. */
export const trustedIds: IdBook = {
  define: () => true,
  shared: (id) => id,
  expect: () => undefined,
  expectKind: ({ id }) => id,
};
