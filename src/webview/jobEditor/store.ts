import {
  type EditMessage,
  type Kept,
  keptSchema,
  type ToHost,
  type ToWebview,
  toWebviewSchema,
} from "../../extension/jobEditor/messages.ts";
import type { Kind, View } from "../../extension/jobEditor/messages/view.ts";
import { connectHost, type Host } from "../common/host.ts";
import { EditQueue } from "./editQueue.ts";
import { firstState, firstView, reduce, type State, withView } from "./state.ts";

/** The state of the page, and the only way to the extension. */
export class Store {
  readonly #host: Host<ToHost, Kept>;
  readonly #queue: EditQueue;
  readonly #changed: () => void;
  readonly #flushers = new Set<() => void>();
  #state: State;
  #trouble: string | undefined;
  #searches = 0;

  /** @param changed is called after each change of the state. */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#host = connectHost<ToHost, ToWebview, Kept>(toWebviewSchema, keptSchema, (message) => this.#receive(message));
    this.#state = firstState(this.#host.state?.view ?? firstView);
    this.#queue = new EditQueue({
      post: (message) => this.#host.post(message),
      trouble: (message) => {
        this.#trouble = message;
        this.#changed();
      },
    });
  }

  get state(): State {
    return this.#state;
  }

  /** What is to be said of edits that are not in the document. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Whether everything that was typed is in the document. */
  get isSettled(): boolean {
    return this.#queue.isIdle;
  }

  /** Whether the job may be edited now. */
  get isEditable(): boolean {
    const { snapshot } = this.#state;
    return snapshot?.job != null && snapshot.locked === undefined && snapshot.broken === undefined;
  }

  start(): void {
    this.#host.post({ kind: "view", view: this.#state.view });
    this.#host.post({ kind: "ready" });
  }

  post(message: Exclude<ToHost, { kind: "edit" | "reset" | "view" | "ready" | "search" }>): void {
    this.#host.post(message);
  }

  /** One gesture; nothing happens while the job is for viewing only. */
  edit(...edits: EditMessage[]): void {
    if (this.isEditable) this.#queue.edit(...edits);
  }

  reset(table: Kind): void {
    if (this.isEditable) this.#queue.reset(table);
  }

  show(change: Partial<View>): void {
    this.#state = withView(this.#state, change);
    this.#tellView();
    this.#changed();
  }

  search(table: Kind, text: string): void {
    this.#host.post({ kind: "search", seq: ++this.#searches, table, text });
  }

  /** Registers what sends typed text at once, for a save that cannot wait. */
  onFlush(flush: () => void): () => void {
    this.#flushers.add(flush);
    return () => this.#flushers.delete(flush);
  }

  /** Sends typed text at once. */
  flush(): void {
    for (const flush of this.#flushers) flush();
  }

  #receive(message: ToWebview): void {
    if (message.kind === "edited") {
      this.#queue.answered(message.id, message.ok, message.version, message.reason);
      return;
    }
    if (message.kind === "flush") {
      this.flush();
      this.#queue.whenIdle(() => this.#host.post({ kind: "flushed" }));
      return;
    }
    const { view } = this.#state;
    this.#state = reduce(this.#state, message);
    if (message.kind === "snapshot") this.#queue.setVersion(message.version);
    if (this.#state.view !== view) this.#tellView();
    this.#changed();
  }

  #tellView(): void {
    this.#host.keep({ view: this.#state.view });
    this.#host.post({ kind: "view", view: this.#state.view });
  }
}
