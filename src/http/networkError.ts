import { HttpError } from "./errors.ts";
import { TooLargeError } from "./exchange.ts";

export interface FailedExchange {
  /** Redacted, for the message. */
  readonly url: string;
  readonly host: string;
  /** Whether repeating the request could do it twice. */
  readonly write: boolean;
  /** Whether a connection took the request. */
  readonly sent: boolean;
  /** Whether the answer had begun. */
  readonly answered: boolean;
}

/**
 * Names what went wrong on the wire: which of DNS, connection, TLS, time or transfer. For a write that may have reached the
 * service the code is `unknownOutcome`.
 */
export function networkError(error: unknown, exchange: FailedExchange): HttpError {
  const { url, host } = exchange;
  const code = codeOf(error);
  const make = (kind: HttpError["code"], what: string, fix: string) =>
    new HttpError(kind, what, { fix, url, cause: error });

  if (error instanceof TooLargeError) {
    return make(
      "tooLarge",
      `The answer of ${url} is larger than this client takes.`,
      "Ask for fewer resources at a time, or leave large attributes out.",
    );
  }
  const tls = tlsProblem(code, error, host);
  if (tls !== undefined) return make("tls", tls.what, tls.fix);
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
      return make(
        "dns",
        `The host name ${host} cannot be resolved (${code}).`,
        "Check the address for typing errors, then DNS, VPN and network.",
      );
    case "ECONNREFUSED":
      return make("refused", `${host} refused the connection.`, "Check the port, and that the service is running.");
    case "UND_ERR_CONNECT_TIMEOUT":
      return make(
        "timeout",
        `No connection to ${host} within the time allowed.`,
        "Check firewall, VPN and proxy (HTTPS_PROXY), then the address.",
      );
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return make("unreachable", `There is no route to ${host} (${code}).`, "Check network, VPN and proxy.");
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/proxy response \(\d+\)/i.test(message)) {
    return make(
      "unreachable",
      `The proxy refused to connect to ${host}: ${message}`,
      "Check HTTPS_PROXY, and NO_PROXY for hosts that need none.",
    );
  }
  if (exchange.write && exchange.sent) {
    return make(
      "unknownOutcome",
      `The connection to ${host} broke after the request was sent (${describe(code, message)}); whether ${url} was changed is unknown.`,
      "Read the resource before repeating the change.",
    );
  }
  switch (code) {
    case "UND_ERR_HEADERS_TIMEOUT":
      return make(
        "timeout",
        `${url} did not begin to answer within the time allowed.`,
        "Try again later, or ask for less at a time.",
      );
    case "UND_ERR_BODY_TIMEOUT":
      return make("timeout", `The answer of ${url} stalled.`, "Try again later, or ask for less at a time.");
  }
  if (exchange.answered) {
    return make(
      "truncated",
      `The answer of ${url} broke off before its end.`,
      "Try again; if it stays so, a proxy in between cuts answers off.",
    );
  }
  return make(
    "unreachable",
    `The connection to ${host} failed (${describe(code, message)}).`,
    "Check network, VPN and proxy, then try again.",
  );
}

function describe(code: string, message: string): string {
  return code === "" ? message.slice(0, 200) : code;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

function tlsProblem(code: string, error: unknown, host: string): { what: string; fix: string } | undefined {
  const detail = error instanceof Error ? error.message : "";
  switch (code) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return {
        what: `${host} shows a self-signed certificate (${code}), so its identity cannot be verified.`,
        fix: "Use a certificate of a known authority, or add this one to the system's trust store or to NODE_EXTRA_CA_CERTS.",
      };
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return {
        what: `The certificate of ${host} comes from an authority that this machine does not know (${code}).`,
        fix: "Add your company's root certificate to the system's trust store or to NODE_EXTRA_CA_CERTS; if the server sends an incomplete chain, complete it there.",
      };
    case "CERT_HAS_EXPIRED":
      return {
        what: `The certificate of ${host} has expired (${code}).`,
        fix: "Renew it on the server; if it looks valid elsewhere, check this machine's clock.",
      };
    case "CERT_NOT_YET_VALID":
      return { what: `The certificate of ${host} is not valid yet (${code}).`, fix: "Check this machine's clock." };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return {
        what: `The certificate is not for ${host} (${detail.slice(0, 300)}).`,
        fix: "Use the host name that the certificate names, or have it reissued.",
      };
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return {
        what: `${host} does not speak TLS on this port (${code}).`,
        fix: "Check the port, and whether a proxy in between expects plain http.",
      };
    case "CERT_REVOKED":
    case "EPROTO":
      return {
        what: `The TLS connection to ${host} failed (${code}).`,
        fix: "Check that the server offers TLS 1.2 or newer with a valid certificate.",
      };
  }
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) {
    return {
      what: `The TLS connection to ${host} failed (${code}).`,
      fix: "Check that the server offers TLS 1.2 or newer with a valid certificate.",
    };
  }
  return undefined;
}
