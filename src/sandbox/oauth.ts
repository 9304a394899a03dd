import { oauthSeconds, type Callers } from "./callers.ts";
import { jsonReply, type Reply } from "./reply.ts";
import type { SandboxRequest } from "./request.ts";

/** Answers the token endpoint: client credentials, in a Basic header or in the form (RFC 6749 sections 2.3.1 and 4.4). */
export function oauthReply({ method, headers, body }: SandboxRequest, callers: Callers): Reply {
  if (method !== "POST") return failure(405, "invalid_request", "Send a POST with a form.");
  const form = new URLSearchParams(body);
  if (form.get("grant_type") !== "client_credentials") {
    return failure(400, "unsupported_grant_type", "Only client_credentials is possible here.");
  }
  const [clientId, secret] = basicCredentials(headers.authorization) ?? [
    form.get("client_id"),
    form.get("client_secret"),
  ];
  const token = clientId && secret ? callers.exchange(clientId, secret) : undefined;
  if (token === undefined) return failure(401, "invalid_client", "Client authentication failed.");
  return jsonReply(
    200,
    { access_token: token, token_type: "Bearer", scope: form.get("scope") ?? "all-apis", expires_in: oauthSeconds },
    { "cache-control": "no-store" },
  );
}

function basicCredentials(header: string | undefined): readonly [string, string] | undefined {
  const encoded = /^basic +([\w+/=]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString();
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
}

/** Credentials are form-encoded within a Basic header. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function failure(status: number, error: string, description: string): Reply {
  return jsonReply(status, { error, error_description: description });
}
