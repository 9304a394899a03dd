import { HttpError } from "./errors.ts";

/**
 * Whether a URL's host is this machine: 127.0.0.0/8, ::1 or localhost. Takes `URL.hostname`, which already is in
 * canonical form (`0x7f.1` arrives as `127.0.0.1`).
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Parses an address to which a token may be sent: https, or http to loopback.
 *
 * @throws HttpError `invalidUrl` or `insecureUrl`; nothing has been sent then.
 */
export function parseSecureUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new HttpError("invalidUrl", `"${text.slice(0, 200)}" is not a URL.`, {
      fix: "Give a full address such as https://host.example/scim/v2.",
    });
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new HttpError("invalidUrl", `The address of ${url.host} holds a user name or password.`, {
      fix: "Remove what stands before the @ and give the token separately.",
    });
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return url;
  if (url.protocol === "http:") {
    throw new HttpError(
      "insecureUrl",
      `${url.origin} is plain http, which would show the token to the network; nothing was sent.`,
      {
        fix: "Use https. Plain http is for this machine only (localhost, 127.0.0.1, ::1).",
        url: url.origin,
      },
    );
  }
  throw new HttpError("invalidUrl", `The scheme "${url.protocol.slice(0, 40)}" is not supported.`, {
    fix: "Give an address that begins with https://.",
  });
}
