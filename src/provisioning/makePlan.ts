import { passDirectory } from "./directoryPass.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState, JobStateRecord } from "./jobState.ts";
import type { CycleKind } from "./plan.ts";
import type { PlannedJob, PlanOptions } from "./plannedJob.ts";
import { PlanRun } from "./planRun.ts";

export type { PlannedJob, PlanOptions, PlanProgress } from "./plannedJob.ts";

/** Whether the next cycle is an initial one, and why, in words. */
export function cycleKind(
  record: Pick<JobStateRecord, "watermark" | "fingerprint">,
  fingerprint: string,
): { readonly kind: CycleKind; readonly why: string } {
  if (record.watermark === undefined) return { kind: "initial", why: "No cycle has run whole yet." };
  if (record.fingerprint !== fingerprint) {
    return { kind: "initial", why: "Mapping, scope, directory or connection changed since the last cycle." };
  }
  return { kind: "incremental", why: "Only who moved since the last cycle is evaluated." };
}

/**
 * Plans what a job would do now. Writes nothing. The same directory, target and state give the same plan, byte for byte.
 *
 * @throws DirectoryError when nobody can be read, IncompleteTargetError, HttpError, ScimError
 */
export async function makePlan(context: JobContext, state: JobState, options: PlanOptions): Promise<PlannedJob> {
  const { signal, onProgress, focus } = options;
  const { compare = false } = options;
  const kind: CycleKind = options.initial || compare ? "initial" : cycleKind(state.record, context.fingerprint).kind;
  onProgress?.({ step: "directory", done: 0, total: undefined });
  const everyone = kind === "initial" || focus !== undefined;
  const pass = await passDirectory(context, state, { everyone, leftToo: compare, focus, signal });

  const run = new PlanRun(context, state, pass, kind, options);
  const matched = await run.plan("User", pass.users);
  // Who is found in the target may be in groups there already; so all groups are looked at, whether they changed or not.
  const found = matched.some(({ object, target }) => object.link === undefined && target !== undefined);
  await run.plan("Group", pass.groups(everyone || found));
  await run.protect();
  return run.finish();
}
