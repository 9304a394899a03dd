import type { ScimClient } from "../scim/client.ts";
import type { Considered } from "./consider.ts";
import type { Leaver } from "./decided.ts";
import type { Matched } from "./match.ts";
import type { CycleKind } from "./plan.ts";
import type { PlanOptions } from "./plannedJob.ts";
import { readMembers, readTarget } from "./readTarget.ts";
import type { TargetIndex } from "./targetIndex.ts";

/** Reads into the index what a plan has to know of the target. */
export class TargetReader {
  readonly #client: ScimClient;
  readonly #index: TargetIndex;
  readonly #kind: CycleKind;
  readonly #options: Pick<PlanOptions, "signal" | "onProgress">;

  constructor(
    client: ScimClient,
    index: TargetIndex,
    kind: CycleKind,
    options: Pick<PlanOptions, "signal" | "onProgress">,
  ) {
    this.#client = client;
    this.#index = index;
    this.#kind = kind;
    this.#options = options;
  }

  /** Reads the counterparts of the objects to compare, and of those that leave. */
  read(type: "User" | "Group", objects: readonly Considered[], leaving: readonly Leaver[]): Promise<void> {
    const { onProgress, signal } = this.#options;
    const linked = objects.flatMap(({ link }) => (link === undefined ? [] : [link.targetId]));
    // An initial cycle may have to match anew what is gone, so it needs the values of linked objects as well.
    const unlinked = objects.filter(({ link }) => link === undefined || this.#kind === "initial");
    return readTarget(
      {
        type,
        ids: [...linked, ...leaving.map(({ targetId }) => targetId)],
        values: unlinked.map(({ matching }) => matching),
      },
      {
        client: this.#client,
        index: this.#index,
        signal,
        onProgress: (done, total) => onProgress?.({ step: type === "User" ? "users" : "groups", done, total }),
      },
    );
  }

  /** A group whose members were not in the answer is read whole: a missing list is never taken for an empty one. */
  async withMembers(matched: readonly Matched[], leaving: readonly Leaver[]): Promise<readonly Matched[]> {
    if (this.#client.dialect.page.listHasMembers) return matched;
    const ids = matched.flatMap(({ target }) => (target === undefined ? [] : [target.id]));
    // Whoever joins a group that is to be deleted must be noticed, and an undo needs to know who was in it.
    const left = leaving.map(({ targetId }) => targetId).filter((id) => this.#index.get("Group", id) !== undefined);
    await readMembers([...ids, ...left], { client: this.#client, index: this.#index, signal: this.#options.signal });
    return matched.map((match) =>
      match.target === undefined ? match : { ...match, target: this.#index.get("Group", match.target.id) },
    );
  }
}
