import type { Dialect } from "../scim/dialects/dialect.ts";
import type { ResourceType } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";
import type { ChangeContext } from "./build.ts";
import type { Change } from "./change.ts";
import type { ChangeClient } from "./changeClient.ts";
import type { Journal } from "./journal.ts";
import { JournalError } from "./journalError.ts";
import { addedByService, newState, resultOf, type ChangeState } from "./changeState.ts";
import { ProgressMeter } from "./progressMeter.ts";
import { faultOf } from "./pushFault.ts";
import { orderChanges, type Chain, type Step } from "./pushOrder.ts";
import { isDone, type ChangeResult, type Fault, type PushProgress } from "./pushResult.ts";
import { CreatedIds, type EarlierRun } from "./pushState.ts";
import { resolveChange } from "./resolveChange.ts";
import { sendCreate } from "./sendCreate.ts";
import { sendExisting } from "./sendExisting.ts";
import { PushHalt, Sender, stoppedByPerson } from "./sender.ts";
import { SendingMark } from "./sendingMark.ts";
import type { StepOutcome } from "./stepOutcome.ts";

export interface PushRunOptions {
  readonly client: ChangeClient;
  readonly dialect: Dialect;
  /** The schemas of the service; those of the RFCs when absent. */
  readonly schemaOf?: (type: ResourceType) => ResourceSchema;
  /** `false` when the service has no PATCH. */
  readonly patchSupported?: boolean;
  readonly journal?: Journal;
  /** Read each resource before writing it and compare: for changes that were reviewed some time ago. */
  readonly verify?: boolean;
  /** Read each resource after writing it where the dialect says that the answer does not show it; as `verify` by default. */
  readonly readBack?: boolean;
  readonly signal?: AbortSignal;
  /** How long requests in flight may take to end after `signal`, in milliseconds. */
  readonly graceMs?: number;
  /** Most changes at once; the dialect's most by default. */
  readonly concurrency?: number;
  readonly onProgress?: (progress: PushProgress) => void;
  readonly onResult?: (result: ChangeResult) => void;
}

const progressEvery = 100;

/** One run of a push, from its first phase to its last or to where it stops. */
export class PushRun {
  readonly #push: string;
  readonly #options: PushRunOptions;
  readonly #earlier: EarlierRun;
  readonly #states: ReadonlyMap<string, ChangeState>;
  readonly #ids: CreatedIds;
  readonly #phases: readonly (readonly Chain[])[];
  readonly #mark: SendingMark | undefined;
  readonly #meter: ProgressMeter;
  readonly #stop = new AbortController();
  readonly #giveUp = new AbortController();
  readonly #sender: Sender;
  #halt: Fault | undefined;
  #nextStep = 0;
  #reportedAt = 0;

