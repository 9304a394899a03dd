import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { isMissing } from "./stateFiles.ts";
import type { LogAction, LogRecord, LogStatus } from "./logRecord.ts";
import { logRecordSchema } from "./logRecord.ts";

/** What `logs` filters by; every given part must hold. */
export interface LogQuery {
  /** Only records at or after this instant. */
  readonly since?: Date;
  readonly status?: LogStatus;
  readonly action?: LogAction;
  /** Part of a name or an id, compared without case. */
  readonly who?: string;
}

/** Appends records to a log file (JSON Lines, readable by its owner only) and makes them durable. */
export async function appendLog(file: string, records: readonly LogRecord[]): Promise<void> {
  if (records.length === 0) return;
  const handle = await open(file, "a", 0o600);
  try {
    const chunk = 5_000;
    for (let start = 0; start < records.length; start += chunk) {
      await handle.write(
        records
          .slice(start, start + chunk)
          .map((record) => `${JSON.stringify(record)}\n`)
          .join(""),
      );
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Lines of a log that are no records, by line number (1-based). */
export interface LogDamage {
  readonly lines: number[];
}

/**
 * Reads the records that match, oldest first, one line in memory at a time. A file that does not exist yet is an empty
 * log. Lines that are no records (a torn write) are passed over and named in `damage`.
 */
export async function* readLog(file: string, query: LogQuery = {}, damage?: LogDamage): AsyncGenerator<LogRecord> {
  try {
    await stat(file);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line === "") continue;
    const record = parseLine(line);
    if (record === undefined) damage?.lines.push(number);
    else if (matches(record, query)) yield record;
  }
}

/** The record on a line; `undefined` when it holds none. */
export function parseLine(line: string): LogRecord | undefined {
  try {
    const parsed = logRecordSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a record is asked for. */
export function matches(record: LogRecord, query: LogQuery): boolean {
  if (query.since && Date.parse(record.activityDateTime) < query.since.getTime()) return false;
  if (query.status && record.provisioningStatusInfo.status !== query.status) return false;
  if (query.action && record.provisioningAction !== query.action) return false;
  if (query.who === undefined) return true;
  const wanted = query.who.toLowerCase();
  return [record.sourceIdentity, record.targetIdentity].some(
    (identity) =>
      identity && (identity.displayName.toLowerCase().includes(wanted) || identity.id.toLowerCase().includes(wanted)),
  );
}
