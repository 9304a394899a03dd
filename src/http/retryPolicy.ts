import type { HttpError } from "./errors.ts";
import { backoffMs, parseRetryAfter } from "./retryAfter.ts";

/** What an answer asks for. */
export type Verdict =
  | { readonly kind: "final" }
  /** Wait, then repeat. `pauseMs`: the host named the time, so everybody waits. `throttled`: send less from now on. */
  | { readonly kind: "repeat"; readonly waitMs: number; readonly pauseMs?: number; readonly throttled: boolean };

export interface Answered {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Whether the body says that the host throttles, whatever the status. */
  readonly throttled: boolean;
  readonly method: string;
  /** A read, or a write that may be done twice. */
  readonly repeatable: boolean;
  readonly attempt: number;
}

/**
 * Whether an answer is worth another attempt. Throttled requests (429, or 500 with a text that says so) were not carried
 * out, so all methods repeat. 503 repeats but for a POST without `Retry-After`. 502 and 504 may come after the work was
 * done, so only what is repeatable repeats.
 */
export function judgeAnswer(answer: Answered, now: number, random: number): Verdict {
  const { status } = answer;
  const throttled = status === 429 || answer.throttled;
  const asked = parseRetryAfter(answer.retryAfter, now);
  const repeats =
    throttled ||
    (status === 503 && (answer.repeatable || answer.method !== "POST" || asked !== undefined)) ||
    ((status === 502 || status === 504) && answer.repeatable);
  if (!repeats) return { kind: "final" };
  if (asked === undefined)
    return { kind: "repeat", waitMs: backoffMs(answer.attempt, random), throttled: throttled || status === 503 };
  // A little jitter, so that many clients that were told the same time do not come back at once.
  const waitMs = asked + Math.round(100 * random);
  return { kind: "repeat", waitMs, pauseMs: waitMs, throttled: true };
}

/** Whether a failure on the wire is worth another attempt: the request never arrived, or doing it twice does no harm. */
export function mayRepeat(error: HttpError, repeatable: boolean): boolean {
  if (error.code === "refused") return true;
  if (error.code === "dns") return error.what.includes("EAI_AGAIN");
  return repeatable && (error.code === "unreachable" || error.code === "truncated" || error.code === "unknownOutcome");
}