  /**
   * @param changes the changes to send; on resuming, all changes of the push
   */
  constructor(push: string, changes: readonly Change[], earlier: EarlierRun, options: PushRunOptions) {
    this.#push = push;
    this.#options = options;
    this.#earlier = earlier;
    this.#states = new Map(
      changes.map((change) => [change.id, newState(change, change.targetId ?? earlier.created.get(change.id))]),
    );
    this.#ids = new CreatedIds(changes, earlier.omitted);
    for (const change of changes) {
      const id = earlier.created.get(change.id);
      if (change.action === "create" && id !== undefined) this.#ids.put(change, id);
    }
    this.#phases = orderChanges(changes);
    const steps = this.#phases.reduce(
      (sum, chains) => sum + chains.reduce((count, chain) => count + chain.length, 0),
      0,
    );
    this.#mark = options.journal && new SendingMark(options.journal, push, steps, earlier.sendingBefore);
    this.#meter = new ProgressMeter(changes.length, changes.filter(({ id }) => earlier.done.has(id)).length);
    this.#sender = new Sender({
      client: options.client,
      dialect: options.dialect,
      contextOf: (type) => this.#contextOf(type),
      stop: this.#stop.signal,
      giveUp: this.#giveUp.signal,
    });
  }

  /** Sends what is to be sent. @returns one result per change that was not done by an earlier run */
  async run(): Promise<{ readonly results: readonly ChangeResult[]; readonly stopped?: Fault }> {
    const { signal, graceMs = 10_000 } = this.#options;
    let grace: NodeJS.Timeout | undefined;
    const onAbort = () => {
      this.#stopFor(stoppedByPerson);
      grace = setTimeout(() => this.#giveUp.abort(), graceMs);
    };
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      for (const chains of this.#phases) await this.#runPhase(chains);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      clearTimeout(grace);
    }
    const left = [...this.#states.values()].filter(
      ({ change, ended }) => ended === undefined && !this.#earlier.done.has(change.id),
    );
    for (const state of left) this.#end(state, { outcome: "notSent", ...(this.#halt && { error: this.#halt }) });
    this.#options.onProgress?.(this.#meter.read());
    const results = [...this.#states.values()].flatMap((state) => (state.ended ? [resultOf(state, state.ended)] : []));
    return { results, ...(this.#halt && { stopped: this.#halt }) };
  }

  async #runPhase(chains: readonly Chain[]): Promise<void> {
    const starts: number[] = [];
    for (const chain of chains) {
      starts.push(this.#nextStep);
      this.#nextStep += chain.length;
    }
    let next = 0;
    const work = async () => {
      while (next < chains.length && this.#halt === undefined) {
        const at = next++;
        await this.#runChain(chains[at] ?? [], starts[at] ?? 0);
      }
    };
    const workers = Math.min(chains.length, this.#options.concurrency ?? this.#options.dialect.rate.maxConcurrency);
    await Promise.all(Array.from({ length: workers }, work));
  }

  async #runChain(chain: Chain, first: number): Promise<void> {
    for (const [at, step] of chain.entries()) {
      const state = this.#states.get(step.change.id);
      if (state === undefined || state.ended !== undefined || this.#earlier.done.has(step.change.id)) continue;
      if (step.part === "create" && state.targetId !== undefined) continue;
      if (this.#halt !== undefined) return;
      try {
        await this.#mark?.reach(first + at);
        state.startedAt ??= performance.now();
        this.#keep(state, step, await this.#send(state, step, first + at < this.#earlier.sendingBefore));
      } catch (error) {
        if (!(error instanceof JournalError)) throw error;
        this.#stopFor(faultOf(error));
        if (state.tally.requests > 0) state.ended = { outcome: "unknown", error: faultOf(error) };
      }
    }
  }

  #send(state: ChangeState, step: Step, unsure: boolean): Promise<StepOutcome> {
    const { journal, verify = false, readBack = verify } = this.#options;
    const resolved = resolveChange(state.change, step.part, state.targetId, (types, name) =>
      this.#ids.resolve(types, name),
    );
    for (const name of resolved.absent) state.absent.add(name);
    const { change } = resolved;
    const request = change.requests[0];
    if (request === undefined) return Promise.resolve(this.#nothingLeft(state, step));
    const { tally } = state;
    if (step.part === "create") {
      return sendCreate(this.#sender, change, request, {
        tally,
        ...(unsure && { unsureSince: this.#earlier.lastSentAt }),
      });
    }
    return sendExisting(this.#sender, change, {
      verify: verify && step.part === "whole",
      readBack,
      unsure,
      justCreated: step.part === "rest",
      tally,
      keepIntent: async (rebuilt, continues) => {
        if (step.part !== "whole" || !journal) return;
        journal.append({ kind: "intent", push: this.#push, change: rebuilt, ...(continues && { continues }) });
        await journal.commit();
      },
    });
  }

  /** Everything that the step would send refers to objects that could not be created. */
  #nothingLeft(state: ChangeState, step: Step): StepOutcome {
    if (step.part === "rest" && state.targetId !== undefined) return { outcome: "pushed", targetId: state.targetId };
    const names = [...state.absent].join(", ");
    const message = `${state.change.name} refers to what could not be created: ${names}.`;
    return { outcome: "blocked", error: { code: "blocked", message, fix: "Mend the failed create, then push again." } };
  }

  /** Takes note of how a step ended; the change has ended when nothing of it is left. */
  #keep(state: ChangeState, step: Step, outcome: StepOutcome): void {
    if (outcome.halt) this.#stopFor(outcome.halt);
    const { change } = state;
    if (step.part === "create" && outcome.targetId !== undefined && isDone(outcome.outcome)) {
      state.targetId = outcome.targetId;
      this.#ids.put(change, outcome.targetId);
      if (change.requests.length > 1) {
        this.#options.journal?.append({
          kind: "created",
          push: this.#push,
          changeId: change.id,
          targetId: outcome.targetId,
        });
        return;
      }
    }
    this.#end(state, outcome);
  }

  #end(state: ChangeState, outcome: StepOutcome): void {
    state.ended = outcome;
    const result = resultOf(state, outcome);
    if (result.outcome !== "notSent") {
      this.#meter.add(!isDone(result.outcome));
      this.#record(result);
    }
    this.#options.onResult?.(result);
    const now = performance.now();
    if (now - this.#reportedAt >= progressEvery) {
      this.#reportedAt = now;
      this.#options.onProgress?.(this.#meter.read());
    }
  }

  #record(result: ChangeResult): void {
    const { changeId, change, outcome, targetId, stored, differences, error, requests, durationMs } = result;
    const added = stored && addedByService(change, stored);
    try {
      this.#options.journal?.append({
        kind: "result",
        push: this.#push,
        changeId,
        outcome,
        ...(targetId !== undefined && { targetId }),
        ...(differences && stored && { stored }),
        ...(added && { added }),
        ...(error && { error }),
        requests,
        durationMs,
      });
    } catch (failure) {
      // The change has been sent; the push ends here, and resuming finds out again.
      this.#stopFor(faultOf(failure));
    }
  }

  #stopFor(fault: Fault): void {
    this.#halt ??= fault;
    this.#stop.abort(new PushHalt(fault));
  }

  #contextOf(resourceType: ResourceType): ChangeContext {
    const { dialect, schemaOf = builtinSchema, patchSupported } = this.#options;
    return {
      resourceType,
      dialect,
      schema: schemaOf(resourceType),
      ...(patchSupported !== undefined && { patchSupported }),
    };
  }
}
