import { open, stat } from "node:fs/promises";
import { parseLine } from "../../provisioning/logFile.ts";
import type { LogRecord } from "../../provisioning/logRecord.ts";
import type { LogLine } from "../../provisioning/logTail.ts";
import { bytesAt, readLinesBackwards } from "../../provisioning/logTail.ts";
import { isMissing } from "../../provisioning/stateFiles.ts";
import { NumberColumn, TextTable } from "./columns.ts";
import type { LogCycle, LogFilter } from "./messages.ts";
import { actions, statuses } from "./messages.ts";

/** What the index takes of a line; the rest is read again when it is shown. */
interface Indexed {
  readonly activityDateTime?: unknown;
  readonly cycleId?: unknown;
  readonly provisioningAction?: unknown;
  readonly sourceIdentity?: { readonly id?: unknown; readonly displayName?: unknown };
  readonly targetIdentity?: { readonly id?: unknown };
  readonly provisioningStatusInfo?: {
    readonly status?: unknown;
    readonly skipReason?: unknown;
    readonly errorInformation?: { readonly errorCode?: unknown };
  };
}

const spanMs = {
  any: Infinity,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
} as const;

/** A part of the log that was read at once, newest record first. */
class Segment {
  readonly offset = new NumberColumn((length) => new Float64Array(length));
  readonly length = new NumberColumn((length) => new Uint32Array(length));
  readonly time = new NumberColumn((length) => new Float64Array(length));
  readonly action = new NumberColumn((length) => new Uint8Array(length));
  readonly status = new NumberColumn((length) => new Uint8Array(length));
  readonly reason = new NumberColumn((length) => new Uint32Array(length));
  readonly who = new NumberColumn((length) => new Uint32Array(length));
  readonly cycle = new NumberColumn((length) => new Uint32Array(length));
  count = 0;
}

/** The records that match a filter, by where they stand in the file. */
export interface LogView {
  /** Segment and row of each match, newest first. */
  readonly matches: readonly (readonly [segment: number, rows: Uint32Array])[];
  readonly matched: number;
  readonly cycles: readonly LogCycle[];
}

/**
 * An index over a provisioning log that is too long to be held: what is filtered by stands in columns, and records are read
 * from the file when they are shown. It is made from the end of the file, so that the newest records are there at once.
 */
export class LogIndex {
  readonly #file: string;
  readonly #segments: Segment[] = [];
  readonly #reasons = new TextTable();
  readonly #people = new TextTable();
  readonly #cycles = new TextTable();
  readonly #reasonCounts = new Map<number, number>();
  /** Up to which byte of the file it is indexed or being indexed. */
  #size = 0;
  damaged = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get total(): number {
    return this.#segments.reduce((sum, { count }) => sum + count, 0);
  }

