import { checkConformance } from "../../conformance/conformance.ts";
import { conformanceJunit, formatConformance } from "../../conformance/conformanceReport.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import { confirm } from "../ask.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note, UsageError, writeOut } from "../host.ts";
import { ProgressLine } from "../progress.ts";
import { printable } from "../table.ts";

export interface ConformanceCommandOptions {
  readonly format: "text" | "json" | "junit";
  readonly write?: boolean;
  readonly yes?: boolean;
}

/** `check URL --conformance`: holds a service to the RFCs and to what identity providers send it. */
export async function runConformance(
  host: CliHost,
  url: string,
  token: string,
  options: ConformanceCommandOptions,
): Promise<number> {
  const { format, write = false, yes = false } = options;
  if (write && !yes) {
    const { baseUrl } = normalizeBaseUrl(url);
    const question = `Create, change and delete test users and groups (scim-check-…) at ${baseUrl}?`;
    if (!(await confirm(host, question)))
      throw new UsageError("Nothing was sent. Without --write, only reading is tried.");
  }
  const progress = new ProgressLine(host);
  try {
    const report = await checkConformance({
      baseUrl: url,
      token,
      write,
      signal: host.signal,
      onResult: ({ id }, done, total) => progress.step(`${done} of ${total} rules: ${id}`),
    });
    progress.clear();
    const texts = {
      text: () => formatConformance(report).split("\n").map(printable).join("\n"),
      json: () => `${JSON.stringify(report, undefined, 2)}\n`,
      junit: () => conformanceJunit(report),
    };
    await writeOut(host, texts[format]());
    if (report.leftBehind.length > 0 && format !== "text")
      note(host, `Could not be removed: ${report.leftBehind.join(", ")}`);
    return report.conformant ? exitCodes.ok : exitCodes.error;
  } finally {
    progress.clear();
  }
}
