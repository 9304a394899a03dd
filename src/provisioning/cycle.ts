import { randomUUID } from "node:crypto";
import { Journal } from "../changes/journal.ts";
import type { Lock } from "../changes/lock.ts";
import { acquireLock } from "../changes/lock.ts";
import { pushChanges } from "../changes/push.ts";
import type { Change } from "../changes/change.ts";
import type { ChangeResult, PushProgress, PushReport } from "../changes/pushResult.ts";
import { resumePush, unfinishedPush } from "../changes/resume.ts";
import { applyResults } from "./applyResults.ts";
import type { GuardVerdict, RemovalRecord } from "./deletionGuard.ts";
import { guardDeletions } from "./deletionGuard.ts";
import { isGivenUp } from "./escrow.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState, JobStateRecord } from "./jobState.ts";
import { loadJobState, saveJobState } from "./jobState.ts";
import { appendLog } from "./logFile.ts";
import type { LogContext } from "./logRecords.ts";
import { changeRecord, heldRecord, skipRecord } from "./logRecords.ts";
import type { PlannedJob, PlanProgress } from "./makePlan.ts";
import { makePlan } from "./makePlan.ts";
import type { Plan } from "./plan.ts";
import { nextQuarantine } from "./quarantine.ts";
import { recoverState } from "./recover.ts";

/** How a push or a cycle ended. */
export type CycleOutcome = "succeeded" | "someFailed" | "held" | "stopped" | "failed";

export interface CycleResult {
  readonly outcome: CycleOutcome;
  readonly planned: PlannedJob;
  readonly guard: GuardVerdict;
  /** Absent when nothing was sent. */
  readonly report?: PushReport;
  /** Why it stopped or failed, in one sentence. */
  readonly message?: string;
}

export interface CycleOptions {
  readonly now?: () => Date;
  /** Evaluate everyone again ("restart provisioning"): links are kept, escrows and quarantine are cleared. */
  readonly initial?: boolean;
  /** A plan that was saved and reviewed; without it, a fresh one is made. Each object is read again before it is written. */
  readonly saved?: Plan;
  /** Plan and push only this directory object: provisioning on demand. */
  readonly focus?: string;
  /** Ids of the changes to push; all when absent. */
  readonly only?: ReadonlySet<string>;
  /** A person accepts the removals that the guard would hold. */
  readonly acceptRemovals?: boolean;
  /** Wait with objects in escrow until their next try: a scheduled cycle does, a person's push does not. */
  readonly respectEscrow?: boolean;
  /** Read each object again before it is written, since a person took time to review. */
  readonly verify?: boolean;
  /** Who asked, for the log: `schedule`, `person`, `command line`. */
  readonly initiatedBy: string;
  readonly note?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Asks before anything is sent; `false` ends the run with nothing done. */
  readonly confirm?: (planned: PlannedJob, guard: GuardVerdict) => Promise<boolean>;
  readonly onPlanProgress?: (progress: PlanProgress) => void;
  readonly onPushProgress?: (progress: PushProgress) => void;
  readonly onResumed?: (report: PushReport) => void;
}

const day = 24 * 60 * 60 * 1000;

/**
 * One cycle: takes the writer's lock, finishes what an earlier run left, plans, asks the deletion guard, pushes, and writes
 * links, log, escrows and quarantine. A failure of the target as a whole (token, address) puts the job in quarantine.
 *
 * @throws LockError when another process writes to the job, JournalError when the journal cannot be written, DirectoryError,
 * and what planning throws
 */
export async function runCycle(context: JobContext, options: CycleOptions): Promise<CycleResult> {
  const lock = await acquireLock(context.files.directory, options.initiatedBy);
  try {
    return await new CycleRun(context, options, lock).run();
  } finally {
    await lock.release();
  }
}

class CycleRun {
  readonly #context: JobContext;
  readonly #options: CycleOptions;
  readonly #now: () => Date;
  readonly #startedAt: Date;
  readonly #log: LogContext;

