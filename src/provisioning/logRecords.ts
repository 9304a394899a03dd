import { randomUUID } from "node:crypto";
import { attributeDeltas } from "../changes/attributeDelta.ts";
import { requestText } from "../changes/requestText.ts";
import type { ChangeResult } from "../changes/pushResult.ts";
import { isDone } from "../changes/pushResult.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";
import { errorInformation } from "./errorCatalogue.ts";
import { errorCodeOf } from "./faultCode.ts";
import type { LogAction, LogRecord, LogStep } from "./logRecord.ts";
import type { Change } from "../changes/change.ts";
import type { Skip } from "./plan.ts";
import { showValue } from "./planText.ts";

/** What all records of one cycle share. */
export interface LogContext {
  readonly jobId: string;
  readonly cycleId: string;
  readonly initiatedBy: string;
  readonly note?: string | undefined;
  readonly now: () => Date;
}

const actions: Readonly<Record<Change["action"], LogAction>> = {
  create: "create",
  update: "update",
  deactivate: "disable",
  delete: "delete",
};

const exportSteps: Readonly<Record<Change["action"], string>> = {
  create: "EntryExportAdd",
  update: "EntryExportUpdate",
  deactivate: "EntryExportUpdateSoftDelete",
  delete: "EntryExportDelete",
};

/** The record of a change that was pushed, or that failed. Values that are long are cut, secrets are never in them. */
export function changeRecord(result: ChangeResult, context: LogContext): LogRecord {
  const { change, outcome, targetId } = result;
  const done = isDone(outcome);
  const code = done ? undefined : errorCodeOf(result);
  const steps: LogStep[] = [
    {
      name: "EntrySynchronizationScoping",
      provisioningStepType: "scoping",
      status: "success",
      description: change.reason,
    },
    {
      name: "EntryMatching",
      provisioningStepType: "matching",
      status: "success",
      description: change.targetId === undefined ? "No counterpart in the target." : `Matched ${change.targetId}.`,
    },
    {
      name: outcome === "redundant" ? "EntrySynchronizationSkip" : exportSteps[change.action],
      provisioningStepType: "export",
      status: done ? (outcome === "redundant" ? "skipped" : "success") : "failure",
      description: exportDescription(result),
      details: Object.fromEntries(
        change.requests.slice(0, 5).map((request, at) => [`request ${at + 1}`, cut(requestText(request), 2_000)]),
      ),
    },
  ];
  return {
    ...shared(context),
    changeId: change.id,
    provisioningAction: outcome === "redundant" ? "other" : actions[change.action],
    durationInMilliseconds: Math.round(result.durationMs),
    sourceIdentity: identity(change.sourceId ?? "", change.name, change.resourceType),
    ...(targetId !== undefined && { targetIdentity: identity(targetId, change.name, change.resourceType) }),
    provisioningStatusInfo: {
      status: outcome === "redundant" ? "skipped" : done ? "success" : "failure",
      ...(code && {
        errorInformation: errorInformation(code, cut(result.error?.message ?? exportDescription(result), 1_000)),
      }),
      ...(outcome === "redundant" && { skipReason: "RedundantExport" }),
    },
    provisioningSteps: steps,
    modifiedProperties: modifiedProperties(change),
  };
}

/** The record of an object for which nothing was done. */
export function skipRecord(skip: Skip, context: LogContext): LogRecord {
  const step = stepOfSkip(skip);
  return {
    ...shared(context),
    provisioningAction: "other",
    durationInMilliseconds: 0,
    sourceIdentity: identity(skip.sourceId, skip.name, skip.resourceType),
    provisioningStatusInfo: { status: "skipped", skipReason: skip.reason },
    provisioningSteps: [step],
    modifiedProperties: [],
  };
}

/** The record of a removal that the deletion guard holds: what the service calls a staged deletion. */
export function heldRecord(change: Change, why: string, context: LogContext): LogRecord {
  return {
    ...shared(context),
    changeId: change.id,
    provisioningAction: "stagedDelete",
    durationInMilliseconds: 0,
    sourceIdentity: identity(change.sourceId ?? "", change.name, change.resourceType),
    ...(change.targetId !== undefined && {
      targetIdentity: identity(change.targetId, change.name, change.resourceType),
    }),
    provisioningStatusInfo: { status: "warning", skipReason: "TooManyDeletes" },
    provisioningSteps: [
      {
        name: "StagedAction",
        provisioningStepType: "processing",
        status: "warning",
        description: `${change.reason} ${why}`,
      },
    ],
    modifiedProperties: modifiedProperties(change),
  };
}

function shared({ jobId, cycleId, initiatedBy, note, now }: LogContext) {
  return {
    id: randomUUID(),
    activityDateTime: now().toISOString(),
    jobId,
    cycleId,
    initiatedBy,
    ...(note !== undefined && { note }),
  };
}

function identity(id: string, displayName: string, identityType: string) {
  return { id, displayName: cut(displayName, 500), identityType };
}

function stepOfSkip({ reason, detail, cause }: Skip): LogStep {
  const description = cut(detail, 1_000);
  switch (reason) {
    case "ImportSkipped":
      return { name: "EntryImport", provisioningStepType: "import", status: "skipped", description };
    case "NotEffectivelyEntitled":
    case "SkipOutOfScopeDeletions":
      return {
        ...{ name: "EntrySynchronizationScoping", provisioningStepType: "scoping", status: "skipped", description },
        ...(cause !== undefined && { details: { cause } }),
      };
    case "DuplicateSourceEntries":
    case "DuplicateTargetEntries":
    case "InvalidAnchor":
      return { name: "EntryMatching", provisioningStepType: "matching", status: "skipped", description };
    case "MemberNotProvisioned":
      return {
        name: "EntryReferenceResolution",
        provisioningStepType: "referenceResolution",
        status: "skipped",
        description,
      };
    case "ActionNotEnabled":
    case "DeviationAccepted":
    case "Escrowed":
    case "MappingFailed":
    case "RemovalWithheld":
      return { name: "EntrySynchronizationSkip", provisioningStepType: "processing", status: "skipped", description };
  }
}

function exportDescription(result: ChangeResult): string {
  const { outcome, error, differences, requests } = result;
  switch (outcome) {
    case "pushed": {
      const stored = differences?.length
        ? ` The service stored ${differences.map(({ path }) => path).join(", ")} differently.`
        : "";
      return `Sent in ${requests} ${requests === 1 ? "request" : "requests"}.${stored}`;
    }
    case "redundant":
      return "The target agrees already; nothing was sent.";
    case "conflict":
      return error?.message ?? "The object changed in the target since it was read; nothing was sent.";
    case "blocked":
      return error?.message ?? "It refers to objects that could not be created.";
    case "failed":
    case "unknown":
    case "notSent":
      return error?.message ?? "Nothing was sent.";
  }
}

function modifiedProperties(change: Change): LogRecord["modifiedProperties"] {
  if (change.after === undefined) return [];
  const deltas = attributeDeltas(change.before ?? {}, change.after, builtinSchema(change.resourceType));
  return deltas.map(({ path, before, after, elements }) => {
    const oldValue = elements ? elements.removed : before;
    const newValue = elements ? elements.added : after;
    return {
      displayName: path,
      ...(isThere(oldValue) && { oldValue: cut(showValue(oldValue), 1_000) }),
      ...(isThere(newValue) && { newValue: cut(showValue(newValue), 1_000) }),
    };
  });
}

function isThere(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
