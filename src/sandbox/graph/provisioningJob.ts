import type { SynchronizationJob, SynchronizationSchema } from "@microsoft/microsoft-graph-types";
import { jobFromSchema } from "../../job/fromSchema.ts";
import type { CycleResult } from "../../provisioning/cycle.ts";
import { loadJobState, saveJobState } from "../../provisioning/jobState.ts";
import { stateFiles } from "../../provisioning/stateFiles.ts";
import { GraphFault } from "./fault.ts";
import { JobEngine, type JobEngineOptions, type LogEntry } from "./jobEngine.ts";
import { JobHistory } from "./jobHistory.ts";
import type { Focus } from "./tenantDirectory.ts";

/** The interval of SCIM applications; it cannot be changed. */
export const intervalMs = 40 * 60_000;

const resetScopes = ["None", "ConnectorDataStore", "Escrows", "Watermark", "QuarantineState", "Full", "ForceDeletes"];

export interface ProvisioningJobOptions extends JobEngineOptions {
  readonly schema: SynchronizationSchema;
}

/** One job of the provisioning service: its states, pace, quarantine and restarts. A JobEngine runs its cycles. */
export class ProvisioningJob {
  readonly id: string;
  readonly templateId: string;
  readonly servicePrincipalId: string;
  readonly #options: ProvisioningJobOptions;
  readonly #engine: JobEngine;
  readonly #history: JobHistory;
  /** The schema as it was put, byte for byte. */
  schemaText: string;
  active = false;
  nextCycleAt: Date | undefined;
  #started = false;
  #initial = true;
  #forceDeletes = false;
  #running: Promise<void> | undefined;
  #progress: { done: number; total: number; at: Date } | undefined;

  constructor(options: ProvisioningJobOptions) {
    this.id = options.id;
    this.templateId = options.templateId;
    this.servicePrincipalId = options.servicePrincipalId;
    this.#options = options;
    this.#engine = new JobEngine(options);
    this.#history = new JobHistory(() => options.tenant.newId());
    this.schemaText = JSON.stringify(options.schema);
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  toGraph(): SynchronizationJob & { id: string } {
    return {
      id: this.id,
      templateId: this.templateId,
      schedule: {
        interval: "PT40M",
        expiration: null,
        state: this.active ? "Active" : this.#started ? "Paused" : "Disabled",
      },
      status: this.#history.status(this.#code(), this.#progress),
      synchronizationJobSettings: [{ name: "AzureIngestionAttributeOptimization", value: "False" }],
    };
  }

  #code() {
    if (!this.active) return this.#options.secrets.hasCredentials ? "Paused" : "NotConfigured";
    if (this.#history.quarantine !== undefined) return "Quarantine";
    return this.#history.hasRun ? "Active" : "NotRun";
  }

  /** Resumes from where it stopped and clears a quarantine. @throws GraphFault 400 without credentials */
  start(): void {
    this.#needCredentials();
    this.active = true;
    this.#started = true;
    this.#history.liftQuarantine();
    this.nextCycleAt = this.#options.clock.now();
  }

  /** Stops later cycles; a running one completes. */
  pause(): void {
    this.active = false;
    this.nextCycleAt = undefined;
  }

  /** @param resetScope names separated by commas; empty is what the portal's button does */
  async restart(resetScope: string): Promise<void> {
    const names = resetScope.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
    const foreign = names.find((name) => !resetScopes.includes(name));
    if (foreign !== undefined) throw new GraphFault(400, "BadRequest", `Invalid resetScope value '${foreign}'.`);
    await this.#running;
    const portal = ["QuarantineState", "Watermark", "Escrows"];
    const scope = new Set(
      names.length === 0 ? portal : names.includes("Full") ? [...portal, "ConnectorDataStore"] : names,
    );
    const files = stateFiles(this.#options.folder);
    const state = await loadJobState(files);
    if (scope.has("Escrows")) state.record = { ...state.record, escrows: [] };
    if (scope.has("ConnectorDataStore")) {
      state.users.clear();
      state.groups.clear();
    }
    if (scope.has("QuarantineState") || scope.has("ForceDeletes")) {
      const { quarantine: _quarantine, held: _held, ...record } = state.record;
      state.record = record;
    }
    await saveJobState(files, state);
    if (scope.has("Watermark")) this.#initial = true;
    if (scope.has("ForceDeletes")) this.#forceDeletes = true;
    this.start();
  }

  /** A new schema starts an initial cycle. @throws GraphFault 400 for a text that is no schema */
  putSchema(text: string): void {
    try {
      jobFromSchema(text, this.#engine.settings());
    } catch (error) {
      throw new GraphFault(400, "BadRequest", error instanceof Error ? error.message : String(error));
    }
    this.schemaText = text;
    this.#initial = true;
    if (this.active) this.nextCycleAt = this.#options.clock.now();
  }

  /** Runs one cycle now, when the job is on and none runs. */
  async cycle(): Promise<void> {
    if (!this.active) return;
    this.#running ??= this.#cycle().finally(() => (this.#running = undefined));
    await this.#running;
  }

  /** Runs one object through the engine, whether or not the job is on. @throws GraphFault 400 without credentials */
  async onDemand(sourceId: string, focus?: Focus): Promise<LogEntry | undefined> {
    this.#needCredentials();
    await this.#running;
    const options = { focus: sourceId, respectEscrow: false, acceptRemovals: true };
    const entries = await this.#engine.takeLog(await this.#engine.run(this.schemaText, options, focus));
    return entries.find((entry) => entry.sourceIdentity?.id === sourceId);
  }

  #needCredentials(): void {
    if (this.#options.secrets.hasCredentials) return;
    throw new GraphFault(400, "CredentialsMissing", "The credentials of the application are missing.");
  }

  async #cycle(): Promise<void> {
    const { clock, folder } = this.#options;
    const began = clock.now();
    const progress = ({ done, total }: { readonly done: number; readonly total?: number | undefined }) => {
      this.#progress = { done, total: total ?? done, at: clock.now() };
    };
    let result: CycleResult | undefined;
    let fatal: string | undefined;
    try {
      result = await this.#engine.run(this.schemaText, {
        initial: this.#initial,
        respectEscrow: true,
        acceptRemovals: this.#forceDeletes,
        onPlanProgress: progress,
        onPushProgress: progress,
      });
      fatal = result.outcome === "failed" ? result.message : undefined;
    } catch (error) {
      fatal = error instanceof Error ? error.message : String(error);
    }
    this.#progress = undefined;
    await this.#engine.takeLog(result);
    const ended = clock.now();
    if (this.#history.conclude(await loadJobState(stateFiles(folder)), { result, fatal, began, ended })) {
      this.#initial = false;
      this.#forceDeletes = false;
    }
    if (!this.active) return;
    const { quarantine } = this.#history;
    this.nextCycleAt = new Date(quarantine?.nextTryAt ?? ended.getTime() + intervalMs);
  }
}
