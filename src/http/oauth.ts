import * as z from "zod";
import { HttpError } from "./errors.ts";
import { HttpClient, type HttpClientOptions } from "./httpClient.ts";
import { parseSecureUrl } from "./secureUrl.ts";
import type { TokenProvider } from "./token.ts";

export interface ClientCredentials {
  /** The token endpoint; https, or http on loopback. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
}

const tokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
});
const errorAnswer = z.looseObject({ error: z.string().optional(), error_description: z.string().optional() });

/** A token is renewed so long before it expires, in milliseconds. */
const marginMs = 60_000;

/**
 * Gets access tokens by the client credentials grant (RFC 6749 section 4.4) with HTTP Basic, as service principals of
 * Databricks do, and keeps one until a minute before it expires. Concurrent calls share one request.
 *
 * @returns a provider that throws HttpError: `unauthorized` when the secret is refused, else as requests do
 * @throws HttpError `invalidUrl`, `insecureUrl`
 */
export function clientCredentialsToken(
  credentials: ClientCredentials,
  options: Pick<HttpClientOptions, "log" | "timeouts" | "ca" | "env"> = {},
  now: () => number = Date.now,
): TokenProvider {
  const url = parseSecureUrl(credentials.tokenUrl);
  const http = new HttpClient({ ...options, origin: url.origin });
  let kept: { readonly token: string; readonly until: number } | undefined;
  let pending: Promise<string> | undefined;

  const fetchToken = async (): Promise<string> => {
    const { clientId, clientSecret, scope } = credentials;
    // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
    const basic = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString("base64");
    const response = await http.request({
      method: "POST",
      path: url.pathname + url.search,
      headers: { authorization: `Basic ${basic}`, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ grant_type: "client_credentials", ...(scope !== undefined && { scope }) }).toString(),
      // Asking for a token twice gives two tokens and does no harm.
      idempotent: true,
    });
    const body = parseJson(response.text);
    if (response.status !== 200) throw refusal(response.status, body, url);
    const answer = tokenAnswer.safeParse(body);
    if (!answer.success) {
      throw new HttpError("invalidAnswer", `${url.origin}${url.pathname} answers without an access token.`, {
        fix: "Check the address of the token endpoint.",
        url: url.origin + url.pathname,
        status: response.status,
      });
    }
    const lifetimeMs = (answer.data.expires_in ?? 3600) * 1000;
    kept = { token: answer.data.access_token, until: now() + lifetimeMs - marginMs };
    return kept.token;
  };

  return (refused) => {
    if (kept !== undefined && kept.token !== refused && now() < kept.until) return kept.token;
    pending ??= fetchToken().finally(() => (pending = undefined));
    return pending;
  };
}

function formEncode(text: string): string {
  return new URLSearchParams({ a: text }).toString().slice(2);
}

function refusal(status: number, body: unknown, url: URL): HttpError {
  const { error, error_description: description } = errorAnswer.safeParse(body).data ?? {};
  const place = url.origin + url.pathname;
  const detail = [error, description]
    .filter((part) => part !== undefined)
    .join(": ")
    .slice(0, 500);
  const said = detail === "" ? "" : ` It says: ${detail.replace(/[.\s]*$/, "")}.`;
  const data = { url: place, status, detail };
  // Microsoft Entra ID throttles with 400 and these words; the credentials are not to blame then.
  if (/throttled|too many requests/i.test(detail)) {
    return new HttpError("throttled", `${place} is throttled (${status}).${said}`, {
      ...data,
      fix: "Wait a few minutes and try again.",
    });
  }
  if (status === 400 || status === 401 || status === 403) {
    return new HttpError("unauthorized", `${place} does not give a token for this client (${status}).${said}`, {
      ...data,
      fix: "Check client id and secret, that the secret has not expired, and that the service principal belongs to this workspace or account.",
    });
  }
  if (status === 404) {
    return new HttpError("notScim", `There is no token endpoint at ${place} (404).`, {
      ...data,
      fix: "Check the address of the token endpoint.",
    });
  }
  return new HttpError("unreachable", `${place} fails (${status}).${said}`, { ...data, fix: "Try again later." });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
