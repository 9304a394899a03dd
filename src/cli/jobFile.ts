import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { jobPaths, jobSuffix } from "../job/paths.ts";
import type { JobPaths } from "../job/paths.ts";
import type { CliHost } from "./host.ts";

/** Finds the job file that a person names: the file itself, or its name without the ending. */
export async function findJob(host: CliHost, name: string): Promise<JobPaths> {
  const given = resolve(host.cwd, name);
  const completed = `${given}${jobSuffix}`;
  const file = given.endsWith(jobSuffix) || !(await exists(completed)) ? given : completed;
  return jobPaths(file);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
