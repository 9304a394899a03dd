import { setImmediate } from "node:timers/promises";

/** For how many milliseconds a long list may hold the window up at a time. */
const sliceMs = 5;

/** Lets everything else that waits in the window have its turn. */
export const turn = (): Promise<void> => setImmediate();

/** Maps a list that can be very long; the window goes on meanwhile. */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Result,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let began = performance.now();
  for (const [at, item] of items.entries()) {
    results.push(map(item));
    if (at % 64 === 63 && performance.now() - began > sliceMs) {
      await turn();
      began = performance.now();
    }
  }
  return results;
}
