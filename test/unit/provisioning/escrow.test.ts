import { describe, expect, it } from "vitest";
import { escrowAfter, groupByCause, isDue, isGivenUp } from "../../../src/provisioning/escrow.ts";

const failure = {
  sourceId: "1",
  resourceType: "User" as const,
  name: "ada",
  code: "Conflict",
  message: "taken",
  hash: "h",
};
const hours = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 3_600_000;

describe("an escrowed object", () => {
  it("is tried after 6, 12 and 24 hours, then daily", () => {
    let now = "2026-11-01T00:00:00.000Z";
    let escrow = escrowAfter(undefined, failure, new Date(now));
    const waits: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      waits.push(hours(now, escrow.nextTryAt));
      now = escrow.nextTryAt;
      expect(isDue(escrow, new Date(now))).toBe(true);
      escrow = escrowAfter(escrow, failure, new Date(now));
    }
    expect(waits).toEqual([6, 12, 24, 24, 24]);
    expect(escrow.firstFailedAt).toBe("2026-11-01T00:00:00.000Z");
    expect(escrow.attempts).toBe(6);
  });

  it.each(["InternalServerError", "Timeout", "TooManyRequests", "WebExceptionProtocolError"])(
    "is tried in the next cycle first when it failed for %s, which may be over by then",
    (code) => {
      const now = new Date("2026-11-01T00:00:00Z");
      const first = escrowAfter(undefined, { ...failure, code }, now);
      expect(isDue(first, now)).toBe(true);
      const second = escrowAfter(first, { ...failure, code }, now);
      expect(hours(now.toISOString(), second.nextTryAt)).toBe(6);
    },
  );

  it("waits until its time has come", () => {
    const escrow = escrowAfter(undefined, failure, new Date("2026-11-01T00:00:00Z"));
    expect(isDue(escrow, new Date("2026-11-01T05:59:59Z"))).toBe(false);
  });

  it("is not kept waiting for ever by a clock that jumped back", () => {
    const escrow = escrowAfter(undefined, failure, new Date("2027-06-01T00:00:00Z"));
    expect(isDue(escrow, new Date("2026-11-01T00:00:00Z"))).toBe(true);
  });

  it("is given up after four weeks", () => {
    const escrow = escrowAfter(undefined, failure, new Date("2026-11-01T00:00:00Z"));
    expect(isGivenUp(escrow, new Date("2026-11-28T23:00:00Z"))).toBe(false);
    expect(isGivenUp(escrow, new Date("2026-11-29T00:00:00Z"))).toBe(true);
  });
});

it("escrows are grouped by cause, the largest first", () => {
  const now = new Date();
  const escrows = [
    escrowAfter(undefined, { ...failure, sourceId: "1", code: "Timeout" }, now),
    escrowAfter(undefined, { ...failure, sourceId: "2" }, now),
    escrowAfter(undefined, { ...failure, sourceId: "3" }, now),
  ];
  expect(groupByCause(escrows).map(({ code, escrows: members }) => [code, members.length])).toEqual([
    ["Conflict", 2],
    ["Timeout", 1],
  ]);
});
