import { HttpError } from "../http/errors.ts";
import type { DatabricksLevel } from "./dialects/databricks.ts";

const domains = [
  "azuredatabricks.net",
  "databricks.azure.us",
  "databricks.azure.cn",
  "cloud.databricks.com",
  "cloud.databricks.us",
  "gcp.databricks.com",
];

const workspacePath = "/api/2.0/preview/scim/v2";
const endpointTail = /\/(Users|Groups|ServicePrincipals|Me|Schemas|ResourceTypes|ServiceProviderConfig)(\/.*)?$/i;
const scimPath = /^\/api\/2\.\d\/(preview|account|accounts\/[^/]+)\/scim(?=\/|$)/i;

/** Whether a host belongs to Databricks: a whole label must stand before the domain, so `evilazuredatabricks.net` does not. */
export function isDatabricksHost(hostname: string): boolean {
  return domains.some((domain) => hostname.endsWith(`.${domain}`) && hostname.length > domain.length + 1);
}

/** Whether a path has the shape of one of Databricks' SCIM services. */
export function isDatabricksPath(pathname: string): boolean {
  return scimPath.test(pathname);
}

/** Workspace or account, by the path of the base URL; the singular `/api/2.0/account/` is the account seen through a workspace. */
export function databricksLevel(pathname: string): DatabricksLevel {
  return /^\/api\/2\.\d\/accounts?\//i.test(pathname) ? "account" : "workspace";
}

/**
 * Where a service principal of Databricks gets its OAuth tokens (scope `all-apis`): the account's token endpoint for an
 * account base URL, else the workspace's.
 */
export function databricksTokenUrl(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  const account = /\/accounts\/([^/]+)\/scim/i.exec(pathname)?.[1];
  return account === undefined ? `${origin}/oidc/v1/token` : `${origin}/oidc/accounts/${account}/v1/token`;
}

/** Removes a pasted endpoint (`…/Users/42`) and slashes from the end of a path. */
export function withoutEndpoint(pathname: string): string {
  return pathname.replace(/\/+$/, "").replace(endpointTail, "").replace(/\/+$/, "");
}

/**
 * Brings the path of a Databricks address into the one form that answers. The gallery application of Microsoft Entra ID
 * takes workspace URLs without `/v2`; the services themselves answer with it only.
 *
 * @throws HttpError `invalidUrl` when the address lacks something that cannot be guessed
 */
export function databricksPath(url: URL): { readonly pathname: string; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const isAccountHost = url.hostname.startsWith("accounts.");
  let pathname = withoutEndpoint(url.pathname);
  if (!scimPath.test(pathname)) {
    if (pathname !== "" && !pathname.startsWith("/api"))
      notes.push(`The path ${pathname} is no part of the SCIM address and was left out.`);
    pathname = isAccountHost ? accountPath(url) : workspacePath;
    notes.push(`Completed to ${pathname}.`);
  }
  if (isAccountHost && !/\/accounts\/[^/]+\/scim/i.test(pathname)) {
    throw new HttpError(
      "invalidUrl",
      `${url.host} is the account console, but the path ${pathname} belongs to a workspace.`,
      { fix: accountFix(url) },
    );
  }
  if (/\/accounts\/(account[-_]?id|\{.*\}|<.*>|%3C.*%3E|%7B.*%7D)\//i.test(pathname)) {
    throw new HttpError("invalidUrl", "The address still holds a placeholder in place of the account id.", {
      fix: accountFix(url),
    });
  }
  if (/\/scim$/i.test(pathname)) {
    pathname += "/v2";
    notes.push("Added /v2, which the service needs.");
  }
  if (!isAccountHost && isDatabricksHost(url.hostname) && /\/accounts\//i.test(pathname)) {
    notes.push(
      "Workspace hosts answer 404 to /accounts/ addresses; use accounts.… as the host, or /api/2.0/account/scim/v2 on this one.",
    );
  }
  if (/^[a-z]+\d?\.azuredatabricks\.net$/i.test(url.hostname) && !isAccountHost) {
    notes.push(
      "This is the older address of a region; a workspace's own address (adb-….azuredatabricks.net) is the better one where it has one.",
    );
  }
  return { pathname, notes };
}

function accountPath(url: URL): string {
  const id = url.searchParams.get("account_id") ?? "";
  if (!/^[0-9a-f-]{36}$/i.test(id)) {
    throw new HttpError("invalidUrl", `${url.host} is the account console, and the address names no account.`, {
      fix: accountFix(url),
    });
  }
  return `/api/2.1/accounts/${id}/scim/v2`;
}

function accountFix(url: URL): string {
  return `Copy the account SCIM URL from the account console (Security, User provisioning); it reads ${url.origin}/api/2.1/accounts/ACCOUNT-ID/scim/v2.`;
}
