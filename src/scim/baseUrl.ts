import { isLoopback, parseSecureUrl } from "../http/secureUrl.ts";
import { databricksPath, isDatabricksHost, isDatabricksPath, withoutEndpoint } from "./databricksUrl.ts";
import type { Dialect } from "./dialects/dialect.ts";

export interface NormalizedBaseUrl {
  /** Without trailing slash; also the key under which the secret is kept. A query of the tenant (`?aadOptscim062020`) stays. */
  readonly baseUrl: string;
  readonly dialect: Dialect["id"];
  /** As a person knows the service, for example "Databricks account" or the host name. */
  readonly vendor: string;
  /** What was changed, and what to look at; whole sentences. */
  readonly notes: readonly string[];
}

/** Parameters of a list request, pasted along with an endpoint; and the workspace id of the browser's address. */
const foreignParameters = new Set([
  "filter",
  "count",
  "startindex",
  "attributes",
  "excludedattributes",
  "sortby",
  "sortorder",
  "cursor",
  "o",
  "account_id",
]);

/**
 * Brings a pasted "Tenant URL" into the form that requests are built on, and names its dialect. Databricks addresses are
 * completed; others are only trimmed.
 *
 * @throws HttpError `invalidUrl`, `insecureUrl`: what is wrong and how to mend it
 */
export function normalizeBaseUrl(text: string): NormalizedBaseUrl {
  const notes: string[] = [];
  const trimmed = text.trim().replace(/^[<"'`]+|[>"'`]+$/g, "");
  const url = parseSecureUrl(withScheme(trimmed, notes));
  url.hash = "";

  const vendor = vendorOf(url);
  if (vendor === "generic") {
    const pathname = url.pathname.replace(/\/+$/, "");
    if (isDatabricksPath(pathname)) {
      notes.push(
        `The path is that of Databricks, but ${url.hostname} is not a Databricks host: check the address before giving it a token. It is treated as generic SCIM.`,
      );
    } else if (withoutEndpoint(pathname) !== pathname) {
      notes.push("The address ends in a resource endpoint; a base URL usually ends before it.");
    }
    return { baseUrl: url.origin + pathname + url.search, dialect: "generic", vendor: url.hostname, notes };
  }

  const fixed = databricksPath(url);
  const query = url.search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !foreignParameters.has((part.split("=")[0] ?? "").toLowerCase()))
    .join("&");
  return {
    baseUrl: url.origin + fixed.pathname + (query === "" ? "" : `?${query}`),
    dialect: "databricks",
    vendor: /\/accounts?\//.test(fixed.pathname) ? "Databricks account" : "Databricks workspace",
    notes: [...notes, ...fixed.notes],
  };
}

function vendorOf(url: URL): "databricks" | "generic" {
  if (isDatabricksHost(url.hostname)) return "databricks";
  // A service on this machine is known by its paths: an emulator, or a tunnel.
  return isLoopback(url.hostname) && isDatabricksPath(url.pathname) ? "databricks" : "generic";
}

function withScheme(text: string, notes: string[]): string {
  if (text === "" || text.includes("://")) return text;
  if (!/^(\[[0-9a-f:]+\]|[\w-]+(\.[\w-]+)*)(:\d+)?([/?].*)?$/i.test(text)) return text;
  const host = new URL(`https://${text}`).hostname;
  const scheme = isLoopback(host) ? "http" : "https";
  notes.push(`Completed to ${scheme}://.`);
  return `${scheme}://${text}`;
}
