import { lockOwner } from "../../changes/lock.ts";
import type { JobStateRecord } from "../../provisioning/jobState.ts";
import { loadJobState } from "../../provisioning/jobState.ts";
import { groupByCause } from "../../provisioning/escrow.ts";
import { healthOf } from "../../provisioning/health.ts";
import { stateFiles } from "../../provisioning/stateFiles.ts";
import { loadJob } from "../../job/load.ts";
import { findJob } from "../jobFile.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, writeOut } from "../host.ts";

export interface StatusCommandOptions {
  readonly format: "text" | "json";
}

/** `status JOB`: last cycle, quarantine, escrows, who writes now. Reads files only; sends nothing. */
export async function runStatus(host: CliHost, jobName: string, options: StatusCommandOptions): Promise<number> {
  const paths = await findJob(host, jobName);
  const job = await loadJob(paths.file);
  const state = await loadJobState(stateFiles(paths.stateDir));
  const owner = await lockOwner(paths.stateDir);
  const { record } = state;
  const health = healthOf(record, owner !== undefined, new Date());
  if (options.format === "json") {
    const { fingerprint: _own, notified: _told, version: _version, ...shown } = record;
    const linked = { users: state.users.size, groups: state.groups.size };
    const document = { job: job.name, state: health, linked, ...(owner && { writer: owner }), ...shown };
    await writeOut(host, `${JSON.stringify(document, undefined, 2)}\n`);
    return exitCodes.ok;
  }
  const lines = [`${job.name}: ${health}`];
  lines.push(`  linked       ${state.users.size} users, ${state.groups.size} groups`);
  if (owner) lines.push(`  running      ${owner.purpose}, process ${owner.pid} on ${owner.host} since ${owner.since}`);
  lines.push(...cycleLines(record));
  if (record.held)
    lines.push(`  held since   ${record.held.since}`, ...record.held.reasons.map((text) => `    ${text}`));
  if (record.quarantine) {
    const { reason, message, since, nextTryAt, disabledAt } = record.quarantine;
    lines.push(`  quarantine   ${reason} since ${since}: ${message}`);
    lines.push(`    next try ${nextTryAt}; turned off for good ${disabledAt}`);
  }
  for (const { code, escrows } of groupByCause(record.escrows)) {
    lines.push(
      `  escrow       ${escrows.length} × ${code}, next try ${escrows.map((e) => e.nextTryAt).sort()[0] ?? ""}`,
    );
  }
  await writeOut(host, `${lines.join("\n")}\n`);
  return exitCodes.ok;
}

function cycleLines(record: JobStateRecord): string[] {
  const cycle = record.lastCycle;
  if (!cycle) return ["  last cycle   none yet"];
  const counts = Object.entries(cycle.summary)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  const lines = [
    `  last cycle   ${cycle.kind}, ${cycle.outcome}, ${cycle.finishedAt}: ${counts.join(", ") || "nothing to do"}`,
  ];
  if (cycle.message !== undefined) lines.push(`    ${cycle.message}`);
  if (record.nextCycleAt !== undefined) lines.push(`  next cycle   ${record.nextCycleAt}`);
  return lines;
}
