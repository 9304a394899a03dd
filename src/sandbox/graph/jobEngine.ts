import { rm } from "node:fs/promises";
import { isLoopback } from "../../http/secureUrl.ts";
import { jobFromSchema, type ServiceSettings } from "../../job/fromSchema.ts";
import type { JobPaths } from "../../job/paths.ts";
import { runCycle, type CycleOptions, type CycleResult } from "../../provisioning/cycle.ts";
import { openJob, type JobContext } from "../../provisioning/jobContext.ts";
import { readLog } from "../../provisioning/logFile.ts";
import type { LogRecord } from "../../provisioning/logRecord.ts";
import { stateFiles } from "../../provisioning/stateFiles.ts";
import { logEntry, type LogPlace } from "./logEntries.ts";
import { redundantRecords } from "./redundantRecords.ts";
import { notificationSettings, type Secrets } from "./secretStore.ts";
import type { ServiceClock } from "./serviceClock.ts";
import type { Tenant } from "./tenant.ts";
import { TenantDirectory, type Focus } from "./tenantDirectory.ts";

export type LogEntry = ReturnType<typeof logEntry>;

export interface JobEngineOptions {
  readonly id: string;
  readonly templateId: string;
  readonly tenant: Tenant;
  readonly servicePrincipalId: string;
  readonly secrets: Secrets;
  readonly clock: ServiceClock;
  /** A folder of its own for links, journal and log. */
  readonly folder: string;
  readonly onLog: (entries: readonly LogEntry[]) => void;
}

/** Runs the cycles of one job of the service by the engine of this project, against the tenant URL in its secrets. */
export class JobEngine {
  readonly #options: JobEngineOptions;

  constructor(options: JobEngineOptions) {
    this.#options = options;
  }

  /** What the service keeps of the job outside its schema. */
  settings(): ServiceSettings {
    const { tenant, servicePrincipalId, secrets } = this.#options;
    const { threshold } = notificationSettings(secrets);
    return {
      name: this.#applicationName() ?? this.#options.id,
      baseUrl: secrets.get("BaseAddress") ?? "http://127.0.0.1/",
      syncAll: /^true$/i.test(secrets.get("SyncAll") ?? "false"),
      skipOutOfScopeDeletions: /^true$/i.test(secrets.get("SkipOutOfScopeDeletions") ?? "false"),
      ...(threshold !== undefined && { deleteThreshold: threshold }),
      tenantId: tenant.id,
      servicePrincipalId,
    };
  }

  /** Runs one cycle, of everybody or of one object. */
  async run(schemaText: string, options: Partial<CycleOptions>, focus?: Focus): Promise<CycleResult> {
    const { id, clock, tenant, servicePrincipalId, secrets, folder } = this.#options;
    const settings = this.settings();
    // The sandbox speaks to this machine only, whatever tenant URL it is told.
    if (!URL.canParse(settings.baseUrl) || !isLoopback(new URL(settings.baseUrl).hostname)) {
      throw new Error(`The sandbox provisions to this machine only, not to ${settings.baseUrl}.`);
    }
    const { job } = jobFromSchema(schemaText, settings);
    const paths: JobPaths = { file: `${folder}/job`, id, baseDir: folder, stateDir: folder };
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
        now: () => clock.now(),
        initiatedBy: "Azure AD Provisioning Service",
        ...options,
      });
    } finally {
      await context?.close();
    }
  }

  /** Moves what the engine logged into the log of the tenant, with an entry for each object that was found to agree. */
  async takeLog(result?: CycleResult): Promise<LogEntry[]> {
    const { id, templateId, tenant, servicePrincipalId, clock, folder, onLog } = this.#options;
    const file = stateFiles(folder).log;
    const records: LogRecord[] = [];
    for await (const record of readLog(file)) records.push(record);
    await rm(file, { force: true });
    if (result !== undefined) records.push(...redundantRecords(result, id, clock.now()));
    const place: LogPlace = {
      tenantId: tenant.id,
      jobId: id,
      servicePrincipal: { id: servicePrincipalId, displayName: this.#applicationName() ?? "" },
      targetName: templateId,
    };
    const entries = records.map((record) => logEntry(record, place));
    onLog(entries);
    return entries;
  }

  #applicationName(): string | undefined {
    const { tenant, servicePrincipalId } = this.#options;
    return tenant.servicePrincipals.get(servicePrincipalId)?.displayName ?? undefined;
  }
}
