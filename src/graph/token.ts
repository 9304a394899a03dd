import * as z from "zod";
import { HttpError } from "../http/errors.ts";
import type { HttpClientOptions } from "../http/httpClient.ts";
import { clientCredentialsToken } from "../http/oauth.ts";
import type { TokenProvider } from "../http/token.ts";
import type { GraphEndpoint } from "./clouds.ts";
import { GraphError } from "./errors.ts";

const environment = z.object({
  ENTRA_TOKEN: z.string().trim().min(1).optional(),
  ENTRA_TENANT_ID: z
    .string()
    .trim()
    .regex(/^[\w.-]+$/, "ENTRA_TENANT_ID is the id of a tenant or one of its domain names.")
    .optional(),
  ENTRA_CLIENT_ID: z.string().trim().min(1).optional(),
  ENTRA_CLIENT_SECRET: z.string().min(1).optional(),
});

/** Signing in is not possible with what the environment holds; the message names what is missing. */
export class SignInError extends Error {
  readonly code = "signIn";
}

/**
 * The token provider of the command line: the token in ENTRA_TOKEN, or client credentials from ENTRA_TENANT_ID,
 * ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET at the cloud's token endpoint. Nothing is ever written to a file.
 *
 * @throws SignInError when neither is there
 */
export function tokenFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  endpoint: GraphEndpoint,
  options: Pick<HttpClientOptions, "log" | "ca"> = {},
): TokenProvider {
  const parsed = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")));
  if (!parsed.success) throw new SignInError(parsed.error.issues[0]?.message ?? "The environment cannot be used.");
  const {
    ENTRA_TOKEN: token,
    ENTRA_TENANT_ID: tenantId,
    ENTRA_CLIENT_ID: id,
    ENTRA_CLIENT_SECRET: secret,
  } = parsed.data;
  if (token !== undefined) return () => token;
  const needed = { ENTRA_TENANT_ID: tenantId, ENTRA_CLIENT_ID: id, ENTRA_CLIENT_SECRET: secret };
  const missing = Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (tenantId === undefined || id === undefined || secret === undefined) {
    throw new SignInError(
      `No way to sign in to Microsoft Graph: set ENTRA_TOKEN, or client credentials (missing: ${missing.join(", ")}).`,
    );
  }
  return clientCredentials({ endpoint, tenantId, clientId: id, clientSecret: secret }, options);
}

/** An application that signs in by itself. */
export interface GraphClientCredentials {
  readonly endpoint: GraphEndpoint;
  /** Id or domain name of the tenant. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Tokens by the client credentials grant of the Microsoft identity platform, for the scope `/.default` of the Graph host.
 *
 * @returns a provider that throws GraphError `consentRequired` where an administrator has not consented, else HttpError
 */
export function clientCredentials(
  { endpoint, tenantId, clientId, clientSecret }: GraphClientCredentials,
  options: Pick<HttpClientOptions, "log" | "ca"> = {},
): TokenProvider {
  const tokenUrl = `${endpoint.loginUrl}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
  const credentials = { tokenUrl, clientId, clientSecret, scope: `${endpoint.graphUrl}/.default` };
  const provider = clientCredentialsToken(credentials, options);
  return async (refused) => {
    try {
      return await provider(refused);
    } catch (error) {
      throw error instanceof HttpError ? signInError(error, clientId) : error;
    }
  };
}

/**
 * The codes of the identity platform that mean that nobody agreed to the permissions. Source: Microsoft identity platform,
 * "Microsoft Entra authentication and authorization error codes".
 */
const consentCodes = /AADSTS(65001|65004|90008|90094|900941|70001)\b/;

function signInError(error: HttpError, clientId: string): Error {
  const { detail = "" } = error;
  if (error.code !== "unauthorized") return error;
  const { requestId, status } = error;
  if (consentCodes.test(detail)) {
    return new GraphError(
      "consentRequired",
      `Nobody consented to the permissions of the application ${clientId}. It says: ${detail}.`,
      {
        status,
        requestId,
        detail,
        fix: "Let an administrator grant admin consent under App registrations, API permissions.",
        cause: error,
      },
    );
  }
  return new GraphError(
    "unauthorized",
    `Microsoft Entra gives no token to the application ${clientId}. It says: ${detail}.`,
    {
      status,
      requestId,
      detail,
      fix: "Check tenant, client id and client secret, and that the secret has not expired.",
      cause: error,
    },
  );
}
