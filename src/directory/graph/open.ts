import { GraphClient, type GraphClientOptions } from "../../graph/client.ts";
import type { GraphEndpoint } from "../../graph/clouds.ts";
import { graphEndpoint } from "../../graph/clouds.ts";
import type { TokenProvider } from "../../http/token.ts";
import type { DirectoryFactory } from "../open.ts";
import { GraphDirectory } from "./graphDirectory.ts";

export interface GraphDirectoriesOptions {
  /** Gives a token for the cloud that the job names. Its host is one of Microsoft's, or this machine. */
  readonly token: (endpoint: GraphEndpoint, tenantId: string) => string | TokenProvider;
  readonly client?: Omit<GraphClientOptions, "graphUrl" | "token">;
  readonly mirrorFile?: string | undefined;
}

/** The factory of directories of type `graph`, for `openJob({ directories: { graph } })`. */
export function graphDirectories(options: GraphDirectoriesOptions): DirectoryFactory<"graph"> {
  return (settings, attributes) => {
    const endpoint = graphEndpoint(settings.baseUrl);
    const client = new GraphClient({
      ...options.client,
      graphUrl: endpoint.graphUrl,
      token: options.token(endpoint, settings.tenantId),
    });
    const { tenantId, servicePrincipalId } = settings;
    const { mirrorFile } = options;
    const source = new GraphDirectory({ client, tenantId, servicePrincipalId, attributes, mirrorFile });
    return { source, [Symbol.asyncDispose]: () => client.close() };
  };
}
