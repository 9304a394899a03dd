import type * as z from "zod";
import { HttpError } from "../http/errors.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { parseErrorBody } from "./errorBody.ts";
import { clip, ScimError } from "./errors.ts";
import { nestsDeeperThan } from "./values.ts";

/** Where an answer came from, for messages: method and redacted address. */
export interface AnswerOrigin {
  readonly method: string;
  readonly url: string;
}

/**
 * The body of a good answer as JSON; `undefined` when there is none.
 *
 * @throws ScimError or HttpError for everything that is no good answer
 */
export function readAnswer(response: HttpResponse, origin: AnswerOrigin): unknown {
  if (response.status >= 400) throw failedAnswer(response, origin);
  if (response.text === "" || response.status === 204 || response.status === 304) return undefined;
  if (isHtml(response)) throw notScim(response, origin);
  const body = parseJson(response, origin);
  if (!nestsDeeperThan(body, maxNesting)) return body;
  throw new HttpError(
    "invalidAnswer",
    `The answer to ${origin.method} ${origin.url} nests deeper than ${maxNesting} levels, which no SCIM answer does.`,
    { fix: "Check that the base URL is that of a SCIM service.", url: origin.url, status: response.status },
  );
}

/** Far above what SCIM needs, far below what a walk through the answer can bear. */
const maxNesting = 100;

function parseJson(response: HttpResponse, origin: AnswerOrigin): unknown {
  try {
    return JSON.parse(response.text) as unknown;
  } catch (cause) {
    const cut = /^\s*[[{]/.test(response.text) && !/[\]}]\s*$/.test(response.text);
    throw new HttpError(
      cut ? "truncated" : "invalidJson",
      cut
        ? `The answer to ${origin.method} ${origin.url} ends in the middle of its JSON (after ${response.text.length} characters).`
        : `The answer to ${origin.method} ${origin.url} is not valid JSON (${excerpt(response.text)}).`,
      {
        fix: cut
          ? "Try again; if it stays so, the service or a proxy in between cuts answers off."
          : "Check that the base URL is that of a SCIM service.",
        url: origin.url,
        status: response.status,
        cause,
      },
    );
  }
}

/** Checks the shape of an answer. @throws HttpError `invalidAnswer` that names the place. */
export function parseAnswer<T>(schema: z.ZodType<T>, body: unknown, origin: AnswerOrigin): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join(".") ?? "";
  throw new HttpError(
    "invalidAnswer",
    `The answer to ${origin.method} ${origin.url} is JSON, but not what SCIM asks for: ${path === "" ? "" : `${path}: `}${issue?.message ?? "wrong shape"}.`,
    {
      fix: "Check that the base URL is that of a SCIM 2.0 service; if it is, report this to the vendor.",
      url: origin.url,
    },
  );
}

/** What a status of 400 or more means: wrong token, missing right, no SCIM service, or an error of the service. */
function failedAnswer(response: HttpResponse, origin: AnswerOrigin): HttpError | ScimError {
  const { status } = response;
  const html = isHtml(response);
  if (html && status !== 401 && status !== 403 && status < 500) return notScim(response, origin);
  const error = parseErrorBody(status, response.header("content-type"), response.text);
  if (status !== 401 && status !== 403) {
    return error.detail === ""
      ? new ScimError(
          status,
          `The service answered ${origin.method} ${origin.url} with ${status} and no explanation.`,
          error.scimType,
        )
      : error;
  }
  const { requestId } = response;
  const data = { url: origin.url, status, detail: error.detail, ...(requestId !== undefined && { requestId }) };
  const said =
    html || error.detail === "" ? "" : ` The service says: ${clip(error.detail, 500).replace(/[.\s]*$/, "")}.`;
  return status === 401
    ? new HttpError(
        "unauthorized",
        `The service does not accept the token for ${origin.method} ${origin.url} (401).${said}`,
        {
          ...data,
          fix: "The token is wrong, expired, revoked, or of another service: create a new one and enter it again.",
        },
      )
    : new HttpError(
        "forbidden",
        `The token is valid, but has no right to ${origin.method} ${origin.url} (403).${said}`,
        {
          ...data,
          fix: "Use the token of an administrator, or grant this identity the right to manage users and groups.",
        },
      );
}

function isHtml(response: HttpResponse): boolean {
  return (
    /\bhtml\b/i.test(response.header("content-type") ?? "") || /^\s*<(!doctype|html)/i.test(response.text.slice(0, 200))
  );
}

function notScim(response: HttpResponse, origin: AnswerOrigin): HttpError {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(response.text)?.[1]?.trim();
  const page = title === undefined || title === "" ? "a web page" : `a web page ("${title}")`;
  return new HttpError(
    "notScim",
    `${origin.method} ${origin.url} answers with ${page} (${response.status}), not with SCIM.`,
    {
      fix: "Check the base URL: it usually ends in /scim/v2, and it is not the address of the service's web console.",
      url: origin.url,
      status: response.status,
    },
  );
}

function excerpt(text: string): string {
  return `it begins with ${JSON.stringify(text.slice(0, 60))}`;
}
