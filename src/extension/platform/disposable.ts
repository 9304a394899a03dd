/** What holds something that must be let go. Compatible with `vscode.Disposable`. */
export interface Releasable {
  dispose(): unknown;
}

/** Collects disposables and releases them in reverse order; what comes late is released at once. */
export class DisposableStore implements Releasable {
  readonly #items: Releasable[] = [];
  #disposed = false;

  add<T extends Releasable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}

/** A class whose parts are released with it. */
export class Disposable implements Releasable {
  readonly #store = new DisposableStore();

  protected register<T extends Releasable>(item: T): T {
    return this.#store.add(item);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
