import { Worker } from "node:worker_threads";
import { UserError } from "../platform/errors.ts";
import type { FromHistoryThread, HistoryMethod, HistoryMethods, ToHistoryThread } from "./protocol.ts";

/** After so many milliseconds without a question the thread ends, and what it holds is free again. */
const idleAfter = 60_000;

interface Open {
  readonly settle: (answer: unknown) => void;
  readonly fail: (error: Error) => void;
}

/** Asks the thread that reads journals; it is started by the first question. */
export class HistoryThread {
  readonly #script: string;
  readonly #open = new Map<number, Open>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #next = 1;

  /** @param script the bundled script of the thread */
  constructor(script: string) {
    this.#script = script;
  }

  /** @throws UserError when a journal cannot be read */
  async ask<M extends HistoryMethod>(
    method: M,
    parameters: HistoryMethods[M]["parameters"],
  ): Promise<HistoryMethods[M]["answer"]> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const id = this.#next++;
    const question: ToHistoryThread = { id, method, parameters };
    try {
      return await new Promise<HistoryMethods[M]["answer"]>((settle, fail) => {
        this.#open.set(id, { settle: settle as (answer: unknown) => void, fail });
        worker.postMessage(question);
      });
    } finally {
      this.#open.delete(id);
      if (this.#open.size === 0) this.#idle = setTimeout(() => this.dispose(), idleAfter).unref();
    }
  }

  dispose(): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    worker.on("message", (message: FromHistoryThread) => {
      const open = this.#open.get(message.id);
      if ("error" in message) open?.fail(new UserError(message.error));
      else open?.settle(message.answer);
    });
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const { fail } of this.#open.values()) fail(error);
    });
    return worker;
  }
}
