import type { Considered } from "./consider.ts";
import type { Link } from "./jobState.ts";

/** Which directory object is linked to which object of the target. */
export class Owners {
  readonly #links: ReadonlyMap<string, Link>;
  #byTarget: Map<string, string> | undefined;

  constructor(links: ReadonlyMap<string, Link>) {
    this.#links = links;
  }

  /** The source id that is linked to an object of the target. Where all are linked already, nobody asks. */
  of(targetId: string): string | undefined {
    this.#byTarget ??= new Map([...this.#links].map(([sourceId, link]) => [link.targetId, sourceId]));
    return this.#byTarget.get(targetId);
  }

  /** Who was linked to the object of the target that was matched with a directory object. */
  before(object: Pick<Considered, "sourceId" | "link">, targetId: string): string | undefined {
    return object.link?.targetId === targetId ? object.sourceId : this.of(targetId);
  }
}
