import { accountName } from "../../changes/account.ts";
import { describeSummary, formatPlan } from "../../provisioning/planText.ts";
import type { UndoJobPlan } from "../../provisioning/undoJob.ts";
import { undoPush } from "../../provisioning/undoJob.ts";
import { confirm } from "../ask.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note, writeOut } from "../host.ts";
import { openJobFile, type OpenJobFileOptions } from "../openJobFile.ts";
import { tellOutcome } from "../outcome.ts";
import { paintFor } from "../paint.ts";
import { ProgressLine } from "../progress.ts";
import { printable } from "../table.ts";

export interface UndoCommandOptions extends OpenJobFileOptions {
  readonly push?: string;
  readonly yes?: boolean;
  readonly acceptRemovals?: boolean;
  readonly note?: string;
  readonly format: "text" | "json";
}

/** `undo JOB`: shows the inverse of a push, asks, and pushes it; what others changed since is kept and listed. */
export async function runUndo(host: CliHost, jobName: string, options: UndoCommandOptions): Promise<number> {
  const context = await openJobFile(host, jobName, options);
  const progress = new ProgressLine(host);
  try {
    let shown = false;
    const show = (undo: UndoJobPlan) => {
      if (!shown) host.stderr.write(formatUndo(undo, host));
      shown = true;
    };
    const result = await undoPush(context, {
      push: options.push,
      initiatedBy: "command line",
      who: accountName(host.env),
      note: options.note,
      ...(options.acceptRemovals && { acceptRemovals: true }),
      signal: host.signal,
      confirm: (undo) => {
        show(undo);
        if (options.yes) return Promise.resolve(true);
        return confirm(host, `Push to ${context.client.baseUrl}: ${describeSummary(undo.plan)}?`);
      },
      onPushProgress: (step) => progress.push(step),
    });
    progress.clear();
    const { plan, push, kept, guard, outcome, report, message } = result;
    show(result);
    if (outcome === "held" && options.format === "text") {
      note(host, "Held by the deletion guard; nothing was sent.");
      for (const reason of guard.reasons) note(host, `  ${printable(reason)}`);
      note(host, "If it is right, run the command again with --accept-removals.");
      return exitCodes.held;
    }
    if (plan.changes.length === 0 && options.format === "text") {
      await writeOut(host, "Nothing is left to undo.\n");
      return exitCodes.ok;
    }
    const told = {
      outcome,
      planned: { plan },
      guard,
      ...(report && { report }),
      ...(message !== undefined && { message }),
    };
    return await tellOutcome(host, told, { format: options.format, jobName, more: { undoes: push, kept } });
  } finally {
    progress.clear();
    await context.close();
  }
}

function formatUndo({ push, plan, kept }: UndoJobPlan, host: CliHost): string {
  const by = push.who === undefined ? "" : ` by ${push.who}`;
  const why = push.note === undefined ? "" : `: ${push.note}`;
  const lines = [printable(`Undoes the push ${push.push.slice(0, 8)} of ${push.startedAt}${by}${why}`)];
  lines.push(formatPlan(plan, paintFor(host)));
  if (kept.length > 0)
    lines.push(`Kept as it is (${kept.length})`, ...kept.map(({ message }) => `  ${printable(message)}`), "");
  return `${lines.join("\n")}\n`;
}
