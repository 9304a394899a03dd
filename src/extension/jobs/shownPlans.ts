import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import { Disposable } from "../platform/disposable.ts";
import type { JobModel } from "./jobModel.ts";
import { forgetPlan, keepReview, readKeptPlan } from "./keptPlan.ts";
import type { ShownPlan } from "./view/jobRows.ts";

export interface ShownPlansServices {
  readonly pending: PendingChanges;
  readonly model: (file: string) => JobModel | undefined;
  /** Hears of a plan that could not be kept for a later window. */
  readonly log: (message: string) => void;
}

/** The last plan of each job. What is decided about it is kept as it is decided, so that a later window goes on from there. */
export class ShownPlans extends Disposable {
  readonly #services: ShownPlansServices;
  readonly #plans = new Map<string, ShownPlan>();
  /** Jobs whose review is being written; `true` when it has to be written once more. */
  readonly #writing = new Map<string, boolean>();

  constructor(services: ShownPlansServices) {
    super();
    this.#services = services;
    this.register(
      services.pending.onDidChange(({ baseUrl }) => {
        for (const file of this.#plans.keys()) if (this.#addressOf(file) === baseUrl) this.#keep(file);
      }),
    );
  }

  get(file: string): ShownPlan | undefined {
    return this.#plans.get(file);
  }

  set(file: string, plan: ShownPlan): void {
    this.#plans.set(file, plan);
    this.#keep(file);
  }

  delete(file: string): void {
    this.#plans.delete(file);
  }

  /** Brings back the plan of an earlier window, when there is one and none was made since. */
  async restore({ paths }: JobModel): Promise<void> {
    const { file, stateDir } = paths;
    const baseUrl = this.#addressOf(file);
    if (baseUrl === undefined) return;
    const kept = await readKeptPlan(file, stateDir, baseUrl);
    if (kept === undefined || this.#plans.has(file)) return;
    await this.#services.pending.putPlan(baseUrl, file, kept.changes);
    this.#plans.set(file, kept.shown);
  }

  #addressOf(file: string): string | undefined {
    const job = this.#services.model(file)?.job;
    return job === undefined ? undefined : normalizeBaseUrl(job.connection.baseUrl).baseUrl;
  }

  #keep(file: string): void {
    const busy = this.#writing.has(file);
    this.#writing.set(file, busy);
    if (!busy) setImmediate(() => void this.#write(file));
  }

  async #write(file: string): Promise<void> {
    const { pending, model, log } = this.#services;
    do {
      this.#writing.set(file, false);
      const shown = this.#plans.get(file);
      const stateDir = model(file)?.paths.stateDir;
      const baseUrl = this.#addressOf(file);
      if (shown === undefined || stateDir === undefined || baseUrl === undefined) break;
      try {
        // The inverse of a push is planned again from the journal.
        if (shown.undoes !== undefined) await forgetPlan(stateDir);
        else
          await keepReview(
            stateDir,
            baseUrl,
            shown,
            pending.all(baseUrl).filter(({ job }) => job === file),
          );
      } catch (error) {
        log(`The review of ${file} is not kept: ${error instanceof Error ? error.message : String(error)}`);
      }
    } while (this.#writing.get(file) === true);
    this.#writing.delete(file);
  }
}
