import type { Job } from "../../job/job.ts";
import type { Releasable } from "../platform/disposable.ts";
import type { JobPanel } from "./jobPanel.ts";
import type { Kind } from "./messages/view.ts";
import type { PreviewClient } from "./preview/previewClient.ts";

/** How long counts wait for the next keystroke. */
const countDelayMs = 250;

export interface ViewAnswersOptions {
  readonly preview: PreviewClient;
  readonly panels: ReadonlySet<JobPanel>;
  /** The job that is shown, once its directory can be answered from. */
  readonly job: () => Job | undefined;
  /** The version of the text. */
  readonly version: () => number;
  /** Hears that results of a job's objects are shown. */
  readonly shown: (kind: Kind, job: Job) => Promise<void>;
  readonly run: (act: () => Promise<unknown>) => void;
}

/** Computes what pages show of the directory, and only that: at once for one person, a moment later over everyone. */
export class ViewAnswers implements Releasable {
  readonly #options: ViewAnswersOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ViewAnswersOptions) {
    this.#options = options;
  }

  /** Answers every page. */
  all(): void {
    for (const panel of this.#options.panels) this.one(panel);
  }

  /** Sends what a page shows: the results of its person, then the counts. */
  one(panel: JobPanel): void {
    this.#countSoon();
    const { preview, job: jobOf, version, shown, run } = this.#options;
    const { page, sample } = panel.view;
    const job = jobOf();
    if ((page !== "users" && page !== "groups") || job === undefined) return;
    run(() => shown(page, job));
    const id = sample[page];
    if (id === null) {
      this.step(panel, page, null, 1);
      return;
    }
    run(async () => {
      const results = await preview.ask("results", page, id);
      if (results !== null && results.version === version()) panel.post({ kind: "results", ...results });
    });
  }

  /** Shows the person before or after another one. */
  step(panel: JobPanel, table: Kind, from: string | null, by: 1 | -1): void {
    const { preview, run } = this.#options;
    run(async () => {
      const person = await preview.ask("step", table, from, by);
      if (person !== null) panel.post({ kind: "person", table, person });
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #countSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const panel of this.#options.panels) this.#count(panel);
    }, countDelayMs);
  }

  #count(panel: JobPanel): void {
    const { preview, job, run } = this.#options;
    if (job() === undefined || !panel.visible) return;
    const { page, row, scope } = panel.view;
    if (page === "users" || page === "groups") {
      run(async () => {
        const population = await preview.ask("population", page, row);
        if (population !== null) panel.post({ kind: "population", ...population });
      });
    } else if (page === "scope") {
      run(async () => {
        const counts = await preview.ask("scope", scope);
        if (counts !== null) panel.post({ kind: "scope", ...counts });
      });
    }
  }
}
