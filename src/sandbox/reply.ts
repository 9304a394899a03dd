import { ScimError } from "../scim/errors.ts";

/** How the bytes of an answer travel, when not all at once and whole. */
export type Delivery =
  | { readonly kind: "reset" }
  /** The connection ends after this share of the body, though the headers promise all of it. */
  | { readonly kind: "truncated"; readonly share: number }
  | { readonly kind: "slow"; readonly milliseconds: number };

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly delivery?: Delivery;
}

export const scimMediaType = "application/scim+json;charset=utf-8";
const scimHeaders = { "content-type": scimMediaType } as const;
const noHeaders = {} as const;

/** A SCIM answer of a text that is JSON already. */
export function scimText(status: number, body: string, headers?: Readonly<Record<string, string>>): Reply {
  return { status, headers: headers ? { ...scimHeaders, ...headers } : scimHeaders, body };
}

/** A SCIM answer of a value. */
export function scimReply(status: number, body: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return scimText(status, JSON.stringify(body), headers);
}

/** An answer without a body: 204, 304. */
export function emptyReply(status: number, headers: Readonly<Record<string, string>> = noHeaders): Reply {
  return { status, headers, body: "" };
}

/** A plain JSON answer outside SCIM. */
export function jsonReply(status: number, body: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** An error of Databricks' platform, around SCIM: `{"error_code":…,"message":…}`. */
export class PlatformError extends Error {
  readonly status: number;
  /** For example `RESOURCE_DOES_NOT_EXIST`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "PlatformError";
    this.status = status;
    this.code = code;
  }
}

/**
 * The answer to a request that failed with a {@link ScimError} or a {@link PlatformError}.
 * @throws what it was given, when it is neither: that is a defect, and the server answers 500.
 */
export function errorReply(error: unknown): Reply {
  if (error instanceof ScimError) return scimReply(error.status, error.toErrorBody());
  if (error instanceof PlatformError) {
    return jsonReply(error.status, { error_code: error.code, message: error.message });
  }
  throw error;
}
