import type { ResourceType } from "../scim/resource.ts";
import type { Level } from "./entry.ts";
import type { Profile } from "./options.ts";

/** The account that a sandbox plays. */
export const accountId = "5a0d0b0c-5ca1-4b1e-8000-000000000001";

/** The workspace that a sandbox plays, as `X-Databricks-Org-Id` names it. */
export const workspaceId = "7405600000000001";

/** What a path leads to. */
export type Route =
  | { readonly kind: "collection"; readonly level: Level; readonly api: string; readonly type: ResourceType }
  | {
      readonly kind: "resource";
      readonly level: Level;
      readonly api: string;
      readonly type: ResourceType;
      readonly id: string;
    }
  | { readonly kind: "search"; readonly level: Level; readonly api: string; readonly type?: ResourceType }
  | { readonly kind: "me"; readonly level: Level; readonly api: string }
  | {
      readonly kind: "discovery";
      readonly level: Level;
      readonly api: string;
      readonly name: "ServiceProviderConfig" | "ResourceTypes" | "Schemas";
      readonly id?: string;
    }
  | { readonly kind: "token" }
  | { readonly kind: "unknown" };

/** A base path under which SCIM is served. `api` tells apart those of one level. */
interface Base {
  readonly path: string;
  readonly level: Level;
  readonly api: string;
}

/** Where each profile serves SCIM; the first base is the one that a person pastes into a tool. */
export const bases: Readonly<Record<Profile, readonly [Base, ...Base[]]>> = {
  "databricks-workspace": [
    { path: "/api/2.0/preview/scim/v2", level: "workspace", api: "workspace" },
    { path: "/api/2.0/account/scim/v2", level: "account", api: "account-on-workspace" },
  ],
  "databricks-account": [
    { path: `/api/2.1/accounts/${accountId}/scim/v2`, level: "account", api: "account-2.1" },
    { path: `/api/2.0/accounts/${accountId}/scim/v2`, level: "account", api: "account-2.0" },
  ],
  rfc: [{ path: "/scim/v2", level: "rfc", api: "rfc" }],
};

/** Where each profile takes client credentials. */
export const tokenPaths: Readonly<Record<Profile, string>> = {
  "databricks-workspace": "/oidc/v1/token",
  "databricks-account": `/oidc/accounts/${accountId}/v1/token`,
  rfc: "/oauth/token",
};

const types: Readonly<Record<string, ResourceType>> = {
  Users: "User",
  Groups: "Group",
  ServicePrincipals: "ServicePrincipal",
};

const unknown: Route = { kind: "unknown" };

/** Finds where the path of a request leads on a host of the given profile. */
export function findRoute(profile: Profile, path: string): Route {
  if (path === tokenPaths[profile]) return { kind: "token" };
  const base = bases[profile].find((each) => path.startsWith(each.path) && path[each.path.length] === "/");
  if (base === undefined) return unknown;
  const { level, api } = base;
  const [name = "", encodedId, ...more] = path.slice(base.path.length + 1).split("/");
  if (more.length > 0) return unknown;
  const id = encodedId === undefined || encodedId === "" ? undefined : decode(encodedId);
  if (name === ".search") return id === undefined ? { kind: "search", level, api } : unknown;
  if (name === "Me") return id === undefined ? { kind: "me", level, api } : unknown;
  if (name === "ServiceProviderConfig" || name === "ResourceTypes" || name === "Schemas") {
    return { kind: "discovery", level, api, name, ...(id !== undefined && { id }) };
  }
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined || (level === "rfc" && type === "ServicePrincipal")) return unknown;
  if (id === undefined) return { kind: "collection", level, api, type };
  return id === ".search" ? { kind: "search", level, api, type } : { kind: "resource", level, api, type, id };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
