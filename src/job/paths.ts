import path from "node:path";

/** How every job file's name ends. */
export const jobSuffix = ".provisioning.json";

/** Where a job and its state live. */
export interface JobPaths {
  /** The job file, absolute. */
  readonly file: string;
  /** The file name without `.provisioning.json`; it names the state directory. */
  readonly id: string;
  /** The folder of the job file; relative paths of the job start here. */
  readonly baseDir: string;
  /** `.provisioning/JOB` beside the job file: journal, log, links, watermark. */
  readonly stateDir: string;
}

/** Whether a file is a job by its name. */
export function isJobFile(file: string): boolean {
  const name = path.basename(file);
  return name.length > jobSuffix.length && name.endsWith(jobSuffix);
}

/** The places that belong to a job file; reads nothing. A relative path starts at the working directory. */
export function jobPaths(jobFile: string): JobPaths {
  const file = path.resolve(jobFile);
  const base = path.basename(file);
  const id = isJobFile(file) ? base.slice(0, -jobSuffix.length) : path.parse(base).name;
  const baseDir = path.dirname(file);
  return { file, id, baseDir, stateDir: path.join(baseDir, ".provisioning", id) };
}
