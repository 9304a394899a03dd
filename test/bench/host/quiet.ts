import { setTimeout } from "node:timers/promises";

/** Waits until the start of VS Code is over: for two seconds nothing has held the event loop up. */
export async function quiet(): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (let calm = 0; calm < 40 && performance.now() < deadline;) {
    const before = performance.now();
    await setTimeout(50);
    calm = performance.now() - before < 75 ? calm + 1 : 0;
  }
}
