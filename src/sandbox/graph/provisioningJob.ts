import { rm } from "node:fs/promises";
import type { SynchronizationJob, SynchronizationSchema } from "@microsoft/microsoft-graph-types";
import { isLoopback } from "../../http/secureUrl.ts";
import { jobFromSchema } from "../../job/fromSchema.ts";
import type { JobPaths } from "../../job/paths.ts";
import { runCycle, type CycleResult } from "../../provisioning/cycle.ts";
import { openJob, type JobContext } from "../../provisioning/jobContext.ts";
import { loadJobState, saveJobState, type JobState } from "../../provisioning/jobState.ts";
import { readLog } from "../../provisioning/logFile.ts";
import type { LogRecord } from "../../provisioning/logRecord.ts";
import { nextQuarantine } from "../../provisioning/quarantine.ts";
import { stateFiles } from "../../provisioning/stateFiles.ts";
import { GraphFault } from "./fault.ts";
import { jobStatus, type CycleReport, type JobQuarantine } from "./jobStatus.ts";
import { logEntry, type LogPlace } from "./logEntries.ts";
import type { ServiceClock } from "./serviceClock.ts";
import { notificationSettings, type Secrets } from "./secretStore.ts";
import { redundantRecords } from "./redundantRecords.ts";
import { TenantDirectory, type Focus } from "./tenantDirectory.ts";
import type { Tenant } from "./tenant.ts";

type LogEntry = ReturnType<typeof logEntry>;

/** The interval of SCIM applications; it cannot be changed. */
export const intervalMs = 40 * 60_000;

export interface ProvisioningJobOptions {
  readonly id: string;
  readonly templateId: string;
  readonly tenant: Tenant;
  readonly servicePrincipalId: string;
  readonly secrets: Secrets;
  readonly clock: ServiceClock;
  readonly schema: SynchronizationSchema;
  /** A folder of its own for links, journal and log. */
  readonly folder: string;
  readonly onLog: (entries: readonly LogEntry[]) => void;
}

/**
 * One job of the provisioning service. Its cycles are run by the engine of this project against the tenant URL in its secrets;
 * states, pace, quarantine and restarts are the service's.
 */
export class ProvisioningJob {
  readonly id: string;
  readonly templateId: string;
  readonly servicePrincipalId: string;
  readonly #options: ProvisioningJobOptions;
  /** The schema as it was put, byte for byte. */
  schemaText: string;
  active = false;
  nextCycleAt: Date | undefined;
  #started = false;
  #initial = true;
  #forceDeletes = false;
  #running: Promise<void> | undefined;
  #progress: { done: number; total: number; at: Date } | undefined;
  #last: CycleReport | undefined;
  #lastSuccess: CycleReport | undefined;
  #lastExport: CycleReport | undefined;
  #failures = 0;
  #quarantine: JobQuarantine | undefined;
  #steadyFirst: string | undefined;
  #steadyLast: string | undefined;
  #entries = { users: 0, groups: 0 };

  constructor(options: ProvisioningJobOptions) {
    this.id = options.id;
    this.templateId = options.templateId;
    this.servicePrincipalId = options.servicePrincipalId;
    this.#options = options;
    this.schemaText = JSON.stringify(options.schema);
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  toGraph(): SynchronizationJob & { id: string } {
    const { secrets } = this.#options;
    const code = !this.active
      ? secrets.hasCredentials
        ? "Paused"
        : "NotConfigured"
      : this.#quarantine !== undefined
        ? "Quarantine"
        : this.#last === undefined
          ? "NotRun"
          : "Active";
    return {
      id: this.id,
      templateId: this.templateId,
      schedule: {
        interval: "PT40M",
        expiration: null,
        state: this.active ? "Active" : this.#started ? "Paused" : "Disabled",
      },
      status: jobStatus({
        code,
        last: this.#last,
        lastSuccess: this.#lastSuccess,
        lastExport: this.#lastExport,
        failures: this.#failures,
        quarantine: this.#quarantine,
        steadyFirst: this.#steadyFirst,
        steadyLast: this.#steadyLast,
        entries: this.#entries,
        progress: this.#progress,
      }),
      synchronizationJobSettings: [{ name: "AzureIngestionAttributeOptimization", value: "False" }],
    };
  }

  /** Resumes from where it stopped and clears a quarantine. @throws GraphFault 400 without credentials */
  start(): void {
    if (!this.#options.secrets.hasCredentials) {
      throw new GraphFault(400, "CredentialsMissing", "The credentials of the application are missing.");
    }
    this.active = true;
    this.#started = true;
    this.#quarantine = undefined;
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
    const known = ["None", "ConnectorDataStore", "Escrows", "Watermark", "QuarantineState", "Full", "ForceDeletes"];
    const foreign = names.find((name) => !known.includes(name));
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
      this.#quarantine = undefined;
    }
    await saveJobState(files, state);
    if (scope.has("Watermark")) this.#initial = true;
    if (scope.has("ForceDeletes")) this.#forceDeletes = true;
    this.start();
  }

