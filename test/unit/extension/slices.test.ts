import { expect, it } from "vitest";
import { eachInSlices } from "../../../src/extension/platform/slices.ts";

const busyFor = (milliseconds: number): void => {
  const began = performance.now();
  while (performance.now() - began < milliseconds);
};

it("a long list is gone through in its order, and others have their turn meanwhile", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const items = Array.from({ length: 640 }, (_, at) => at);
  const seen: number[] = [];
  await eachInSlices(items, (item) => {
    busyFor(0.2);
    seen.push(item);
  });
  clearInterval(timer);
  expect(seen).toEqual(items);
  expect(turns).toBeGreaterThan(2);
});
