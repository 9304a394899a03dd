import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdaptiveLimiter } from "../../../src/http/limiter.ts";

describe("the adaptive limit", () => {
  it("starts politely, grows by about one per round of answers, up to its most", () => {
    const limiter = new AdaptiveLimiter({ start: 2, max: 4 });
    expect(limiter.limit).toBe(2);
    for (let answer = 0; answer < 3; answer++) limiter.succeeded();
    expect(limiter.limit).toBe(3);
    for (let answer = 0; answer < 100; answer++) limiter.succeeded();
    expect(limiter.limit).toBe(4);
  });

  it("halves once for a wave of throttled answers, and again for one that was sent afterwards", () => {
    let clock = 1000;
    const limiter = new AdaptiveLimiter({ start: 16, max: 16, now: () => clock });
    for (let answer = 0; answer < 5; answer++) limiter.throttled(900, undefined);
    expect(limiter.limit).toBe(8);
    clock = 2000;
    limiter.throttled(1500, undefined);
    expect(limiter.limit).toBe(4);
  });

  it("never goes below one, and recovers", () => {
    let clock = 0;
    const limiter = new AdaptiveLimiter({ start: 4, max: 8, now: () => clock });
    for (let wave = 0; wave < 10; wave++) limiter.throttled(clock++, undefined);
    expect(limiter.limit).toBe(1);
    expect(limiter.tryAcquire()).toBe(true);
    expect(limiter.tryAcquire()).toBe(false);
    for (let answer = 0; answer < 100; answer++) limiter.succeeded();
    expect(limiter.limit).toBe(8);
  });

  it("lets nobody through while the host has asked for a pause", () => {
    let clock = 0;
    const limiter = new AdaptiveLimiter({ start: 4, max: 4, now: () => clock });
    limiter.throttled(0, 5000);
    expect(limiter.tryAcquire()).toBe(false);
    clock = 4999;
    expect(limiter.tryAcquire()).toBe(false);
    clock = 5000;
    expect(limiter.tryAcquire()).toBe(true);
  });

  it("serves those who wait in the order in which they came, and forgets who gave up", async () => {
    const limiter = new AdaptiveLimiter({ start: 1, max: 1 });
    const order: string[] = [];
    expect(limiter.tryAcquire()).toBe(true);
    const controller = new AbortController();
    const first = limiter.acquire().then(() => order.push("first"));
    const second = limiter.acquire(controller.signal).catch(() => order.push("gave up"));
    const third = limiter.acquire().then(() => order.push("third"));
    controller.abort();
    await second;
    limiter.release();
    await first;
    limiter.release();
    await third;
    expect(order).toEqual(["gave up", "first", "third"]);
    expect(limiter.active).toBe(1);
  });

  it("never has more under way than its limit, whatever happens", () => {
    const event = fc.constantFrom("acquire", "release", "success", "throttle");
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        let clock = 0;
        const limiter = new AdaptiveLimiter({ start: 3, max: 6, now: () => clock });
        for (const name of events) {
          clock++;
          if (name === "acquire") {
            const before = limiter.active;
            expect(limiter.tryAcquire()).toBe(before < limiter.limit);
          }
          if (name === "release" && limiter.active > 0) limiter.release();
          if (name === "success") limiter.succeeded();
          if (name === "throttle") limiter.throttled(clock, undefined);
          expect(limiter.limit).toBeGreaterThanOrEqual(1);
          expect(limiter.limit).toBeLessThanOrEqual(6);
        }
      }),
    );
  });
});
