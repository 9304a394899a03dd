import type { SynchronizationStatus } from "@microsoft/microsoft-graph-types";
import type { CycleResult } from "../../provisioning/cycle.ts";
import type { JobState } from "../../provisioning/jobState.ts";
import { nextQuarantine } from "../../provisioning/quarantine.ts";
import { jobStatus, type CycleReport, type JobQuarantine, type StatusParts } from "./jobStatus.ts";

/** What one cycle came to: a result, or why there is none. */
export interface ConcludedCycle {
  readonly result: CycleResult | undefined;
  /** Why the cycle failed as a whole. */
  readonly fatal: string | undefined;
  readonly began: Date;
  readonly ended: Date;
}

/** What the service remembers of a job's cycles: the last ones, failures in a row, quarantine, objects under management. */
export class JobHistory {
  readonly #newId: () => string;
  #last: CycleReport | undefined;
  #lastSuccess: CycleReport | undefined;
  #lastExport: CycleReport | undefined;
  #failures = 0;
  #quarantine: JobQuarantine | undefined;
  #steadyFirst: string | undefined;
  #steadyLast: string | undefined;
  #entries = { users: 0, groups: 0 };

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  get hasRun(): boolean {
    return this.#last !== undefined;
  }

  get quarantine(): JobQuarantine | undefined {
    return this.#quarantine;
  }

  liftQuarantine(): void {
    this.#quarantine = undefined;
  }

  status(code: StatusParts["code"], progress: StatusParts["progress"]): SynchronizationStatus {
    return jobStatus({
      code,
      last: this.#last,
      lastSuccess: this.#lastSuccess,
      lastExport: this.#lastExport,
      failures: this.#failures,
      quarantine: this.#quarantine,
      steadyFirst: this.#steadyFirst,
      steadyLast: this.#steadyLast,
      entries: this.#entries,
      progress,
    });
  }

  /** Takes in a cycle. @returns whether it succeeded: neither failed as a whole nor held */
  conclude(state: JobState, cycle: ConcludedCycle): boolean {
    const { result, fatal, ended } = cycle;
    const report = this.#report(state, cycle);
    const succeeded = fatal === undefined && result?.outcome !== "held";
    this.#last = report;
    // The service's count never falls.
    this.#entries = {
      users: Math.max(this.#entries.users, state.countIn("User")),
      groups: Math.max(this.#entries.groups, state.countIn("Group")),
    };
    if (succeeded) {
      this.#failures = 0;
      this.#lastSuccess = report;
      if (report.exported > 0) this.#lastExport = report;
      this.#steadyLast = ended.toISOString();
      this.#steadyFirst ??= this.#steadyLast;
      this.#quarantine = state.record.quarantine && quarantineOf(state.record.quarantine);
    } else {
      this.#failures += 1;
      this.#quarantine = this.#nextQuarantine(cycle);
    }
    return succeeded;
  }

  #report(state: JobState, { result, fatal, began, ended }: ConcludedCycle): CycleReport {
    const counts = result?.report?.counts;
    const plan = result?.planned.plan;
    const exports = plan?.changes.length ?? 0;
    const escrowed = state.record.escrows.length;
    const failed = fatal !== undefined || result?.outcome === "held";
    return {
      id: state.record.lastCycle?.id ?? this.#newId(),
      state: failed ? "Failed" : escrowed > 0 ? "EntryLevelErrors" : "Succeeded",
      began,
      ended,
      entitled: state.managed,
      imported: plan === undefined ? 0 : exports + plan.summary.skip + plan.summary.unchanged,
      exports,
      exported: (counts?.pushed ?? 0) + (counts?.redundant ?? 0),
      escrowed,
      ...(fatal !== undefined && { error: { code: faultCode(fatal), message: fatal } }),
    };
  }

  #nextQuarantine({ result, fatal, ended }: ConcludedCycle): JobQuarantine {
    const held = result?.outcome === "held";
    const message = fatal ?? result?.message ?? "";
    const before = this.#quarantine;
    const current = before && {
      ...before,
      reason: "EncounteredQuarantineException" as const,
      disabledAt: before.since,
    };
    const next = nextQuarantine(current, { fatal: message, succeeded: 0, failed: 0, referencesFailed: 0 }, ended);
    return {
      reason: held ? "TooManyDeletes" : "EncounteredQuarantineException",
      message,
      code: held ? "TooManyDeletes" : faultCode(message),
      since: next?.since ?? ended.toISOString(),
      nextTryAt: next?.nextTryAt ?? ended.toISOString(),
      tries: next?.tries ?? 0,
    };
  }
}

function quarantineOf(quarantine: NonNullable<JobState["record"]["quarantine"]>): JobQuarantine {
  const { reason, message, since, nextTryAt, tries } = quarantine;
  return { reason, message, since, nextTryAt, tries, code: reason };
}

/** Job-level faults by their published names. */
function faultCode(message: string): string {
  return /40[13]|token|unauthorized|forbidden/i.test(message)
    ? "SystemForCrossDomainIdentityManagementInvalidCredentials"
    : "SystemForCrossDomainIdentityManagementServiceIncompatible";
}
