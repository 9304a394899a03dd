import type { PushProgress } from "./pushResult.ts";

const span = 10_000;

/** Turns counts of finished changes into a rate over the last ten seconds and an estimate of what is left. */
export class ProgressMeter {
  readonly #total: number;
  readonly #now: () => number;
  readonly #samples: { readonly at: number; readonly done: number }[];
  #done: number;
  #failed = 0;

  /** @param done changes that an earlier run has finished; they count, but not for the rate */
  constructor(total: number, done = 0, now: () => number = () => performance.now()) {
    this.#total = total;
    this.#done = done;
    this.#now = now;
    this.#samples = [{ at: now(), done }];
  }

  add(failed: boolean): void {
    this.#done += 1;
    if (failed) this.#failed += 1;
  }

  read(): PushProgress {
    const now = this.#now();
    const samples = this.#samples;
    while (samples.length > 1 && (samples[1]?.at ?? now) <= now - span) samples.shift();
    const oldest = samples[0] ?? { at: now, done: this.#done };
    const last = samples.at(-1) ?? oldest;
    if (now - last.at >= 250) samples.push({ at: now, done: this.#done });
    const seconds = (now - oldest.at) / 1000;
    const rate = seconds > 0 ? (this.#done - oldest.done) / seconds : 0;
    const left = this.#total - this.#done;
    return {
      done: this.#done,
      total: this.#total,
      failed: this.#failed,
      rate,
      ...((rate > 0 || left === 0) && { etaSeconds: left === 0 ? 0 : left / rate }),
    };
  }
}
