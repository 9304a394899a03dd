import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parseJob } from "../../src/job/load.ts";
import { jobPaths } from "../../src/job/paths.ts";
import { runCycle, type CycleOptions, type CycleResult } from "../../src/provisioning/cycle.ts";
import { explain, type Explanation } from "../../src/provisioning/explain.ts";
import { openJob, type JobContext } from "../../src/provisioning/jobContext.ts";
import { loadJobState, type JobState } from "../../src/provisioning/jobState.ts";
import { readLog } from "../../src/provisioning/logFile.ts";
import type { LogRecord } from "../../src/provisioning/logRecord.ts";
import { makePlan, type PlannedJob, type PlanOptions } from "../../src/provisioning/makePlan.ts";
import type { Plan } from "../../src/provisioning/plan.ts";
import type { ObservedProfile } from "../../src/scim/observed.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";

/** What a JSON directory holds; everybody is assigned unless `assignments` says otherwise. */
export interface Directory {
  readonly users: readonly { readonly id: string; readonly [attribute: string]: unknown }[];
  readonly groups?: readonly {
    readonly id: string;
    readonly displayName?: string;
    readonly members?: readonly string[];
  }[];
  readonly assignments?: readonly {
    readonly principalId: string;
    readonly principalType: "User" | "Group";
    readonly appRole?: string;
  }[];
}

export interface JobSettings {
  readonly scope?: object;
  readonly users?: object;
  readonly groups?: object;
  readonly settings?: object;
  readonly connection?: object;
  /** Instead of `directory.json`. */
  readonly directory?: object;
}

export const userMappings = [
  { target: "userName", source: { attribute: "userPrincipalName" }, matching: 1 },
  { target: "displayName", source: { attribute: "displayName" } },
  {
    target: "active",
    source: { expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' },
  },
];

export const groupMappings = [
  { target: "displayName", source: { attribute: "displayName" }, matching: 1 },
  { target: "members", source: { attribute: "members" } },
];

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** The mapping row of the manager, which only the profile `rfc` takes. */
export const managerMapping = { target: `${enterprise}:manager`, source: { attribute: "manager" } };

/** The text of a job over `directory.json` beside it. The deletion guard is off unless a test turns it on. */
export function jobText(baseUrl: string, job: JobSettings = {}): string {
  return JSON.stringify({
    name: "Test job",
    connection: { baseUrl, ...job.connection },
    directory: job.directory ?? { type: "json", file: "directory.json" },
    scope: { mode: "all", ...job.scope },
    users: { enabled: true, mappings: userMappings, ...job.users },
    groups: { enabled: true, mappings: groupMappings, ...job.groups },
    settings: { deletionGuard: { enabled: false }, ...job.settings },
  });
}

/** A job in a folder of its own, against a sandbox of its own. */
export class JobFixture {
  readonly sandbox: Sandbox;
  readonly folder: string;
  job: JobSettings;
  token: string;
  /** The clock of plans and cycles; each call is a millisecond later. */
  now = Date.parse("2026-11-24T08:00:00.000Z");

  constructor(sandbox: Sandbox, folder: string, job: JobSettings) {
    this.sandbox = sandbox;
    this.folder = folder;
    this.job = job;
    this.token = sandbox.token;
  }

  /** What the service was seen to do. */
  observed: ObservedProfile | undefined;

  get jobFile(): string {
    return join(this.folder, "test.provisioning.json");
  }

  get stateDir(): string {
    return jobPaths(this.jobFile).stateDir;
  }

  /** Writes the directory as it is from now on. */
  directory(directory: Directory): Promise<void> {
    const groups = (directory.groups ?? []).map((group) => ({ members: [], ...group }));
    const content = { assignments: [], ...directory, groups };
    return writeFile(join(this.folder, "directory.json"), JSON.stringify(content));
  }

  /** Opens the job as it is now; the caller closes it. */
  open(): Promise<JobContext> {
    const job = parseJob(jobText(this.sandbox.baseUrl, this.job), this.jobFile);
    return openJob(job, jobPaths(this.jobFile), { tokenFor: () => this.token, observed: this.observed });
  }

  async with<Result>(work: (context: JobContext) => Promise<Result>): Promise<Result> {
    const context = await this.open();
    try {
      return await work(context);
    } finally {
      await context.close();
    }
  }

  planned(options: Partial<PlanOptions> = {}): Promise<PlannedJob> {
    return this.with(async (context) =>
      makePlan(context, await loadJobState(context.files), { now: new Date(this.now), ...options }),
    );
  }

  async plan(options: Partial<PlanOptions> = {}): Promise<Plan> {
    return (await this.planned(options)).plan;
  }

  cycle(options: Partial<CycleOptions> = {}): Promise<CycleResult> {
    return this.with((context) => this.cycleOf(context, options));
  }

  /** A further cycle of a job that stays open. */
  cycleOf(context: JobContext, options: Partial<CycleOptions> = {}): Promise<CycleResult> {
    return runCycle(context, { initiatedBy: "test", now: () => new Date((this.now += 1)), ...options });
  }

  explain(who: string): Promise<Explanation> {
    return this.with(async (context) =>
      explain(context, await loadJobState(context.files), who, { now: new Date(this.now) }),
    );
  }

  state(): Promise<JobState> {
    return this.with((context) => loadJobState(context.files));
  }

  async log(): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for await (const record of readLog(join(this.stateDir, "log.jsonl"))) records.push(record);
    return records;
  }

  /** A user of the target by userName, in any case. */
  user(userName: string): Record<string, unknown> | undefined {
    return this.sandbox.store.find("User", userName);
  }

  /** The user names (or ids, of strangers without one) of the members of a group of the target. */
  members(displayName: string): string[] {
    const group = this.sandbox.store.find("Group", displayName);
    const members = (group?.["members"] ?? []) as { value: string }[];
    return members
      .map(({ value }) => this.sandbox.store.get(value))
      .map((member) => String(member?.["userName"] ?? member?.["displayName"]))
      .toSorted();
  }

  /** Lets time pass. */
  pass(hours: number): void {
    this.now += hours * 3_600_000;
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Starts a job against a sandbox; the caller closes it. */
export async function startJob(options: SandboxOptions = {}, job: JobSettings = {}): Promise<JobFixture> {
  const sandbox = await startSandbox(options);
  const folder = await mkdtemp(join(tmpdir(), "scim-job-"));
  await mkdir(folder, { recursive: true });
  return new JobFixture(sandbox, folder, job);
}

/** A job for one test, gone when the test ends. */
export async function jobFor(options: SandboxOptions = {}, job: JobSettings = {}): Promise<JobFixture> {
  const fixture = await startJob(options, job);
  onTestFinished(() => fixture.close());
  return fixture;
}

/** Names of the changes of a plan, as `action name`. */
export function actions(plan: Plan): string[] {
  return plan.changes.map(({ action, name }) => `${action} ${name}`);
}

/** Skips of a plan, as `reason name`. */
export function skips(plan: Plan): string[] {
  return plan.skips.map(({ reason, name }) => `${reason} ${name}`);
}

/** A user of a directory whose names follow from its id. */
export function person(id: string, more: Record<string, unknown> = {}): Directory["users"][number] {
  return { id, userPrincipalName: `${id}@contoso.com`, displayName: id.toUpperCase(), accountEnabled: true, ...more };
}
