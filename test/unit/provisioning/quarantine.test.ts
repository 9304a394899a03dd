import { describe, expect, it } from "vitest";
import { isDisabled, nextQuarantine, quarantineReason } from "../../../src/provisioning/quarantine.ts";

const cycle = (failed: number, succeeded: number, referencesFailed = 0) => ({ failed, succeeded, referencesFailed });
const minutes = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 60_000;

describe("entering quarantine", () => {
  it.each([
    ["4,000 failures: too few to judge", cycle(4_000, 0), undefined],
    ["45,000 failed users", cycle(45_000, 100_000), "EncounteredBaseEscrowThreshold"],
    ["30,000 failed, 5,000 succeeded", cycle(30_000, 5_000), "EncounteredEscrowProportionThreshold"],
    ["20,000 failed, 100,000 succeeded", cycle(20_000, 100_000), undefined],
    ["40,000 users and 21,000 managers failed", cycle(40_000, 100_000, 21_000), "EncounteredTotalEscrowThreshold"],
    ["references count only toward the total", cycle(0, 0, 59_000), undefined],
  ])("%s", (_, failures, reason) => {
    expect(quarantineReason(failures)).toBe(reason);
  });

  it("is immediate when the credentials or the endpoint fail", () => {
    expect(quarantineReason({ ...cycle(0, 0), fatal: "Token refused" })).toBe("EncounteredQuarantineException");
  });
});

describe("a job in quarantine", () => {
  const fatal = { ...cycle(0, 0), fatal: "Token refused" };

  it("is tried again after five minutes first, then more and more rarely, at last once a day", () => {
    let now = "2026-11-24T12:00:00.000Z";
    let quarantine = nextQuarantine(undefined, fatal, new Date(now));
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      waits.push(minutes(now, quarantine!.nextTryAt));
      now = quarantine!.nextTryAt;
      quarantine = nextQuarantine(quarantine, fatal, new Date(now));
    }
    expect(waits).toEqual([5, 60, 120, 360, 720, 1440, 1440, 1440]);
    expect(quarantine!.since).toBe("2026-11-24T12:00:00.000Z");
  });

  it("is lifted by a healthy cycle", () => {
    const quarantine = nextQuarantine(undefined, fatal, new Date());
    expect(nextQuarantine(quarantine, cycle(0, 10), new Date())).toBeUndefined();
  });

  it("is disabled after four weeks, counted from its beginning", () => {
    const quarantine = nextQuarantine(undefined, fatal, new Date("2026-11-01T00:00:00Z"));
    expect(isDisabled(quarantine, new Date("2026-11-28T23:59:59Z"))).toBe(false);
    expect(isDisabled(quarantine, new Date("2026-11-29T00:00:00Z"))).toBe(true);
    expect(isDisabled(undefined, new Date())).toBe(false);
  });
});
