import type { PushSummary } from "../../changes/pushSummary.ts";
import type { JournalProblem } from "../../changes/journalRead.ts";
import type { JournalPlace } from "./journals.ts";
import type { HistoryChange, HistoryEntry, JournalRead } from "./protocol.ts";

/** Whose history is shown, when it is not that of all pushes. */
export interface HistorySubject {
  /** What a person calls it. */
  readonly name: string;
  /** Target id, source id or name: what the journals are searched for. */
  readonly who: string;
  readonly baseUrl: string;
}

/** A row of the History view. */
export type HistoryRow =
  | { readonly kind: "damaged"; readonly place: JournalPlace; readonly problems: readonly JournalProblem[] }
  | { readonly kind: "unreadable"; readonly place: JournalPlace; readonly message: string }
  | { readonly kind: "push"; readonly place: JournalPlace; readonly push: PushSummary }
  | { readonly kind: "change"; readonly place: JournalPlace; readonly push: string; readonly change: HistoryChange }
  | { readonly kind: "entry"; readonly place: JournalPlace; readonly entry: HistoryEntry }
  /** Older pushes, or further changes of one. */
  | { readonly kind: "more"; readonly of: string; readonly left: number };

/** Rows of one kind that are shown before the person asks for more. */
export const pageSize = 200;

/** Identifies a row by what it stands for, not by what it shows. */
export function rowId(row: HistoryRow): string {
  switch (row.kind) {
    case "damaged":
    case "unreadable":
      return JSON.stringify([row.kind, row.place.folder]);
    case "push":
      return JSON.stringify([row.kind, row.place.folder, row.push.push]);
    case "change":
      return JSON.stringify([row.kind, row.place.folder, row.push, row.change.changeId]);
    case "entry":
      return JSON.stringify([row.kind, row.place.folder, row.entry.push.push, row.entry.changeId]);
    case "more":
      return JSON.stringify([row.kind, row.of]);
  }
}

/** What was read of one journal: its content, or why it cannot be read. */
export interface ReadPlace {
  readonly place: JournalPlace;
  readonly journal: JournalRead | { readonly trouble: string };
}

/** All pushes, newest first; above them the journals that are not as they were written. */
export function pushRows(places: readonly ReadPlace[], shown: number): readonly HistoryRow[] {
  const troubles: HistoryRow[] = [];
  const pushes: Extract<HistoryRow, { kind: "push" }>[] = [];
  for (const { place, journal } of places) {
    if ("trouble" in journal) {
      troubles.push({ kind: "unreadable", place, message: journal.trouble });
      continue;
    }
    if (journal.problems.length > 0) troubles.push({ kind: "damaged", place, problems: journal.problems });
    pushes.push(...journal.pushes.map((push) => ({ kind: "push" as const, place, push })));
  }
  const sorted = pushes.toSorted((a, b) => newestFirst(a.push.startedAt, b.push.startedAt));
  return [...troubles, ...page(sorted, shown, "pushes")];
}

/** What was done to one person or group, newest first. */
export function entryRows(
  found: readonly { readonly place: JournalPlace; readonly entries: readonly HistoryEntry[] }[],
  shown: number,
): readonly HistoryRow[] {
  const entries = found.flatMap(({ place, entries: list }) =>
    list.map((entry) => ({ kind: "entry" as const, place, entry })),
  );
  return page(
    entries.toSorted((a, b) => newestFirst(a.entry.at, b.entry.at)),
    shown,
    "entries",
  );
}

/** The changes of a push. */
export function changeRows(
  { place, push }: Extract<HistoryRow, { kind: "push" }>,
  changes: readonly HistoryChange[],
): readonly HistoryRow[] {
  const rows = changes.map((change): HistoryRow => ({ kind: "change", place, push: push.push, change }));
  const total = Object.values(push.counts).reduce((sum, count) => sum + count, 0);
  return total > rows.length ? [...rows, { kind: "more", of: push.push, left: total - rows.length }] : rows;
}

function page(rows: readonly HistoryRow[], shown: number, of: string): readonly HistoryRow[] {
  return rows.length <= shown ? rows : [...rows.slice(0, shown), { kind: "more", of, left: rows.length - shown }];
}

const newestFirst = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);
