import type { IncomingHttpHeaders } from "node:http";
import { ScimError } from "../scim/errors.ts";

/** One request as the sandbox handles it: read whole, not yet interpreted. */
export interface SandboxRequest {
  readonly method: string;
  /** Without the query; still percent-encoded. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * The body as JSON.
 * @param plainJsonRefused Whether `application/json` is refused.
 * @throws ScimError 415 for another media type, 400 invalidSyntax when it is no JSON.
 */
export function readJson({ headers, body }: SandboxRequest, plainJsonRefused: boolean): unknown {
  const mediaType = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const accepted = plainJsonRefused ? ["application/scim+json"] : ["application/scim+json", "application/json"];
  if (!accepted.includes(mediaType)) {
    throw new ScimError(415, `The media type ${JSON.stringify(mediaType)} is not one of ${accepted.join(", ")}.`);
  }
  try {
    return JSON.parse(body);
  } catch {
    throw new ScimError(400, "Request is unparsable, syntactically incorrect, or violates schema.", "invalidSyntax");
  }
}
