import { resolve } from "node:path";
import { changeDigest } from "../../changes/digest.ts";
import { acceptDrift, revokeAccepted } from "../../provisioning/acceptDrift.ts";
import type { AcceptedDeviation } from "../../provisioning/deviation.ts";
import { describeDeviation, deviationKey } from "../../provisioning/deviation.ts";
import type { JobContext } from "../../provisioning/jobContext.ts";
import { loadJobRecord, loadJobState } from "../../provisioning/jobState.ts";
import { makePlan } from "../../provisioning/makePlan.ts";
import type { Plan } from "../../provisioning/plan.ts";
import { summarize } from "../../provisioning/plan.ts";
import { planJson } from "../../provisioning/planFile.ts";
import type { PlannedJob } from "../../provisioning/plannedJob.ts";
import { formatPlan } from "../../provisioning/planText.ts";
import { printable } from "../../provisioning/printable.ts";
import { stateFiles, writeAtomically } from "../../provisioning/stateFiles.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note, UsageError, writeOut } from "../host.ts";
import { findJob } from "../jobFile.ts";
import { openJobFile, type OpenJobFileOptions } from "../openJobFile.ts";
import { paintFor } from "../paint.ts";
import { ProgressLine } from "../progress.ts";

export interface DriftCommandOptions extends OpenJobFileOptions {
  readonly out?: string;
  readonly accept?: string;
  readonly accepted?: boolean;
  readonly takeBack?: string;
  readonly format: "text" | "json";
}

/**
 * `drift JOB`: what was changed in the target behind the job's back, as a plan to repair it or to accept. Writes nothing to the
 * target; what is accepted is kept with the job's state.
 */
export async function runDrift(host: CliHost, jobName: string, options: DriftCommandOptions): Promise<number> {
  if (options.accepted || options.takeBack !== undefined) return listAccepted(host, jobName, options);
  const context = await openJobFile(host, jobName, options);
  const progress = new ProgressLine(host);
  try {
    const state = await loadJobState(context.files);
    const planned = await makePlan(context, state, {
      now: new Date(),
      compare: true,
      signal: host.signal,
      onProgress: (step) => progress.plan(step),
    });
    progress.clear();
    const plan = driftOnly(planned);
    if (options.accept !== undefined) return await accept(host, context, plan, idsOf(options.accept));
    if (options.out !== undefined) {
      const file = resolve(host.cwd, options.out);
      await writeAtomically(file, [planJson(plan)]);
      note(host, `The plan is in ${file}. Repair with: scim-provisioning push ${jobName} --plan ${options.out}`);
    }
    await writeOut(host, options.format === "json" ? planJson(plan) : formatPlan(plan, paintFor(host), planned.names));
    return plan.changes.length > 0 ? exitCodes.changes : exitCodes.ok;
  } finally {
    progress.clear();
    await context.close();
  }
}

/** The plan of a comparison without what the directory has changed. */
function driftOnly({ plan }: PlannedJob): Plan {
  const drift = new Set(plan.drift);
  const changes = plan.changes.filter(({ id }) => drift.has(id));
  return { ...plan, changes, skips: [], summary: summarize(changes, [], plan.summary.unchanged) };
}

async function accept(host: CliHost, context: JobContext, plan: Plan, ids: readonly string[]): Promise<number> {
  const known = new Map(plan.changes.map((change) => [change.id, changeDigest(change)]));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw new UsageError(`There is no drift ${unknown.join(", ")}. The ids stand in brackets in the text of drift.`);
  const chosen = new Map([...known].filter(([id]) => ids.includes(id)));
  const accepted = await acceptDrift(context, chosen, { now: new Date(), signal: host.signal });
  await writeOut(host, `Accepted, until the directory or the target says otherwise:\n${accepted.map(lineOf).join("")}`);
  return exitCodes.ok;
}

async function listAccepted(host: CliHost, jobName: string, options: DriftCommandOptions): Promise<number> {
  const files = stateFiles((await findJob(host, jobName)).stateDir);
  const { accepted = [] } = await loadJobRecord(files);
  if (options.takeBack !== undefined) {
    const ids = idsOf(options.takeBack);
    const unknown = ids.filter((id) => !accepted.some((each) => deviationKey(each) === id));
    if (unknown.length > 0)
      throw new UsageError(
        `Nothing accepted is called ${unknown.join(", ")}. The ids stand in: drift ${jobName} --accepted`,
      );
    const taken = await revokeAccepted(files, new Set(ids));
    await writeOut(host, `${taken} taken back; drift shows ${taken === 1 ? "it" : "them"} again.\n`);
    return exitCodes.ok;
  }
  const text = accepted.length === 0 ? "Nothing is accepted.\n" : accepted.map(lineOf).join("");
  await writeOut(host, options.format === "json" ? `${JSON.stringify(accepted, undefined, 2)}\n` : text);
  return exitCodes.ok;
}

const lineOf = (deviation: AcceptedDeviation): string =>
  `  ${deviationKey(deviation)}  ${printable(deviation.name)}: ${printable(describeDeviation(deviation))}, accepted ${deviation.acceptedAt}\n`;

const idsOf = (text: string): readonly string[] =>
  text
    .split(",")
    .map((id) => id.trim())
    .filter(Boolean);
