import type { Change } from "./change.ts";
import type { Journal } from "./journal.ts";
import { readLastPush } from "./journalRead.ts";
import type { JournalRecord } from "./journalRecord.ts";
import { finishPush } from "./push.ts";
import type { PushReport } from "./pushResult.ts";
import { PushRun, type PushRunOptions } from "./pushRun.ts";
import type { EarlierRun } from "./pushState.ts";

/** A push that was killed or stopped before everything was sent. */
export interface UnfinishedPush {
  readonly push: string;
  readonly job?: string;
  readonly who?: string;
  readonly note?: string;
  /** When it was begun, ISO 8601, UTC. */
  readonly startedAt: string;
  /** Every change of the push. */
  readonly changes: readonly Change[];
  /** Ids of the changes that are left, in the order of the push. */
  readonly left: readonly string[];
  readonly earlier: EarlierRun;
}

/**
 * Finds the last push of a journal, if something of it is left to send. A push that was followed by another one is not
 * found: the later one was made from what the service had then.
 *
 * @param folder the state folder of the job
 */
export async function unfinishedPush(folder: string): Promise<UnfinishedPush | undefined> {
  let found: Reading | undefined;
  for await (const record of readLastPush(folder)) {
    if (record.kind === "pushStart") found = new Reading(record);
    else if (record.kind !== "repair" && record.push === found?.start.push) found.add(record);
  }
  return found?.unfinished();
}

export interface ResumeOptions extends PushRunOptions {
  readonly journal: Journal;
  readonly who?: string;
}

/**
 * Goes on with a push. What certainly was not sent is sent; for the few changes that may have been, the resource is read
 * or looked up first, so that nothing is done twice.
 *
 * @throws JournalError when the journal cannot be written; nothing was sent then
 */
export async function resumePush(unfinished: UnfinishedPush, options: ResumeOptions): Promise<PushReport> {
  const { journal, who } = options;
  const { push, changes, earlier } = unfinished;
  const started = performance.now();
  journal.append({ kind: "resume", push, ...(who !== undefined && { who }) });
  await journal.commit();
  const run = new PushRun(push, changes, earlier, options);
  const { results, stopped } = await run.run();
  return finishPush(journal, push, results, stopped, started);
}

type Start = Extract<JournalRecord, { kind: "pushStart" }>;

/** What the records of one push say. */
class Reading {
  readonly start: Start;
  readonly #changes = new Map<string, Change>();
  readonly #created = new Map<string, string>();
  readonly #done = new Set<string>();
  #sendingBefore = 0;
  #lastSentAt: number;
  #ended = false;

  constructor(start: Start) {
    this.start = start;
    this.#lastSentAt = Date.parse(start.at);
  }

  add(record: JournalRecord): void {
    this.#lastSentAt = Date.parse(record.at);
    switch (record.kind) {
      case "intent":
        this.#changes.set(record.change.id, record.change);
        break;
      case "sending":
        this.#sendingBefore = Math.max(this.#sendingBefore, record.before);
        break;
      case "created":
        this.#created.set(record.changeId, record.targetId);
        break;
      case "result": {
        if (record.targetId !== undefined && this.#changes.get(record.changeId)?.action === "create") {
          this.#created.set(record.changeId, record.targetId);
        }
        if (record.outcome !== "unknown" && record.outcome !== "notSent") this.#done.add(record.changeId);
        break;
      }
      case "pushEnd":
        this.#ended = record.outcome === "finished";
        break;
      case "pushStart":
      case "resume":
      case "repair":
        break;
    }
  }

  unfinished(): UnfinishedPush | undefined {
    const changes = [...this.#changes.values()];
    const left = changes.filter(({ id }) => !this.#done.has(id)).map(({ id }) => id);
    const { counts } = this.start;
    const planned = Object.values(counts).reduce((sum, count) => sum + count, 0);
    // Killed before all intents were written: nothing was sent, so there is nothing to go on with.
    if (this.#ended || left.length === 0 || changes.length < planned) return undefined;
    const { push, job, who, note, at } = this.start;
    const earlier = {
      created: this.#created,
      done: this.#done,
      sendingBefore: this.#sendingBefore,
      omitted: this.start.omitted ?? [],
      lastSentAt: this.#lastSentAt,
    };
    return {
      push,
      ...(job !== undefined && { job }),
      ...(who !== undefined && { who }),
      ...(note !== undefined && { note }),
      startedAt: at,
      changes,
      left,
      earlier,
    };
  }
}
