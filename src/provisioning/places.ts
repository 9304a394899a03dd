import type { DirectoryPass } from "./directoryPass.ts";
import type { JobState } from "./jobState.ts";
import type { Known, Place } from "./known.ts";
import type { Matched } from "./match.ts";

/** Where the counterparts of directory users are, and whom the users of the target belong to. */
export class Places {
  readonly #state: JobState;
  readonly #known: DirectoryPass["known"];
  readonly #found: Matched[] = [];
  #sources: Map<string, string> | undefined;

  constructor(state: JobState, pass: Pick<DirectoryPass, "known">) {
    this.#state = state;
    this.#known = pass.known;
  }

  /** Takes note of the users that were found. */
  found(matched: readonly Matched[]): void {
    for (const match of matched) {
      if (match.target === undefined) continue;
      this.#put(match.object.sourceId, match.target);
      this.#found.push(match);
    }
    this.#sources = undefined;
  }

  put(sourceId: string, place: "created" | "absent"): void {
    this.#put(sourceId, place);
  }

  #put(sourceId: string, place: Place): void {
    const user = this.#known.get(sourceId);
    if (user !== undefined) user.place = place;
  }

  /** Whoever is out of scope has no place: nobody new is made to refer to them. */
  placeOf(user: Known): Place {
    return (user.place ??= this.#linked(user));
  }

  #linked({ id, provisioned }: Known): Place {
    const link = provisioned ? this.#state.users.get(id) : undefined;
    return link === undefined ? "absent" : { id: link.targetId };
  }

  /** The directory user that a user of the target belongs, or belonged, to. */
  sourceOf(targetId: string): string | undefined {
    this.#sources ??= this.#findSources();
    return this.#sources.get(targetId);
  }

  /** Made only when it is asked for: where nothing is to be removed, nobody asks. */
  #findSources(): Map<string, string> {
    const sources = new Map<string, string>();
    for (const [sourceId, { targetId }] of this.#state.users) sources.set(targetId, sourceId);
    for (const { object, target } of this.#found) if (target) sources.set(target.id, object.sourceId);
    return sources;
  }
}
