import { verifyJournal } from "../../changes/journalRead.ts";
import { findJob } from "../jobFile.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, writeOut } from "../host.ts";
import { printable } from "../table.ts";

export interface VerifyCommandOptions {
  readonly format: "text" | "json";
}

/** `verify JOB`: checks the hash chain of the job's journal. Reads files only; sends nothing. */
export async function runVerify(host: CliHost, jobName: string, options: VerifyCommandOptions): Promise<number> {
  const paths = await findJob(host, jobName);
  const verdict = await verifyJournal(paths.stateDir);
  const code = verdict.intact ? exitCodes.ok : exitCodes.error;
  if (options.format === "json") {
    await writeOut(host, `${JSON.stringify(verdict, undefined, 2)}\n`);
    return code;
  }
  const records = verdict.records === 1 ? "1 record" : `${verdict.records} records`;
  const lines = [verdict.intact ? `The journal is intact: ${records}.` : `The journal is not intact: ${records} read.`];
  for (const { kind, message, fix } of verdict.problems)
    lines.push(`  ${kind.padEnd(8)}${printable(message)}`, `  ${"fix".padEnd(8)}${fix}`);
  lines.push(...verdict.mended.map(({ message }) => `  mended  ${printable(message)}`));
  await writeOut(host, `${lines.join("\n")}\n`);
  return code;
}
