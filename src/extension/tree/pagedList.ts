/** A page of anything. */
export interface ListPage<T> {
  readonly total?: number;
  readonly items: readonly T[];
}

/** Loads a list page by page, keeps what it has while it loads, and drops answers to questions that were asked before. */
export class PagedList<T> {
  readonly #load: (offset: number) => Promise<ListPage<T>>;
  readonly #keyOf: (item: T) => string;
  #items: T[] = [];
  #seen = new Set<string>();
  #received = 0;
  #total: number | undefined;
  #ended = false;
  #generation = 0;
  #loading: Promise<void> | undefined;
  #failure: unknown;

  /** `load` gives the page after `offset` received items. */
  constructor(load: (offset: number) => Promise<ListPage<T>>, keyOf: (item: T) => string) {
    this.#load = load;
    this.#keyOf = keyOf;
  }

  get items(): readonly T[] {
    return this.#items;
  }
  get total(): number | undefined {
    return this.#total;
  }
  get loading(): boolean {
    return this.#loading !== undefined;
  }
  /** What the last page failed with; `undefined` when it came. */
  get failure(): unknown {
    return this.#failure;
  }
  /** Whether the service has more rows, and how many when it says. */
  get left(): number | undefined {
    return this.#total === undefined ? undefined : Math.max(0, this.#total - this.#received);
  }
  get hasMore(): boolean {
    return !this.#ended;
  }
  get started(): boolean {
    return this.#received > 0 || this.#ended || this.#failure !== undefined;
  }

  /** Loads the next page. Calls while a page is on its way wait for that one. */
  more(): Promise<void> {
    this.#loading ??= this.#next().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Reads again from the start; the old rows stay until the new ones are there. */
  async reload(): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = undefined;
    try {
      const page = await this.#load(0);
      if (generation !== this.#generation) return;
      this.#items = [];
      this.#seen = new Set();
      this.#received = 0;
      this.#ended = false;
      this.#take(page);
    } catch (error) {
      if (generation === this.#generation) this.#failure = error;
    }
  }

  /** Shows an item as it is now, where it stands; a new one comes first. */
  put(item: T): void {
    const key = this.#keyOf(item);
    const at = this.#items.findIndex((other) => this.#keyOf(other) === key);
    if (at !== -1) {
      this.#items[at] = item;
      return;
    }
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#items.unshift(item);
    this.#received++;
    if (this.#total !== undefined) this.#total++;
  }

  /** Takes out an item that is gone. */
  remove(key: string): void {
    const at = this.#items.findIndex((other) => this.#keyOf(other) === key);
    if (at === -1) return;
    this.#items.splice(at, 1);
    this.#seen.delete(key);
    this.#received--;
    if (this.#total !== undefined) this.#total--;
  }

  async #next(): Promise<void> {
    const generation = this.#generation;
    try {
      const page = await this.#load(this.#received);
      if (generation === this.#generation) this.#take(page);
    } catch (error) {
      if (generation === this.#generation) this.#failure = error;
    }
  }

  /** Paging by index runs over a live set: the same item may come twice, and the total may move. */
  #take(page: ListPage<T>): void {
    this.#failure = undefined;
    this.#received += page.items.length;
    this.#total = page.total;
    for (const item of page.items) {
      const key = this.#keyOf(item);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#items.push(item);
    }
    this.#ended = page.items.length === 0 || (page.total !== undefined && this.#received >= page.total);
  }
}
