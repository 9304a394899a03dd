import { readJournal } from "../../src/changes/journalRead.ts";
import type { JournalRecord } from "../../src/changes/journalRecord.ts";

/** All records of a journal, as a list. */
export async function readRecords(folder: string): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of readJournal(folder)) records.push(record);
  return records;
}
