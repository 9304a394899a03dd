import { describeChange } from "../../changes/describe.ts";
import { objectTimeline, type TimelineEntry } from "../../changes/history.ts";
import { readSummaries, type PushSummary } from "../../changes/pushSummary.ts";
import { formatChange } from "../../provisioning/planText.ts";
import { findJob } from "../jobFile.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note, writeOut } from "../host.ts";
import { paintFor } from "../paint.ts";
import { printable } from "../table.ts";

export interface HistoryCommandOptions {
  readonly format: "text" | "json";
}

/** `history JOB [WHO]`: the pushes of a job, or everything they did to one user or group. Reads files only; sends nothing. */
export async function runHistory(
  host: CliHost,
  jobName: string,
  who: string | undefined,
  options: HistoryCommandOptions,
): Promise<number> {
  const { stateDir } = await findJob(host, jobName);
  return who === undefined ? tellPushes(host, stateDir, options) : tellTimeline(host, stateDir, who, options);
}

async function tellPushes(host: CliHost, folder: string, { format }: HistoryCommandOptions): Promise<number> {
  const rows: PushSummary[] = [];
  let count = 0;
  for await (const push of readSummaries(folder)) {
    count += 1;
    if (format === "json") rows.push(push);
    else await writeOut(host, pushLine(push));
  }
  if (format === "json") await writeOut(host, `${JSON.stringify(rows, undefined, 2)}\n`);
  else if (count === 0) note(host, "Nothing was pushed yet.");
  return exitCodes.ok;
}

function pushLine({ push, startedAt, who, note: why, state, counts, outcomes }: PushSummary): string {
  const cells = [
    push.slice(0, 8),
    time(startedAt),
    (who ?? "").padEnd(14),
    [listed(counts), listed(outcomes)].filter(Boolean).join("; "),
    state === "open" ? "(not finished)" : "",
    why ?? "",
  ];
  return `${printable(cells.filter(Boolean).join("  ")).trimEnd()}\n`;
}

async function tellTimeline(
  host: CliHost,
  folder: string,
  who: string,
  { format }: HistoryCommandOptions,
): Promise<number> {
  const entries = await objectTimeline(folder, who);
  if (format === "json") {
    await writeOut(host, `${JSON.stringify(entries, undefined, 2)}\n`);
    return exitCodes.ok;
  }
  for (const entry of entries) await writeOut(host, timelineText(entry, host));
  if (entries.length === 0)
    note(host, `No push touched ${printable(who)}. Name, source id or target id are looked for.`);
  return exitCodes.ok;
}

function timelineText({ change, outcome, at, push, targetId, error }: TimelineEntry, host: CliHost): string {
  const by = [push.who, push.note].filter((text) => text !== undefined).join(", ");
  const lines = [
    printable(`${time(at)}  ${describeChange(change)}: ${outcome}${error === undefined ? "" : `, ${error}`}`),
    printable(
      `  push ${push.push.slice(0, 8)}${by === "" ? "" : `, ${by}`}${targetId === undefined ? "" : `, id ${targetId}`}`,
    ),
    formatChange(change, paintFor(host)),
  ];
  return `${lines.join("\n")}\n\n`;
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}

function time(text: string): string {
  return text.replace("T", " ").slice(0, 19);
}
