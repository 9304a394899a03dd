import { findApplication, readTenant } from "../../../entra/applications.ts";
import { theJob, type JobAddress } from "../../../entra/jobs.ts";
import { GraphClient } from "../../../graph/client.ts";
import { clouds, graphEndpoint, type Cloud } from "../../../graph/clouds.ts";
import { tokenFromEnvironment } from "../../../graph/token.ts";
import type { ServicePrincipal } from "../../../graph/types/applications.ts";
import type { SynchronizationJob } from "../../../graph/types/synchronization.ts";
import type { TokenProvider } from "../../../http/token.ts";
import type { CliHost } from "../../host.ts";
import { note, UsageError } from "../../host.ts";

export interface EntraOptions {
  readonly cloud?: Cloud["id"];
  readonly job?: string;
}

/** A client of Graph with what the environment says, and what has to be given back. */
export interface EntraConnection extends AsyncDisposable {
  readonly client: GraphClient;
  readonly token: TokenProvider;
}

/** The application that a command names, and its job. */
export interface EntraTarget {
  readonly application: ServicePrincipal;
  readonly job: SynchronizationJob;
  readonly address: JobAddress;
}

/**
 * Connects to Graph: the cloud of `--cloud`, or the address in ENTRA_GRAPH_URL; signed in by ENTRA_TOKEN or client credentials.
 * @throws SignInError, HttpError `invalidUrl`, UsageError
 */
export function connectGraph(host: CliHost, options: EntraOptions): EntraConnection {
  const given = host.env["ENTRA_GRAPH_URL"];
  if (options.cloud !== undefined && given !== undefined && given !== "")
    throw new UsageError("Give either --cloud or ENTRA_GRAPH_URL.");
  const address =
    options.cloud === undefined ? given || undefined : clouds.find(({ id }) => id === options.cloud)?.graphUrl;
  const endpoint = graphEndpoint(address);
  const token = tokenFromEnvironment(host.env, endpoint);
  const client = new GraphClient({
    graphUrl: endpoint.graphUrl,
    token,
    signal: host.signal,
    onThrottled: ({ waitMs }) =>
      note(host, `Microsoft Graph asks for patience: waiting ${Math.ceil(waitMs / 1000)} s.`),
  });
  return { client, token, [Symbol.asyncDispose]: () => client.close() };
}

/** Finds the application and its one job. @throws EntraError */
export async function findTarget(client: GraphClient, name: string, options: EntraOptions): Promise<EntraTarget> {
  const application = await findApplication(client, name);
  const job = await theJob(client, application, options.job);
  return { application, job, address: { servicePrincipalId: application.id, jobId: job.id } };
}

/** The tenant by ENTRA_TENANT_ID, else the one that the token is for. */
export async function tenantIdOf(host: CliHost, client: GraphClient): Promise<string> {
  return host.env["ENTRA_TENANT_ID"] || (await readTenant(client)).id;
}