  /** The reasons that occur, most frequent first. */
  get reasons(): readonly { readonly name: string; readonly records: number }[] {
    return [...this.#reasonCounts]
      .map(([number, records]) => ({ name: this.#reasons.texts[number] ?? "", records }))
      .filter(({ name }) => name !== "")
      .sort((a, b) => b.records - a.records);
  }

  /**
   * Takes in what was written since the last call. Yields after each part, newest part first.
   *
   * A file that became shorter was begun anew, and is indexed from scratch.
   */
  async *update(): AsyncGenerator<void> {
    const size = await sizeOf(this.#file);
    if (size < this.#size) {
      this.#segments.length = 0;
      this.#reasonCounts.clear();
      this.#size = 0;
      this.damaged = 0;
    }
    if (size === this.#size) return;
    const from = this.#size;
    const segment = new Segment();
    this.#segments.unshift(segment);
    for await (const lines of readLinesBackwards(this.#file, { from, to: size })) {
      // The end of the last whole line: one that is still being written is taken in later.
      for (const { offset, length } of lines.slice(0, 1)) this.#size = Math.max(this.#size, offset + length + 1);
      for (const line of lines) this.#add(segment, line);
      yield;
    }
  }

  /** @param now the end of the time span */
  view(filter: LogFilter, now: Date): LogView {
    const accepts = this.#accepts(filter, now);
    const matches: (readonly [number, Uint32Array])[] = [];
    const cycles: CycleCount[] = [];
    let matched = 0;
    let last = -1;
    for (const [at, segment] of this.#segments.entries()) {
      const rows = new Uint32Array(segment.count);
      let found = 0;
      for (let row = 0; row < segment.count; row += 1) {
        if (!accepts(segment, row)) continue;
        rows[found++] = row;
        const cycle = segment.cycle.at(row);
        if (cycle !== last) {
          last = cycle;
          cycles.push(beginCount(cycle, matched + found - 1, segment.time.at(row)));
        }
        count(cycles.at(-1), segment, row);
      }
      matches.push([at, rows.slice(0, found)]);
      matched += found;
    }
    return { matches, matched, cycles: cycles.map((each) => this.#cycle(each)) };
  }

  /** Reads records of a view: those at `from` up to but without `to`. */
  async records(view: LogView, from: number, to: number): Promise<readonly (LogRecord | undefined)[]> {
    const places = placesOf(view, from, to);
    if (places.length === 0) return [];
    const handle = await open(this.#file, "r");
    try {
      const records: (LogRecord | undefined)[] = [];
      for (const [at, row] of places) {
        const segment = this.#segments[at];
        const bytes = segment && (await bytesAt(handle, segment.offset.at(row), segment.length.at(row)));
        records.push(bytes && parseLine(bytes.toString("utf8")));
      }
      return records;
    } finally {
      await handle.close();
    }
  }

  #cycle({ number, from, records, failures, held, newest, oldest }: CycleCount): LogCycle {
    const id = this.#cycles.texts[number] ?? "";
    return { id, from, records, failures, held, at: new Date(newest).toISOString(), spanMs: newest - oldest };
  }

  #accepts({ text, status, action, reason, span }: LogFilter, now: Date): (segment: Segment, row: number) => boolean {
    const wanted = text.trim().toLowerCase();
    const contains = (table: TextTable) =>
      Uint8Array.from(table.texts, (each) => (each.toLowerCase().includes(wanted) ? 1 : 0));
    const people = wanted === "" ? undefined : contains(this.#people);
    const reasons = wanted === "" ? undefined : contains(this.#reasons);
    const statusNumber = status === null ? undefined : statuses.indexOf(status);
    const actionNumber = action === null ? undefined : actions.indexOf(action);
    const reasonNumber = reason === null ? undefined : this.#reasons.number(reason);
    const since = now.getTime() - spanMs[span];
    return (segment, row) =>
      (statusNumber === undefined || segment.status.at(row) === statusNumber) &&
      (actionNumber === undefined || segment.action.at(row) === actionNumber) &&
      (reasonNumber === undefined || segment.reason.at(row) === reasonNumber) &&
      segment.time.at(row) >= since &&
      (people === undefined || people[segment.who.at(row)] === 1 || reasons?.[segment.reason.at(row)] === 1);
  }

  #add(segment: Segment, { text, offset, length }: LogLine): void {
    const record = parse(text);
    const {
      activityDateTime,
      cycleId,
      provisioningAction,
      sourceIdentity,
      targetIdentity,
      provisioningStatusInfo: info,
    } = record ?? {};
    const time = Date.parse(String(activityDateTime));
    const action = actions.indexOf(provisioningAction as (typeof actions)[number]);
    const status = statuses.indexOf(info?.status as (typeof statuses)[number]);
    if (Number.isNaN(time) || action === -1 || status === -1) {
      this.damaged += 1;
      return;
    }
    const reason = this.#reasons.number(textOf(info?.errorInformation?.errorCode ?? info?.skipReason));
    this.#reasonCounts.set(reason, (this.#reasonCounts.get(reason) ?? 0) + 1);
    segment.offset.push(offset);
    segment.length.push(length);
    segment.time.push(time);
    segment.action.push(action);
    segment.status.push(status);
    segment.reason.push(reason);
    segment.who.push(
      this.#people.number(
        `${textOf(sourceIdentity?.displayName)}\n${textOf(sourceIdentity?.id)}\n${textOf(targetIdentity?.id)}`,
      ),
    );
    segment.cycle.push(this.#cycles.number(textOf(cycleId)));
    segment.count += 1;
  }
}

/** A cycle while its records are counted, newest first. */
interface CycleCount {
  readonly number: number;
  readonly from: number;
  readonly newest: number;
  oldest: number;
  records: number;
  failures: number;
  held: number;
}

const failure = statuses.indexOf("failure");
const stagedDelete = actions.indexOf("stagedDelete");

function beginCount(number: number, from: number, newest: number): CycleCount {
  return { number, from, newest, oldest: newest, records: 0, failures: 0, held: 0 };
}

function count(cycle: CycleCount | undefined, segment: Segment, row: number): void {
  if (cycle === undefined) return;
  cycle.records += 1;
  if (segment.status.at(row) === failure) cycle.failures += 1;
  if (segment.action.at(row) === stagedDelete) cycle.held += 1;
  cycle.oldest = Math.min(cycle.oldest, segment.time.at(row));
}

function placesOf({ matches }: LogView, from: number, to: number): (readonly [segment: number, row: number])[] {
  const places: (readonly [number, number])[] = [];
  let start = 0;
  for (const [at, rows] of matches) {
    for (let index = Math.max(from, start); index < Math.min(to, start + rows.length); index += 1)
      places.push([at, rows[index - start] ?? 0]);
    start += rows.length;
  }
  return places;
}

function parse(text: string): Indexed | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
