import { checkConnection, formatCheck } from "../../conformance/check.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, writeOut } from "../host.ts";
import { readToken } from "../token.ts";

/** `check URL`: the ladder of read-only probes. */
export async function runCheck(
  host: CliHost,
  url: string,
  options: { readonly format: "text" | "json"; readonly tokenStdin?: boolean },
): Promise<number> {
  const token = await readToken(host, options);
  const report = await checkConnection({ baseUrl: url, token, signal: host.signal });
  await writeOut(host, options.format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : formatCheck(report));
  return report.healthy ? exitCodes.ok : exitCodes.error;
}
