import type { MovedPart } from "../directory/source.ts";

/** The objects of one kind that a directory holds; those that did not change are read when they are asked for. */
export class HeldObjects<Item extends { readonly id: string }> {
  readonly parts: readonly MovedPart<Item>[];
  readonly count: number;
  /** Every object by its id, or how to read it; made when it is asked for. */
  #byId: Map<string, Item | (() => Item)> | undefined;

  constructor(parts: readonly MovedPart<Item>[]) {
    this.parts = parts;
    this.count = parts.reduce((sum, part) => sum + ("fresh" in part ? part.fresh : part.block.objects).length, 0);
  }

  get(id: string): Item | undefined {
    this.#byId ??= this.#index();
    const found = this.#byId.get(id);
    if (typeof found !== "function") return found;
    const item = found();
    this.#byId.set(id, item);
    return item;
  }

  /** Those that were read already. */
  read(): readonly Item[] {
    return this.parts.flatMap((part) => ("fresh" in part ? part.fresh : []));
  }

  /** Goes through all in their order. @param visit gets the id, the note of an unchanged object, and how to read it */
  each(visit: (id: string, note: string, load: () => Item) => void): void {
    for (const part of this.parts) {
      if ("fresh" in part) for (const item of part.fresh) visit(item.id, "", () => item);
      else
        for (const [at, { id, note }] of part.block.objects.entries())
          visit(id, note, () => this.get(id) ?? part.load(at));
    }
  }

  #index(): Map<string, Item | (() => Item)> {
    const byId = new Map<string, Item | (() => Item)>();
    for (const part of this.parts) {
      if ("fresh" in part) for (const item of part.fresh) byId.set(item.id, item);
      else for (const [at, { id }] of part.block.objects.entries()) byId.set(id, () => part.load(at));
    }
    return byId;
  }
}
