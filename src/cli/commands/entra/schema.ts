import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { prepareSchema, readSchema, schemaWith, writeSchema } from "../../../entra/schemaEdit.ts";
import { scorePrediction } from "../../../entra/score.ts";
import { readProvisioningLog } from "../../../entra/logs.ts";
import { whatIf } from "../../../entra/whatIf.ts";
import { isJobFile } from "../../../job/paths.ts";
import { loadJob } from "../../../job/load.ts";
import type { LogRecord } from "../../../provisioning/logRecord.ts";
import { countChanges } from "../../../provisioning/plan.ts";
import { parsePlan, planJson } from "../../../provisioning/planFile.ts";
import { planMarkdown } from "../../../provisioning/planMarkdown.ts";
import { formatPlan } from "../../../provisioning/planText.ts";
import { writeAtomically } from "../../../provisioning/stateFiles.ts";
import type { CliHost } from "../../host.ts";
import { exitCodes, note, writeOut } from "../../host.ts";
import { paintFor } from "../../paint.ts";
import { ProgressLine } from "../../progress.ts";
import { printable } from "../../table.ts";
import { readToken } from "../../token.ts";
import { connectGraph, findTarget, tenantIdOf, type EntraOptions } from "./connect.ts";
import { carryOut, type ActOptions } from "./operate.ts";

/** `entra export-schema APP`: the live schema, byte for byte; keep it as the way back. */
export async function runExportSchema(
  host: CliHost,
  name: string,
  options: EntraOptions & { readonly out?: string },
): Promise<number> {
  await using graph = connectGraph(host, options);
  const { address } = await findTarget(graph.client, name, options);
  const text = await readSchema(graph.client, address, host.signal);
  if (options.out === undefined) await writeOut(host, text);
  else {
    const file = resolve(host.cwd, options.out);
    await writeAtomically(file, [text]);
    note(host, `The schema is in ${file}.`);
  }
  return exitCodes.ok;
}

/**
 * `entra import-schema APP FILE`: writes a schema, or the mappings, filters and actions of a job file, to the live job. With
 * `--base`, what others changed since that export is kept, or refused where it collides.
 */
export async function runImportSchema(
  host: CliHost,
  name: string,
  file: string,
  options: ActOptions & { readonly base?: string },
): Promise<number> {
  await using graph = connectGraph(host, options);
  const { address } = await findTarget(graph.client, name, options);
  const live = await readSchema(graph.client, address, host.signal);
  const base = options.base === undefined ? live : await readFile(resolve(host.cwd, options.base), "utf8");
  const edited = await editedSchema(host, file, (job) => schemaWith(graph.client, address, base, job));
  const edit = await prepareSchema(graph.client, address, base, edited, { signal: host.signal });
  if (isDeepStrictEqual(JSON.parse(edit.text), JSON.parse(edit.current))) {
    note(host, "The service has this schema already; nothing was sent.");
    return exitCodes.ok;
  }
  return await carryOut(host, writeSchema(graph.client, address, edit), options.yes);
}

async function editedSchema(
  host: CliHost,
  file: string,
  fromJob: (job: Parameters<typeof schemaWith>[3]) => Promise<string>,
): Promise<string> {
  const path = resolve(host.cwd, file);
  if (!isJobFile(path)) return readFile(path, "utf8");
  const { users, groups, scope } = await loadJob(path);
  return fromJob({ users: { ...users, scope: scope.users }, groups: { ...groups, scope: scope.groups } });
}

export interface WhatIfCommandOptions extends EntraOptions {
  readonly schema?: string;
  readonly scope?: "all" | "assigned";
  readonly out?: string;
  readonly compare?: string;
  readonly tenantUrl?: string;
  readonly format: "text" | "json" | "markdown";
  readonly tokenStdin?: boolean;
}

/** `entra what-if APP`: the plan of the service's next cycle, or with `--compare` how well an earlier one stood. Reads only. */
export async function runWhatIf(host: CliHost, name: string, options: WhatIfCommandOptions): Promise<number> {
  await using graph = connectGraph(host, options);
  const { client } = graph;
  const { address, application } = await findTarget(client, name, options);
  if (options.compare !== undefined) return await compare(host, client, address.jobId, options.compare, options.format);
  const live = options.schema === undefined ? undefined : await readSchema(client, address);
  const schema =
    options.schema === undefined
      ? undefined
      : await editedSchema(host, options.schema, (job) => schemaWith(client, address, live ?? "", job));
  const target = await readToken(host, options);
  const progress = new ProgressLine(host);
  try {
    const { plan } = await whatIf({
      client,
      graphToken: graph.token,
      address,
      applicationName: application.displayName ?? name,
      tenantId: await tenantIdOf(host, client),
      targetToken: () => target,
      baseUrl: options.tenantUrl,
      schema,
      syncAll: options.scope === undefined ? undefined : options.scope === "all",
      now: new Date(),
      signal: host.signal,
      onProgress: (step) => progress.plan(step),
    });
    progress.clear();
    if (options.out !== undefined) await writeAtomically(resolve(host.cwd, options.out), [planJson(plan)]);
    const texts = {
      text: () => formatPlan(plan, paintFor(host)),
      json: () => planJson(plan),
      markdown: () => planMarkdown(plan),
    };
    await writeOut(host, texts[options.format]());
    return countChanges(plan.summary) > 0 ? exitCodes.changes : exitCodes.ok;
  } finally {
    progress.clear();
  }
}

async function compare(
  host: CliHost,
  client: Parameters<typeof readProvisioningLog>[0],
  jobId: string,
  file: string,
  format: WhatIfCommandOptions["format"],
): Promise<number> {
  const path = resolve(host.cwd, file);
  const plan = parsePlan(await readFile(path, "utf8"), path);
  const records: LogRecord[] = [];
  const since = new Date(plan.createdAt);
  for await (const record of readProvisioningLog(client, { jobId, since }, host.signal)) records.push(record);
  // The cycle that followed is the first one of the log, which is newest first.
  const cycleId = records.at(-1)?.cycleId;
  const score = scorePrediction(
    plan,
    records.filter((record) => record.cycleId === cycleId || record.cycleId === ""),
  );
  if (format === "json") await writeOut(host, `${JSON.stringify(score, undefined, 2)}\n`);
  else {
    const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
    const lines = [
      `${score.agreed} of ${score.objects} objects as predicted (${percent(score.share)}); of changes ${score.changes.agreed} of ${score.changes.objects} (${percent(score.changes.share)})`,
      ...score.differences.map(
        ({ name, predicted, happened, why }) => `  ${name}: predicted ${predicted}, logged ${happened}. ${why}`,
      ),
    ];
    await writeOut(host, `${lines.map(printable).join("\n")}\n`);
  }
  if (records.length === 0) note(host, "The log holds nothing since the prediction.");
  return exitCodes.ok;
}
