import { describe, expect, it } from "vitest";
import { ProgressMeter } from "../../../src/changes/progressMeter.ts";

function meterWithClock(total: number, done = 0) {
  let now = 0;
  const meter = new ProgressMeter(total, done, () => now);
  const after = (ms: number, changes: number, failed = false) => {
    now += ms;
    for (let count = 0; count < changes; count++) meter.add(failed);
    return meter.read();
  };
  return { meter, after };
}

describe("the progress of a push", () => {
  it("has no estimate before anything is done", () => {
    expect(meterWithClock(10).meter.read()).toEqual({ done: 0, total: 10, failed: 0, rate: 0 });
  });

  it("estimates what is left at the rate of late", () => {
    const { after } = meterWithClock(100);
    expect(after(1000, 20)).toMatchObject({ done: 20, rate: 20, etaSeconds: 4 });
  });

  it("forgets how fast it was more than ten seconds ago", () => {
    const { after } = meterWithClock(1000);
    after(1000, 500);
    for (let second = 0; second < 12; second++) after(1000, 1);
    expect(after(1000, 1).rate).toBeCloseTo(1, 1);
  });

  it("counts what an earlier run did as done, not as speed", () => {
    const { after } = meterWithClock(100, 50);
    expect(after(1000, 5)).toMatchObject({ done: 55, rate: 5, etaSeconds: 9 });
  });

  it("counts failures apart, and ends at nothing left", () => {
    const { after } = meterWithClock(2);
    after(500, 1, true);
    expect(after(500, 1)).toMatchObject({ done: 2, failed: 1, etaSeconds: 0 });
  });
});
