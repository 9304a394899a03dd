import { randomUUID } from "node:crypto";
import { findPush, type PushRecord } from "../changes/history.ts";
import { Journal } from "../changes/journal.ts";
import { acquireLock } from "../changes/lock.ts";
import { pushChanges } from "../changes/push.ts";
import type { ChangeResult, PushProgress, PushReport } from "../changes/pushResult.ts";
import { isDone } from "../changes/pushResult.ts";
import { planUndo } from "../changes/undo.ts";
import type { KeptObject } from "../changes/undoFindings.ts";
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

export interface UndoJobOptions {
  /** Id of the push, or its first characters; the last push that sent anything when absent. */
  readonly push?: string | undefined;
  readonly now?: () => Date;
  /** Who asked, for journal and log. */
  readonly initiatedBy: string;
  readonly note?: string | undefined;
  /** A person accepts the removals that the guard would hold. */
  readonly acceptRemovals?: boolean;
  readonly signal?: AbortSignal | undefined;
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
  const { signal, confirm, acceptRemovals, initiatedBy, note, now = () => new Date(), onPushProgress } = options;
  const lock = await acquireLock(files.directory, "undo");
  try {
    const journal = await Journal.open(files.directory);
    try {
      const state = await loadJobState(files);
      await recoverState(files.directory, state);
      const undo = await plan(context, options, now);
      const { changes } = undo.plan;
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
        changes,
        verify: true,
        job: job.name,
        who: initiatedBy,
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

async function plan(context: JobContext, options: UndoJobOptions, now: () => Date): Promise<UndoJobPlan> {
  const found = await findPush(context.files.directory, options.push);
  if (found === undefined) {
    throw new UndoError(
      options.push === undefined
        ? `${context.job.name} has no push to undo.`
        : `${context.job.name} has no push ${options.push}. The history command shows the ids of its pushes.`,
    );
  }
  const contextOf = (type: ResourceType) => changeContextOf(context, type);
  const { changes, kept, notes } = await planUndo(found, {
    client: context.client,
    contextOf,
    ...(options.signal && { signal: options.signal }),
  });
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
