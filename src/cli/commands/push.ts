import { accountName } from "../../changes/account.ts";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describeSummary, formatPlan } from "../../provisioning/planText.ts";
import { parsePlan } from "../../provisioning/planFile.ts";
import { runCycle } from "../../provisioning/cycle.ts";
import { confirm } from "../ask.ts";
import type { CliHost } from "../host.ts";
import { note, UsageError } from "../host.ts";
import { openJobFile, type OpenJobFileOptions } from "../openJobFile.ts";
import { notifyFromEnvironment } from "../notify.ts";
import { tellOutcome } from "../outcome.ts";
import { paintFor } from "../paint.ts";
import { ProgressLine } from "../progress.ts";

export interface PushCommandOptions extends OpenJobFileOptions {
  readonly plan?: string;
  readonly only?: string;
  readonly yes?: boolean;
  readonly acceptRemovals?: boolean;
  readonly note?: string;
  readonly format: "text" | "json";
}

/** `push JOB`: pushes a fresh plan after asking, or a saved one whose objects are each checked again. */
export async function runPush(host: CliHost, jobName: string, options: PushCommandOptions): Promise<number> {
  const file = options.plan;
  const saved = file === undefined ? undefined : parsePlan(await readFile(resolve(host.cwd, file), "utf8"), file);
  const context = await openJobFile(host, jobName, options);
  const progress = new ProgressLine(host);
  try {
    if (saved && saved.job !== context.job.name) {
      throw new UsageError(
        `${file ?? ""} is a plan of "${saved.job}", not of "${context.job.name}". Name the job it was made for.`,
      );
    }
    const only = options.only
      ?.split(",")
      .map((id) => id.trim())
      .filter(Boolean);
    const result = await runCycle(context, {
      initiatedBy: "command line",
      who: accountName(host.env),
      ...(saved && { saved }),
      ...(only && { only: new Set(only) }),
      ...(options.acceptRemovals && { acceptRemovals: true }),
      ...(options.note !== undefined && { note: options.note }),
      signal: host.signal,
      // Where a person was asked, time has passed since the target was read.
      verify: !options.yes,
      confirm: async ({ plan, names }) => {
        progress.clear();
        if (only) refuseUnknown(only, plan.changes);
        if (options.yes) return true;
        host.stderr.write(formatPlan(plan, paintFor(host), names));
        return confirm(
          host,
          `Push to ${context.client.baseUrl}: ${only ? `${only.length} chosen` : describeSummary(plan)}?`,
        );
      },
      onPlanProgress: (step) => progress.plan(step),
      onPushProgress: (step) => progress.push(step),
      onResumed: ({ counts }) =>
        note(host, `An earlier push was not finished; ${counts.pushed} changes of it were sent now.`),
    });
    progress.clear();
    const code = await tellOutcome(host, result, { format: options.format, jobName });
    await notifyFromEnvironment(host, context);
    return code;
  } finally {
    progress.clear();
    await context.close();
  }
}

/** A mistyped id would otherwise be a push of less than was meant, without a word. */
function refuseUnknown(only: readonly string[], changes: readonly { readonly id: string }[]): void {
  const known = new Set(changes.map(({ id }) => id));
  const unknown = only.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw new UsageError(`The plan has no change ${unknown.join(", ")}. The ids stand in brackets in the plan's text.`);
}
