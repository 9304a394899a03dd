import { ScimError } from "../scim/errors.ts";
import type { ResourceType } from "../scim/resource.ts";
import type { Caller } from "./callers.ts";
import type { Switches } from "./options.ts";
import { PlatformError } from "./reply.ts";
import type { SandboxRequest } from "./request.ts";
import type { Route } from "./routes.ts";

/** What a caller without the admin right sees in lists. */
const visible: Readonly<Record<ResourceType, readonly string[]>> = {
  User: ["id", "userName", "displayName"],
  Group: ["id", "displayName"],
  ServicePrincipal: ["id", "displayName"],
};

/**
 * Refuses what a token may not do: the account's SCIM token works on 2.1 alone, and who is no admin may look at `/Me` and at
 * reduced lists.
 * @throws PlatformError 403.
 */
export function refuseCaller(
  caller: Caller,
  route: Exclude<Route, { kind: "token" | "unknown" }>,
  { method, path }: SandboxRequest,
  switches: Switches,
): void {
  if (caller.kind === "accountScim") {
    if (route.api === "account-2.1" || (route.api === "account-2.0" && switches.accountTokenOn20)) return;
    throw new PlatformError(403, "PERMISSION_DENIED", `The account SCIM token cannot be used on ${path}.`);
  }
  if (caller.kind === "admin" || route.kind === "me" || route.kind === "discovery") return;
  if (route.kind === "collection" && method === "GET") return;
  throw new PlatformError(403, "PERMISSION_DENIED", `${path} is only accessible by admins`);
}

/**
 * The attributes that a list shows to a caller who is no admin.
 * @throws ScimError 403 when one is asked for that is for admins only.
 */
export function reducedAttributes(type: ResourceType, asked: readonly string[]): readonly string[] {
  const all = visible[type];
  const beyond = asked.find((name) => name === "externalId");
  if (beyond !== undefined) throw new ScimError(403, `${beyond} is only accessible by admins`);
  return asked.length === 0 ? all : [...asked.filter((name) => all.includes(name)), "id"];
}
