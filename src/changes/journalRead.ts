import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { headFile, journalFile } from "./journal.ts";
import { readHead } from "./journalEnd.ts";
import { journalError, JournalError } from "./journalError.ts";
import { firstPrev, journalEntrySchema, journalPlaceSchema, lineHash, type JournalRecord } from "./journalRecord.ts";

/** One line of the journal and where it ends. */
interface Line {
  readonly text: string;
  /** Line number from 1. */
  readonly number: number;
  /** `false` for a last line without its line feed. */
  readonly whole: boolean;
}

/**
 * The records of a journal, oldest first, as a stream: memory does not grow with the journal. An unfinished last line is
 * left out. A folder without a journal has no records.
 *
 * @throws JournalError `damaged` at the first line that is no record
 */
export function readJournal(folder: string): AsyncGenerator<JournalRecord> {
  return recordsFrom(folder, 0);
}

/**
 * The records of the last push of a journal, and maybe some before it: reading them takes no longer when the journal grows.
 *
 * @throws JournalError `damaged` at the first line that is no record
 */
export async function* readLastPush(folder: string): AsyncGenerator<JournalRecord> {
  const place = (await headOf(folder))?.push ?? 0;
  yield* recordsFrom(folder, (await beginsPush(folder, place)) ? place : 0);
}

/** Whether a push begins at a place of the journal; not so when the journal was cut off or put together anew. */
async function beginsPush(folder: string, place: number): Promise<boolean> {
  if (place === 0) return true;
  for await (const { text } of lines(join(folder, journalFile), place - 1)) {
    if (text === "") continue;
    const record = parseRecord(text);
    return typeof record !== "string" && record.kind === "pushStart";
  }
  return false;
}

async function* recordsFrom(folder: string, place: number): AsyncGenerator<JournalRecord> {
  const path = join(folder, journalFile);
  for await (const line of lines(path, place)) {
    if (!line.whole) return;
    const record = parseRecord(line.text);
    if (typeof record === "string") {
      const number = line.number + (await linesBefore(path, place));
      throw new JournalError(
        "damaged",
        path,
        `Line ${number} of the journal ${path} is no record (${record}).`,
        "Verify the journal; move it away to begin a new one.",
      );
    }
    yield record;
  }
}

async function linesBefore(path: string, place: number): Promise<number> {
  if (place === 0) return 0;
  let count = 0;
  for await (const chunk of createReadStream(path, { end: place - 1 })) {
    for (const byte of chunk as Buffer) if (byte === 0x0a) count += 1;
  }
  return count;
}

/** One thing that is wrong with a journal. */
export interface JournalProblem {
  readonly kind: "changed" | "cut" | "torn";
  /** Line number from 1. */
  readonly line: number;
  readonly message: string;
  /** How to mend it, or to live with it. */
  readonly fix: string;
}

export interface JournalVerdict {
  /** Nothing was changed, cut off or left unfinished. */
  readonly intact: boolean;
  readonly records: number;
  readonly problems: readonly JournalProblem[];
  /** Unfinished lines that crashes left and that were taken off: nothing that a push relied on. */
  readonly mended: readonly JournalProblem[];
}

/**
 * Checks the whole chain of a journal. It finds a changed, removed, added or moved record, records that were cut off the
 * end, an unfinished last line, and repairs of the past. Whoever can write the folder can also make a new chain of it:
 * the check finds accidents and edits, it is no signature.
 */
export async function verifyJournal(folder: string): Promise<JournalVerdict> {
  const path = join(folder, journalFile);
  const problems: JournalProblem[] = [];
  const mended: JournalProblem[] = [];
  let [expectedSeq, prev, records, lastLine] = [1, firstPrev, 0, 0];
  let hashAtHead: string | undefined;
  const head = await headOf(folder);
  for await (const { text, number, whole } of lines(path)) {
    lastLine = number;
    if (!whole) {
      problems.push(problem("torn", number, `Line ${number} is unfinished.`));
      break;
    }
    records += 1;
    const record = parseRecord(text);
    const hash = lineHash(text);
    if (typeof record === "string") {
      problems.push(problem("changed", number, `Line ${number} is no record (${record}).`));
      expectedSeq += 1;
      prev = hash;
      continue;
    }
    const message = misplaced(record, number, expectedSeq, prev);
    if (message !== undefined) problems.push(problem("changed", number, message));
    if (record.kind === "repair") {
      const what =
        record.problem === "cut"
          ? `${record.missing} records before line ${number} were missing when the journal was opened.`
          : `An unfinished line of ${record.bytes} bytes before line ${number} was taken off when the journal was opened.`;
      (record.problem === "torn" ? mended : problems).push(problem(record.problem, number, what));
    }
    if (record.seq === head?.seq) hashAtHead = hash;
    expectedSeq = record.seq + 1;
    prev = hash;
  }
  if (head && head.seq >= expectedSeq) {
    const message = `The journal ends at record ${expectedSeq - 1}; record ${head.seq} had been written.`;
    problems.push(problem("cut", lastLine, message));
  } else if (head && head.seq > 0 && hashAtHead !== head.hash) {
    problems.push(problem("changed", lastLine, `Record ${head.seq} is not the one that was written.`));
  }
  return { intact: problems.length === 0, records, problems, mended };
}

const fixes: Readonly<Record<JournalProblem["kind"], string>> = {
  changed: `Put ${journalFile} and ${headFile} back from a backup. Without one, do not rely on an undo of the pushes around this line; move both files away to begin a new journal.`,
  cut: `Put ${journalFile} and ${headFile} back from a backup. Without one, what the missing records tell cannot be undone; later pushes can.`,
  torn: "A crash left it, and no push relied on it: the next push takes it off.",
};

function problem(kind: JournalProblem["kind"], line: number, message: string): JournalProblem {
  return { kind, line, message, fix: fixes[kind] };
}

function misplaced(record: JournalRecord, line: number, seq: number, prev: string): string | undefined {
  if (record.seq !== seq) return `Line ${line} holds record ${record.seq}, where record ${seq} belongs.`;
  if (record.prev !== prev) return `The record before line ${line} is not the one that was written.`;
  return undefined;
}

/** The record in a line, or why it is none. */
function parseRecord(text: string): JournalRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not JSON";
  }
  const place = journalPlaceSchema.safeParse(value);
  const entry = journalEntrySchema.safeParse(value);
  if (!place.success || !entry.success) {
    const issue = place.error?.issues[0] ?? entry.error?.issues[0];
    return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown shape"}`;
  }
  const { seq, at, prev } = place.data;
  return { seq, at, prev, ...entry.data };
}

async function headOf(folder: string) {
  try {
    const file = await open(join(folder, headFile), "r");
    try {
      return await readHead(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw journalError(error, join(folder, headFile));
  }
}

async function* lines(path: string, start = 0): AsyncGenerator<Line> {
  let [rest, number] = ["", 0];
  try {
    for await (const chunk of createReadStream(path, { start, encoding: "utf8" })) {
      const parts = (rest + (chunk as string)).split("\n");
      rest = parts.pop() ?? "";
      for (const text of parts) yield { text, number: ++number, whole: true };
    }
  } catch (error) {
    if (isMissing(error)) return;
    throw journalError(error, path);
  }
  if (rest !== "") yield { text: rest, number: number + 1, whole: false };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
