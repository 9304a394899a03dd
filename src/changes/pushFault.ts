import { HttpError } from "../http/errors.ts";
import { ScimError } from "../scim/errors.ts";
import { JournalError } from "./journalError.ts";
import type { Fault } from "./pushResult.ts";

/** What a failed request means for its change and for the whole push. */
export type Verdict =
  /** Nothing more can be sent: token refused, service not reachable, journal not writable. */
  | "stop"
  /** The write may have been applied: look before repeating it. */
  | "unsure"
  /** The service still throttles after the client's own waiting. */
  | "throttled"
  /** The right is missing: for this object, or for all. */
  | "forbidden"
  /** Somebody else wrote in between (412), or is writing now (409 on an existing resource). */
  | "moved"
  /** 404. */
  | "gone"
  /** 409 on a create. */
  | "exists"
  | "failed";

const lost: ReadonlySet<string> = new Set([
  "unauthorized",
  "dns",
  "refused",
  "unreachable",
  "tls",
  "aborted",
  "invalidToken",
]);

/** Judges a failed request. */
export function judge(error: unknown, method: string): Verdict {
  if (error instanceof JournalError) return "stop";
  if (error instanceof HttpError) {
    if (error.outcomeUnknown) return "unsure";
    if (lost.has(error.code)) return "stop";
    if (error.code === "throttled" || error.code === "forbidden") return error.code;
    // The answer to a write that was applied may be unreadable; a read that cannot be read tells nothing.
    return method === "GET" || error.code === "notScim" ? "failed" : "unsure";
  }
  if (!(error instanceof ScimError)) return "failed";
  if (error.status >= 500 && error.status !== 501) return "unsure";
  if (error.status === 404) return "gone";
  if (error.status === 412) return "moved";
  if (error.status === 409) return method === "POST" ? "exists" : "moved";
  return "failed";
}

/** The failure as a person reads it. */
export function faultOf(error: unknown): Fault {
  if (error instanceof HttpError || error instanceof JournalError) {
    return { code: error.code, message: error.message, fix: error.fix };
  }
  if (error instanceof ScimError) return { code: error.code, message: `${error.status}: ${error.message}` };
  if (error instanceof Error && "code" in error) return { code: String(error.code), message: error.message };
  throw error;
}
