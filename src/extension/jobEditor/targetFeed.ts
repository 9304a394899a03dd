import type { Job } from "../../job/job.ts";
import type { TargetState } from "./messages/previews.ts";
import type { Kind } from "./messages/view.ts";
import type { PreviewClient } from "./preview/previewClient.ts";
import type { ServiceAccess } from "./serviceAccess.ts";

export interface TargetFeedOptions {
  readonly preview: PreviewClient;
  readonly access: ServiceAccess;
  /** The job file. */
  readonly file: string;
  /** Hears what is known of the target, each time it changes. */
  readonly tell: (state: TargetState) => void;
  /** Hears that results are to be computed again. */
  readonly changed: () => void;
}

/**
 * What stands at the target of a job, read in the preview thread so that results can be compared with it: once when a page
 * needs it, again after a cycle, and whenever a person asks.
 */
export class TargetFeed {
  readonly #options: TargetFeedOptions;
  readonly #states = new Map<Kind, TargetState>();
  /** Kinds that nothing could be asked of, so that it is tried again with each change. */
  readonly #unasked = new Set<Kind>();
  #connection = "";

  constructor(options: TargetFeedOptions) {
    this.#options = options;
  }

  states(): readonly TargetState[] {
    return [...this.#states.values()];
  }

  /** Makes sure that the target of a job is read, or that it is known why it is not. */
  async want(kind: Kind, { connection }: Job): Promise<void> {
    const key = JSON.stringify([connection.baseUrl, connection.dialect]);
    if (this.#connection !== key) {
      this.#connection = key;
      this.forget();
    }
    if (!this.#states.has(kind) || this.#unasked.has(kind)) await this.#read(kind, connection, false);
  }

  /** Reads the target anew, because a person asks for it. */
  async readAgain(kind: Kind, { connection }: Job): Promise<void> {
    await this.#read(kind, connection, true);
  }

  /** The target is no longer what was read: it is read anew when it is next needed. */
  forget(): void {
    this.#states.clear();
    this.#unasked.clear();
  }

  /** Objects read so far. */
  progress(table: Kind, done: number, total: number | undefined): void {
    const known = this.#states.get(table);
    if (known?.state === "reading") this.#tell({ ...known, done, total: total ?? null });
  }

  async #read(table: Kind, connection: Job["connection"], asked: boolean): Promise<void> {
    const { access, preview, file, changed } = this.#options;
    const state = { kind: "target", table, done: 0, total: null, readAt: "", why: "" } as const;
    // Stands before anything is waited for, so that a second page does not read beside it.
    this.#states.set(table, { ...state, state: "reading" });
    const why = await access.unreadable(connection.baseUrl);
    if (why !== undefined) {
      this.#unasked.add(table);
      await preview.ask("target", table, null);
      this.#tell({ ...state, state: "notRead", why });
      return;
    }
    this.#unasked.delete(table);
    this.#tell({ ...state, state: "reading" });
    const answer = await preview.ask("target", table, { connection, file, asked });
    // Overtaken by a later reading.
    if (answer === null) return;
    this.#tell({
      ...state,
      ...("why" in answer ? { state: "notRead", why: answer.why } : { state: "read", ...answer }),
    });
    changed();
  }

  #tell(state: TargetState): void {
    const known = this.#states.get(state.table);
    this.#states.set(state.table, state);
    if (known?.state !== state.state || known.done !== state.done || known.why !== state.why) this.#options.tell(state);
  }
}
