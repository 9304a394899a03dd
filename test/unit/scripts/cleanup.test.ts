import { describe, expect, it } from "vitest";
import { Cleanup } from "../../../scripts/lib/cleanup.ts";

describe("cleaning up", () => {
  it("undoes the last thing first", async () => {
    const order: number[] = [];
    const cleanup = new Cleanup();
    for (const step of [1, 2, 3]) cleanup.defer(async () => order.push(step));
    await cleanup.run();
    expect(order).toEqual([3, 2, 1]);
  });

  it("goes on after a failure, and tells the first one at the end", async () => {
    const order: number[] = [];
    const cleanup = new Cleanup();
    cleanup.defer(() => order.push(1));
    for (const step of [2, 3]) cleanup.defer(() => Promise.reject(new Error(`step ${step}`)));
    await expect(cleanup.run()).rejects.toThrow("step 3");
    expect(order).toEqual([1]);
  });

  it("does each step once", async () => {
    let times = 0;
    const cleanup = new Cleanup();
    cleanup.defer(() => (times += 1));
    await cleanup.run();
    await cleanup.run();
    expect(times).toBe(1);
  });
});
