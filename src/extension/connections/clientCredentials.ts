import * as l10n from "@vscode/l10n";
import * as z from "zod";
import { HttpError } from "../../http/errors.ts";
import { HttpClient } from "../../http/httpClient.ts";
import type { RequestLog } from "../../http/record.ts";
import { parseSecureUrl } from "../../http/secureUrl.ts";
import type { TokenProvider } from "../../http/token.ts";
import type { ConnectionSetting } from "./connection.ts";

/** The answer of a token endpoint (RFC 6749 section 5.1). */
const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().optional() });

/** Ask for the next token so long before the old one ends, in milliseconds. */
const margin = 60_000;

/**
 * Where a Databricks service principal exchanges its client credentials for a token: the workspace's or the account's OAuth
 * server (Databricks documentation, OAuth machine-to-machine). `undefined` for other services: they have to be asked for.
 */
export function defaultTokenUrl({
  baseUrl,
  dialect,
}: Pick<ConnectionSetting, "baseUrl" | "dialect">): string | undefined {
  if (dialect !== "databricks") return undefined;
  const url = new URL(baseUrl);
  const account = /\/accounts\/([^/]+)\//.exec(url.pathname)?.[1];
  return account === undefined ? `${url.origin}/oidc/v1/token` : `${url.origin}/oidc/accounts/${account}/v1/token`;
}

/**
 * A provider of tokens by client credentials (RFC 6749 section 4.4). Tokens are kept until shortly before they end; one that
 * the service refuses is replaced at once.
 *
 * @param secret gives the client secret
 */
export function clientCredentials(
  connection: ConnectionSetting,
  secret: () => Promise<string>,
  log: RequestLog,
  now: () => number = Date.now,
): TokenProvider {
  let held: { readonly token: string; readonly until: number } | undefined;
  return async (refused) => {
    if (held !== undefined && held.token !== refused && held.until > now()) return held.token;
    const answer = await exchange(connection, await secret(), log);
    held = { token: answer.access_token, until: now() + (answer.expires_in ?? 3600) * 1000 - margin };
    return held.token;
  };
}

async function exchange(connection: ConnectionSetting, secret: string, log: RequestLog) {
  const address = connection.tokenUrl ?? defaultTokenUrl(connection);
  if (address === undefined || connection.clientId === undefined)
    throw new HttpError("unauthorized", l10n.t("The connection {0} has no client id or token URL.", connection.name), {
      fix: l10n.t("Replace the token, or complete the entry in the setting scim.connections."),
    });
  const url = parseSecureUrl(address);
  const credentials = Buffer.from(`${encodeURIComponent(connection.clientId)}:${encodeURIComponent(secret)}`);
  const client = new HttpClient({ origin: url.origin, token: undefined, accept: "application/json", log });
  try {
    const response = await client.request({
      method: "POST",
      path: url.pathname + url.search,
      headers: {
        authorization: `Basic ${credentials.toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: `grant_type=client_credentials${connection.dialect === "databricks" ? "&scope=all-apis" : ""}`,
      idempotent: true,
    });
    if (response.status !== 200) throw refusal(url, response.status);
    const parsed = tokenAnswer.safeParse(parseJson(response.text));
    if (!parsed.success) throw refusal(url, response.status);
    return parsed.data;
  } finally {
    await client.close();
  }
}

function refusal(url: URL, status: number): HttpError {
  const what = l10n.t("The token endpoint {0} gave no token (status {1}).", url.origin + url.pathname, status);
  const fix = l10n.t("Check the client id, replace the client secret, and make sure that the secret has not ended.");
  return new HttpError("unauthorized", what, { fix, status, url: url.origin + url.pathname });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
