import { Worker } from "node:worker_threads";
import type { RequestRecord } from "../../../http/record.ts";
import type { Releasable } from "../../platform/disposable.ts";
import type { Population } from "../messages/previews.ts";
import type { Kind } from "../messages/view.ts";
import type { FromWorker, PreviewMethod, PreviewRequests } from "./protocol.ts";

export interface PreviewClientOptions {
  /** The built worker script. */
  readonly script: string;
  /** Gives the token of an address. */
  readonly token: TokenOf;
  /** Told of counts that are not finished yet. */
  readonly onPartial: (partial: Omit<Population, "kind">) => void;
  /** Told how many objects of the target are read. */
  readonly onTarget: (kind: Kind, done: number, total: number | undefined) => void;
  /** Hears of every request to the target, redacted. */
  readonly onRequest: (baseUrl: string, record: RequestRecord) => void;
}

/**
 * @param refused the token that the service has refused
 * @param tenantId of an address of Microsoft Graph
 */
export type TokenOf = (
  baseUrl: string,
  refused: string | undefined,
  tenantId: string | undefined,
) => Promise<string | undefined>;

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** Asks the preview thread, which is started with the first question and again after a crash. */
export class PreviewClient implements Releasable {
  readonly #options: PreviewClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #requests = 0;

  constructor(options: PreviewClientOptions) {
    this.#options = options;
  }

  /** @throws Error when the thread ends before it has answered. */
  ask<M extends PreviewMethod>(method: M, ...args: PreviewRequests[M]["args"]): Promise<PreviewRequests[M]["answer"]> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, method, args });
    });
  }

  dispose(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    this.#failAll(new Error("The editor was closed."));
  }

  #start(): Worker {
    const worker = new Worker(this.#options.script);
    worker.on("message", (message: FromWorker) => this.#receive(worker, message));
    worker.on("error", (error) => this.#ended(worker, error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.#ended(worker, new Error("The preview thread ended.")));
    return worker;
  }

  #ended(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failAll(error);
  }

  #failAll(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  #receive(worker: Worker, message: FromWorker): void {
    if ("partial" in message) this.#options.onPartial(message.partial);
    else if ("targetOf" in message) this.#options.onTarget(message.targetOf, message.done, message.total);
    else if ("request" in message) this.#options.onRequest(message.baseUrl, message.request);
    else if ("needToken" in message) {
      const token = message.needToken;
      this.#options.token(message.baseUrl, message.refused, message.tenantId).then(
        (value) => worker.postMessage({ token, value }),
        (error: unknown) =>
          worker.postMessage({ token, error: error instanceof Error ? error.message : String(error) }),
      );
    } else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if ("error" in message) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.answer as never);
    }
  }
}
