import type { Considered, Consideration } from "./consider.ts";
import type { JobState, Link } from "./jobState.ts";
import type { KnownObjects } from "./known.ts";
import type { Skip } from "./plan.ts";

/** A linked object that lost its place: out of scope, or gone from the directory. */
export interface Leaver {
  readonly type: "User" | "Group";
  readonly sourceId: string;
  readonly targetId: string;
  readonly name: string;
  readonly reason: string;
  /** It has left before; it leaves again only where its access was given back in the target. */
  readonly again?: true;
}

/** What is decided for the users, or for the groups, before the target is looked at. */
export interface Decided {
  readonly compare: readonly Considered[];
  readonly leaving: readonly Leaver[];
  readonly skips: readonly Skip[];
  readonly unchanged: number;
}

/** Gathers what is decided for one kind of object. */
export class Decisions implements Decided {
  readonly compare: Considered[] = [];
  readonly leaving: Leaver[] = [];
  readonly skips: Skip[] = [];
  unchanged = 0;
  readonly #type: "User" | "Group";
  readonly #state: JobState;
  readonly #isAsked: (sourceId: string) => boolean;
  /** How many of the directory's objects are linked. */
  #met = 0;

  constructor(type: "User" | "Group", state: JobState, isAsked: (sourceId: string) => boolean) {
    this.#type = type;
    this.#state = state;
    this.#isAsked = isAsked;
  }

  take(sourceId: string, outcome: Consideration, link: Link | undefined): void {
    if (link !== undefined) this.#met += 1;
    if (!this.#isAsked(sourceId)) return;
    switch (outcome.kind) {
      case "compare":
        this.compare.push(outcome.object);
        return;
      case "skip":
        this.skips.push(outcome.skip);
        return;
      case "unchanged":
        this.unchanged += 1;
        return;
      case "leaving":
        this.#leave(sourceId, outcome.targetId, outcome.name, outcome.reason, outcome.again);
    }
  }

  /** Takes someone who is known to be the same as in the last cycle. */
  takeSettled(): void {
    this.#met += 1;
    this.unchanged += 1;
  }

  /** What vanished counts as leaving: a file has no recycle bin that would tell more. */
  takeVanished(known: Pick<KnownObjects, "has">, leftToo: boolean): void {
    const links = this.#state.links(this.#type);
    if (this.#met === links.size) return;
    for (const [sourceId, { targetId, scope }] of links) {
      if ((scope === "out" && !leftToo) || known.has(sourceId) || !this.#isAsked(sourceId)) continue;
      this.#leave(sourceId, targetId, sourceId, "Gone from the directory.", scope === "out" ? true : undefined);
    }
  }

  #leave(sourceId: string, targetId: string, name: string, reason: string, again: true | undefined): void {
    this.leaving.push({ type: this.#type, sourceId, targetId, name, reason, ...(again && { again }) });
  }
}
