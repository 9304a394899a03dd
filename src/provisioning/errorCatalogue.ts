import type { LogRecord } from "./logRecord.ts";

/** Error codes of the provisioning log (Microsoft Entra documentation, "Provisioning logs"), and ours where it has none. */
export type ErrorCode =
  | "Conflict"
  | "DuplicateSourceEntries"
  | "DuplicateTargetEntries"
  | "InsufficientRights"
  | "InternalServerError"
  | "InvalidAnchor"
  | "MandatoryFieldsMissing"
  | "MappingFailed"
  | "NotSent"
  | "ReferenceNotResolved"
  | "SchemaAttributeNotFound"
  | "StaleChange"
  | "SystemForCrossDomainIdentityManagementServiceIncompatible"
  | "Timeout"
  | "TooManyRequests"
  | "Unauthorized"
  | "UnknownOutcome"
  | "UnprocessableEntity"
  | "WebExceptionProtocolError";

/** What a person does about each code. */
const fixes: Readonly<Record<ErrorCode, string>> = {
  Conflict:
    "Another object of the target holds a value that must be unique. Change the value, or match on that attribute.",
  DuplicateSourceEntries:
    "Give each of the named directory objects a matching value of its own (compared without case).",
  DuplicateTargetEntries: "Remove the duplicate in the target, or match on an attribute that is unique there.",
  InsufficientRights:
    "Give the token's identity the right to manage users and groups (Databricks: workspace or account admin).",
  InternalServerError:
    "The service failed. It is tried again by itself; if it stays, give the service's support the request id.",
  InvalidAnchor:
    "The linked object is gone from the target. Restart provisioning with the links of this object cleared, to match it anew.",
  MandatoryFieldsMissing: "Fill the value in the directory, or give the mapping a default value.",
  MappingFailed: "Correct the expression, or the value in the directory that it stumbles over.",
  NotSent: "Nothing was sent for this object. Push again to go on.",
  ReferenceNotResolved: "The member or manager does not exist in the target yet. It is taken up again when it does.",
  SchemaAttributeNotFound:
    "The target does not know a mapped attribute. Remove the mapping, or correct its target attribute.",
  StaleChange: "The object changed in the target since it was read. Plan again to see both.",
  SystemForCrossDomainIdentityManagementServiceIncompatible:
    "The answer could not be read as SCIM. Run the connection test against the base URL.",
  Timeout: "The service took too long. It is tried again by itself.",
  TooManyRequests: "The service limits requests. It is tried again by itself.",
  Unauthorized: "The token was refused. Replace it.",
  UnknownOutcome: "The connection broke before the answer came. The object is looked up before anything is sent again.",
  UnprocessableEntity:
    "The service refused the values. Its answer names the attribute; correct the mapping or the directory.",
  WebExceptionProtocolError: "The connection broke. It is tried again by itself.",
};

/** The error part of a log record: code, what happened, and what to do. */
export function errorInformation(
  code: ErrorCode,
  reason: string,
): NonNullable<LogRecord["provisioningStatusInfo"]["errorInformation"]> {
  return { errorCode: code, reason, recommendedAction: fixes[code] };
}

/** The code for an HTTP status that a service answered to a write. */
export function codeOfStatus(status: number, scimType?: string): ErrorCode {
  if (scimType === "uniqueness" || status === 409) return "Conflict";
  if (scimType === "noTarget" || scimType === "invalidPath") return "SchemaAttributeNotFound";
  if (status === 401) return "Unauthorized";
  if (status === 403 || status === 405) return "InsufficientRights";
  if (status === 404) return "InvalidAnchor";
  if (status === 408 || status === 504) return "Timeout";
  if (status === 412) return "StaleChange";
  if (status === 429) return "TooManyRequests";
  if (status >= 500) return "InternalServerError";
  return "UnprocessableEntity";
}
