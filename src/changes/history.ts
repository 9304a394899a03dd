import type { ScimDocument } from "../scim/resource.ts";
import type { Change } from "./change.ts";
import { readJournal } from "./journalRead.ts";
import type { JournalRecord } from "./journalRecord.ts";
import type { Outcome } from "./pushResult.ts";
import { CreatedIds, type OmittedCreate } from "./pushState.ts";
import { resolveDocument } from "./reference.ts";

/** One change of a push as the journal has it. */
export interface PushedChange {
  /** As it was sent last, with the ids that creates of the push got in the place of placeholders. */
  readonly change: Change;
  /** Earlier forms of it that may have been done in part before it was rebuilt on a fresher document; oldest first. */
  readonly earlier: readonly Change[];
  /** `notRecorded`: the push ended before the outcome was written; it may have been sent. */
  readonly outcome: Outcome | "notRecorded";
  readonly targetId?: string;
  /** The resource as the service had stored it, where that differs from what was sent. */
  readonly stored?: ScimDocument;
  /** Of a create: the attributes that the service added by itself. */
  readonly added?: ScimDocument;
  /** Why it was not done, as a person reads it. */
  readonly error?: string;
  /** When it ended, or was planned, ISO 8601, UTC. */
  readonly at: string;
}

/** One push as the journal has it. */
export interface PushRecord {
  readonly push: string;
  readonly job?: string;
  readonly who?: string;
  readonly note?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Absent when the push was killed. */
  readonly endedAt?: string;
  /** `open`: stopped or killed before everything was sent. */
  readonly state: "finished" | "open";
  readonly changes: readonly PushedChange[];
}

/**
 * The pushes of a journal, oldest first, as a stream: memory holds one push at a time.
 *
 * @param folder the state folder
 * @throws JournalError `damaged`
 */
export async function* readPushes(folder: string): AsyncGenerator<PushRecord> {
  let reading: PushReading | undefined;
  for await (const record of readJournal(folder)) {
    if (record.kind === "pushStart") {
      if (reading) yield reading.finish();
      reading = new PushReading(record);
    } else if (record.kind !== "repair" && record.push === reading?.push) reading.add(record);
  }
  if (reading) yield reading.finish();
}

/**
 * One push of a journal; the last one in which anything was sent when no id is given.
 *
 * @param id the id of a push, or its first characters
 */
export async function findPush(folder: string, id?: string): Promise<PushRecord | undefined> {
  let found: PushRecord | undefined;
  for await (const push of readPushes(folder)) {
    if (id === undefined ? push.changes.some(wasSent) : push.push.startsWith(id)) found = push;
  }
  return found;
}

/** Whether the change, or a part of it, may stand in the service. */
export function wasSent({ change, outcome, targetId }: PushedChange): boolean {
  switch (outcome) {
    case "pushed":
    case "unknown":
    case "notRecorded":
      return true;
    case "failed":
      // Of several requests the first may have gone through.
      return change.action === "create" ? targetId !== undefined : change.requests.length > 1;
    case "redundant":
    case "conflict":
    case "blocked":
    case "notSent":
      return false;
  }
}

/** One change of one object, with the push that it was part of. */
export interface TimelineEntry extends PushedChange {
  readonly push: Omit<PushRecord, "changes">;
}

/**
 * Everything that the pushes of a journal did to one user or group, oldest first, whatever it was called at the time.
 *
 * @param who name, source id or target id, in any letter case
 */
export async function objectTimeline(folder: string, who: string): Promise<readonly TimelineEntry[]> {
  const wanted = who.trim().toLowerCase();
  const keys = new Set<string>();
  for await (const { changes } of readPushes(folder)) {
    for (const pushed of changes) {
      const { name } = pushed.change;
      const ids = idsOf(pushed);
      if ([name, ...ids.map(({ id }) => id)].some((text) => text.toLowerCase() === wanted)) {
        for (const { key } of ids) keys.add(key);
      }
    }
  }
  const entries: TimelineEntry[] = [];
  for await (const { changes, ...push } of readPushes(folder)) {
    for (const pushed of changes) {
      if (idsOf(pushed).some(({ key }) => keys.has(key))) entries.push({ ...pushed, push });
    }
  }
  return entries;
}

