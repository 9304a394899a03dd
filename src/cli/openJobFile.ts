import { readFile } from "node:fs/promises";
import path from "node:path";
import { graphDirectories } from "../directory/graph/open.ts";
import { tokenFromEnvironment } from "../graph/token.ts";
import { loadJob } from "../job/load.ts";
import { parseObservation } from "../scim/observed.ts";
import { normalizeBaseUrl } from "../scim/baseUrl.ts";
import type { JobContext } from "../provisioning/jobContext.ts";
import { openJob } from "../provisioning/jobContext.ts";
import type { CliHost } from "./host.ts";
import { UsageError } from "./host.ts";
import { findJob } from "./jobFile.ts";
import { readToken } from "./token.ts";

/** What every command takes that talks to a job's service. */
export interface OpenJobFileOptions {
  readonly tokenStdin?: boolean;
  /** A report of `check URL --conformance --format json`: how the service was seen to behave. */
  readonly observed?: string;
}

/**
 * Opens the job that a person names, with the token for its connection. A directory that is another SCIM service takes its
 * token from `SCIM_DIRECTORY_TOKEN`, Microsoft Graph from `ENTRA_*`: a token never goes to an address that it was not given for.
 * Where `SCIM_BASE_URL` says for which address the token is, a job file that names another one gets none.
 */
export async function openJobFile(host: CliHost, name: string, options: OpenJobFileOptions): Promise<JobContext> {
  const paths = await findJob(host, name);
  const job = await loadJob(paths.file);
  const target = normalizeBaseUrl(job.connection.baseUrl).baseUrl;
  const meant = host.env["SCIM_BASE_URL"];
  if (meant !== undefined && normalizeBaseUrl(meant).baseUrl !== target) {
    throw new UsageError(
      `The job ${paths.id} sends to ${target}, and the token is for ${meant} (SCIM_BASE_URL). Nothing was sent. ` +
        "Change the job's connection, or give the token and the address of that service.",
    );
  }
  const token = await readToken(host, options);
  const { observed: file } = options;
  const observed =
    file === undefined
      ? undefined
      : parseObservation(await readFile(path.resolve(host.cwd, file), "utf8"), file, target, new Date());
  return openJob(job, paths, {
    tokenFor: (baseUrl) => (baseUrl === target ? token : (host.env["SCIM_DIRECTORY_TOKEN"] ?? "")),
    signal: host.signal,
    observed,
    directories: {
      graph: graphDirectories({
        token: (endpoint) => tokenFromEnvironment(host.env, endpoint),
        client: { signal: host.signal },
        mirrorFile: path.join(paths.stateDir, "directory.jsonl"),
      }),
    },
  });
}
