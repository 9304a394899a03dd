import type { Releasable } from "./disposable.ts";

/** Tells something happened. Structurally a `vscode.Event`, so that logic without VS Code can offer events. */
export type Listen<T> = (listener: (event: T) => unknown) => Releasable;

/** An event source without VS Code; one listener's failure does not keep the others from hearing. */
export class Emitter<T> implements Releasable {
  readonly #listeners = new Set<(event: T) => unknown>();

  readonly event: Listen<T> = (listener) => {
    const own = (event: T): unknown => listener(event);
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  };

  fire(event: T): void {
    const failures: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
