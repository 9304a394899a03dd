import { readPushes, wasSent, type PushRecord } from "./history.ts";

/** One push in numbers. */
export interface PushSummary extends Omit<PushRecord, "changes"> {
  /** Changes by action. */
  readonly counts: Readonly<Record<string, number>>;
  /** Changes by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Changes that stand, or may stand, in the service: what an undo would take back. */
  readonly sent: number;
}

/** The pushes of a journal in numbers, oldest first. @throws JournalError `damaged` */
export async function* readSummaries(folder: string): AsyncGenerator<PushSummary> {
  for await (const { changes, ...push } of readPushes(folder)) {
    yield {
      ...push,
      counts: tally(changes.map(({ change }) => change.action)),
      outcomes: tally(changes.map(({ outcome }) => outcome)),
      sent: changes.filter(wasSent).length,
    };
  }
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
