import type { ChangeRequest } from "./change.ts";

/** A request as a person reads it: method and path, then the body as indented JSON. */
export function requestText(request: ChangeRequest): string {
  const line = `${request.method} ${request.path}`;
  return request.body === undefined ? line : `${line}\n\n${JSON.stringify(request.body, undefined, 2)}`;
}

/**
 * A request as a curl command that a person can run in a POSIX shell. The token is not in it: the command reads it from
 * the environment variable SCIM_TOKEN.
 *
 * @param baseUrl the service's base URL, without a slash at its end
 */
export function curlOf(
  request: Omit<ChangeRequest, "method"> & { readonly method: ChangeRequest["method"] | "GET" },
  baseUrl: string,
): string {
  const parts = [
    `curl --request ${request.method} ${shellQuote(baseUrl + request.path)}`,
    `--header "Authorization: Bearer $SCIM_TOKEN"`,
    `--header 'Accept: application/scim+json'`,
  ];
  if (request.body !== undefined) {
    parts.push(
      `--header 'Content-Type: application/scim+json'`,
      `--data-raw ${shellQuote(JSON.stringify(request.body))}`,
    );
  }
  return parts.join(" \\\n  ");
}

/** Quotes a text for a POSIX shell: nothing in it is expanded. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