  /** A new schema starts an initial cycle. @throws GraphFault 400 for a text that is no schema */
  putSchema(text: string): void {
    try {
      jobFromSchema(text, this.#settings());
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
    if (!this.#options.secrets.hasCredentials) {
      throw new GraphFault(400, "CredentialsMissing", "The credentials of the application are missing.");
    }
    await this.#running;
    const entries = await this.#takeLog(await this.#run({ focus: sourceId }, focus));
    return entries.find((entry) => entry.sourceIdentity?.id === sourceId);
  }

  #settings() {
    const { tenant, servicePrincipalId, secrets } = this.#options;
    const { threshold } = notificationSettings(secrets);
    return {
      name: tenant.servicePrincipals.get(servicePrincipalId)?.displayName ?? this.id,
      baseUrl: secrets.get("BaseAddress") ?? "http://127.0.0.1/",
      syncAll: /^true$/i.test(secrets.get("SyncAll") ?? "false"),
      skipOutOfScopeDeletions: /^true$/i.test(secrets.get("SkipOutOfScopeDeletions") ?? "false"),
      ...(threshold !== undefined && { deleteThreshold: threshold }),
      tenantId: tenant.id,
      servicePrincipalId,
    };
  }

  async #cycle(): Promise<void> {
    const { clock } = this.#options;
    const began = clock.now();
    let result: CycleResult | undefined;
    let fatal: string | undefined;
    try {
      result = await this.#run({ initial: this.#initial });
      fatal = result.outcome === "failed" ? result.message : undefined;
    } catch (error) {
      fatal = error instanceof Error ? error.message : String(error);
    }
    this.#progress = undefined;
    await this.#takeLog(result);
    const state = await loadJobState(stateFiles(this.#options.folder));
    this.#conclude(state, result, fatal, began);
  }

  #conclude(state: JobState, result: CycleResult | undefined, fatal: string | undefined, began: Date): void {
    const { clock } = this.#options;
    const ended = clock.now();
    const held = result?.outcome === "held";
    const counts = result?.report?.counts;
    const exports = result?.planned.plan.changes.length ?? 0;
    const exported = (counts?.pushed ?? 0) + (counts?.redundant ?? 0);
    const escrowed = state.record.escrows.length;
    const code = fatal === undefined ? undefined : faultCode(fatal);
    const report: CycleReport = {
      id: state.record.lastCycle?.id ?? this.#options.tenant.newId(),
      state: fatal !== undefined || held ? "Failed" : escrowed > 0 ? "EntryLevelErrors" : "Succeeded",
      began,
      ended,
      entitled: state.managed,
      imported:
        result === undefined ? 0 : exports + result.planned.plan.summary.skip + result.planned.plan.summary.unchanged,
      exports,
      exported,
      escrowed,
      ...(fatal !== undefined && code !== undefined && { error: { code, message: fatal } }),
    };
    this.#last = report;
    this.#entries = {
      users: Math.max(this.#entries.users, state.countIn("User")),
      groups: Math.max(this.#entries.groups, state.countIn("Group")),
    };
    if (fatal === undefined && !held) {
      this.#initial = false;
      this.#forceDeletes = false;
      this.#failures = 0;
      this.#lastSuccess = report;
      if (exported > 0) this.#lastExport = report;
      this.#steadyLast = ended.toISOString();
      this.#steadyFirst ??= this.#steadyLast;
      this.#quarantine = state.record.quarantine && quarantineOf(state.record.quarantine);
    } else {
      this.#failures += 1;
      this.#quarantine = this.#nextQuarantine(fatal, held, result, ended);
    }
    this.nextCycleAt = !this.active
      ? undefined
      : this.#quarantine !== undefined
        ? new Date(this.#quarantine.nextTryAt)
        : new Date(ended.getTime() + intervalMs);
  }

  #nextQuarantine(fatal: string | undefined, held: boolean, result: CycleResult | undefined, at: Date): JobQuarantine {
    const message = fatal ?? result?.message ?? "";
    const before = this.#quarantine;
    const current = before && {
      ...before,
      reason: "EncounteredQuarantineException" as const,
      disabledAt: before.since,
    };
    const next = nextQuarantine(current, { fatal: message, succeeded: 0, failed: 0, referencesFailed: 0 }, at);
    return {
      reason: held ? "TooManyDeletes" : "EncounteredQuarantineException",
      message,
      code: held ? "TooManyDeletes" : faultCode(message),
      since: next?.since ?? at.toISOString(),
      nextTryAt: next?.nextTryAt ?? at.toISOString(),
      tries: next?.tries ?? 0,
    };
  }

  async #run(options: { initial?: boolean; focus?: string }, focus?: Focus): Promise<CycleResult> {
    const { clock, tenant, servicePrincipalId, secrets, folder } = this.#options;
    const settings = this.#settings();
    // The sandbox speaks to this machine only, whatever tenant URL it is told.
    if (!URL.canParse(settings.baseUrl) || !isLoopback(new URL(settings.baseUrl).hostname)) {
      throw new Error(`The sandbox provisions to this machine only, not to ${settings.baseUrl}.`);
    }
    const { job } = jobFromSchema(this.schemaText, settings);
    const paths: JobPaths = { file: `${folder}/job`, id: this.id, baseDir: folder, stateDir: folder };
    const token = secrets.get("SecretToken") ?? "";
    let context: JobContext | undefined;
    try {
      context = await openJob(job, paths, {
        tokenFor: () => token,
        directories: {
          graph: (_settings, attributes) => ({
            source: new TenantDirectory(tenant, servicePrincipalId, attributes, focus),
            [Symbol.asyncDispose]: () => Promise.resolve(),
          }),
        },
      });
      return await runCycle(context, {
        ...options,
        now: () => clock.now(),
        respectEscrow: options.focus === undefined,
        acceptRemovals: this.#forceDeletes || options.focus !== undefined,
        initiatedBy: "Azure AD Provisioning Service",
        onPlanProgress: ({ done, total }) => (this.#progress = { done, total: total ?? done, at: clock.now() }),
        onPushProgress: ({ done, total }) => (this.#progress = { done, total, at: clock.now() }),
      });
    } finally {
      await context?.close();
    }
  }

  /** Moves what the engine logged into the log of the tenant, with an entry for each object that was found to agree. */
  async #takeLog(result?: CycleResult): Promise<LogEntry[]> {
    const { tenant, servicePrincipalId, folder, onLog } = this.#options;
    const file = stateFiles(folder).log;
    const records: LogRecord[] = [];
    for await (const record of readLog(file)) records.push(record);
    await rm(file, { force: true });
    if (result !== undefined) records.push(...redundantRecords(result, this.id, this.#options.clock.now()));
    const displayName = tenant.servicePrincipals.get(servicePrincipalId)?.displayName ?? "";
    const place: LogPlace = {
      tenantId: tenant.id,
      jobId: this.id,
      servicePrincipal: { id: servicePrincipalId, displayName },
      targetName: this.templateId,
    };
    const entries = records.map((record) => logEntry(record, place));
    onLog(entries);
    return entries;
  }
}

function quarantineOf(quarantine: NonNullable<JobState["record"]["quarantine"]>): JobQuarantine {
  const { reason, message, since, nextTryAt, tries } = quarantine;
  return { reason, message, since, nextTryAt, tries, code: reason };
}

/** Job-level faults by their published names. */
function faultCode(message: string): string {
  return /40[13]|token|unauthorized|forbidden/i.test(message)
    ? "SystemForCrossDomainIdentityManagementInvalidCredentials"
    : "SystemForCrossDomainIdentityManagementServiceIncompatible";
}
