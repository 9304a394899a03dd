import { listProvisionedApplications } from "../../../entra/applications.ts";
import { EntraError } from "../../../entra/entraError.ts";
import { jobHealth, type JobHealth } from "../../../entra/health.ts";
import { pauseJob, restartJob, startJob, type ResetScope } from "../../../entra/jobs.ts";
import { readProvisioningLog } from "../../../entra/logs.ts";
import { provisionOnDemand } from "../../../entra/onDemand.ts";
import { readSettings } from "../../../entra/secrets.ts";
import type { Step } from "../../../entra/step.ts";
import { eventual, odataQuery, odataText, type GraphClient } from "../../../graph/client.ts";
import { GraphError } from "../../../graph/errors.ts";
import { directoryObject } from "../../../graph/types/directory.ts";
import { confirm } from "../../ask.ts";
import type { CliHost } from "../../host.ts";
import { exitCodes, note, writeOut } from "../../host.ts";
import { formatTable, printable } from "../../table.ts";
import { parseSince, writers, type LogsOptions } from "../logs.ts";
import { connectGraph, findTarget, type EntraOptions } from "./connect.ts";

interface Formatted extends EntraOptions {
  readonly format: "text" | "json";
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/** `entra jobs`: the enterprise applications with provisioning, and how their jobs are. */
export async function runEntraJobs(host: CliHost, options: Formatted): Promise<number> {
  await using graph = connectGraph(host, options);
  const applications = await listProvisionedApplications(graph.client, { signal: host.signal });
  const rows = applications.flatMap(({ servicePrincipal, jobs }) =>
    jobs.map((job) => ({
      application: servicePrincipal.displayName ?? "",
      servicePrincipalId: servicePrincipal.id,
      ...jobHealth(job, Date.now()),
    })),
  );
  if (options.format === "json") await writeOut(host, json(rows));
  else {
    const columns = [
      { title: "Application", value: (row: (typeof rows)[number]) => row.application },
      { title: "Service principal", value: (row: (typeof rows)[number]) => row.servicePrincipalId },
      { title: "State", value: (row: (typeof rows)[number]) => row.state },
      { title: "Last cycle", value: (row: (typeof rows)[number]) => row.lastCycle?.ended ?? "none yet" },
    ];
    await writeOut(host, formatTable(columns, rows));
  }
  if (rows.length === 0) note(host, "No enterprise application of this tenant has a provisioning job.");
  return exitCodes.ok;
}

/** `entra status APP`: state, progress, last cycle, quarantine, settings. */
export async function runEntraStatus(host: CliHost, name: string, options: Formatted): Promise<number> {
  await using graph = connectGraph(host, options);
  const { application, job } = await findTarget(graph.client, name, options);
  const health = jobHealth(job, Date.now());
  const settings = await readSettings(graph.client, application.id, host.signal);
  if (options.format === "json")
    await writeOut(host, json({ application: application.displayName, ...health, settings }));
  else
    await writeOut(
      host,
      `${statusLines(application.displayName ?? name, health, settings.syncAll)
        .map(printable)
        .join("\n")}\n`,
    );
  return exitCodes.ok;
}

function statusLines(name: string, health: JobHealth, syncAll: boolean): string[] {
  const { lastCycle: last, quarantine } = health;
  const lines = [
    `${name}: ${health.summary}`,
    `  job          ${health.jobId}`,
    `  scope        ${syncAll ? "everybody" : "assigned users and groups"}`,
  ];
  if (last) {
    lines.push(
      `  last cycle   ${last.state}, ${last.ended}: ${last.imported} read, ${last.exported} written, ${last.escrowed} failing`,
    );
    if (last.error !== undefined) lines.push(`    ${last.error}`);
  }
  for (const [type, count] of Object.entries(health.entries)) lines.push(`  managed      ${count}  ${type}`);
  if (quarantine) {
    lines.push(`  quarantine   ${quarantine.reason} since ${quarantine.since}: ${quarantine.message}`);
    lines.push(
      `    next try ${quarantine.nextAttempt}; turned off for good ${quarantine.disabledAt}`,
      `    ${quarantine.explanation}`,
    );
  }
  return lines;
}

/** `entra logs APP`: the service's provisioning log, newest first. */
export async function runEntraLogs(host: CliHost, name: string, options: EntraOptions & LogsOptions): Promise<number> {
  await using graph = connectGraph(host, options);
  const { job } = await findTarget(graph.client, name, options);
  const { status, who } = options;
  const since = options.since === undefined ? undefined : parseSince(options.since, new Date());
  const write = writers[options.format];
  let count = 0;
  await writeOut(host, write.begin);
  for await (const record of readProvisioningLog(graph.client, { jobId: job.id, since, status, who }, host.signal)) {
    await writeOut(host, write.record(record, count === 0));
    count += 1;
  }
  await writeOut(host, write.end);
  if (count === 0) note(host, "No record matches.");
  return exitCodes.ok;
}

export interface ActOptions extends EntraOptions {
  readonly yes?: boolean;
}

/** `entra start|pause APP`. */
export async function runEntraAct(
  host: CliHost,
  act: "start" | "pause",
  name: string,
  options: ActOptions,
): Promise<number> {
  await using graph = connectGraph(host, options);
  const { address } = await findTarget(graph.client, name, options);
  const step = act === "start" ? startJob(graph.client, address) : pauseJob(graph.client, address);
  return await carryOut(host, step, options.yes);
}

/** `entra restart APP --reset …`. */
export async function runEntraRestart(
  host: CliHost,
  name: string,
  options: ActOptions & { readonly reset: ResetScope; readonly acceptRemovals?: boolean },
): Promise<number> {
  await using graph = connectGraph(host, options);
  const { address, job } = await findTarget(graph.client, name, options);
  const objects = Object.values(jobHealth(job, Date.now()).entries).reduce((sum, count) => sum + count, 0);
  const step = restartJob(graph.client, address, [options.reset], objects);
  if (step.confirm !== undefined && options.reset === "ForceDeletes" && !options.acceptRemovals) {
    note(host, `${step.confirm} Nothing was sent. If that is right, run the command again with --accept-removals.`);
    return exitCodes.held;
  }
  return await carryOut(host, step, options.yes);
}

/** Shows what a step calls, and asks. @returns whether to do it */
export async function isAccepted(host: CliHost, step: Step<unknown>, yes: boolean | undefined): Promise<boolean> {
  for (const { method, path, needs } of step.calls) note(host, printable(`${method} ${path}  (needs ${needs})`));
  for (const warning of [...step.warnings, ...(step.confirm === undefined ? [] : [step.confirm])])
    note(host, printable(warning));
  if (yes || (await confirm(host, `${step.title}?`))) return true;
  note(host, "Nothing was sent.");
  return false;
}

/** Shows what a step calls, asks, and does it. */
export async function carryOut(host: CliHost, step: Step<unknown>, yes: boolean | undefined): Promise<number> {
  if (!(await isAccepted(host, step, yes))) return exitCodes.error;
  await step.run(host.signal);
  note(host, printable(`${step.title}: done.`));
  return exitCodes.ok;
}

/** `entra on-demand APP WHO`: one user, or a group with its direct members in portions. */
export async function runEntraOnDemand(
  host: CliHost,
  name: string,
  who: string,
  options: ActOptions & Formatted & { readonly members?: boolean },
): Promise<number> {
  await using graph = connectGraph(host, options);
  const { client } = graph;
  const { address } = await findTarget(client, name, options);
  const subject = await findSubject(client, who);
  const path = `/groups/${encodeURIComponent(subject.id)}/members/microsoft.graph.user${odataQuery({ $count: "true", $select: "id" })}`;
  const members =
    subject.type === "Group" && options.members
      ? await client.all(path, "readGroups", directoryObject, {
          headers: eventual,
          signal: host.signal,
        })
      : [];
  const ids = members.map(({ id }) => id);
  const step = await provisionOnDemand(client, address, subject, ids, (done, total) =>
    note(host, `${done} of ${total} requests`),
  );
  if (!options.yes && !(await confirm(host, `${step.title} (${step.calls.length} requests)?`))) {
    note(host, "Nothing was sent.");
    return exitCodes.error;
  }
  const results = await step.run(host.signal);
  if (options.format === "json") await writeOut(host, json({ subject, results }));
  else {
    const lines = results.flatMap(({ result, action, reason, steps }) => [
      `${subject.name}: ${result}, ${action}${reason === "" ? "" : ` (${reason})`}`,
      ...steps.map((each) => `  ${each.provisioningStepType.padEnd(12)} ${each.status.padEnd(8)} ${each.description}`),
    ]);
    await writeOut(host, `${lines.map(printable).join("\n")}\n`);
  }
  return results.some(({ result }) => result === "failure") ? exitCodes.someFailed : exitCodes.ok;
}

async function findSubject(
  client: GraphClient,
  who: string,
): Promise<{ id: string; type: "User" | "Group"; name: string }> {
  try {
    const user = await client.get(`/users/${encodeURIComponent(who)}`, "readUsers", directoryObject);
    return { id: user.id, type: "User", name: user.displayName ?? who };
  } catch (error) {
    if (!(error instanceof GraphError) || (error.code !== "notFound" && error.code !== "badRequest")) throw error;
  }
  const filter = `displayName eq ${odataText(who)} or id eq ${odataText(who)}`;
  const [group, ...others] = await client.all(
    `/groups${odataQuery({ $filter: filter })}`,
    "readGroups",
    directoryObject,
  );
  if (group === undefined)
    throw new EntraError(
      "notInGroup",
      `Nobody called "${who}" is in the directory. Give a user name, a group's name, or an object id.`,
    );
  if (others.length > 0)
    throw new EntraError("notInGroup", `${others.length + 1} groups are called "${who}". Give the object id.`);
  return { id: group.id, type: "Group", name: group.displayName ?? who };
}
