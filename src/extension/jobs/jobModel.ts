import { readFile } from "node:fs/promises";
import type { Job } from "../../job/job.ts";
import { readJob } from "../../job/load.ts";
import type { JobPaths } from "../../job/paths.ts";
import { jobPaths } from "../../job/paths.ts";
import type { JobProblem } from "../../job/problem.ts";
import type { JobStateRecord } from "../../provisioning/jobState.ts";
import { loadJobRecord } from "../../provisioning/jobState.ts";
import { stateFiles } from "../../provisioning/stateFiles.ts";

/** A job file of the workspace, and what is known of its cycles. */
export interface JobModel {
  readonly paths: JobPaths;
  /** The job's name; that of its file while it cannot be read. */
  readonly name: string;
  /** Absent while the file is broken; `problems` says why. */
  readonly job?: Job;
  readonly problems: readonly JobProblem[];
  /** Absent when no cycle has run, or when the state cannot be read. */
  readonly record?: JobStateRecord;
  /** Why the state cannot be read. */
  readonly stateTrouble?: string;
}

/** Reads a job file and its state. Sends nothing, reads no secret. @returns `undefined` when there is no such file */
export async function readJobModel(file: string): Promise<JobModel | undefined> {
  const paths = jobPaths(file);
  let text: string;
  try {
    text = await readFile(paths.file, "utf8");
  } catch {
    return undefined;
  }
  const { job, problems } = readJob(text);
  return { paths, name: job?.name ?? paths.id, problems, ...(job && { job }), ...(await recordOf(paths)) };
}

async function recordOf(paths: JobPaths): Promise<Pick<JobModel, "record" | "stateTrouble">> {
  try {
    return { record: await loadJobRecord(stateFiles(paths.stateDir)) };
  } catch (error) {
    return { stateTrouble: error instanceof Error ? error.message : String(error) };
  }
}
