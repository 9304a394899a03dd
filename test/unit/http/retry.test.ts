import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HttpError } from "../../../src/http/errors.ts";
import { backoffMs, parseRetryAfter } from "../../../src/http/retryAfter.ts";
import { judgeAnswer, mayRepeat, type Answered } from "../../../src/http/retryPolicy.ts";

const now = Date.UTC(2026, 10, 24, 12, 0, 0);

describe("Retry-After (RFC 9110 section 10.2.3)", () => {
  it.each([
    ["120", 120_000],
    ["0", 0],
    [" 3 ", 3000],
    ["1.5", 1500],
    ["0.0001", 1],
    ["Tue, 24 Nov 2026 12:00:30 GMT", 30_000],
    ["Tue, 24 Nov 2026 11:00:00 GMT", 0],
    ["3600", 120_000],
    ["99999999999999999999", 120_000],
    ["Tue, 24 Nov 2099 12:00:00 GMT", 120_000],
  ])("%s is %i ms", (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });

  it.each([undefined, "", "  ", "-5", "soon", "1e3", "0x10", "NaN", "Infinity", "Tue, 99 Foo", "2026-11-24T12:00:30Z"])(
    "%s says nothing",
    (value) => {
      expect(parseRetryAfter(value, now)).toBeUndefined();
    },
  );

  it("is never negative, never more than two minutes, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.double().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (value) => {
          const ms = parseRetryAfter(value, now);
          return ms === undefined || (ms >= 0 && ms <= 120_000);
        },
      ),
    );
  });
});

describe("backoff", () => {
  it("doubles up to ten seconds, with jitter in its upper half", () => {
    expect([1, 2, 3, 4, 5, 6, 20].map((attempt) => backoffMs(attempt, 0))).toEqual([
      250, 500, 1000, 2000, 4000, 5000, 5000,
    ]);
    expect([1, 2, 6, 20].map((attempt) => backoffMs(attempt, 0.999_999))).toEqual([500, 1000, 10_000, 10_000]);
  });
});

describe("which answers are worth another attempt", () => {
  const judge = (answer: Partial<Answered>) =>
    judgeAnswer(
      { status: 200, retryAfter: undefined, throttled: false, method: "GET", repeatable: true, attempt: 1, ...answer },
      now,
      0,
    );
  const create = { method: "POST", repeatable: false };
  const patch = { method: "PATCH", repeatable: false };

  it("429 for every method, and everybody waits for the time that the host names", () => {
    expect(judge({ ...create, status: 429, retryAfter: "2" })).toEqual({
      kind: "repeat",
      waitMs: 2000,
      pauseMs: 2000,
      throttled: true,
    });
    expect(judge({ ...create, status: 429 })).toEqual({ kind: "repeat", waitMs: 250, throttled: true });
  });

  it("500 that is throttling in disguise, even for a create; no other 500", () => {
    expect(judge({ ...create, status: 500, throttled: true })).toMatchObject({ kind: "repeat", throttled: true });
    expect(judge({ status: 500 })).toEqual({ kind: "final" });
  });

  it("503 but for a create without a time", () => {
    expect(judge({ ...patch, status: 503 })).toMatchObject({ kind: "repeat", throttled: true });
    expect(judge({ ...create, status: 503, retryAfter: "1" })).toMatchObject({ kind: "repeat", waitMs: 1000 });
    expect(judge({ ...create, status: 503 })).toEqual({ kind: "final" });
    expect(judge({ ...create, status: 503, retryAfter: "soon" })).toEqual({ kind: "final" });
  });

  it("502 and 504 only where twice does no harm, and they slow nobody down", () => {
    for (const status of [502, 504]) {
      expect(judge({ status })).toEqual({ kind: "repeat", waitMs: 250, throttled: false });
      expect(judge({ ...patch, status })).toEqual({ kind: "final" });
    }
  });

  it("no 4xx and no 501", () => {
    for (const status of [400, 401, 403, 404, 409, 412, 501]) expect(judge({ status })).toEqual({ kind: "final" });
  });
});

describe("which failures on the wire are worth another attempt", () => {
  const error = (code: HttpError["code"], what = "") => new HttpError(code, what, { fix: "" });

  it("a refused connection always, since nothing was sent", () => {
    expect(mayRepeat(error("refused"), false)).toBe(true);
  });

  it("a broken one only where twice does no harm", () => {
    for (const code of ["unreachable", "truncated", "unknownOutcome"] as const) {
      expect(mayRepeat(error(code), true)).toBe(true);
      expect(mayRepeat(error(code), false)).toBe(false);
    }
  });

  it("never what another attempt cannot mend", () => {
    for (const code of ["tls", "timeout", "aborted", "tooLarge", "notScim", "insecureUrl"] as const)
      expect(mayRepeat(error(code), true)).toBe(false);
    expect(mayRepeat(error("dns", "x (ENOTFOUND)"), true)).toBe(false);
    expect(mayRepeat(error("dns", "x (EAI_AGAIN)"), false)).toBe(true);
  });
});
