import { odataQuery, odataText, type GraphClient } from "../graph/client.ts";
import { Pace } from "../graph/pace.ts";
import {
  provisioningObjectSummary,
  type ModifiedProperty,
  type ProvisioningObjectSummary,
} from "../graph/types/provisioningLog.ts";
import type { LogAction, LogRecord, LogStatus, LogStep } from "../provisioning/logRecord.ts";

/**
 * What the log is filtered by; every given part must hold. Names are compared here, and the status, whose filter is not
 * documented (inferred that there is none); the rest by the service.
 */
export interface EntraLogQuery {
  readonly jobId: string;
  readonly since?: Date | undefined;
  readonly cycleId?: string | undefined;
  readonly action?: LogAction | undefined;
  readonly status?: LogStatus | undefined;
  /** Part of a name or an id, compared without case. */
  readonly who?: string | undefined;
}

/**
 * The provisioning log of a job, newest first, as records of the same kind as the local log. Reports allow five requests in ten
 * seconds, which is kept to.
 */
export async function* readProvisioningLog(
  client: GraphClient,
  query: EntraLogQuery,
  signal?: AbortSignal,
): AsyncGenerator<LogRecord> {
  const clauses = [
    `jobId eq ${odataText(query.jobId)}`,
    ...(query.since === undefined ? [] : [`activityDateTime gt ${query.since.toISOString()}`]),
    ...(query.cycleId === undefined ? [] : [`cycleId eq ${odataText(query.cycleId)}`]),
    ...(query.action === undefined ? [] : [`provisioningAction eq ${odataText(query.action)}`]),
  ];
  const options = odataQuery({ $filter: clauses.join(" and "), $orderby: "activityDateTime desc", $top: 500 });
  const pace = new Pace(5, 10_000, client.clock);
  await pace.next(signal);
  const pages = client.pages(`/auditLogs/provisioning${options}`, "readProvisioningLogs", provisioningObjectSummary, {
    signal,
  });
  for await (const { items } of pages) {
    for (const item of items) {
      const record = logRecordOf(item);
      if (query.status !== undefined && record.provisioningStatusInfo.status !== query.status) continue;
      if (query.who !== undefined && !isAbout(record, query.who.toLowerCase())) continue;
      yield record;
    }
    await pace.next(signal);
  }
}

function isAbout({ sourceIdentity: source, targetIdentity: target }: LogRecord, who: string): boolean {
  return [source.id, source.displayName, target?.id, target?.displayName].some(
    (text) => text?.toLowerCase().includes(who) === true,
  );
}

const actions: readonly LogAction[] = ["create", "update", "delete", "disable", "stagedDelete", "other"];
const statuses: readonly LogStatus[] = ["success", "failure", "skipped", "warning"];
const stepTypes: readonly LogStep["provisioningStepType"][] = [
  "import",
  "scoping",
  "matching",
  "processing",
  "referenceResolution",
  "export",
];

/** One of the known values, whatever its letter case; the fallback when it is none. */
export function oneOf<Value extends string>(
  known: readonly Value[],
  text: string | null | undefined,
  fallback: Value,
): Value {
  const folded = text?.toLowerCase();
  return known.find((each) => each.toLowerCase() === folded) ?? fallback;
}

/** A step of the service, from the log or from provisioning on demand, which names its parts differently. */
export function logStepOf(step: {
  readonly name?: string | null | undefined;
  readonly type: string | null | undefined;
  readonly status?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly details?: Readonly<Record<string, unknown>> | null | undefined;
}): LogStep {
  const details = Object.entries(step.details ?? {}).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return {
    name: step.name ?? "",
    provisioningStepType: oneOf(stepTypes, step.type, "processing"),
    status: statusOf(step.status),
    description: step.description ?? "",
    ...(details.length > 0 && { details: Object.fromEntries(details) }),
  };
}

/** Values that were written, as the local log has them. */
export function modifiedPropertiesOf(
  properties: readonly ModifiedProperty[] | null | undefined,
): LogRecord["modifiedProperties"] {
  return (properties ?? []).map(({ displayName, oldValue, newValue }) => ({
    displayName: displayName ?? "",
    ...(oldValue != null && { oldValue }),
    ...(newValue != null && { newValue }),
  }));
}

/** `Success`, `Failure`, `Skipped`, in any letter case. */
export function statusOf(text: string | null | undefined): LogStatus {
  return oneOf(statuses, text, "warning");
}

export function actionOf(text: string | null | undefined): LogAction {
  return oneOf(actions, text, "other");
}

/** An entry of the service's log in the form of the local one. */
export function logRecordOf(entry: ProvisioningObjectSummary): LogRecord {
  const { sourceIdentity: source, targetIdentity: target, provisioningStatusInfo: info } = entry;
  const error = info?.errorInformation;
  const status = statusOf(info?.status);
  const code = error?.errorCode ?? "";
  return {
    id: entry.id,
    activityDateTime: entry.activityDateTime,
    jobId: entry.jobId ?? "",
    cycleId: entry.cycleId ?? "",
    ...(entry.changeId != null && { changeId: entry.changeId }),
    provisioningAction: actionOf(entry.provisioningAction),
    durationInMilliseconds: entry.durationInMilliseconds ?? 0,
    ...(entry.initiatedBy?.displayName != null && { initiatedBy: entry.initiatedBy.displayName }),
    sourceIdentity: {
      id: source?.id ?? "",
      displayName: source?.displayName ?? "",
      identityType: source?.identityType ?? "",
    },
    ...((target?.id ?? "") !== "" && {
      targetIdentity: {
        id: target?.id ?? "",
        displayName: target?.displayName ?? "",
        identityType: target?.identityType ?? "",
      },
    }),
    provisioningStatusInfo: {
      status,
      ...(status === "skipped" && code !== "" && { skipReason: code }),
      ...(status !== "skipped" &&
        code !== "" && {
          errorInformation: {
            errorCode: code,
            reason: error?.reason ?? "",
            ...(error?.additionalDetails != null && { additionalDetails: error.additionalDetails }),
            ...(error?.recommendedAction != null && { recommendedAction: error.recommendedAction }),
          },
        }),
    },
    provisioningSteps: (entry.provisioningSteps ?? []).map((step) =>
      logStepOf({ ...step, type: step.provisioningStepType }),
    ),
    modifiedProperties: modifiedPropertiesOf(entry.modifiedProperties),
  };
}
