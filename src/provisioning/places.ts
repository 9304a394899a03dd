import type { DirectoryPass } from "./directoryPass.ts";
import type { JobState } from "./jobState.ts";
import type { Matched } from "./match.ts";
import type { Place } from "./references.ts";

/** Where the counterparts of directory users are, and whom the users of the target belong to. */
export class Places {
  readonly #state: JobState;
  readonly #pass: Pick<DirectoryPass, "provisioned">;
  readonly #places = new Map<string, Place>();
  readonly #sources = new Map<string, string>();

  constructor(state: JobState, pass: Pick<DirectoryPass, "provisioned">) {
    this.#state = state;
    this.#pass = pass;
    for (const [sourceId, { targetId }] of state.users) this.#sources.set(targetId, sourceId);
  }

  /** Takes note of the users that were found. */
  found(matched: readonly Matched[]): void {
    for (const { object, target } of matched) {
      if (target === undefined) continue;
      this.#places.set(object.sourceId, { id: target.id });
      this.#sources.set(target.id, object.sourceId);
    }
  }

  put(sourceId: string, place: "created" | "absent"): void {
    this.#places.set(sourceId, place);
  }

  /** Whoever is out of scope has no place: nobody new is made to refer to them. */
  placeOf(sourceId: string): Place {
    const place = this.#places.get(sourceId);
    if (place !== undefined) return place;
    const link = this.#state.users.get(sourceId);
    return link === undefined || !this.#pass.provisioned.has(sourceId) ? "absent" : { id: link.targetId };
  }

  /** The directory user that a user of the target belongs, or belonged, to. */
  sourceOf(targetId: string): string | undefined {
    return this.#sources.get(targetId);
  }
}
