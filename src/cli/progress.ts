import type { PushProgress } from "../changes/pushResult.ts";
import type { PlanProgress } from "../provisioning/plannedJob.ts";
import type { CliHost } from "./host.ts";

/** Progress on one line of standard error, when that is a terminal. */
export class ProgressLine {
  readonly #host: CliHost;
  #shown = 0;

  constructor(host: CliHost) {
    this.#host = host;
  }

  plan({ step, done, total }: PlanProgress): void {
    if (step === "directory") this.#show("Reading the directory");
    else this.#show(`Reading the ${step} of the target: ${done}${total === undefined ? "" : ` of ${total}`}`);
  }

  push({ done, total, failed, rate, etaSeconds }: PushProgress): void {
    const eta = etaSeconds === undefined ? "" : `, ${duration(etaSeconds)} left`;
    this.#show(
      `Pushing: ${done} of ${total}${failed > 0 ? ` (${failed} failed)` : ""}, ${rate.toFixed(1)} per second${eta}`,
    );
  }

  /** Any other work, in its own words. */
  step(text: string): void {
    this.#show(text);
  }

  /** Takes the line away before something else is printed. */
  clear(): void {
    if (this.#shown > 0) this.#host.stderr.write(`\r${" ".repeat(this.#shown)}\r`);
    this.#shown = 0;
  }

  #show(text: string): void {
    if (!this.#host.stderr.isTTY) return;
    const padding = " ".repeat(Math.max(0, this.#shown - text.length));
    this.#host.stderr.write(`\r${text}${padding}`);
    this.#shown = text.length;
  }
}

/** Seconds as a person says them: `45 s`, `3 min`, `2 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
