import { ScimError } from "../../scim/errors.ts";
import { urns } from "../../scim/resource.ts";
import { isComplex } from "../../scim/values.ts";
import { emptyReply, jsonReply, scimReply, type Reply } from "../reply.ts";
import type { Fault, Injection } from "./fault.ts";

const seconds = { unit: "seconds", fallback: 1 };
const milliseconds = (fallback: number) => ({ unit: "milliseconds", fallback });

const scimError = (status: number, detail: string, scimType?: string, headers?: Record<string, string>): Reply =>
  scimReply(status, new ScimError(status, detail, scimType).toErrorBody(), headers);

const html = (status: number, text: string): Reply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!DOCTYPE html><html><head><title>${text}</title></head><body><pre>${text}</pre></body></html>`,
});

const tooMany = (headers: Record<string, string>): Reply =>
  jsonReply(
    429,
    { error_code: "REQUEST_LIMIT_EXCEEDED", message: "Too many requests. Wait before the next one." },
    headers,
  );

const takesTooLong: Reply = jsonReply(504, {
  error_code: "TEMPORARILY_UNAVAILABLE",
  message:
    "The service at this path is taking too long to process your request. Please try again later or try a faster operation.",
});

const reset: Reply = { status: 0, headers: {}, body: "", delivery: { kind: "reset" } };

/** The faults by the names that a specification calls them by. A further one is one more entry. */
export const faultCatalog: Readonly<Record<string, Fault>> = {
  "reset-before": {
    description: "the connection breaks before anything happened",
    inject: () => reset,
  },
  "reset-after": {
    description: "the connection breaks after the work was done, so the answer is lost",
    inject: ({ request, next }) => {
      next(request);
      return reset;
    },
  },
  truncated: {
    description: "the body ends early; the number is how much of it arrives",
    parameter: { unit: "percent", fallback: 50 },
    inject: ({ request, next, value }) => ({ ...next(request), delivery: { kind: "truncated", share: value / 100 } }),
  },
  slow: {
    description: "the body comes in drops",
    parameter: milliseconds(1000),
    inject: ({ request, next, value }) => ({ ...next(request), delivery: { kind: "slow", milliseconds: value } }),
  },
  "invalid-json": {
    description: "the body is cut, though its length is announced as if it were whole",
    inject: ({ request, next }) => {
      const reply = next(request);
      return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
    },
  },
  html: {
    description: "200 with a login page",
    inject: () => html(200, "Sign in to continue"),
  },
  "wrong-total": {
    description: "a list claims so many more results than it has",
    parameter: { unit: "results", fallback: 5 },
    inject: ({ request, next, value }) =>
      changeList(next(request), (list) => ({ ...list, totalResults: Number(list.totalResults) + value })),
  },
  "repeated-page": {
    description: "a page of a list, asked for by index, is the one before it again",
    inject: repeatPage,
  },
  "cursor-loop": {
    description: "the next cursor of a page leads to that page again",
    inject: ({ request, next }) =>
      changeList(next(request), (list) => {
        const cursor = new URLSearchParams(request.query).get("cursor");
        return cursor && "nextCursor" in list ? { ...list, nextCursor: cursor } : list;
      }),
  },
  stale: {
    description: "a read shows what was before a change of the last so many milliseconds",
    parameter: milliseconds(60_000),
    inject: ({ request, next, value, visibility }) =>
      visibility.during({ changed: value, created: 0 }, () => next(request)),
  },
  unborn: {
    description: "what was created in the last so many milliseconds is not found, nor listed",
    parameter: milliseconds(2000),
    inject: ({ request, next, value, visibility }) =>
      visibility.during({ changed: 0, created: value }, () => next(request)),
  },
  "401": {
    description: "the token is refused",
    inject: () =>
      scimError(401, "The access token is missing, unknown or expired.", undefined, { "www-authenticate": "Bearer" }),
  },
  "403": {
    description: "the right is missing",
    inject: () => scimError(403, "The caller lacks the permission for this."),
  },
  "409": {
    description: "a conflict, as of concurrent writes to one group; nothing is done",
    inject: () => scimError(409, "ABORTED: The resource is being changed by another request."),
  },
  "412": {
    description: "the version does not match; nothing is done",
    inject: () => scimError(412, "The resource has changed."),
  },
  "413": {
    description: "the request is too large; nothing is done",
    inject: () => scimError(413, "The request is too large."),
  },
  "429": {
    description: "throttled; Retry-After in whole seconds",
    parameter: seconds,
    inject: ({ value }) => tooMany({ "retry-after": String(Math.ceil(value)) }),
  },
  "429-date": {
    description: "throttled; Retry-After as a date so many seconds ahead",
    parameter: seconds,
    inject: ({ value, now }) => tooMany({ "retry-after": new Date(now() + value * 1000).toUTCString() }),
  },
  "429-fraction": {
    description: "throttled; Retry-After as a fraction of a second",
    parameter: { unit: "seconds", fallback: 0.5 },
    inject: ({ value }) => tooMany({ "retry-after": value.toFixed(3) }),
  },
  "429-none": {
    description: "throttled; without Retry-After",
    inject: () => tooMany({}),
  },
  "500": {
    description: "an internal error whose detail is the text null; nothing is done",
    inject: () => scimError(500, "null"),
  },
  "500-throttle": {
    description: "throttled, told as an internal error",
    inject: () =>
      scimError(500, "REQUEST_LIMIT_EXCEEDED: Workspace 7405600000000001 exceeded the concurrent limit of 4 requests."),
  },
  "500-after": {
    description: "an internal error after the work was done",
    inject: ({ request, next }) => {
      next(request);
      return scimError(500, "null");
    },
  },
  "500-legacy": {
    description: "an internal error in the shape of API 1.2",
    inject: () => jsonReply(500, { error: "Something went wrong." }),
  },
  "500-text": {
    description: "an internal error as plain text",
    inject: () => ({
      status: 500,
      headers: { "content-type": "text/plain" },
      body: "INTERNAL_ERROR: Something went wrong.",
    }),
  },
  "500-empty": {
    description: "an internal error without a body",
    inject: () => emptyReply(500),
  },
  "502": {
    description: "a gateway's HTML; nothing is done",
    inject: () => html(502, "502 Bad Gateway"),
  },
  "503": {
    description: "unavailable, with Retry-After; nothing is done",
    parameter: seconds,
    inject: ({ value }) =>
      jsonReply(
        503,
        { error_code: "TEMPORARILY_UNAVAILABLE", message: "The service is temporarily unavailable." },
        { "retry-after": String(Math.ceil(value)) },
      ),
  },
  "503-html": {
    description: "unavailable, as a gateway's HTML; nothing is done",
    inject: () => html(503, "503 Service Temporarily Unavailable"),
  },
  "504": {
    description: "takes too long; nothing is done",
    inject: () => takesTooLong,
  },
  "504-after": {
    description: "takes too long, though the work was done",
    inject: ({ request, next }) => {
      next(request);
      return takesTooLong;
    },
  },
};

/** Changes an answer that is a list; leaves every other as it is. */
function changeList(reply: Reply, change: (list: Record<string, unknown>) => Record<string, unknown>): Reply {
  if (reply.status !== 200 || !reply.body.includes(urns.listResponse)) return reply;
  const list: unknown = JSON.parse(reply.body);
  return isComplex(list) ? { ...reply, body: JSON.stringify(change(list)) } : reply;
}

function repeatPage({ request, next }: Injection): Reply {
  const query = new URLSearchParams(request.query);
  const startIndex = Number(query.get("startIndex") ?? 1);
  if (!(startIndex > 1)) return next(request);
  const count = Number(query.get("count") ?? 100);
  query.set("startIndex", String(Math.max(1, startIndex - count)));
  return changeList(next({ ...request, query: query.toString() }), (list) => ({ ...list, startIndex }));
}
