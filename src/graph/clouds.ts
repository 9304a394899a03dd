import { HttpError } from "../http/errors.ts";
import { isLoopback, parseSecureUrl } from "../http/secureUrl.ts";

/** One of the clouds that Microsoft runs apart from each other; a token of one is worth nothing in another. */
export interface Cloud {
  readonly id: "global" | "usGovL4" | "usGovL5" | "china";
  /** For a person. */
  readonly name: string;
  readonly graphUrl: string;
  readonly loginUrl: string;
}

/** Source: Microsoft Graph documentation, "National cloud deployments". */
export const clouds: readonly Cloud[] = [
  {
    id: "global",
    name: "Global",
    graphUrl: "https://graph.microsoft.com",
    loginUrl: "https://login.microsoftonline.com",
  },
  {
    id: "usGovL4",
    name: "US Government L4 (GCC High)",
    graphUrl: "https://graph.microsoft.us",
    loginUrl: "https://login.microsoftonline.us",
  },
  {
    id: "usGovL5",
    name: "US Government L5 (DoD)",
    graphUrl: "https://dod-graph.microsoft.us",
    loginUrl: "https://login.microsoftonline.us",
  },
  {
    id: "china",
    name: "China (21Vianet)",
    graphUrl: "https://microsoftgraph.chinacloudapi.cn",
    loginUrl: "https://login.chinacloudapi.cn",
  },
];

/** Where Graph is, and where tokens for it come from. */
export interface GraphEndpoint {
  /** An origin, without version. */
  readonly graphUrl: string;
  readonly loginUrl: string;
}

/**
 * The endpoint of a Graph address: one of Microsoft's clouds, or a service on this machine. Any other host is refused, since
 * a job file of a stranger could name one and would be sent a token that opens a whole tenant.
 *
 * @param address `https://graph.microsoft.com` when absent; a version at its end is ignored.
 * @throws HttpError `invalidUrl`, `insecureUrl`
 */
export function graphEndpoint(address = "https://graph.microsoft.com"): GraphEndpoint {
  const url = parseSecureUrl(address);
  const cloud = clouds.find(({ graphUrl }) => graphUrl === url.origin);
  if (cloud !== undefined) return { graphUrl: cloud.graphUrl, loginUrl: cloud.loginUrl };
  // A service on this machine gives the tokens itself.
  if (isLoopback(url.hostname)) return { graphUrl: url.origin, loginUrl: url.origin };
  throw new HttpError("invalidUrl", `${url.origin} is no Microsoft Graph endpoint; nothing was sent.`, {
    fix: `Use one of ${clouds.map(({ graphUrl }) => graphUrl).join(", ")}.`,
    url: url.origin,
  });
}
