import { stat } from "node:fs/promises";
import { join } from "node:path";
import { changeDocuments, changeSummary } from "../../changes/describe.ts";
import { findPush, objectTimeline, type PushedChange } from "../../changes/history.ts";
import { headFile, journalFile } from "../../changes/journal.ts";
import { verifyJournal } from "../../changes/journalRead.ts";
import { JournalError } from "../../changes/journalError.ts";
import { readSummaries, type PushSummary } from "../../changes/pushSummary.ts";
import type { HistoryChange, HistoryMethods, JournalRead } from "./protocol.ts";

export type HistoryAnswers = {
  readonly [M in keyof HistoryMethods]: (
    parameters: HistoryMethods[M]["parameters"],
  ) => Promise<HistoryMethods[M]["answer"]>;
};

/** Answers what the window asks of journals. A journal is read again only when its files have changed. */
export function journalReader(): HistoryAnswers {
  const read = new Map<string, { readonly version: string; readonly journal: JournalRead }>();
  return {
    journal: async ({ folder }) => {
      const version = await versionOf(folder);
      const known = read.get(folder);
      if (known?.version === version) return known.journal;
      const journal = await readJournal(folder);
      read.set(folder, { version, journal });
      return journal;
    },
    changes: async ({ folder, push, limit }) =>
      ((await findPush(folder, push))?.changes ?? []).slice(0, limit).map(changeRow),
    sides: async ({ folder, push, changes }) => {
      const wanted = new Set(changes);
      const found = (await findPush(folder, push))?.changes ?? [];
      return found
        .filter(({ change }) => wanted.has(change.id))
        .map(({ change }) => ({ changeId: change.id, name: change.name, ...changeDocuments(change) }));
    },
    timeline: async ({ folder, who }) =>
      (await objectTimeline(folder, who)).map(({ push, ...pushed }) => ({ ...changeRow(pushed), push })),
    push: ({ folder, push }) => findPush(folder, push),
  };
}

async function readJournal(folder: string): Promise<JournalRead> {
  const { problems } = await verifyJournal(folder);
  const pushes: PushSummary[] = [];
  try {
    for await (const push of readSummaries(folder)) pushes.push(push);
  } catch (error) {
    // What stands before the damaged line can be told; the verdict names the line.
    if (!(error instanceof JournalError && error.code === "damaged")) throw error;
  }
  return { pushes: pushes.toReversed(), problems: problems.filter(({ kind }) => kind !== "torn") };
}

function changeRow({ change, outcome, targetId, error, at }: PushedChange): HistoryChange {
  const { id, action, resourceType, name } = change;
  return {
    changeId: id,
    action,
    resourceType,
    name,
    ...(targetId !== undefined && { targetId }),
    summary: changeSummary(change),
    outcome,
    ...(error !== undefined && { error }),
    at,
  };
}

async function versionOf(folder: string): Promise<string> {
  const parts = await Promise.all(
    [journalFile, headFile].map((name) =>
      stat(join(folder, name)).then(
        ({ size, mtimeMs }) => `${size}:${mtimeMs}`,
        () => "",
      ),
    ),
  );
  return parts.join("|");
}
