import type { CycleOutcome } from "../../provisioning/cycle.ts";
import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";
import { isCancellation } from "../platform/errors.ts";
import type { CallOptions, EngineOptions } from "./engine/engineProcess.ts";
import { EngineProcess } from "./engine/engineProcess.ts";
import type { CycleProgress, Method, Methods, Parameters, WatchEvent } from "./engine/protocol.ts";

/** What a job does now. */
export interface RunState {
  /** `elsewhere`: another window or machine runs its cycles; this one takes over when that ends. */
  readonly on: "off" | "here" | "elsewhere";
  /** A plan, a cycle or a push that runs in this window. */
  readonly activity?: CycleProgress | { readonly kind: "starting" };
  /** When the next cycle begins; absent while it is off or runs. */
  readonly nextAt?: string;
  /** Why the last cycle did not come to an end. */
  readonly trouble?: string;
}

/** A cycle has ended. */
export interface CycleEnd {
  readonly file: string;
  /** Whether a person ran it, who is told what it came to by the command itself. */
  readonly byHand?: true;
  /** Absent when the cycle failed as a whole. */
  readonly outcome?: CycleOutcome;
  readonly message?: string;
}

/** Where it is kept which jobs are turned on, over a reload. */
export interface TurnedOn {
  read(): readonly string[];
  write(files: readonly string[]): PromiseLike<void>;
}

export interface JobRunsOptions extends EngineOptions {
  readonly turnedOn: TurnedOn;
  /** How long until it is tried again to take a job over, or after its process failed, in milliseconds. */
  readonly retryMs?: number;
}

const off: RunState = { on: "off" };

/** Runs jobs: one process for each, cycles on the interval for those that are turned on. */
export class JobRuns {
  readonly #options: JobRunsOptions;
  readonly #engines = new Map<string, EngineProcess>();
  readonly #states = new Map<string, RunState>();
  readonly #watching = new Map<string, AbortController>();
  /** What ends the wait of a job that is turned on, so that it waits anew for the time that its state gives now. */
  readonly #waits = new Map<string, AbortController>();
  readonly #changed = new Emitter<string>();
  readonly #ended = new Emitter<CycleEnd>();
  readonly onDidChange: Listen<string> = this.#changed.event;
  readonly onDidEndCycle: Listen<CycleEnd> = this.#ended.event;

  constructor(options: JobRunsOptions) {
    this.#options = options;
  }

  state(file: string): RunState {
    return this.#states.get(file) ?? off;
  }

  /** Asks the engine about a job; while it plans or pushes, the job shows so. @throws CancelledError, HttpError, EngineError */
  async call<M extends Exclude<Method, "watch">>(
    method: M,
    parameters: Parameters<M>,
    options: CallOptions<M> = {},
  ): Promise<Methods[M]["answer"]> {
    const { file } = parameters;
    const shows = method === "plan" || method === "cycle" || method === "undo";
    if (!shows) return await this.#engine(file).call(method, parameters, options);
    this.#set(file, { activity: { kind: "starting" } });
    try {
      const answer = await this.#engine(file).call(method, parameters, {
        ...options,
        onProgress: (progress) => {
          this.#set(file, { activity: progress });
          options.onProgress?.(progress);
        },
      });
      if (method === "cycle") {
        const { outcome } = answer as Methods["cycle"]["answer"];
        this.#ended.fire({ file, byHand: true, outcome });
      }
      return answer;
    } finally {
      this.#set(file, { activity: undefined });
      // Its next cycle may be due at another time now: sooner after a quarantine that has ended, later after a cycle.
      if (method === "cycle" && this.state(file).nextAt !== undefined) this.#waits.get(file)?.abort();
    }
  }

  /** Turns on the jobs that were on when the window was closed. */
  resume(files: readonly string[]): void {
    const kept = new Set(this.#options.turnedOn.read());
    for (const file of files) if (kept.has(file)) this.#begin(file);
  }

  /** Runs a cycle on the interval from now on; one that is due begins at once. */
  async turnOn(file: string): Promise<void> {
    this.#begin(file);
    await this.#keep();
  }

  /** No further cycle; one that runs stops after the requests in flight. */
  async turnOff(file: string): Promise<void> {
    this.#watching.get(file)?.abort();
    this.#watching.delete(file);
    this.#set(file, { on: "off", nextAt: undefined, activity: undefined, trouble: undefined });
    await this.#keep();
  }

  /** Lets every process finish its requests in flight and end. */
  dispose(): void {
    for (const controller of this.#watching.values()) controller.abort();
    for (const engine of this.#engines.values()) engine.dispose();
    this.#engines.clear();
  }

  #begin(file: string): void {
    if (this.#watching.has(file)) return;
    const controller = new AbortController();
    this.#watching.set(file, controller);
    this.#set(file, { on: "here", trouble: undefined });
    void this.#watch(file, controller.signal);
  }

  async #watch(file: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = new AbortController();
      this.#waits.set(file, wait);
      try {
        await this.#engine(file).call(
          "watch",
          { file },
          {
            signal: AbortSignal.any([signal, wait.signal]),
            onProgress: (event) => this.#heard(file, signal, event),
          },
        );
        if (!wait.signal.aborted) return;
      } catch (error) {
        if (isStopped(signal)) return;
        if (wait.signal.aborted) continue;
        if (isCancellation(error)) return;
        const message = error instanceof Error ? error.message : String(error);
        const code = error instanceof Error && "code" in error ? error.code : undefined;
        if (code === "locked") this.#set(file, { on: "elsewhere", nextAt: undefined, activity: undefined });
        else {
          this.#set(file, { trouble: message, nextAt: undefined, activity: undefined });
          this.#ended.fire({ file, message });
        }
        // Without a code it is the engine's word that the job is turned off for good.
        if (code === undefined) return void this.turnOff(file).then(() => this.#set(file, { trouble: message }));
        await pause(this.#options.retryMs ?? 60_000, signal);
      }
    }
  }

  #heard(file: string, signal: AbortSignal, event: WatchEvent): void {
    if (signal.aborted) return;
    switch (event.kind) {
      case "waiting": {
        this.#set(file, { on: "here", nextAt: event.until, activity: undefined });
        return;
      }
      case "started": {
        this.#set(file, { on: "here", nextAt: undefined, activity: { kind: "starting" }, trouble: undefined });
        return;
      }
      case "plan":
      case "push": {
        this.#set(file, { activity: event });
        return;
      }
      case "finished": {
        this.#set(file, { activity: undefined, trouble: undefined });
        const { outcome, message } = event;
        this.#ended.fire({ file, outcome, ...(message !== undefined && { message }) });
        return;
      }
      case "failed":
        this.#set(file, { activity: undefined, trouble: event.message });
        this.#ended.fire({ file, message: event.message });
        return;
    }
  }

  #set(file: string, change: { readonly [Key in keyof RunState]?: RunState[Key] | undefined }): void {
    const merged = Object.entries({ ...this.state(file), ...change }).filter(([, value]) => value !== undefined);
    this.#states.set(file, Object.fromEntries(merged) as unknown as RunState);
    this.#changed.fire(file);
  }

  #engine(file: string): EngineProcess {
    const known = this.#engines.get(file);
    if (known !== undefined) return known;
    const engine = new EngineProcess(this.#options);
    this.#engines.set(file, engine);
    return engine;
  }

  async #keep(): Promise<void> {
    await this.#options.turnedOn.write([...this.#watching.keys()]);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** A function, so that the compiler does not take an earlier answer for the present one. */
function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
