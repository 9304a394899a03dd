import { randomUUID } from "node:crypto";
import { findPush, type PushRecord } from "../changes/history.ts";
import type { Change } from "../changes/change.ts";
import { Journal } from "../changes/journal.ts";
import { verifyJournal } from "../changes/journalRead.ts";
import { acquireLock } from "../changes/lock.ts";
import { pushChanges } from "../changes/push.ts";
import type { ChangeResult, PushProgress, PushReport } from "../changes/pushResult.ts";
import { isDone } from "../changes/pushResult.ts";
import { planUndo } from "../changes/undo.ts";
import { doubtsOf, type KeptObject } from "../changes/undoFindings.ts";
import type { ResourceType } from "../scim/resource.ts";
import { outcomeOf, recentRemovals, removalsOf } from "./cycleOutcome.ts";
import type { CycleOutcome } from "./cycleTypes.ts";
import type { GuardVerdict } from "./deletionGuard.ts";
import { guardDeletions } from "./deletionGuard.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState } from "./jobState.ts";
import { loadJobState, saveJobState } from "./jobState.ts";
import { appendLog } from "./logFile.ts";
import { changeRecord } from "./logRecords.ts";
import type { Plan } from "./plan.ts";
import { summarize } from "./plan.ts";
import { changeContext } from "./planObject.ts";
import { recoverState, takeLink } from "./recover.ts";

/** The inverse of a push of a job, as it is reviewed. */
export interface UndoJobPlan {
  readonly push: Omit<PushRecord, "changes">;
  readonly plan: Plan;
  readonly kept: readonly KeptObject[];
}

export interface UndoJobResult extends UndoJobPlan {
  readonly outcome: CycleOutcome;
  readonly guard: GuardVerdict;
  /** Absent when nothing was sent. */
  readonly report?: PushReport;
  readonly message?: string;
}

/** Which push is undone. */
export interface UndoWhich {
  /** Id of the push, or its first characters; the last push that sent anything when absent. */
  readonly push?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly now?: () => Date;
}

export interface UndoJobOptions extends UndoWhich {
  /** The inverse as it was planned and reviewed; without it, it is planned now. Each object is read again before it is written. */
  readonly reviewed?: readonly Change[];
  /** Ids of the changes to push; all when absent. */
  readonly only?: ReadonlySet<string>;
  /** What asked, for the log: `person`, `command line`. */
  readonly initiatedBy: string;
  /** Who asked, for the journal; `initiatedBy` when absent. */
  readonly who?: string | undefined;
  readonly note?: string | undefined;
  /** A person accepts the removals that the guard would hold. */
  readonly acceptRemovals?: boolean;
  /** Asks before anything is sent; `false` ends with nothing done. */
  readonly confirm?: (undo: UndoJobPlan, guard: GuardVerdict) => Promise<boolean>;
  readonly onPushProgress?: (progress: PushProgress) => void;
}

/** There is no such push to undo. */
export class UndoError extends Error {
  readonly code = "noPush";
}

/**
 * Undoes a push of a job: plans the inverse from the journal, asks the deletion guard and the person, and pushes it like any
 * other plan, each object read again before it is written. A push that was stopped is not gone on with: what of it was sent is
 * undone, the rest is dropped. The directory still wants what the undone push did, so the next plan shows it again; the job's
 * links stay right for that.
 *
 * @throws UndoError when the journal has no such push, LockError, JournalError, HttpError, ScimError
 */
