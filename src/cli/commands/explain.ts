import { requestText } from "../../changes/requestText.ts";
import type { ExplainStep, Explanation } from "../../provisioning/explain.ts";
import { explain } from "../../provisioning/explain.ts";
import { loadJobState } from "../../provisioning/jobState.ts";
import { runCycle } from "../../provisioning/cycle.ts";
import { printable } from "../../provisioning/printable.ts";
import { confirm } from "../ask.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, writeOut } from "../host.ts";
import { openJobFile, type OpenJobFileOptions } from "../openJobFile.ts";
import { tellOutcome } from "../outcome.ts";
import { paintFor } from "../paint.ts";

export interface ExplainCommandOptions extends OpenJobFileOptions {
  readonly format: "text" | "json";
  readonly push?: boolean;
  readonly yes?: boolean;
  readonly acceptRemovals?: boolean;
}

const marks: Readonly<Record<ExplainStep["status"], string>> = {
  success: "✓",
  skipped: "–",
  failure: "✗",
  notReached: " ",
};

/** `explain JOB WHO`: the five steps for one user or group; with `--push`, then the same for real. */
export async function runExplain(
  host: CliHost,
  jobName: string,
  who: string,
  options: ExplainCommandOptions,
): Promise<number> {
  const context = await openJobFile(host, jobName, options);
  try {
    const state = await loadJobState(context.files);
    const explanation = await explain(context, state, who, { now: new Date(), signal: host.signal });
    const text =
      options.format === "json"
        ? `${JSON.stringify(explanation, undefined, 2)}\n`
        : formatExplanation(explanation, host);
    await writeOut(host, text);
    const { object, change, steps } = explanation;
    if (!object || steps[0]?.status === "failure") return exitCodes.error;
    if (!options.push || !change) return exitCodes.ok;
    if (!options.yes && !(await confirm(host, `Push this to ${context.client.baseUrl}?`))) return exitCodes.error;
    const result = await runCycle(context, {
      initiatedBy: "command line",
      focus: object.sourceId,
      verify: true,
      ...(options.acceptRemovals && { acceptRemovals: true }),
      signal: host.signal,
    });
    return await tellOutcome(host, result, { format: options.format, jobName });
  } finally {
    await context.close();
  }
}

function formatExplanation({ answer, steps, change }: Explanation, host: CliHost): string {
  const paint = paintFor(host);
  const lines = [paint.strong(printable(answer))];
  for (const [at, { title, status, summary, details }] of steps.entries()) {
    lines.push(
      "",
      `${marks[status]} ${at + 1}. ${paint.strong(title)}`,
      `     ${summary
        .split("\n")
        .map((line) => paint.faint(printable(line)))
        .join("\n     ")}`,
    );
    for (const { name, value, passed } of details) {
      const mark = passed === undefined ? " " : passed ? "✓" : "✗";
      const text = value.split("\n").join(`\n         `);
      lines.push(
        `     ${mark} ${printable(name)}: ${text
          .split("\n")
          .map((line) => (passed === false ? paint.removed(printable(line)) : paint.faint(printable(line))))
          .join("\n")}`,
      );
    }
  }
  for (const request of change?.requests ?? [])
    lines.push(
      "",
      ...requestText(request)
        .split("\n")
        .map((line) => `       ${paint.faint(printable(line))}`),
    );
  return `${lines.join("\n")}\n`;
}
