import type { ProvisioningObjectSummary } from "@microsoft/microsoft-graph-types";
import type { LogRecord } from "../../provisioning/logRecord.ts";

/** What every entry of one job says of its systems. */
export interface LogPlace {
  readonly tenantId: string;
  readonly jobId: string;
  readonly servicePrincipal: { readonly id: string; readonly displayName: string };
  readonly targetName: string;
}

/**
 * A decision of the engine as the provisioning log of the service shows it. The record already has the service's names;
 * systems and initiator are added, and the reason of a skip becomes the error information, where the service has it.
 */
export function logEntry(record: LogRecord, place: LogPlace): ProvisioningObjectSummary {
  const { provisioningStatusInfo: info } = record;
  const source = { id: place.tenantId, displayName: "Microsoft Entra ID", details: {} };
  const target = {
    id: place.servicePrincipal.id,
    displayName: place.targetName,
    details: {
      ServicePrincipalId: place.servicePrincipal.id,
      ServicePrincipalDisplayName: place.servicePrincipal.displayName,
    },
  };
  const reason = info.errorInformation?.reason ?? record.provisioningSteps.at(-1)?.description ?? "";
  return {
    id: record.id,
    activityDateTime: record.activityDateTime,
    tenantId: place.tenantId,
    jobId: place.jobId,
    cycleId: record.cycleId,
    changeId: record.changeId ?? record.id,
    provisioningAction: record.provisioningAction,
    durationInMilliseconds: record.durationInMilliseconds,
    initiatedBy: { id: "", displayName: "Azure AD Provisioning Service", initiatorType: "system" },
    servicePrincipal: { ...place.servicePrincipal },
    sourceSystem: source,
    targetSystem: target,
    sourceIdentity: { ...record.sourceIdentity, details: {} },
    targetIdentity: { ...(record.targetIdentity ?? { id: "", displayName: "", identityType: "" }), details: {} },
    modifiedProperties: record.modifiedProperties.map(({ displayName, oldValue, newValue }) => ({
      displayName,
      oldValue: oldValue ?? null,
      newValue: newValue ?? null,
    })),
    provisioningSteps: record.provisioningSteps.map(({ name, provisioningStepType, status, description, details }) => ({
      name,
      provisioningStepType,
      status,
      description,
      details: details ?? {},
    })),
    provisioningStatusInfo: {
      status: info.status,
      errorInformation:
        info.status === "success"
          ? null
          : {
              errorCode: info.errorInformation?.errorCode ?? info.skipReason ?? "",
              reason,
              additionalDetails: info.errorInformation?.additionalDetails ?? null,
              errorCategory: info.status === "failure" ? "failure" : "nonServiceFailure",
              recommendedAction: info.errorInformation?.recommendedAction ?? null,
            },
    },
  };
}
