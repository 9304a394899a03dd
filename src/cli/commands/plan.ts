import { resolve } from "node:path";
import { makePlan } from "../../provisioning/makePlan.ts";
import { loadJobState } from "../../provisioning/jobState.ts";
import { countChanges } from "../../provisioning/plan.ts";
import { planJson } from "../../provisioning/planFile.ts";
import { planMarkdown } from "../../provisioning/planMarkdown.ts";
import { formatPlan } from "../../provisioning/planText.ts";
import { writeAtomically } from "../../provisioning/stateFiles.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note, writeOut } from "../host.ts";
import { openJobFile, type OpenJobFileOptions } from "../openJobFile.ts";
import { paintFor } from "../paint.ts";
import { ProgressLine } from "../progress.ts";

export interface PlanCommandOptions extends OpenJobFileOptions {
  readonly out?: string;
  readonly format: "text" | "json" | "markdown";
  readonly initial?: boolean;
}

/** `plan JOB`: what would change. Reads the directory and the target, and writes nothing to the target. */
export async function runPlan(host: CliHost, jobName: string, options: PlanCommandOptions): Promise<number> {
  const context = await openJobFile(host, jobName, options);
  const progress = new ProgressLine(host);
  try {
    const state = await loadJobState(context.files);
    const { plan, names } = await makePlan(context, state, {
      now: new Date(),
      ...(options.initial && { initial: true }),
      signal: host.signal,
      onProgress: (step) => progress.plan(step),
    });
    progress.clear();
    if (options.out !== undefined) {
      const file = resolve(host.cwd, options.out);
      await writeAtomically(file, [planJson(plan)]);
      note(host, `The plan is in ${file}. Push it with: scim-provisioning push ${jobName} --plan ${options.out}`);
    }
    const texts = {
      text: () => formatPlan(plan, paintFor(host), names),
      json: () => planJson(plan),
      markdown: () => planMarkdown(plan, names),
    };
    await writeOut(host, texts[options.format]());
    return countChanges(plan.summary) > 0 ? exitCodes.changes : exitCodes.ok;
  } finally {
    progress.clear();
    await context.close();
  }
}
