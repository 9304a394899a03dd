import type { FileHandle } from "node:fs/promises";
import * as z from "zod";
import { firstPrev, journalPlaceSchema, lineHash } from "./journalRecord.ts";

/** The last whole record of a journal. */
export interface JournalEnd {
  /** 0 for an empty journal. */
  readonly seq: number;
  /** Hash of its line: what the next record holds in `prev`. */
  readonly hash: string;
  /** Bytes up to and with its line feed. */
  readonly size: number;
  /** Bytes behind it: an unfinished line. */
  readonly torn: number;
}

const lineFeed = 0x0a;
const block = 64 * 1024;

/** Finds the last whole record from the end, without reading the rest. A last line that is no record counts as torn. */
export async function findEnd(file: FileHandle): Promise<JournalEnd> {
  const { size } = await file.stat();
  let end = await lastLineFeed(file, size);
  while (end > 0) {
    const start = await lastLineFeed(file, end - 1);
    const line = Buffer.alloc(end - 1 - start);
    await file.read(line, 0, line.length, start);
    const place = parsePlace(line);
    if (place) return { seq: place.seq, hash: lineHash(line), size: end, torn: size - end };
    end = start;
  }
  return { seq: 0, hash: firstPrev, size: 0, torn: size };
}

/** The position just behind the last line feed before `limit`; 0 when there is none. */
async function lastLineFeed(file: FileHandle, limit: number): Promise<number> {
  const buffer = Buffer.alloc(block);
  for (let to = limit; to > 0; to = Math.max(0, to - block)) {
    const from = Math.max(0, to - block);
    const { bytesRead } = await file.read(buffer, 0, to - from, from);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(lineFeed);
    if (at >= 0) return from + at + 1;
  }
  return 0;
}

function parsePlace(line: Buffer): z.infer<typeof journalPlaceSchema> | undefined {
  try {
    return journalPlaceSchema.parse(JSON.parse(line.toString("utf8")));
  } catch {
    return undefined;
  }
}

const headSchema = z.object({
  seq: z.number().int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where the last push begins in the journal, in bytes; absent in heads of earlier versions. */
  push: z.number().int().nonnegative().optional(),
});

/** Number and hash of the last durable record, and where the last push begins. */
export type JournalHead = z.infer<typeof headSchema>;

/** The head file's content: one line of fixed width, so that it is written in place in one go. */
export function headLine(head: JournalHead): string {
  return `${JSON.stringify(head).padEnd(150)}\n`;
}

/** What the head file says, or `undefined` when it is empty or was only half written. */
export async function readHead(file: FileHandle): Promise<JournalHead | undefined> {
  const buffer = Buffer.alloc(256);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  try {
    return headSchema.parse(JSON.parse(buffer.toString("utf8", 0, bytesRead)));
  } catch {
    return undefined;
  }
}
