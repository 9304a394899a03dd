import { expect, it } from "vitest";
import { mapInSlices } from "../../../src/extension/platform/slices.ts";

const busyFor = (milliseconds: number): void => {
  const began = performance.now();
  while (performance.now() - began < milliseconds);
};

it("a long list is mapped in its order, and others have their turn meanwhile", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const items = Array.from({ length: 640 }, (_, at) => at);
  const results = await mapInSlices(items, (item) => {
    busyFor(0.2);
    return item * 2;
  });
  clearInterval(timer);
  expect(results).toEqual(items.map((item) => item * 2));
  expect(turns).toBeGreaterThan(2);
});
