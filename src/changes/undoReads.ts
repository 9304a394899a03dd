import { ScimError } from "../scim/errors.ts";
import type { ScimClient } from "../scim/client.ts";
import type { ResourceType, ScimResource } from "../scim/resource.ts";

/** What an undo reads of the service. */
export type UndoClient = Pick<ScimClient, "get" | "findByAttribute" | "dialect">;

/** What a resource is in the service now, each read once. */
export class UndoReads {
  readonly #client: UndoClient;
  readonly #signal: AbortSignal | undefined;
  readonly #known = new Map<string, Promise<ScimResource | undefined>>();

  constructor(client: UndoClient, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#signal = signal;
  }

  /** The resource, or `undefined` when the service has none of that id. */
  current(type: ResourceType, id: string): Promise<ScimResource | undefined> {
    const key = `${type}\n${id}`;
    let read = this.#known.get(key);
    if (read === undefined) {
      read = this.#read(type, id);
      this.#known.set(key, read);
    }
    return read;
  }

  /** Reads many resources side by side, as many at once as the dialect allows. */
  async prefetch(wanted: readonly { readonly type: ResourceType; readonly id: string }[]): Promise<void> {
    let next = 0;
    const work = async () => {
      for (let each = wanted[next++]; each !== undefined; each = wanted[next++]) await this.current(each.type, each.id);
    };
    const workers = Math.min(wanted.length, this.#client.dialect.rate.maxConcurrency);
    await Promise.all(Array.from({ length: workers }, work));
  }

  /** Resources of that name now. */
  named(type: ResourceType, attribute: string, name: string): Promise<readonly ScimResource[]> {
    return this.#client.findByAttribute(type, attribute, name, { signal: this.#signal });
  }

  async #read(type: ResourceType, id: string): Promise<ScimResource | undefined> {
    try {
      return await this.#client.get(type, id, { signal: this.#signal });
    } catch (error) {
      if (error instanceof ScimError && error.status === 404) return undefined;
      throw error;
    }
  }
}
