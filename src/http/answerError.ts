import { HttpError } from "./errors.ts";
import type { HttpResponse } from "./exchange.ts";
import { parseRetryAfter } from "./retryAfter.ts";

/** The host still throttles after the last attempt. */
export function throttledError(response: HttpResponse, url: string, attempts: number): HttpError {
  const retryAfterMs = parseRetryAfter(response.header("retry-after"), Date.now());
  return new HttpError(
    "throttled",
    `${url} is throttled: the service still refuses after ${attempts} ${attempts === 1 ? "attempt" : "attempts"} (${response.status}).`,
    {
      fix: "Wait a few minutes and try again; another program may be using the same limit.",
      ...placeOf(response, url),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  );
}

/** A gateway gave up on a write that the service behind it may still have carried out. */
export function gatewayError(response: HttpResponse, url: string): HttpError {
  return new HttpError(
    "unknownOutcome",
    `A gateway gave up waiting for ${url} (${response.status}); whether the change was applied is unknown.`,
    { fix: "Read the resource before repeating the change.", ...placeOf(response, url) },
  );
}

function placeOf({ status, requestId }: HttpResponse, url: string) {
  return { url, status, ...(requestId !== undefined && { requestId }) };
}
