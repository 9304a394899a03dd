import type { ChangeResult } from "../changes/pushResult.ts";
import type { ErrorCode } from "./errorCatalogue.ts";
import { codeOfStatus } from "./errorCatalogue.ts";

const byFault: Readonly<Record<string, ErrorCode>> = {
  unauthorized: "Unauthorized",
  invalidToken: "Unauthorized",
  forbidden: "InsufficientRights",
  throttled: "TooManyRequests",
  timeout: "Timeout",
  unknownOutcome: "UnknownOutcome",
  aborted: "NotSent",
  notScim: "SystemForCrossDomainIdentityManagementServiceIncompatible",
  invalidJson: "SystemForCrossDomainIdentityManagementServiceIncompatible",
  invalidAnswer: "SystemForCrossDomainIdentityManagementServiceIncompatible",
  truncated: "WebExceptionProtocolError",
  dns: "WebExceptionProtocolError",
  refused: "WebExceptionProtocolError",
  unreachable: "WebExceptionProtocolError",
  tls: "WebExceptionProtocolError",
  uniqueness: "Conflict",
};

/** The provisioning log's error code for a change that did not go through. */
export function errorCodeOf(result: ChangeResult): ErrorCode {
  switch (result.outcome) {
    case "conflict":
      return result.conflict?.theirs === undefined ? "InvalidAnchor" : "StaleChange";
    case "blocked":
      return "ReferenceNotResolved";
    case "unknown":
      return "UnknownOutcome";
    case "notSent":
      return "NotSent";
    case "failed":
    case "pushed":
    case "redundant": {
      const { error } = result;
      const known = error && byFault[error.code];
      if (known !== undefined) return known;
      // A SCIM error's message begins with its status (src/changes/pushFault.ts).
      const status = Number(/^(\d{3}):/.exec(error?.message ?? "")?.[1]);
      return Number.isNaN(status) ? "InternalServerError" : codeOfStatus(status, error?.code);
    }
  }
}