export async function undoPush(context: JobContext, options: UndoJobOptions): Promise<UndoJobResult> {
  const { files } = context;
  const { signal, confirm, acceptRemovals, only, initiatedBy, who, note, onPushProgress } = options;
  const { now = () => new Date() } = options;
  const lock = await acquireLock(files.directory, "undo");
  try {
    const journal = await Journal.open(files.directory);
    try {
      const state = await loadJobState(files);
      await recoverState(files.directory, state);
      const undo = await planUndoOfJob(context, options, options.reviewed);
      const changes = undo.plan.changes.filter(({ id }) => only?.has(id) ?? true);
      const guard = guardDeletions({
        changes,
        settings: context.job.settings.deletionGuard,
        managed: state.managed,
        history: state.record.removals,
        now: now(),
      });
      if (guard.held && !acceptRemovals) return { ...undo, guard, outcome: "held", ...messageOf(guard.reasons[0]) };
      if (changes.length === 0) return { ...undo, guard, outcome: "succeeded" };
      if (confirm && !(await confirm(undo, guard))) {
        return { ...undo, guard, outcome: "stopped", message: "Nothing was sent." };
      }
      const { client, patchSupported, job } = context;
      const report = await pushChanges({
        client,
        dialect: client.dialect,
        schemaOf: (type) => changeContextOf(context, type).schema,
        patchSupported,
        journal,
        changes: undo.plan.changes,
        ...(only && { only }),
        verify: true,
        job: job.name,
        who: who ?? initiatedBy,
        note: note ?? `Undo of the push of ${undo.push.startedAt}.`,
        ...(signal && { signal }),
        ...(onPushProgress && { onProgress: onPushProgress }),
      });
      keep(state, report.results, report.push, guard.held, now());
      const log = { jobId: context.paths.id, cycleId: randomUUID(), initiatedBy, note, now };
      const sent = report.results.filter(({ outcome }) => outcome !== "notSent");
      await appendLog(
        files.log,
        sent.map((result) => changeRecord(result, log)),
      );
      await saveJobState(files, state);
      return { ...undo, guard, report, outcome: outcomeOf(report), ...messageOf(report.stopped?.message) };
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/**
 * Plans the inverse of a push of a job, for review. Reads only.
 *
 * @param reviewed the changes of an earlier plan of it, which are taken as they are
 * @throws UndoError when the journal has no such push, JournalError, HttpError, ScimError
 */
export async function planUndoOfJob(
  context: JobContext,
  { push: id, signal, now = () => new Date() }: UndoWhich,
  reviewed?: readonly Change[],
): Promise<UndoJobPlan> {
  const found = await findPush(context.files.directory, id);
  if (found === undefined) {
    throw new UndoError(
      id === undefined
        ? `${context.job.name} has no push to undo.`
        : `${context.job.name} has no push ${id}. The history command shows the ids of its pushes.`,
    );
  }
  const contextOf = (type: ResourceType) => changeContextOf(context, type);
  const planned = reviewed
    ? { changes: reviewed, kept: [], notes: [] }
    : await planUndo(found, { client: context.client, contextOf, ...(signal && { signal }) });
  const { changes, kept } = planned;
  const notes = [...doubtsOf(await verifyJournal(context.files.directory)), ...planned.notes];
  const { changes: _changes, ...push } = found;
  return {
    push,
    kept,
    plan: {
      job: context.job.name,
      cycle: "incremental",
      createdAt: now().toISOString(),
      summary: summarize(changes, [], 0),
      changes,
      skips: [],
      ...(notes.length > 0 && { notes }),
    },
  };
}

function changeContextOf(context: JobContext, type: ResourceType) {
  return changeContext(type === "Group" ? "Group" : "User", context);
}

/** What was undone is compared again in the next cycle, whatever the directory says; what was deleted is nobody's any more. */
function keep(state: JobState, results: readonly ChangeResult[], push: string, accepted: boolean, now: Date): void {
  for (const { change, outcome, targetId } of results) {
    if (isDone(outcome) || outcome === "unknown") takeLink(state, change, outcome, targetId ?? change.targetId);
  }
  const removed = accepted ? [] : removalsOf(results, now);
  state.record = {
    ...state.record,
    lastPush: push,
    removals: [...recentRemovals(state.record.removals, now), ...removed],
  };
}

function messageOf(message: string | undefined) {
  return message === undefined ? {} : { message };
}
