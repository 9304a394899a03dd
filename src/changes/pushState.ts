import type { ResourceType } from "../scim/resource.ts";
import type { Change } from "./change.ts";
import { referenceName, type Resolution } from "./reference.ts";

/** What a resumed push knows of its earlier runs. */
export interface EarlierRun {
  /** Ids that creates got. */
  readonly created: ReadonlyMap<string, string>;
  /** Changes that were pushed or found redundant, by id; the rest is still to do. */
  readonly done: ReadonlySet<string>;
  /** Steps before this number may have been sent. */
  readonly sendingBefore: number;
  readonly omitted: readonly OmittedCreate[];
  /** When the last of them can have been sent, in milliseconds since 1970. */
  readonly lastSentAt: number;
}

/** A create that is left out of a push, by what other changes call it. */
export interface OmittedCreate {
  readonly resourceType: ResourceType;
  readonly name: string;
}

export const firstRun: EarlierRun = {
  created: new Map(),
  done: new Set(),
  sendingBefore: 0,
  omitted: [],
  lastSentAt: 0,
};

/**
 * The ids of objects that the push creates, by what other changes call them. A reference to a create that has not been
 * made (failed, or left out of this push) is `absent`; a name that no change creates is `unknown`.
 */
export class CreatedIds {
  readonly #ids = new Map<string, string | undefined>();

  /** @param omitted creates that are left out of the push, so that nothing can refer to them */
  constructor(changes: readonly Change[], omitted: readonly OmittedCreate[]) {
    for (const { resourceType, name } of omitted) this.#ids.set(key(resourceType, name), undefined);
    for (const change of changes) {
      if (change.action === "create") this.#ids.set(key(change.resourceType, referenceName(change)), undefined);
    }
  }

  put(change: Change, id: string): void {
    this.#ids.set(key(change.resourceType, referenceName(change)), id);
  }

  resolve(types: readonly ResourceType[], name: string): Resolution {
    let known = false;
    for (const type of types) {
      const id = this.#ids.get(key(type, name));
      if (id !== undefined) return { id };
      known ||= this.#ids.has(key(type, name));
    }
    return known ? "absent" : "unknown";
  }
}

function key(type: ResourceType, name: string): string {
  return `${type}\n${name}`;
}
