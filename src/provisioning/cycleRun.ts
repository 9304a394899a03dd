import { randomUUID } from "node:crypto";
import { Journal } from "../changes/journal.ts";
import { isReviewed } from "../changes/digest.ts";
import { pushChanges } from "../changes/push.ts";
import type { Change } from "../changes/change.ts";
import type { ChangeResult, PushReport } from "../changes/pushResult.ts";
import { resumePush, unfinishedPush } from "../changes/resume.ts";
import { applyResults } from "./applyResults.ts";
import type { CycleOptions, CycleOutcome, CycleResult } from "./cycleTypes.ts";
import { failuresOf, isTargetFailure, outcomeOf, recentRemovals, removalsOf } from "./cycleOutcome.ts";
import type { GuardVerdict } from "./deletionGuard.ts";
import { guardDeletions } from "./deletionGuard.ts";
import { saveImprint } from "./imprintFile.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState, JobStateRecord } from "./jobState.ts";
import { loadJobState, saveJobState } from "./jobState.ts";
import type { AcceptedDeviation } from "./deviation.ts";
import { deviationKey } from "./deviation.ts";
import { appendLog } from "./logFile.ts";
import type { LogContext } from "./logRecords.ts";
import { changeRecord, heldRecord, skipRecord } from "./logRecords.ts";
import { cycleKind, makePlan } from "./makePlan.ts";
import type { Plan } from "./plan.ts";
import { summarize } from "./plan.ts";
import { savedJob } from "./plannedJob.ts";
import type { PlannedJob } from "./plannedJob.ts";
import { nextQuarantine } from "./quarantine.ts";
import { notInLog } from "./logGaps.ts";
import { recoverState } from "./recover.ts";

/** One cycle under the lock: finish what was left, plan, ask the guard, push, record. */
export class CycleRun {
  readonly #context: JobContext;
  readonly #options: CycleOptions;
  readonly #now: () => Date;
  readonly #startedAt: Date;
  readonly #log: LogContext;

