import type { SynchronizationJob, TaskExecution } from "../graph/types/synchronization.ts";

/** A job's status as a person reads it. Times are ISO 8601, UTC. */
export interface JobHealth {
  readonly jobId: string;
  readonly state: "notConfigured" | "notRun" | "active" | "paused" | "quarantine" | "unknown";
  /** In one sentence. */
  readonly summary: string;
  /** Percent of pages (not of objects) of the running cycle. */
  readonly progress?: number;
  readonly lastCycle?: LastCycle;
  /** Objects under management by type; never falls on deletions. */
  readonly entries: Readonly<Record<string, number>>;
  readonly escrows: number;
  readonly quarantine?: QuarantineHealth;
}

export interface LastCycle {
  /** The log's cycle id (inferred that the two are equal). */
  readonly activityId: string | undefined;
  readonly state: string;
  readonly began: string;
  readonly ended: string;
  readonly imported: number;
  readonly exported: number;
  readonly escrowed: number;
  readonly error?: string;
}

export interface QuarantineHealth {
  readonly reason: string;
  /** What the reason means and what to do. */
  readonly explanation: string;
  readonly since: string;
  readonly nextAttempt: string;
  /** When the service disables the job if nothing helps: four weeks after the quarantine began. */
  readonly disabledAt: string;
  /** Whole days until then. */
  readonly daysLeft: number;
  readonly message: string;
}

const day = 86_400_000;

/** Reasons in words. Source: Microsoft Entra documentation, "Application provisioning in quarantine status". */
const reasons: Readonly<Record<string, string>> = {
  EncounteredQuarantineException:
    "The target refuses the credentials or cannot be used. Mend tenant URL or token, test the connection, then start or restart.",
  EncounteredEscrowProportionThreshold:
    "More than 40 % of at least 5,000 changes failed. Look at the failures in the log, mend them, then restart.",
  EncounteredBaseEscrowThreshold:
    "More than 40,000 objects failed. Look at the failures in the log, mend them, then restart.",
  EncounteredTotalEscrowThreshold:
    "More than 60,000 objects and references failed. Look at the failures in the log, mend them, then restart.",
  TooManyDeletes:
    "More deletions than the threshold are held. Allow them with ForceDeletes, or mend the scope and restart.",
  QuarantinedOnDemand: "Microsoft has put the job in quarantine. Ask Microsoft's support.",
  IngestionInterrupted: "An upload was interrupted. Upload again.",
};

/** Reads the status of a job. @param now milliseconds since 1970, for the countdown */
export function jobHealth(job: SynchronizationJob, now: number): JobHealth {
  const { status } = job;
  const last = cycleOf(status?.lastExecution);
  const units = status?.progress?.at(-1);
  const total = units?.totalUnits ?? 0;
  const progress = total > 0 ? Math.min(100, Math.round((100 * (units?.completedUnits ?? 0)) / total)) : undefined;
  const quarantine = status?.quarantine == null ? undefined : quarantineOf(status.quarantine, now);
  const state = stateOf(status?.code ?? "", quarantine !== undefined);
  return {
    jobId: job.id,
    state,
    summary: summaryOf(state, last, progress, quarantine),
    ...(progress !== undefined && { progress }),
    ...(last !== undefined && { lastCycle: last }),
    entries: Object.fromEntries((status?.synchronizedEntryCountByType ?? []).map(({ key, value }) => [key, value])),
    escrows: status?.lastExecution?.countEscrowed ?? 0,
    ...(quarantine !== undefined && { quarantine }),
  };
}

function stateOf(code: string, quarantined: boolean): JobHealth["state"] {
  switch (code) {
    case "NotConfigured":
      return "notConfigured";
    case "NotRun":
      return "notRun";
    case "Active":
      return quarantined ? "quarantine" : "active";
    case "Paused":
      return "paused";
    case "Quarantine":
      return "quarantine";
    default:
      return "unknown";
  }
}

/** Before the first run the service sends an execution of zeros with year-0001 times: none. */
function cycleOf(execution: TaskExecution | null | undefined): LastCycle | undefined {
  if (execution?.timeBegan == null || execution.timeBegan.startsWith("0001-")) return undefined;
  const { error } = execution;
  const failed = error?.code != null && error.code !== "None";
  return {
    activityId: execution.activityIdentifier ?? undefined,
    state: execution.state ?? "unknown",
    began: execution.timeBegan,
    ended: execution.timeEnded ?? "",
    imported: execution.countImported ?? 0,
    exported: execution.countExported ?? 0,
    escrowed: execution.countEscrowed ?? 0,
    ...(failed && { error: `${error.code ?? ""}: ${error.message ?? ""}` }),
  };
}

function quarantineOf(
  quarantine: NonNullable<NonNullable<SynchronizationJob["status"]>["quarantine"]>,
  now: number,
): QuarantineHealth {
  const since = quarantine.seriesBegan ?? quarantine.currentBegan ?? "";
  const began = Date.parse(since);
  const disabled = Number.isNaN(began) ? NaN : began + 28 * day;
  const reason = quarantine.reason ?? "Unknown";
  return {
    reason,
    explanation: reasons[reason] ?? "The service names no reason that is documented.",
    since,
    nextAttempt: quarantine.nextAttempt ?? "",
    disabledAt: Number.isNaN(disabled) ? "" : new Date(disabled).toISOString(),
    daysLeft: Number.isNaN(disabled) ? 0 : Math.max(0, Math.floor((disabled - now) / day)),
    message: quarantine.error?.message ?? "",
  };
}

function summaryOf(
  state: JobHealth["state"],
  last: LastCycle | undefined,
  progress: number | undefined,
  quarantine: QuarantineHealth | undefined,
): string {
  const running = progress === undefined ? "" : ` A cycle runs: ${progress} % of its pages.`;
  switch (state) {
    case "quarantine":
      return `In quarantine: ${quarantine?.reason ?? "no reason named"}; the service turns the job off in ${quarantine?.daysLeft ?? 0} days.`;
    case "paused":
      return "Paused; no cycle starts until provisioning is started.";
    case "notConfigured":
      return "Not configured: no tenant URL and secret token are stored.";
    case "notRun":
      return `Started; the first cycle has not ended yet.${running}`;
    case "active":
      return `${last === undefined ? "On." : `On; the last cycle ended ${last.ended} (${last.state}).`}${running}`;
    case "unknown":
      return "The service names no status.";
  }
}
