import type {
  SynchronizationQuarantine,
  SynchronizationStatus,
  SynchronizationTaskExecution,
} from "@microsoft/microsoft-graph-types";

/** What one cycle of a job did, as the service counts. */
export interface CycleReport {
  readonly id: string;
  readonly state: "Succeeded" | "Failed" | "EntryLevelErrors";
  readonly began: Date;
  readonly ended: Date;
  readonly entitled: number;
  readonly imported: number;
  readonly exports: number;
  readonly exported: number;
  readonly escrowed: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface JobQuarantine {
  readonly reason: NonNullable<SynchronizationQuarantine["reason"]>;
  readonly message: string;
  readonly code: string;
  readonly since: string;
  readonly nextTryAt: string;
  readonly tries: number;
}

const never = "0001-01-01T00:00:00Z";

/** The execution that stands for none before the first run, as published samples show it. */
const noExecution: SynchronizationTaskExecution = {
  activityIdentifier: null,
  state: "Failed",
  timeBegan: never,
  timeEnded: never,
  countEntitled: 0,
  countEntitledForProvisioning: 0,
  countImported: 0,
  countImportedDeltas: 0,
  countImportedReferenceDeltas: 0,
  countExports: 0,
  countExported: 0,
  countEscrowed: 0,
  countEscrowedRaw: 0,
  error: { code: "None", message: "", tenantActionable: false },
};

export interface StatusParts {
  readonly code: NonNullable<SynchronizationStatus["code"]>;
  readonly last: CycleReport | undefined;
  readonly lastSuccess: CycleReport | undefined;
  readonly lastExport: CycleReport | undefined;
  readonly failures: number;
  readonly quarantine: JobQuarantine | undefined;
  readonly steadyFirst: string | undefined;
  readonly steadyLast: string | undefined;
  readonly entries: { readonly users: number; readonly groups: number };
  readonly progress: { readonly done: number; readonly total: number; readonly at: Date } | undefined;
}

/** The status of a job in the documented shape. */
export function jobStatus(parts: StatusParts): SynchronizationStatus {
  const { last, lastSuccess, lastExport, quarantine, progress } = parts;
  return {
    code: parts.code,
    countSuccessiveCompleteFailures: parts.failures,
    escrowsPruned: false,
    lastExecution: last === undefined ? noExecution : execution(last),
    lastSuccessfulExecution: lastSuccess === undefined ? null : execution(lastSuccess),
    lastSuccessfulExecutionWithExports: lastExport === undefined ? null : execution(lastExport),
    progress:
      progress === undefined
        ? []
        : [
            {
              completedUnits: progress.done,
              totalUnits: progress.total,
              units: "Pages",
              progressObservationDateTime: progress.at.toISOString(),
            },
          ],
    quarantine:
      quarantine === undefined
        ? null
        : {
            reason: quarantine.reason,
            currentBegan: quarantine.since,
            seriesBegan: quarantine.since,
            nextAttempt: quarantine.nextTryAt,
            seriesCount: quarantine.tries,
            error: { code: quarantine.code, message: quarantine.message, tenantActionable: true },
          },
    steadyStateFirstAchievedTime: parts.steadyFirst ?? never,
    steadyStateLastAchievedTime: parts.steadyLast ?? never,
    synchronizedEntryCountByType: [
      { key: "User to urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", value: parts.entries.users },
      { key: "Group to urn:ietf:params:scim:schemas:core:2.0:Group", value: parts.entries.groups },
    ],
    troubleshootingUrl: null,
  };
}

function execution(report: CycleReport): SynchronizationTaskExecution {
  return {
    activityIdentifier: report.id,
    state: report.state,
    timeBegan: report.began.toISOString(),
    timeEnded: report.ended.toISOString(),
    countEntitled: report.entitled,
    countEntitledForProvisioning: report.entitled,
    countImported: report.imported,
    countImportedDeltas: report.imported,
    countImportedReferenceDeltas: 0,
    countExports: report.exports,
    countExported: report.exported,
    countEscrowed: report.escrowed,
    countEscrowedRaw: report.escrowed,
    error: report.error === undefined ? null : { ...report.error, tenantActionable: true },
  };
}