function idsOf({ change, targetId }: PushedChange): readonly { readonly id: string; readonly key: string }[] {
  const { sourceId, resourceType } = change;
  return [
    ...(sourceId === undefined ? [] : [{ id: sourceId, key: `source\n${resourceType}\n${sourceId}` }]),
    ...(targetId === undefined ? [] : [{ id: targetId, key: `target\n${resourceType}\n${targetId}` }]),
    { id: change.name, key: `change\n${change.id}` },
  ];
}

type Start = Extract<JournalRecord, { kind: "pushStart" }>;
type Result = Extract<JournalRecord, { kind: "result" }>;

interface Gathered {
  readonly intents: Change[];
  readonly at: string;
  created?: string;
  result?: Result;
}

/** Gathers the records of one push. */
class PushReading {
  readonly #start: Start;
  readonly #changes = new Map<string, Gathered>();
  #end: { readonly at: string; readonly outcome: "finished" | "stopped" } | undefined;
  #sending = false;

  constructor(start: Start) {
    this.#start = start;
  }

  get push(): string {
    return this.#start.push;
  }

  add(record: JournalRecord): void {
    switch (record.kind) {
      case "intent": {
        const known = this.#changes.get(record.change.id);
        if (known === undefined) this.#changes.set(record.change.id, { intents: [record.change], at: record.at });
        else if (record.continues) known.intents.push(record.change);
        else known.intents.splice(0, Infinity, record.change);
        break;
      }
      case "sending":
        this.#sending = true;
        break;
      case "created": {
        const known = this.#changes.get(record.changeId);
        if (known) known.created = record.targetId;
        break;
      }
      case "result": {
        const known = this.#changes.get(record.changeId);
        if (known) known.result = record;
        break;
      }
      case "resume":
        this.#end = undefined;
        break;
      case "pushEnd":
        this.#end = record;
        break;
      case "pushStart":
      case "repair":
        break;
    }
  }

  finish(): PushRecord {
    const { push, job, who, note, at, omitted = [] } = this.#start;
    return {
      push,
      ...(job !== undefined && { job }),
      ...(who !== undefined && { who }),
      ...(note !== undefined && { note }),
      startedAt: at,
      ...(this.#end && { endedAt: this.#end.at }),
      state: this.#end?.outcome === "finished" ? "finished" : "open",
      changes: this.#pushed(omitted),
    };
  }

  #pushed(omitted: readonly OmittedCreate[]): readonly PushedChange[] {
    const gathered = [...this.#changes.values()];
    const all = gathered.flatMap(({ intents }) => intents.slice(-1));
    const ids = new CreatedIds(all, omitted);
    for (const [at, change] of all.entries()) {
      const id = idOf(gathered[at]);
      if (change.action === "create" && id !== undefined) ids.put(change, id);
    }
    const resolved = (change: Change): Change => {
      const after = change.after && resolveDocument(change.after, (types, name) => ids.resolve(types, name), []);
      return after === change.after ? change : { ...change, ...(after && { after }) };
    };
    return gathered.map((each) => {
      const intents = each.intents.map(resolved);
      const change = intents.at(-1) as Change;
      const { result } = each;
      const id = idOf(each) ?? change.targetId;
      return {
        change,
        earlier: intents.slice(0, -1),
        outcome: result?.outcome ?? (this.#sending ? "notRecorded" : "notSent"),
        ...(id !== undefined && { targetId: id }),
        ...(result?.stored && { stored: result.stored }),
        ...(result?.added && { added: result.added }),
        ...(result?.error && { error: result.error.message }),
        at: result?.at ?? each.at,
      };
    });
  }
}

function idOf(gathered: Gathered | undefined): string | undefined {
  return gathered?.result?.targetId ?? gathered?.created;
}
