import { jobLogFile } from "../../provisioning/stateFiles.ts";
import type { LogDamage, LogQuery } from "../../provisioning/logFile.ts";
import { readLog } from "../../provisioning/logFile.ts";
import type { LogRecord, LogStatus } from "../../provisioning/logRecord.ts";
import { findJob } from "../jobFile.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note, UsageError, writeOut } from "../host.ts";
import { csvLine, printable, truncate } from "../table.ts";

export interface LogsOptions {
  readonly since?: string;
  readonly status?: LogStatus;
  readonly who?: string;
  readonly format: "text" | "json" | "csv";
}

/** `logs JOB`: the provisioning log, oldest first. */
export async function runLogs(host: CliHost, job: string, options: LogsOptions): Promise<number> {
  const paths = await findJob(host, job);
  const query: LogQuery = {
    ...(options.since !== undefined && { since: parseSince(options.since, new Date()) }),
    ...(options.status && { status: options.status }),
    ...(options.who !== undefined && { who: options.who }),
  };
  const damage: LogDamage = { lines: [] };
  const write = writers[options.format];
  let count = 0;
  await writeOut(host, write.begin);
  for await (const record of readLog(jobLogFile(paths.stateDir), query, damage)) {
    await writeOut(host, write.record(record, count === 0));
    count += 1;
  }
  await writeOut(host, write.end);
  if (count === 0) note(host, "No record matches.");
  if (damage.lines.length > 0) {
    const lines = damage.lines.slice(0, 10).join(", ");
    note(host, `${damage.lines.length} lines of the log could not be read: ${lines}. The others are shown.`);
  }
  return exitCodes.ok;
}

/**
 * An instant, or an age before now: `90m`, `24h`, `7d`.
 *
 * @throws UsageError for anything else
 */
export function parseSince(text: string, now: Date): Date {
  const age = /^(\d+)\s*([smhd])$/.exec(text);
  const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  if (age) return new Date(now.getTime() - Number(age[1]) * (units[age[2] ?? ""] ?? 0));
  const instant = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(instant)) {
    throw new UsageError(
      `"${text}" is no time. Write an instant such as 2026-11-24T08:00Z, or an age such as 90m, 24h or 7d.`,
    );
  }
  return new Date(instant);
}

export interface LogWriter {
  readonly begin: string;
  readonly record: (record: LogRecord, first: boolean) => string;
  readonly end: string;
}

const columns = ["time", "cycle", "action", "status", "code", "type", "who", "sourceId", "targetId", "reason", "ms"];

/** How the provisioning log is written in each format, the local one and the service's alike. */
export const writers: Readonly<Record<LogsOptions["format"], LogWriter>> = {
  text: { begin: "", record: textLine, end: "" },
  json: { begin: "[", record: (record, first) => `${first ? "\n" : ",\n"}  ${JSON.stringify(record)}`, end: "\n]\n" },
  csv: { begin: csvLine(columns), record: (record) => csvLine(csvCells(record)), end: "" },
};

function textLine(record: LogRecord): string {
  const { provisioningStatusInfo: info, sourceIdentity: who } = record;
  const cells = [
    record.activityDateTime.replace("T", " ").slice(0, 19),
    record.provisioningAction.padEnd(12),
    info.status.padEnd(7),
    truncate(who.displayName, 40).padEnd(40),
    reasonOf(record),
  ];
  return `${printable(cells.join("  ")).trimEnd()}\n`;
}

function csvCells(record: LogRecord): string[] {
  const { provisioningStatusInfo: info, sourceIdentity, targetIdentity } = record;
  return [
    record.activityDateTime,
    record.cycleId,
    record.provisioningAction,
    info.status,
    info.errorInformation?.errorCode ?? info.skipReason ?? "",
    sourceIdentity.identityType,
    sourceIdentity.displayName,
    sourceIdentity.id,
    targetIdentity?.id ?? "",
    reasonOf(record),
    String(record.durationInMilliseconds),
  ];
}

function reasonOf(record: LogRecord): string {
  const { errorInformation, skipReason } = record.provisioningStatusInfo;
  if (errorInformation) return `${errorInformation.errorCode}: ${errorInformation.reason}`;
  const last = record.provisioningSteps.at(-1)?.description ?? "";
  return skipReason === undefined ? last : `${skipReason}: ${last}`;
}
