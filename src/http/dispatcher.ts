import * as tls from "node:tls";
import { EnvHttpProxyAgent, Pool, type Dispatcher } from "undici";
import { HttpError } from "./errors.ts";
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
 *
 * @throws HttpError `invalidUrl` when a proxy of the environment is no address
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
  for (const [name, value] of Object.entries({ HTTP_PROXY: httpProxy, HTTPS_PROXY: httpsProxy })) {
    if (value === "" || /^https?:$/.test(URL.parse(value)?.protocol ?? "")) continue;
    throw new HttpError("invalidUrl", `The environment variable ${name} is not the address of a proxy.`, {
      fix: "Set it to an address such as http://proxy.example.com:8080, or remove it.",
    });
  }
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
