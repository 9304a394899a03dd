import { checkConnection, formatCheck } from "../../conformance/check.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, writeOut } from "../host.ts";
import { readToken } from "../token.ts";

export interface CheckCommandOptions {
  readonly format: "text" | "json";
  readonly tokenStdin?: boolean;
}

/** `check URL`: the ladder of read-only probes. */
export async function runCheck(host: CliHost, url: string, options: CheckCommandOptions): Promise<number> {
  const token = await readToken(host, options);
  const report = await checkConnection({ baseUrl: url, token, signal: host.signal });
  await writeOut(host, options.format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : formatCheck(report));
  return report.healthy ? exitCodes.ok : exitCodes.error;
}
