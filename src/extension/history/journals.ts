import type { JobModel } from "../jobs/jobModel.ts";
import type { Connection } from "../connections/connection.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import { manualJournal } from "../changes/manualJournal.ts";

/** Where pushes are recorded: one journal for each job, and one for the changes by hand to each connection. */
export interface JournalPlace {
  readonly folder: string;
  /** The job's name, or that of the connection. */
  readonly name: string;
  /** The service; absent while the job file is broken. */
  readonly baseUrl?: string;
  /** The job file; absent for changes by hand. */
  readonly file?: string;
}

/** The journals of the window. @param folder under which those of changes by hand stand */
export function journalPlaces(
  connections: readonly Connection[],
  jobs: readonly JobModel[],
  folder: string,
): readonly JournalPlace[] {
  const manual = connections.map(({ baseUrl, name }): JournalPlace => ({
    folder: manualJournal(folder, baseUrl),
    name,
    baseUrl,
  }));
  const planned = jobs.map(({ paths, name, job }): JournalPlace => {
    const baseUrl = job === undefined ? undefined : addressOf(job.connection.baseUrl);
    return { folder: paths.stateDir, name, file: paths.file, ...(baseUrl !== undefined && { baseUrl }) };
  });
  return [...manual, ...planned];
}

function addressOf(baseUrl: string): string | undefined {
  try {
    return normalizeBaseUrl(baseUrl).baseUrl;
  } catch {
    return undefined;
  }
}
