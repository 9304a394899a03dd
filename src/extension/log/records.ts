import * as l10n from "@vscode/l10n";
import type { LogRecord } from "../../provisioning/logRecord.ts";
import { displayLines, displayText } from "../platform/text.ts";
import type { LogDetail, LogRow } from "./messages.ts";

/** Longest value that the page shows of a record. */
const longest = 2_000;

/** Why a record ended as it did: code, reason, or what its last step says. */
export function reasonOf({ provisioningStatusInfo, provisioningSteps }: LogRecord): string {
  const { errorInformation, skipReason } = provisioningStatusInfo;
  return errorInformation?.errorCode ?? skipReason ?? provisioningSteps.at(-1)?.description ?? "";
}

/** A record as a row of the table. */
export function logRow(record: LogRecord): LogRow {
  const { sourceIdentity, provisioningStatusInfo } = record;
  return {
    at: record.activityDateTime,
    name: displayText(sourceIdentity.displayName, 200),
    resourceType: displayText(sourceIdentity.identityType, 40),
    action: record.provisioningAction,
    status: provisioningStatusInfo.status,
    reason: displayText(reasonOf(record), 300),
    durationMs: record.durationInMilliseconds,
  };
}

const stepNames = (): Readonly<Record<LogRecord["provisioningSteps"][number]["provisioningStepType"], string>> => ({
  import: l10n.t("Import"),
  scoping: l10n.t("Scope"),
  matching: l10n.t("Match"),
  processing: l10n.t("Process"),
  referenceResolution: l10n.t("Resolve references"),
  export: l10n.t("Action"),
});

/** A record with its steps; cause and fix stand apart. */
export function logDetail(record: LogRecord, index: number): LogDetail {
  const { sourceIdentity, targetIdentity, provisioningStatusInfo: info, provisioningAction, note } = record;
  const { errorInformation, status } = info;
  const at = new Date(record.activityDateTime).toLocaleString("en-GB");
  const parts = [
    `${provisioningAction}, ${status}`,
    reasonOf(record) === "" ? undefined : (errorInformation?.errorCode ?? info.skipReason),
    at,
  ];
  return {
    index,
    name: displayText(sourceIdentity.displayName, 300),
    sourceId: sourceIdentity.id.slice(0, 10_000),
    targetId: targetIdentity === undefined ? null : displayText(targetIdentity.id, 300),
    headline: displayText(parts.filter((part) => part !== undefined).join(", "), 500),
    status,
    error:
      errorInformation === undefined
        ? null
        : {
            code: displayText(errorInformation.errorCode),
            cause: displayLines(errorInformation.reason, longest),
            fix:
              errorInformation.recommendedAction === undefined
                ? null
                : displayLines(errorInformation.recommendedAction, longest),
          },
    note: note === undefined ? null : displayText(note, 500),
    by: displayText(record.initiatedBy ?? ""),
    steps: record.provisioningSteps.slice(0, 50).map((step) => ({
      title: stepNames()[step.provisioningStepType],
      status: step.status,
      description: displayLines(step.description, longest),
      details: Object.entries(step.details ?? {})
        .slice(0, 50)
        .map(([name, value]) => ({ name: displayText(name, 200), value: displayLines(value, longest) })),
    })),
    modified: record.modifiedProperties.slice(0, 200).map(({ displayName, oldValue, newValue }) => ({
      name: displayText(displayName, 300),
      before: oldValue === undefined ? null : displayLines(oldValue, longest),
      after: newValue === undefined ? null : displayLines(newValue, longest),
    })),
  };
}

const columns = ["time", "cycle", "action", "status", "code", "type", "who", "sourceId", "targetId", "reason", "ms"];

/** The head of an exported file. */
export const exportHead = (format: "csv" | "json"): string => (format === "csv" ? csvLine(columns) : "[");

/** One record of an exported file. A cell that a spreadsheet would take for a formula is quoted as text. */
export function exportRecord(format: "csv" | "json", record: LogRecord, first: boolean): string {
  if (format === "json") return `${first ? "\n" : ",\n"}${JSON.stringify(record)}`;
  const { provisioningStatusInfo: info, sourceIdentity, targetIdentity } = record;
  return csvLine([
    record.activityDateTime,
    record.cycleId,
    record.provisioningAction,
    info.status,
    info.errorInformation?.errorCode ?? info.skipReason ?? "",
    sourceIdentity.identityType,
    sourceIdentity.displayName,
    sourceIdentity.id,
    targetIdentity?.id ?? "",
    info.errorInformation?.reason ?? record.provisioningSteps.at(-1)?.description ?? "",
    String(record.durationInMilliseconds),
  ]);
}

export const exportEnd = (format: "csv" | "json"): string => (format === "csv" ? "" : "\n]\n");

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`).join(",")}\r\n`;
}
