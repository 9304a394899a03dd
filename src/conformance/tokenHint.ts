import * as z from "zod";
import type { Dialect } from "../scim/dialects/dialect.ts";

const claimsSchema = z.looseObject({
  exp: z.number().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
});

/** The application id of Azure Databricks: the audience of Microsoft Entra ID tokens that it accepts. */
const azureDatabricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

/**
 * What the form of a refused token tells about why it was refused, or `undefined`. Looks at nothing but the prefix, and at
 * expiry and audience of a JWT; gives no part of the token away.
 *
 * @param now milliseconds since the epoch
 */
export function tokenHint(token: string, dialect: Dialect, baseUrl: string, now: number): string | undefined {
  const isAccount = /\/accounts?\//.test(baseUrl);
  if (dialect.id === "databricks" && isAccount && token.startsWith("dapi")) {
    return "This is a personal access token (dapi…), which works on a workspace only. Use the account SCIM token of the account console, or an OAuth token.";
  }
  const claims = claimsOf(token);
  if (claims?.exp !== undefined && claims.exp * 1000 < now) {
    return `This token expired at ${new Date(claims.exp * 1000).toISOString()}. Get a new one.`;
  }
  const audiences = claims?.aud === undefined ? [] : [claims.aud].flat();
  const issuedByEntra = audiences.some((audience) => /^https:\/\/(graph|management)\./.test(audience));
  if (dialect.id === "databricks" && issuedByEntra) {
    return `This token is for ${audiences.join(", ").slice(0, 200)}. Azure Databricks needs one for the resource ${azureDatabricks}.`;
  }
  return undefined;
}

/** What an address tells about why a valid token has no right there, or `undefined`. */
export function rightHint(dialect: Dialect, baseUrl: string): string | undefined {
  if (dialect.id !== "databricks" || !baseUrl.includes("/api/2.0/accounts/")) return undefined;
  return "The account SCIM token works under /api/2.1/ only: use that address, or an OAuth token of an account administrator.";
}

function claimsOf(token: string): z.infer<typeof claimsSchema> | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  try {
    return claimsSchema.safeParse(JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
