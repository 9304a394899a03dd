import { describe, expect, it } from "vitest";
import { Pace } from "../../../src/graph/pace.ts";
import { FakeClock } from "../../support/graphFixture.ts";

describe("the pace of calls", () => {
  it("lets five calls start at once and puts the sixth off until the first is ten seconds old", async () => {
    const clock = new FakeClock();
    const pace = new Pace(5, 10_000, clock);
    for (let call = 0; call < 5; call++) await pace.next();
    expect(clock.waits).toEqual([]);
    clock.time += 4_000;
    await pace.next();
    expect(clock.waits).toEqual([6_000]);
  });

  it("never lets more calls start within a window, however they come", async () => {
    const clock = new FakeClock();
    const pace = new Pace(5, 10_000, clock);
    const starts: number[] = [];
    await Promise.all(
      Array.from({ length: 23 }, async () => {
        await pace.next();
        starts.push(clock.time);
      }),
    );
    for (const start of starts)
      expect(starts.filter((at) => at > start - 10_000 && at <= start).length).toBeLessThanOrEqual(5);
  });

  it("stops waiting when told to", async () => {
    const pace = new Pace(1, 10_000, new FakeClock());
    await expect(pace.next(AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
    await expect(pace.next()).resolves.toBeUndefined();
  });
});
