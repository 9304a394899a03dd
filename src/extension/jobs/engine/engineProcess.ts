import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import * as l10n from "@vscode/l10n";
import type { ObservedProfile } from "../../../scim/observed.ts";
import { CancelledError } from "../../platform/errors.ts";
import { AnswerInParts } from "./answerParts.ts";
import { EngineError, received } from "./engineError.ts";
import type { FromEngine, Method, Methods, Parameters, ToEngine } from "./protocol.ts";
import { fromEngineSchema } from "./protocol.ts";

export interface EngineOptions {
  /** The bundled script of the engine's process. */
  readonly script: string;
  /** Gives the secret of a base URL. It is sent as a message, never as an argument, a variable or a file. */
  readonly token: (baseUrl: string, refused: string | undefined) => Promise<string | undefined>;
  /** The token for Microsoft Graph of who is signed in to a tenant. */
  readonly graphToken: (graphUrl: string, tenantId: string) => Promise<string>;
  /** What the service of a base URL was seen to do. */
  readonly observed: (baseUrl: string) => ObservedProfile | undefined;
  /** Hears of every request, redacted. */
  readonly onRequest: (baseUrl: string, record: unknown) => void;
  /** Ends the process after so many milliseconds without a call. */
  readonly idleMs?: number;
}

export interface CallOptions<M extends Method> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Methods[M]["progress"]) => void) | undefined;
}

interface Open {
  readonly parts: AnswerInParts;
  readonly settle: (answer: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly progress: (progress: unknown) => void;
}

/**
 * One process that plans, pushes and explains a job, so that nothing the engine does is felt in the window. It starts with the
 * first call and ends when it is idle. When the window goes, the process stops after the requests in flight.
 */
export class EngineProcess {
  readonly #options: EngineOptions;
  readonly #open = new Map<number, Open>();
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #next = 1;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** @throws CancelledError, HttpError, EngineError */
  async call<M extends Method>(
    method: M,
    parameters: Parameters<M>,
    options: CallOptions<M> = {},
  ): Promise<Methods[M]["answer"]> {
    const { signal, onProgress } = options;
    if (signal?.aborted === true) throw new CancelledError();
    const child = this.#start();
    const id = this.#next++;
    const cancel = () => send(child, { kind: "cancel", id });
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await new Promise<Methods[M]["answer"]>((resolve, reject) => {
        this.#open.set(id, {
          parts: new AnswerInParts(),
          settle: resolve as (answer: unknown) => void,
          fail: reject,
          progress: (told) => onProgress?.(told as Methods[M]["progress"]),
        });
        send(child, { kind: "call", id, method, parameters });
      });
    } finally {
      this.#open.delete(id);
      signal?.removeEventListener("abort", cancel);
      this.#rest();
    }
  }

  /** Lets the process finish the requests in flight and end by itself. */
  dispose(): void {
    clearTimeout(this.#idle);
    const child = this.#child;
    this.#child = undefined;
    if (child?.connected === true) child.disconnect();
    for (const { fail } of this.#open.values()) fail(new CancelledError());
    this.#open.clear();
  }

  #start(): ChildProcess {
    clearTimeout(this.#idle);
    if (this.#child !== undefined) return this.#child;
    const child = fork(this.#options.script, [], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
    child.on("message", (message) => this.#received(child, message));
    child.on("error", (error) => this.#ended(child, error.message));
    child.on("exit", (code, signal) => this.#ended(child, said.trim() || String(signal ?? code ?? "")));
    this.#child = child;
    return child;
  }

  #received(child: ChildProcess, value: unknown): void {
    const message: FromEngine = fromEngineSchema.parse(value);
    switch (message.kind) {
      case "part":
        this.#open.get(message.id)?.parts.add(message);
        // Behind whatever else waits in the window.
        setImmediate(() => send(child, { kind: "more", id: message.id }));
        return;
      case "answer": {
        const open = this.#open.get(message.id);
        open?.settle(open.parts.whole(message.answer));
        return;
      }
      case "error":
        return this.#open.get(message.id)?.fail(received(message.error));
      case "progress":
        return this.#open.get(message.id)?.progress(message.progress);
      case "requests": {
        for (const { baseUrl, record } of message.requests) this.#options.onRequest(baseUrl, record);
        return;
      }
      case "needProfile":
        send(child, { kind: "profile", id: message.id, profile: this.#options.observed(message.baseUrl) });
        return;
      case "needToken":
        void this.#answerToken(child, message);
    }
  }

  async #answerToken(
    child: ChildProcess,
    { id, baseUrl, refused, tenantId }: Extract<FromEngine, { kind: "needToken" }>,
  ): Promise<void> {
    const { token: tokenOf, graphToken } = this.#options;
    try {
      const token = await (tenantId === undefined ? tokenOf(baseUrl, refused) : graphToken(baseUrl, tenantId));
      send(child, { kind: "token", id, token });
    } catch (error) {
      send(child, { kind: "token", id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  #ended(child: ChildProcess, why: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    const message = l10n.t(
      "The provisioning process ended unexpectedly: {0} What was sent is in the journal; run it again to go on.",
      why,
    );
    for (const { fail } of this.#open.values()) fail(new EngineError(message, "engineEnded"));
    this.#open.clear();
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#open.size > 0 || this.#child === undefined) return;
    this.#idle = setTimeout(() => this.dispose(), this.#options.idleMs ?? 60_000);
    this.#idle.unref();
  }
}

function send(child: ChildProcess, message: ToEngine): void {
  if (child.connected) child.send(message);
}
