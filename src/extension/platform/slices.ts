import { setImmediate } from "node:timers/promises";

/** For how many milliseconds a long list may hold the window up at a time. */
const sliceMs = 5;

/** Lets everything else that waits in the window have its turn. */
export const turn = (): Promise<void> => setImmediate();

/** Does something with each of very many; the window goes on meanwhile. */
export async function eachInSlices<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
  let began = performance.now();
  let at = 0;
  for (const item of items) {
    work(item);
    if (++at % 64 !== 0 || performance.now() - began < sliceMs) continue;
    await turn();
    began = performance.now();
  }
}
