import * as tls from "node:tls";
import { EnvHttpProxyAgent, Pool, type Dispatcher } from "undici";
import { isLoopback } from "./secureUrl.ts";

export interface DispatcherOptions {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** More certificate authorities, PEM; beside those of Node.js, NODE_EXTRA_CA_CERTS and the operating system. */
  readonly ca?: readonly string[];
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * What carries the requests to one origin: a pool of connections, through the proxy of the environment if it names one.
 * Loopback never goes through a proxy.
 */
export function createDispatcher(origin: URL, options: DispatcherOptions): Dispatcher {
  const secureContext =
    origin.protocol === "https:" ? tls.createSecureContext({ ca: authorities(options.ca) }) : undefined;
  const common = {
    connections: options.connections,
    // HTTP/1.1 only: a few connections of one request each are what the limiter counts.
    allowH2: false,
    connect: { timeout: options.connectTimeoutMs, ...(secureContext && { secureContext }) },
  };
  const httpProxy = options.env["http_proxy"] ?? options.env["HTTP_PROXY"] ?? "";
  const httpsProxy = options.env["https_proxy"] ?? options.env["HTTPS_PROXY"] ?? "";
  const noProxy = options.env["no_proxy"] ?? options.env["NO_PROXY"] ?? "";
  if (isLoopback(origin.hostname) || (httpProxy === "" && httpsProxy === "")) return new Pool(origin, common);
  return new EnvHttpProxyAgent({
    ...common,
    ...(secureContext && { requestTls: { secureContext } }),
    httpProxy,
    httpsProxy,
    noProxy,
  });
}

function authorities(more: readonly string[] | undefined): string[] {
  return [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system"), ...(more ?? [])])];
}
