import * as z from "zod";
import type { HttpResponse } from "../http/exchange.ts";
import { redactPath } from "../http/record.ts";
import { describePermission, permissions, type Purpose } from "./permissions.ts";

/** What is the matter, for a program to act on. */
export type GraphErrorCode =
  /** 401: no token, an expired one, or one of another cloud. */
  | "unauthorized"
  /** The token endpoint gives no token since nobody consented to the permissions. */
  | "consentRequired"
  /** 403: the permission or the directory role is missing; `purpose` says which. */
  | "forbidden"
  | "notFound"
  /** A create that exists already. */
  | "conflict"
  /** A delta token that the service no longer knows: read everything again. */
  | "resyncRequired"
  /** provisionOnDemand or a start without stored credentials. */
  | "credentialsMissing"
  /** validateCredentials: the target refuses tenant URL or token, or cannot be reached. */
  | "credentialsInvalid"
  | "badRequest"
  | "invalidAnswer"
  | "serviceFault";

export interface GraphErrorData {
  readonly status?: number | undefined;
  /** `error.code` of the answer. */
  readonly graphCode?: string | undefined;
  /** `error.message` of the answer, bounded. */
  readonly detail?: string | undefined;
  readonly requestId?: string | undefined;
  readonly clientRequestId?: string | undefined;
  readonly purpose?: Purpose | undefined;
  readonly fix: string;
  readonly cause?: unknown;
}

/** An error that Microsoft Graph answers. The message says what, where and how to mend it, with the request id for Microsoft's support. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  readonly code: GraphErrorCode;
  readonly fix: string;
  readonly status: number | undefined;
  readonly graphCode: string | undefined;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly clientRequestId: string | undefined;
  /** Of `forbidden`: the permissions that the call needs, least first. */
  readonly permissions: readonly string[];

  constructor(code: GraphErrorCode, what: string, data: GraphErrorData) {
    const id = data.requestId === undefined ? "" : ` (request-id ${data.requestId})`;
    super(`${what}${id} ${data.fix}`.trim(), data.cause === undefined ? undefined : { cause: data.cause });
    this.code = code;
    this.fix = data.fix;
    this.status = data.status;
    this.graphCode = data.graphCode;
    this.detail = data.detail;
    this.requestId = data.requestId;
    this.clientRequestId = data.clientRequestId;
    this.permissions = code === "forbidden" && data.purpose !== undefined ? permissions[data.purpose].delegated : [];
  }
}

/** Codes and ids are short; whatever else stands there must not make a message grow. */
const bounded = z.string().transform((text) => text.slice(0, 100));

/** The error envelope of Graph. Ids stand in `innerError` or, in older answers, `innererror`. */
const envelope = z.looseObject({
  error: z.looseObject({
    code: bounded.nullish(),
    message: z.string().nullish(),
    innerError: z.looseObject({ "request-id": bounded.nullish(), "client-request-id": bounded.nullish() }).nullish(),
  }),
});

/** One answer that is an error, wherever it came from: a request of its own, or a part of a batch. */
export interface FailedAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly requestId?: string | undefined;
  readonly location?: string | undefined;
}

/** The error of an answer with a status of 400 or more. */
export function graphError(
  answer: FailedAnswer,
  request: { readonly method: string; readonly path: string; readonly purpose: Purpose },
): GraphError {
  const parsed = envelope.safeParse(answer.body);
  const error = parsed.success ? parsed.data.error : undefined;
  const graphCode = error?.code ?? undefined;
  const detail = error?.message?.slice(0, 1_000);
  const { status } = answer;
  // A $select of forty names would push what is missing out of sight.
  const place = `${request.method} ${redactPath(request.path).replace(/\?.*$/s, "").slice(0, 300)}`;
  const said = detail === undefined || detail === "" ? "" : ` It says: ${detail.replace(/[.\s]*$/, "")}.`;
  const data = {
    status,
    graphCode,
    detail,
    requestId: error?.innerError?.["request-id"] ?? answer.requestId,
    clientRequestId: error?.innerError?.["client-request-id"] ?? undefined,
    purpose: request.purpose,
  };
  const named = graphCode === undefined ? String(status) : `${status} ${graphCode}`;
  const make = (code: GraphErrorCode, what: string, fix: string) =>
    new GraphError(code, `${what}${said}`, { ...data, fix });

  if (status === 410 || /syncState|resyncRequired/i.test(graphCode ?? "")) {
    return make("resyncRequired", `The delta token is no longer known (${named}).`, "Everything has to be read again.");
  }
  if (graphCode === "CredentialsMissing") {
    return make(
      "credentialsMissing",
      "The provisioning job has no stored credentials.",
      "Save the tenant URL and the secret token first.",
    );
  }
  if (/validateCredentials/i.test(request.path) && status === 400) {
    return make(
      "credentialsInvalid",
      `The provisioning service cannot use the credentials (${named}).`,
      "Check the tenant URL and the secret token.",
    );
  }
  if (status === 401) {
    return make(
      "unauthorized",
      `Microsoft Graph does not take the token (${named}).`,
      "Sign in again, for this tenant and this cloud.",
    );
  }
  if (status === 403) {
    return make(
      "forbidden",
      `Microsoft Graph refuses ${place} (${named}).`,
      `It needs ${describePermission(request.purpose)}.`,
    );
  }
  if (status === 404) {
    return make(
      "notFound",
      `${place} does not exist (${named}).`,
      "Check the ids; a new object can take a minute to be seen everywhere.",
    );
  }
  if (status === 409 || /already exist/i.test(detail ?? "")) {
    return make("conflict", `${place} exists already (${named}).`, "Read it and go on from there.");
  }
  if (status >= 500) return make("serviceFault", `Microsoft Graph fails at ${place} (${named}).`, "Try again later.");
  return make("badRequest", `Microsoft Graph does not take ${place} (${named}).`, "Correct the request.");
}

/** What an answer of HttpClient says of an error. */
export function failedAnswer(response: HttpResponse): FailedAnswer {
  let body: unknown;
  try {
    body = JSON.parse(response.text);
  } catch {
    body = undefined;
  }
  return {
    status: response.status,
    body,
    requestId: response.header("request-id"),
    location: response.header("location"),
  };
}
