import { HttpError } from "../http/errors.ts";
import type { TokenProvider } from "../http/token.ts";
import type { ScimClient } from "../scim/client.ts";
import { ScimError } from "../scim/errors.ts";
import type { ListPage } from "../scim/paging.ts";
import { failed, type Outcome } from "./probes.ts";
import { rightHint, tokenHint } from "./tokenHint.ts";

/** What the first request for users gave; address, service, token and right are all judged by it. */
export type FirstAnswer = ListPage | HttpError | ScimError;

/** What says that no HTTP answer could be had at all. */
export const wireCodes = new Set(["dns", "refused", "unreachable", "tls", "timeout"]);

/** Whether what answered is a SCIM service; asking for a token, or for more rights, counts as one. */
export function judgeScim(answer: FirstAnswer): Outcome {
  if (!(answer instanceof Error))
    return { status: "passed", explanation: "The address answers with a SCIM list.", received: "a ListResponse" };
  if (answer instanceof HttpError && (answer.code === "unauthorized" || answer.code === "forbidden")) {
    return { status: "passed", explanation: "The address answers as a service that wants to know who asks." };
  }
  if (answer instanceof ScimError && answer.status === 404) {
    return {
      status: "failed",
      received: `404 ${answer.detail}`,
      explanation: "There is no /Users under this address.",
      fix: "Check the path of the base URL; it usually ends in /scim/v2.",
      blocks: true,
    };
  }
  return failed(answer, true);
}

/** One user, or why not. @throws HttpError `aborted` */
export async function answerOf(client: ScimClient, signal: AbortSignal | undefined): Promise<FirstAnswer> {
  try {
    return await client.list("User", { startIndex: 1, count: 1 }, signal);
  } catch (error) {
    if ((error instanceof HttpError && error.code !== "aborted") || error instanceof ScimError) return error;
    throw error;
  }
}

/**
 * Whether the token is accepted. Only a 401 says that it is not.
 *
 * @param open whether the service answered without any token
 */
export function judgeToken(
  answer: FirstAnswer,
  token: string | TokenProvider | undefined,
  open: boolean,
  client: ScimClient,
): Outcome {
  if (answer instanceof HttpError && answer.code === "unauthorized") {
    if (token === undefined) {
      return {
        status: "failed",
        explanation: "The service asks for a token, and none was given.",
        received: "401",
        fix: "Enter the token of an administrator.",
        blocks: true,
      };
    }
    const hint =
      typeof token === "string" ? tokenHint(token.trim(), client.dialect, client.baseUrl, Date.now()) : undefined;
    return { ...failed(answer, true), ...(hint !== undefined && { fix: hint }) };
  }
  if (open) {
    return {
      status: "warned",
      explanation: "The service lists users to anybody, without a token.",
      fix: "Tell its owner, unless it is meant to be so.",
    };
  }
  return { status: "passed", explanation: "The service accepts the token." };
}

/** A 403: the caller is known, and may not list users. */
export function judgeRight(error: HttpError, client: ScimClient): Outcome {
  const hint = rightHint(client.dialect, client.baseUrl);
  return { ...failed(error, true), ...(hint !== undefined && { fix: hint }) };
}
