/** A wait asked for beyond this is not honoured in full: the caller would seem to hang. */
const longestWaitMs = 120_000;

/**
 * Reads a `Retry-After` header: seconds, fractional seconds (not in the RFC, but sent), or an HTTP date (RFC 9110 section 10.2.3).
 *
 * @returns milliseconds from `now`, at most two minutes; `undefined` when absent or meaningless, so that the caller backs off by itself.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (text === "") return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseHttpDate(text, now);
  return ms === undefined || Number.isNaN(ms) ? undefined : Math.min(Math.ceil(ms), longestWaitMs);
}

function parseHttpDate(text: string, now: number): number | undefined {
  // `Date.parse` takes "-5" and other oddities for dates; an HTTP date begins with the name of a day.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i.test(text)) return undefined;
  return Math.max(0, Date.parse(text) - now);
}

/**
 * Exponential backoff with full jitter in its upper half: 250–500 ms before the second attempt, doubling up to 10 s.
 *
 * @param attempt how many attempts have been made, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(10_000, 500 * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
