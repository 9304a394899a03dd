import type { EditMessage, ToHost } from "../../extension/jobEditor/messages.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";

/** How long an edit may take before the page says that it is not in the document. */
const patienceMs = 2000;

type Gesture =
  { readonly kind: "edit"; readonly edits: readonly EditMessage[] } | { readonly kind: "reset"; readonly table: Kind };

export interface EditQueueOptions {
  readonly post: (message: ToHost) => void;
  /** What to tell of edits that did not reach the document; undefined when all is well. */
  readonly trouble: (message: string | undefined) => void;
}

/**
 * Sends gestures to the document one at a time, each for the version that the one before made, so that fast typing is never
 * taken for a conflict and no edit lands on a text that it was not made for.
 */
export class EditQueue {
  readonly #options: EditQueueOptions;
  readonly #waiting: Gesture[] = [];
  readonly #idle: (() => void)[] = [];
  #version = 0;
  #nextId = 0;
  #inFlight: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EditQueueOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#inFlight === undefined && this.#waiting.length === 0;
  }

  /** The version of the text that the page shows. */
  setVersion(version: number): void {
    if (version > this.#version) this.#version = version;
  }

  /** One gesture: all of it becomes one step of undo. */
  edit(...edits: EditMessage[]): void {
    const last = this.#waiting.at(-1);
    // Only the latest text of a field matters while an earlier one is on its way.
    if (last?.kind === "edit" && samePlace(last.edits, edits)) this.#waiting.pop();
    this.#waiting.push({ kind: "edit", edits });
    this.#next();
  }

  reset(table: Kind): void {
    this.#waiting.push({ kind: "reset", table });
    this.#next();
  }

  /** The answer of the document. */
  answered(id: number, ok: boolean, version: number, reason?: string): void {
    if (id !== this.#inFlight) return;
    clearTimeout(this.#timer);
    this.#inFlight = undefined;
    this.#version = version;
    if (!ok) this.#waiting.length = 0;
    this.#options.trouble(ok ? undefined : (reason ?? "The edit was not made."));
    this.#next();
    if (this.isIdle) for (const done of this.#idle.splice(0)) done();
  }

  /** Calls back when everything that was sent is in the document. */
  whenIdle(done: () => void): void {
    if (this.isIdle) done();
    else this.#idle.push(done);
  }

  #next(): void {
    if (this.#inFlight !== undefined) return;
    const gesture = this.#waiting.shift();
    if (gesture === undefined) return;
    const id = this.#nextId++;
    const version = this.#version;
    this.#inFlight = id;
    this.#timer = setTimeout(() => this.#options.trouble("This edit is not in the document yet."), patienceMs);
    if (gesture.kind === "reset") this.#options.post({ kind: "reset", id, version, table: gesture.table });
    else this.#options.post({ kind: "edit", id, version, edits: [...gesture.edits] });
  }
}

function samePlace(a: readonly EditMessage[], b: readonly EditMessage[]): boolean {
  const [first] = a;
  const [second] = b;
  if (a.length !== 1 || b.length !== 1 || first?.kind !== "set" || second?.kind !== "set") return false;
  return (
    first.path.length === second.path.length && first.path.every((segment, index) => segment === second.path[index])
  );
}