  constructor(context: JobContext, options: CycleOptions, _lock: Lock) {
    this.#context = context;
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#startedAt = this.#now();
    this.#log = {
      jobId: context.paths.id,
      cycleId: randomUUID(),
      initiatedBy: options.initiatedBy,
      note: options.note,
      now: this.#now,
    };
  }

  async run(): Promise<CycleResult> {
    const { files } = this.#context;
    const journal = await Journal.open(files.directory);
    try {
      const state = await loadJobState(files);
      await this.#finishEarlier(journal, state);
      if (this.#options.initial) clearFailures(state);
      return await this.#plan(journal, state);
    } finally {
      await journal.close();
    }
  }

  /** Goes on with a push that a crash or a stop left, before anything new is planned. */
  async #finishEarlier(journal: Journal, state: JobState): Promise<void> {
    const { files } = this.#context;
    const unfinished = await unfinishedPush(files.directory);
    if (unfinished) {
      const report = await resumePush(unfinished, { ...this.#pushOptions(journal), verify: true });
      await this.#logResults(report.results);
      this.#options.onResumed?.(report);
    }
    if (await recoverState(files.directory, state)) await saveJobState(files, state);
  }

  async #plan(journal: Journal, state: JobState): Promise<CycleResult> {
    const { initial, respectEscrow, signal, onPlanProgress, confirm } = this.#options;
    const { saved, focus } = this.#options;
    let planned: PlannedJob;
    try {
      planned = saved
        ? savedJob(saved)
        : await makePlan(this.#context, state, {
            now: this.#startedAt,
            ...(initial !== undefined && { initial }),
            ...(respectEscrow !== undefined && { respectEscrow }),
            ...(focus !== undefined && { focus }),
            signal,
            onProgress: onPlanProgress,
          });
    } catch (error) {
      if (!signal?.aborted && isTargetFailure(error)) await this.#quarantine(state, error.message);
      throw error;
    }
    const changes = this.#selected(planned.plan.changes);
    const guard = this.#guard(changes, state);
    if (guard.held && !this.#options.acceptRemovals) return this.#hold(state, planned, guard);
    if (planned.plan.changes.length > 0 && confirm && !(await confirm(planned, guard))) {
      return { outcome: "stopped", planned, guard, message: "Nothing was sent." };
    }
    return this.#push(journal, state, planned, changes, guard);
  }

  #selected(changes: readonly Change[]): readonly Change[] {
    const { only } = this.#options;
    return only === undefined ? changes : changes.filter(({ id }) => only.has(id));
  }

  #guard(changes: readonly Change[], state: JobState): GuardVerdict {
    return guardDeletions({
      changes,
      settings: this.#context.job.settings.deletionGuard,
      managed: state.managed,
      history: state.record.removals,
      now: this.#startedAt,
    });
  }

  async #hold(state: JobState, planned: PlannedJob, guard: GuardVerdict): Promise<CycleResult> {
    const held = new Set(guard.removals);
    const records = planned.plan.changes
      .filter(({ id }) => held.has(id))
      .map((change) => heldRecord(change, "Held by the deletion guard.", this.#log));
    await appendLog(this.#context.files.log, records);
    const since = state.record.held?.since ?? this.#startedAt.toISOString();
    state.record = { ...state.record, held: { since, reasons: [...guard.reasons] } };
    this.#endCycle(state, planned, "held", guard.reasons[0]);
    await saveJobState(this.#context.files, state);
    return { outcome: "held", planned, guard, ...(guard.reasons[0] !== undefined && { message: guard.reasons[0] }) };
  }

  async #push(
    journal: Journal,
    state: JobState,
    planned: PlannedJob,
    changes: readonly Change[],
    guard: GuardVerdict,
  ): Promise<CycleResult> {
    const report =
      changes.length === 0
        ? undefined
        : await pushChanges({
            ...this.#pushOptions(journal),
            changes: planned.plan.changes,
            ...(this.#options.only && { only: this.#options.only }),
            verify: this.#options.verify === true || this.#options.saved !== undefined,
            job: this.#context.job.name,
            who: this.#options.initiatedBy,
            ...(this.#options.note !== undefined && { note: this.#options.note }),
          });
    const results = report?.results ?? [];
    if (this.#options.saved) await recoverState(this.#context.files.directory, state);
    else applyResults(state, planned, results, this.#now());
    await this.#logResults(results);
    await appendLog(
      this.#context.files.log,
      planned.plan.skips.map((skip) => skipRecord(skip, this.#log)),
    );

    const outcome = outcomeOf(report);
    state.record = {
      ...state.record,
      held: undefined,
      removals: [...recentRemovals(state.record.removals, this.#startedAt), ...removalsOf(results, this.#now())],
      ...(report && { lastPush: report.push }),
      quarantine: nextQuarantine(state.record.quarantine, failuresOf(report), this.#now()),
      escrows: state.record.escrows.filter((escrow) => !isGivenUp(escrow, this.#now())),
    };
    const message = report?.stopped?.message;
    // What was not sent must be evaluated again, so only a cycle over everyone that came to its end moves the watermark.
    const { saved, focus } = this.#options;
    const whole =
      report?.stopped === undefined &&
      [saved, focus].every((part) => part === undefined) &&
      changes.length === planned.plan.changes.length;
    if (whole)
      state.record = { ...state.record, watermark: this.#now().toISOString(), fingerprint: this.#context.fingerprint };
    this.#endCycle(state, planned, outcome, message);
    await saveJobState(this.#context.files, state);
    return { outcome, planned, guard, ...(report && { report }), ...(message !== undefined && { message }) };
  }

  #pushOptions(journal: Journal) {
    const { client, schemas, patchSupported } = this.#context;
    const { signal, onPushProgress } = this.#options;
    return {
      client,
      dialect: client.dialect,
      schemaOf: (type: Change["resourceType"]) => schemas[type === "Group" ? "Group" : "User"],
      patchSupported,
      journal,
      ...(signal && { signal }),
      ...(onPushProgress && { onProgress: onPushProgress }),
    };
  }

  #logResults(results: readonly ChangeResult[]): Promise<void> {
    const sent = results.filter(({ outcome }) => outcome !== "notSent");
    return appendLog(
      this.#context.files.log,
      sent.map((result) => changeRecord(result, this.#log)),
    );
  }

  #endCycle(state: JobState, planned: PlannedJob, outcome: CycleOutcome, message?: string): void {
    const { plan } = planned;
    const next = this.#now().getTime() + this.#context.job.settings.intervalMinutes * 60_000;
    state.record = {
      ...state.record,
      nextCycleAt: new Date(next).toISOString(),
      lastCycle: {
        id: this.#log.cycleId,
        kind: plan.cycle,
        startedAt: this.#startedAt.toISOString(),
        finishedAt: this.#now().toISOString(),
        outcome,
        ...(message !== undefined && { message }),
        summary: { ...plan.summary },
      },
    };
  }

  async #quarantine(state: JobState, fatal: string): Promise<void> {
    const failures = { fatal, succeeded: 0, failed: 0, referencesFailed: 0 };
    state.record = { ...state.record, quarantine: nextQuarantine(state.record.quarantine, failures, this.#now()) };
    await saveJobState(this.#context.files, state);
  }
}

/** A saved plan says nothing of unchanged objects, so that nothing is concluded for them. */
function savedJob(plan: Plan): PlannedJob {
  return { plan, compared: [], leaving: [], deferred: new Set(), unplanned: new Set() };
}

/** Escrows and quarantine are forgotten, links are not: the meaning of "Restart provisioning". */
function clearFailures(state: JobState): void {
  const { quarantine: _quarantine, held: _held, watermark: _watermark, ...record } = state.record;
  state.record = { ...record, escrows: [] };
}

function outcomeOf(report: PushReport | undefined): CycleOutcome {
  if (report === undefined) return "succeeded";
  if (report.stopped) return report.stopped.code === "cancelled" ? "stopped" : "failed";
  const { failed, blocked, conflict, unknown, notSent } = report.counts;
  return failed + blocked + conflict + unknown + notSent > 0 ? "someFailed" : "succeeded";
}

function failuresOf(report: PushReport | undefined) {
  const { pushed = 0, redundant = 0, failed = 0, conflict = 0, unknown = 0, blocked = 0 } = report?.counts ?? {};
  const stopped = report?.stopped;
  const fatal = stopped !== undefined && stopped.code !== "cancelled" ? stopped.message : undefined;
  return {
    ...(fatal !== undefined && { fatal }),
    succeeded: pushed + redundant,
    failed: failed + conflict + unknown,
    referencesFailed: blocked,
  };
}

function removalsOf(results: readonly ChangeResult[], now: Date): RemovalRecord[] {
  const count = results.filter(
    ({ change, outcome }) =>
      (change.action === "deactivate" || change.action === "delete") && (outcome === "pushed" || outcome === "unknown"),
  ).length;
  return count === 0 ? [] : [{ at: now.toISOString(), count }];
}

function recentRemovals(removals: JobStateRecord["removals"], now: Date): RemovalRecord[] {
  return removals.filter(({ at }) => Date.parse(at) > now.getTime() - day);
}

/** Whether the target as a whole cannot be used: its token, its address, or what it answers. */
function isTargetFailure(error: unknown): error is Error {
  return (
    error instanceof Error && (error.name === "HttpError" || error.name === "ScimError" || error.name === "PagingError")
  );
}
