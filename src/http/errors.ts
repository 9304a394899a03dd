/** Why a request did not end in an answer that the caller can use. */
export type HttpErrorCode =
  /** The address cannot be parsed, or holds credentials. */
  | "invalidUrl"
  /** Plain http to a host that is not loopback; nothing was sent. */
  | "insecureUrl"
  /** The token holds characters that no HTTP header can carry. */
  | "invalidToken"
  /** 401: the service does not know the token. */
  | "unauthorized"
  /** 403: the service knows the caller, who lacks a right. */
  | "forbidden"
  /** Still throttled after every retry. */
  | "throttled"
  | "dns"
  | "refused"
  /** Connection reset, no route, proxy refused: the network in between. */
  | "unreachable"
  | "tls"
  | "timeout"
  | "aborted"
  /** The address answers, but not as a SCIM service: an HTML page, a redirect to a login page. */
  | "notScim"
  /** The answer ended before its announced length. */
  | "truncated"
  | "invalidJson"
  /** JSON of the wrong shape. */
  | "invalidAnswer"
  | "tooLarge"
  /** A write was sent and its answer never came: it may or may not have been applied. Read before repeating. */
  | "unknownOutcome";

export interface HttpErrorData {
  /** How to mend it, in one or two sentences. */
  readonly fix: string;
  /** The redacted address. */
  readonly url?: string;
  readonly status?: number;
  /** What the service said, bounded. */
  readonly detail?: string;
  /** What names the request in the service's own logs. */
  readonly requestId?: string;
  /** Only of `throttled`: how long the service asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The request may have been applied although it failed. */
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** A request that failed. The message says what, where and how to mend it, and can be shown as it stands. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly code: HttpErrorCode;
  /** What happened and where, without the fix. */
  readonly what: string;
  readonly fix: string;
  readonly url: string | undefined;
  readonly status: number | undefined;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly outcomeUnknown: boolean;

  constructor(code: HttpErrorCode, what: string, data: HttpErrorData) {
    super(data.fix === "" ? what : `${what} ${data.fix}`, data.cause === undefined ? undefined : { cause: data.cause });
    this.code = code;
    this.what = what;
    this.fix = data.fix;
    this.url = data.url;
    this.status = data.status;
    this.detail = data.detail;
    this.requestId = data.requestId;
    this.retryAfterMs = data.retryAfterMs;
    this.outcomeUnknown = data.outcomeUnknown ?? code === "unknownOutcome";
  }
}
