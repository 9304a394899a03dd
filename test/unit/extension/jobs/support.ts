import { parseJob } from "../../../../src/job/load.ts";
import { jobPaths } from "../../../../src/job/paths.ts";
import type { JobModel } from "../../../../src/extension/jobs/jobModel.ts";
import type { JobView } from "../../../../src/extension/jobs/view/jobRows.ts";
import type { Change } from "../../../../src/changes/change.ts";
import type { JobStateRecord } from "../../../../src/provisioning/jobState.ts";
import type { Plan, Skip } from "../../../../src/provisioning/plan.ts";
import { summarize } from "../../../../src/provisioning/plan.ts";
import { newJobText } from "../../../../src/extension/jobs/jobTemplate.ts";
import { baseUrl } from "../support.ts";

export const now = new Date("2026-11-24T12:00:00.000Z");
export const file = "/work/databricks.provisioning.json";

export const job = parseJob(
  newJobText({
    name: "Databricks production",
    baseUrl,
    dialect: "databricks",
    directory: { type: "csv", users: "users.csv", assignments: "assignments.csv" },
    mode: "assigned",
  }),
  file,
);

export const record = (change: Partial<JobStateRecord> = {}): JobStateRecord => ({
  version: 1,
  escrows: [],
  removals: [],
  lastCycle: {
    id: "c1",
    kind: "incremental",
    startedAt: "2026-11-24T11:22:00.000Z",
    finishedAt: "2026-11-24T11:22:08.000Z",
    outcome: "succeeded",
    summary: { create: 2 },
  },
  ...change,
});

export const model = (change: Partial<JobModel> = {}): JobModel => ({
  paths: jobPaths(file),
  name: job.name,
  job,
  problems: [],
  ...change,
});

export const view = (change: Partial<JobModel> = {}, run: JobView["run"] = { on: "off" }): JobView => ({
  model: model(change),
  run,
});

export const change = (id: string, action: Change["action"] = "create", more: Partial<Change> = {}): Change => ({
  id,
  action,
  resourceType: "User",
  name: `${id}@contoso.com`,
  sourceId: `s-${id}`,
  ...(action === "create" ? {} : { targetId: `t-${id}`, before: { displayName: id } }),
  ...(action === "delete" ? {} : { after: { displayName: id } }),
  requests: [],
  reason: "In scope.",
  ...more,
});

export const skip = (name: string, reason: Skip["reason"] = "NotEffectivelyEntitled"): Skip => ({
  sourceId: `s-${name}`,
  resourceType: "User",
  name,
  reason,
  detail: "Holds only the Default Access role.",
});

export const plan = (changes: readonly Change[], skips: readonly Skip[] = []): Plan => ({
  job: job.name,
  cycle: "initial",
  createdAt: now.toISOString(),
  summary: summarize(changes, skips, 0),
  changes,
  skips,
});

export const noGuard = { held: false, reasons: [], removals: [] };

export const quarantine = {
  reason: "EncounteredQuarantineException",
  message: "The token was refused.",
  code: "unauthorized",
  since: "2026-11-23T12:00:00.000Z",
  nextTryAt: "2026-11-24T13:10:00.000Z",
  tries: 3,
  disabledAt: "2026-12-21T12:00:00.000Z",
} as const;