  constructor(context: JobContext, options: CycleOptions) {
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
    let resumed: PushReport | undefined;
    if (unfinished) {
      resumed = await resumePush(unfinished, { ...this.#pushOptions(journal), verify: true });
      await this.#logResults(resumed.results);
      this.#options.onResumed?.(resumed);
    }
    const recovered = await recoverState(files.directory, state, resumed);
    if (recovered === undefined) return;
    await this.#logResults(await notInLog(files.log, recovered));
    await saveJobState(files, state);
  }

  async #plan(journal: Journal, state: JobState): Promise<CycleResult> {
    const { initial, compare, respectEscrow, signal, onPlanProgress, confirm } = this.#options;
    const { saved, focus } = this.#options;
    let planned: PlannedJob;
    try {
      planned = saved
        ? savedJob(saved)
        : await makePlan(this.#context, state, {
            now: this.#startedAt,
            ...(initial !== undefined && { initial }),
            ...(compare !== undefined && { compare }),
            ...(respectEscrow !== undefined && { respectEscrow }),
            ...(focus !== undefined && { focus }),
            signal,
            onProgress: onPlanProgress,
          });
    } catch (error) {
      if (!signal?.aborted && error instanceof Error) await this.#fail(state, error);
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
    const { only, reviewed } = this.#options;
    if (only === undefined && reviewed === undefined) return changes;
    return changes.filter(
      (change) => only?.has(change.id) !== false && (reviewed === undefined || isReviewed(reviewed, change)),
    );
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
    await this.#logSkips(planned);
    const since = state.record.held?.since ?? this.#startedAt.toISOString();
    state.record = { ...state.record, held: { since, reasons: [...guard.reasons] } };
    this.#endCycle(state, planned.plan, "held", guard.reasons[0]);
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
            ...(changes.length < planned.plan.changes.length && { only: new Set(changes.map(({ id }) => id)) }),
            verify: this.#options.verify === true || this.#options.saved !== undefined,
            job: this.#context.job.name,
            who: this.#options.who ?? this.#options.initiatedBy,
            ...(this.#options.note !== undefined && { note: this.#options.note }),
          });
    const results = report?.results ?? [];
    const { saved, focus, acceptRemovals } = this.#options;
    const earlier = recentRemovals(state.record.removals, this.#startedAt);
    if (saved) await recoverState(this.#context.files.directory, state);
    else applyResults(state, planned, results, this.#now());
    await this.#logResults(results);
    await this.#logSkips(planned);

    // What was not sent must be evaluated again, so only a cycle over everyone that came to its end moves the watermark.
    const full = focus === undefined && changes.length === planned.plan.changes.length;
    const whole = full && saved === undefined && report?.stopped === undefined;
    // What a person accepted is no slow drip, and takes nothing from the budget of the day.
    const removed = guard.held && acceptRemovals ? [] : removalsOf(results, this.#now());
    const record: JobStateRecord = {
      ...state.record,
      removals: [...earlier, ...removed],
      ...(report && { lastPush: report.push }),
      quarantine: nextQuarantine(state.record.quarantine, failuresOf(report), this.#now()),
      ...(whole && { watermark: this.#now().toISOString(), fingerprint: this.#context.fingerprint }),
    };
    state.record = full ? { ...record, held: undefined } : record;
    forgetEnded(state, planned.endedDeviations);
    const outcome = outcomeOf(report);
    const message = report?.stopped?.message;
    // A push of some objects says nothing of how the job as a whole fares.
    if (full) this.#endCycle(state, planned.plan, outcome, message);
    await saveJobState(this.#context.files, state);
    if (whole) await this.#remember(state, planned);
    return { outcome, planned, guard, ...(report && { report }), ...(message !== undefined && { message }) };
  }

  /** Keeps an imprint of the directory, so that the next cycle need not read what stays the same. */
  async #remember(state: JobState, planned: PlannedJob): Promise<void> {
    const { files, fingerprint } = this.#context;
    const imprint = await planned.imprint?.();
    if (imprint === undefined || imprint === (await state.imprint(fingerprint))) return;
    // It only spares work, and an older one is as true: a cycle that went well does not fail for it.
    await saveImprint(files.imprint, { fingerprint, imprint }).catch(() => undefined);
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

  #logSkips({ plan }: PlannedJob): Promise<void> {
    return appendLog(
      this.#context.files.log,
      plan.skips.map((skip) => skipRecord(skip, this.#log)),
    );
  }

  #endCycle(state: JobState, plan: Pick<Plan, "cycle" | "summary">, outcome: CycleOutcome, message?: string): void {
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

  /** A cycle that could not plan is recorded too: as failed, and as a quarantine when the target is to blame. */
  async #fail(state: JobState, error: Error): Promise<void> {
    const { initial } = this.#options;
    const cycle = initial ? "initial" : cycleKind(state.record, this.#context.fingerprint).kind;
    this.#endCycle(state, { cycle, summary: summarize([], [], 0) }, "failed", error.message);
    if (isTargetFailure(error)) {
      const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
      const fatal = { fatal: error.message, ...(code !== undefined && { fatalCode: code }) };
      const failures = { ...fatal, succeeded: 0, failed: 0, referencesFailed: 0 };
      state.record = { ...state.record, quarantine: nextQuarantine(state.record.quarantine, failures, this.#now()) };
    }
    await saveJobState(this.#context.files, state);
  }
}

/** Accepted deviations that are no longer so, and those of objects that the job no longer keeps. */
function forgetEnded(state: JobState, ended: readonly AcceptedDeviation[]): void {
  const { accepted } = state.record;
  if (accepted === undefined || accepted.length === 0) return;
  const gone = new Set(ended.map(deviationKey));
  const kept = accepted.filter((each) => {
    const link = state.links(each.resourceType).get(each.sourceId);
    return link?.targetId === each.targetId && !gone.has(deviationKey(each));
  });
  state.record = { ...state.record, accepted: kept };
}

/** Escrows and quarantine are forgotten, links are not: the meaning of "Restart provisioning". */
function clearFailures(state: JobState): void {
  const { quarantine: _quarantine, held: _held, watermark: _watermark, ...record } = state.record;
  state.record = { ...record, escrows: [] };
}
