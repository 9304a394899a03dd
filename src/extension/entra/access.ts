import type { GraphClient } from "../../graph/client.ts";
import { clouds } from "../../graph/clouds.ts";
import type { TokenProvider } from "../../http/token.ts";
import type { Purpose } from "../../graph/permissions.ts";

/** How the parts of the Entra view come to a client. */
export interface EntraAccess {
  /** The Graph service, an origin. @throws HttpError for an address that gets no token */
  readonly graphUrl: string;
  /** Tenants by id or domain name; the empty text stands for the home tenant of the account. Never empty. */
  tenants(): readonly string[];
  /**
   * A client whose token carries the least permissions for the purposes.
   *
   * @param how `ask` only upon a person's action: it may open a sign-in
   * @throws SignedOutError, ConsentRefusedError, NoProviderError
   */
  client(tenant: string, purposes: readonly Purpose[], how: "silent" | "ask"): Promise<GraphClient>;
  /** The token of such a client, for readers that open clients of their own. Looks for sessions silently. */
  token(tenant: string, purposes: readonly Purpose[]): TokenProvider;
}

/** What the view reads without being asked for more. */
export const readPurposes: readonly Purpose[] = [
  "readOrganization",
  "readApplications",
  "readSynchronization",
  "readAssignments",
];

/**
 * The authentication provider of VS Code for a Graph service: the built-in one for the global cloud, and the one for national
 * clouds, which the person points at one cloud by `microsoft-sovereign-cloud.environment`.
 */
export function providerOf(graphUrl: string): "microsoft" | "microsoft-sovereign-cloud" {
  const cloud = clouds.find((each) => each.graphUrl === graphUrl);
  return cloud === undefined || cloud.id === "global" ? "microsoft" : "microsoft-sovereign-cloud";
}

/** The scopes of a session: the permissions, and what VS Code's provider reads of tenant and application registration. */
export function sessionScopes(permissions: readonly string[], tenant: string, clientId: string): readonly string[] {
  return [
    ...(clientId === "" ? [] : [`VSCODE_CLIENT_ID:${clientId}`]),
    ...(tenant === "" ? [] : [`VSCODE_TENANT:${tenant}`]),
    ...permissions,
  ];
}
