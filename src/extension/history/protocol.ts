import type { ChangeAction } from "../../changes/change.ts";
import type { PushedChange, PushRecord } from "../../changes/history.ts";
import type { JournalProblem } from "../../changes/journalRead.ts";
import type { PushSummary } from "../../changes/pushSummary.ts";
import type { ResourceType } from "../../scim/resource.ts";

/** What a journal holds. */
export interface JournalRead {
  /** Newest first. */
  readonly pushes: readonly PushSummary[];
  /** What is wrong with it; an unfinished last line is not, since a push may be writing it. */
  readonly problems: readonly JournalProblem[];
}

/** One change of a push, as a row shows it. */
export interface HistoryChange {
  readonly changeId: string;
  readonly action: ChangeAction;
  readonly resourceType: ResourceType;
  readonly name: string;
  readonly targetId?: string;
  /** Which attributes and members, in a few words. */
  readonly summary: string;
  readonly outcome: PushedChange["outcome"];
  readonly error?: string;
  readonly at: string;
}

/** One change of one person or group, with its push. */
export interface HistoryEntry extends HistoryChange {
  readonly push: Omit<PushRecord, "changes">;
}

/** Both sides of a change as text. */
export interface HistorySides {
  readonly changeId: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What the window asks of the thread that reads journals, and what it answers. Both ends are one build. */
export interface HistoryMethods {
  journal: { readonly parameters: { readonly folder: string }; readonly answer: JournalRead };
  /** The first changes of a push, as many as rows are shown. */
  changes: {
    readonly parameters: { readonly folder: string; readonly push: string; readonly limit: number };
    readonly answer: readonly HistoryChange[];
  };
  sides: {
    readonly parameters: { readonly folder: string; readonly push: string; readonly changes: readonly string[] };
    readonly answer: readonly HistorySides[];
  };
  /** `who`: a name, a source id or a target id. */
  timeline: {
    readonly parameters: { readonly folder: string; readonly who: string };
    readonly answer: readonly HistoryEntry[];
  };
  /** The whole push, to plan its inverse. */
  push: {
    readonly parameters: { readonly folder: string; readonly push: string };
    readonly answer: PushRecord | undefined;
  };
}

export type HistoryMethod = keyof HistoryMethods;

export interface ToHistoryThread {
  readonly id: number;
  readonly method: HistoryMethod;
  readonly parameters: unknown;
}

export type FromHistoryThread =
  { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly error: string };
