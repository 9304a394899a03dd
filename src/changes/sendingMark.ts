import type { Journal } from "./journal.ts";

/** How many steps are marked at once, and how many are still to go when the next window is marked: time for the disk. */
const window = 384;
const lead = 256;

/**
 * Keeps the journal ahead of the wire: before a step is sent, a durable record says that the steps up to some number may
 * have been sent. The number is moved in windows, and early, so that sending rarely waits for the disk.
 */
export class SendingMark {
  readonly #journal: Journal;
  readonly #push: string;
  readonly #total: number;
  #marked: number;
  #durable: number;
  #moving: Promise<void> | undefined;

  constructor(journal: Journal, push: string, total: number, start: number) {
    this.#journal = journal;
    this.#push = push;
    this.#total = total;
    this.#marked = start;
    this.#durable = start;
  }

  /** Resolves when step number `at` (from 0) may be sent. @throws JournalError when the journal cannot be written */
  async reach(at: number): Promise<void> {
    if (at + lead >= this.#marked && this.#marked < this.#total) this.#moving = this.#move(at);
    if (at >= this.#durable) await this.#moving;
  }

  async #move(at: number): Promise<void> {
    const mark = Math.min(this.#total, at + 1 + window);
    this.#marked = mark;
    this.#journal.append({ kind: "sending", push: this.#push, before: mark });
    const committed = this.#journal.commit().then(() => {
      this.#durable = Math.max(this.#durable, mark);
    });
    // A failure is thrown to whoever has to wait for it.
    committed.catch(() => undefined);
    await committed;
  }
}
