import { checkConnection, formatCheck } from "../../conformance/check.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, UsageError, writeOut } from "../host.ts";
import { readToken } from "../token.ts";
import { runConformance } from "./conformance.ts";

export interface CheckCommandOptions {
  readonly format: "text" | "json" | "junit";
  readonly conformance?: boolean;
  readonly write?: boolean;
  readonly yes?: boolean;
  readonly tokenStdin?: boolean;
}

/** `check URL`: the ladder of read-only probes; with `--conformance`, every rule of the RFCs. */
export async function runCheck(host: CliHost, url: string, options: CheckCommandOptions): Promise<number> {
  const { format, conformance, write } = options;
  if (!conformance && (write === true || format === "junit")) {
    throw new UsageError("--write and --format junit go with --conformance.");
  }
  const token = await readToken(host, options);
  if (conformance) return runConformance(host, url, token, options);
  const report = await checkConnection({ baseUrl: url, token, signal: host.signal });
  await writeOut(host, format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : formatCheck(report));
  return report.healthy ? exitCodes.ok : exitCodes.error;
}
