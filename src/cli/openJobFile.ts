import path from "node:path";
import { graphDirectories } from "../directory/graph/open.ts";
import { tokenFromEnvironment } from "../graph/token.ts";
import { loadJob } from "../job/load.ts";
import { normalizeBaseUrl } from "../scim/baseUrl.ts";
import type { JobContext } from "../provisioning/jobContext.ts";
import { openJob } from "../provisioning/jobContext.ts";
import type { CliHost } from "./host.ts";
import { findJob } from "./jobFile.ts";
import { readToken } from "./token.ts";

/**
 * Opens the job that a person names, with the token for its connection. A directory that is another SCIM service takes its
 * token from `SCIM_DIRECTORY_TOKEN`, Microsoft Graph from `ENTRA_*`: a token never goes to an address that it was not given for.
 */
export async function openJobFile(
  host: CliHost,
  name: string,
  options: { readonly tokenStdin?: boolean },
): Promise<JobContext> {
  const paths = await findJob(host, name);
  const job = await loadJob(paths.file);
  const token = await readToken(host, options);
  const target = normalizeBaseUrl(job.connection.baseUrl).baseUrl;
  return openJob(job, paths, {
    tokenFor: (baseUrl) => (baseUrl === target ? token : (host.env["SCIM_DIRECTORY_TOKEN"] ?? "")),
    signal: host.signal,
    directories: {
      graph: graphDirectories({
        token: (endpoint) => tokenFromEnvironment(host.env, endpoint),
        client: { signal: host.signal },
        mirrorFile: path.join(paths.stateDir, "directory.jsonl"),
      }),
    },
  });
}
