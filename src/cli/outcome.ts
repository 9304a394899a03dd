import type { ChangeResult } from "../changes/pushResult.ts";
import { isDone } from "../changes/pushResult.ts";
import { describeChange } from "../changes/describe.ts";
import type { CycleOutcome, CycleResult } from "../provisioning/cycle.ts";
import { describeSummary } from "../provisioning/planText.ts";
import type { CliHost } from "./host.ts";
import { exitCodes, note, writeOut } from "./host.ts";
import { printable } from "./table.ts";

const codes: Readonly<Record<CycleOutcome, number>> = {
  succeeded: exitCodes.ok,
  someFailed: exitCodes.someFailed,
  held: exitCodes.held,
  stopped: exitCodes.error,
  failed: exitCodes.error,
};

/** Tells how a push or a cycle ended, and gives its exit code. */
export async function tellOutcome(
  host: CliHost,
  result: Omit<CycleResult, "planned"> & { readonly planned: Pick<CycleResult["planned"], "plan"> },
  options: { readonly format: "text" | "json"; readonly jobName: string; readonly more?: object },
): Promise<number> {
  const { outcome, planned, guard, report, message } = result;
  if (options.format === "json") {
    const document = {
      job: planned.plan.job,
      cycle: planned.plan.cycle,
      outcome,
      summary: planned.plan.summary,
      counts: report?.counts ?? {},
      ...options.more,
      ...(guard.held && { held: guard.reasons }),
      ...(message !== undefined && { message }),
      results: (report?.results ?? []).map(({ changeId, change, outcome: ended, targetId, error }) => {
        const identity = { changeId, action: change.action, resourceType: change.resourceType, name: change.name };
        return { ...identity, outcome: ended, ...(targetId !== undefined && { targetId }), ...(error && { error }) };
      }),
    };
    await writeOut(host, `${JSON.stringify(document, undefined, 2)}\n`);
    return codes[outcome];
  }
  if (outcome === "held") {
    note(host, "Held by the deletion guard; nothing was sent.");
    for (const reason of guard.reasons) note(host, `  ${printable(reason)}`);
    note(host, `Review it with: scim-provisioning plan ${options.jobName}`);
    note(host, "If it is right, run the command again with --accept-removals.");
    return codes[outcome];
  }
  const lines = [`${planned.plan.job}: ${describeSummary(planned.plan)}`];
  if (report) {
    const { pushed, redundant, failed, conflict, blocked, unknown, notSent } = report.counts;
    const counts = {
      pushed,
      "already so": redundant,
      failed,
      "changed since": conflict,
      blocked,
      unknown,
      "not sent": notSent,
    };
    const told = Object.entries(counts).filter(([, count]) => count > 0);
    lines.push(told.map(([name, count]) => `${count} ${name}`).join(", "));
    for (const failure of report.results
      .filter((each) => !isDone(each.outcome) && each.outcome !== "notSent")
      .slice(0, 50)) {
      lines.push(`  ${printable(failureText(failure))}`);
    }
  }
  await writeOut(host, `${lines.join("\n")}\n`);
  if (message !== undefined) note(host, printable(message));
  return codes[outcome];
}

function failureText({ change, outcome, error, conflict }: ChangeResult): string {
  const why = conflict?.message ?? error?.message ?? outcome;
  return `${describeChange(change)}: ${why}${error?.fix === undefined ? "" : ` ${error.fix}`}`;
}
