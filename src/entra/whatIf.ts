import { attributeDeltas } from "../changes/attributeDelta.ts";
import type { Change } from "../changes/change.ts";
import { graphDirectories } from "../directory/graph/open.ts";
import type { GraphClient } from "../graph/client.ts";
import type { TokenProvider } from "../http/token.ts";
import { jobFromSchema } from "../job/fromSchema.ts";
import type { Job } from "../job/job.ts";
import type { JobPaths } from "../job/paths.ts";
import { guardDeletions } from "../provisioning/deletionGuard.ts";
import { openJob } from "../provisioning/jobContext.ts";
import { JobState } from "../provisioning/jobState.ts";
import type { LogRecord } from "../provisioning/logRecord.ts";
import { makePlan, type PlanProgress } from "../provisioning/makePlan.ts";
import { summarize, type CycleKind, type Plan } from "../provisioning/plan.ts";
import { showValue } from "../provisioning/planText.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";
import { EntraError } from "./entraError.ts";
import { jobHealth } from "./health.ts";
import { readJob, type JobAddress } from "./jobs.ts";
import { historyFrom, linkInto, type ServiceHistory } from "./knownLinks.ts";
import { readProvisioningLog } from "./logs.ts";
import { entraDialect, inEntraForm, isCompliant } from "./requestDialect.ts";
import { readSchema } from "./schemaEdit.ts";
import { readSettings } from "./secrets.ts";
import { languageWarnings, readServiceLanguage } from "./serviceLanguage.ts";
import { legacyRoles, roleFunction, withoutUnpredictable, type UnpredictableRow } from "./whatIfRows.ts";

export interface WhatIfOptions {
  readonly client: GraphClient;
  /** Gives the token of Graph again, for the directory. */
  readonly graphToken: string | TokenProvider;
  readonly address: JobAddress;
  readonly applicationName: string;
  readonly tenantId: string;
  /** The token of the target. It goes to the tenant URL that the service has stored. */
  readonly targetToken: (baseUrl: string) => string | TokenProvider;
  /** The tenant URL, where the service does not give it back. */
  readonly baseUrl?: string | undefined;
  /** A schema that is not saved yet: the plan is of the cycle that saving it would start. */
  readonly schema?: string | undefined;
  /** A scope that is not saved yet. */
  readonly syncAll?: boolean | undefined;
  readonly now: Date;
  /** Where the directory may keep its delta tokens. */
  readonly mirrorFile?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: PlanProgress) => void;
}

/** The next cycle of the service, as far as it can be known. */
export interface WhatIf {
  readonly plan: Plan;
  readonly cycle: CycleKind;
  /** Why the service would run that kind of cycle. */
  readonly why: string;
  /** Whether requests have the forms of the flag `aadOptscim062020`. */
  readonly compliant: boolean;
  /** Rows whose value nobody can know beforehand; they are not in the plan. */
  readonly unpredictable: readonly UnpredictableRow[];
  /** Objects that differ at the target although the directory did not move: the service would not notice. */
  readonly drift: readonly {
    readonly sourceId: string;
    readonly name: string;
    readonly attributes: readonly string[];
  }[];
}

const retention = 30 * 86_400_000;

/**
 * Plans what the provisioning service's next cycle would do: its schema, scope and assignments, the directory through Graph,
 * the target through SCIM, by the same planner as local jobs. Reads only.
 *
 * @throws EntraError, GraphError, HttpError, ScimError, UnsupportedSchemaError
 */
export async function whatIf(options: WhatIfOptions): Promise<WhatIf> {
  const { client, address, signal, now } = options;
  const [status, settings, live, language] = await Promise.all([
    readJob(client, address, signal),
    readSettings(client, address.servicePrincipalId, signal),
    readSchema(client, address, signal),
    readServiceLanguage(client, address, signal),
  ]);
  const baseUrl = settings.baseUrl ?? options.baseUrl;
  if (baseUrl === undefined) {
    throw new EntraError(
      "tokenNeeded",
      "The service does not give back the tenant URL. Give it, to look at the target.",
    );
  }
  const { job, notes } = jobFromSchema(options.schema ?? live, {
    name: options.applicationName,
    baseUrl,
    syncAll: options.syncAll ?? settings.syncAll,
    skipOutOfScopeDeletions: settings.skipOutOfScopeDeletions,
    deleteThreshold: settings.deleteThreshold,
    tenantId: options.tenantId,
    servicePrincipalId: address.servicePrincipalId,
    graphUrl: client.graphUrl,
  });
  const records: LogRecord[] = [];
  const since = new Date(now.getTime() - retention);
  for await (const record of readProvisioningLog(client, { jobId: address.jobId, since }, signal)) records.push(record);
  const history = historyFrom(records);

  const edited =
    (options.schema !== undefined && options.schema !== live) ||
    (options.syncAll ?? settings.syncAll) !== settings.syncAll;
  const health = jobHealth(status, now.getTime());
  const settled = health.lastCycle !== undefined && status.status?.lastSuccessfulExecution != null;
  const cycle: CycleKind = edited || !settled ? "initial" : "incremental";
  const why = edited
    ? "Saving a mapping, filter or scope makes the service evaluate everybody again."
    : settled
      ? "The service evaluates who changed in the directory since its last cycle."
      : "The service has not ended a cycle yet.";
  const compliant = isCompliant(baseUrl);
  const { predictable, unpredictable } = withoutUnpredictable(job);
  const plan = await planOf(predictable, cycle, compliant, history, options);
  const found = cycle === "incremental" ? driftOf(plan, history) : [];
  const mapsRolesBy = roleFunction(predictable);
  const roles = compliant ? undefined : await legacyRoles(client, address.servicePrincipalId, mapsRolesBy, signal);
  const drifted = new Set(found.map(({ sourceId }) => sourceId));
  const changes = plan.changes
    .filter(({ sourceId }) => sourceId === undefined || !drifted.has(sourceId))
    .map((change) => withNotes(inEntraForm(change, compliant, roles), unpredictable, history));
  return {
    plan: {
      ...plan,
      changes,
      summary: summarize(changes, plan.skips, plan.summary.unchanged + found.length),
      notes: [
        why,
        ...(health.quarantine === undefined ? [] : [health.summary]),
        ...heldNotes(changes, job, history, now),
        ...limits(cycle, settings.deleteThreshold !== undefined),
        ...(mapsRolesBy !== undefined && job.scope.mode === "all"
          ? ["Mappings of appRoleAssignments are not supported with the scope of all users and groups."]
          : []),
        ...found.map(
          ({ name, attributes }) =>
            `${name}: ${attributes.join(", ")} moved at the target, not in the directory; the service does not notice.`,
        ),
        ...languageWarnings(options.schema ?? live, language),
        ...notes.map(({ place, message }) => `${place}: ${message}`),
        ...(plan.notes ?? []),
      ],
    },
    cycle,
    why,
    compliant,
    unpredictable,
    drift: found,
  };
}

async function planOf(
  job: Job,
  cycle: CycleKind,
  compliant: boolean,
  history: ServiceHistory,
  options: WhatIfOptions,
): Promise<Plan> {
  const { client, graphToken, targetToken, signal, now, mirrorFile, onProgress } = options;
  // Nothing is written: the paths only name the job.
  const paths: JobPaths = { file: "", id: options.address.jobId, baseDir: "", stateDir: "" };
  const context = await openJob(job, paths, {
    tokenFor: targetToken,
    signal,
    dialect: (dialect) => entraDialect(dialect, compliant),
    directories: {
      graph: graphDirectories({ token: () => graphToken, client: { signal, clock: client.clock }, mirrorFile }),
    },
  });
  try {
    const settled = { watermark: now.toISOString(), fingerprint: context.fingerprint };
    const state = new JobState({ version: 1, escrows: [], removals: [], ...(cycle === "incremental" && settled) });
    linkInto(state, history);
    return (await makePlan(context, state, { now, initial: cycle === "initial", signal, onProgress })).plan;
  } finally {
    await context.close();
  }
}

function withNotes(change: Change, rows: readonly UnpredictableRow[], history: ServiceHistory): Change {
  const own = rows
    .filter(({ resourceType }) => resourceType === change.resourceType && change.action !== "delete")
    .map(({ target, functions }) => `${target} comes from ${functions.join(", ")} and cannot be predicted.`);
  const code = history.failing.get(change.sourceId ?? "");
  if (code !== undefined)
    own.push(`It failed last (${code}) and waits in escrow; the service tries it again at a time of its own.`);
  return own.length === 0 ? change : { ...change, notes: [...(change.notes ?? []), ...own] };
}

function heldNotes(changes: readonly Change[], job: Job, history: ServiceHistory, now: Date): string[] {
  const managed = history.links.User.size + history.links.Group.size;
  const verdict = guardDeletions({ changes, settings: job.settings.deletionGuard, managed, history: [], now });
  return verdict.held ? [`Accidental-deletion prevention would hold this cycle: ${verdict.reasons.join(" ")}`] : [];
}

function limits(cycle: CycleKind, guarded: boolean): string[] {
  return [
    "Links come from the provisioning log; who was provisioned before its retention is taken by the matching attributes.",
    ...(cycle === "incremental"
      ? ["Changes at the target alone are not noticed by the service, memberships included."]
      : []),
    ...(guarded ? [] : ["Accidental-deletion prevention is off: no number of removals is held."]),
  ];
}

/** Updates whose every value is what the service wrote last: it is the target that moved. */
function driftOf(plan: Plan, { written }: ServiceHistory) {
  return plan.changes.flatMap((change) => {
    const values = written.get(change.sourceId ?? "");
    if (
      change.action !== "update" ||
      values === undefined ||
      change.after === undefined ||
      change.sourceId === undefined
    )
      return [];
    const deltas = attributeDeltas(change.before ?? {}, change.after, builtinSchema(change.resourceType));
    const all = deltas.every(
      ({ path, after, elements }) =>
        elements === undefined && after !== undefined && values.get(path.toLowerCase()) === showValue(after),
    );
    return all && deltas.length > 0
      ? [{ sourceId: change.sourceId, name: change.name, attributes: deltas.map(({ path }) => path) }]
      : [];
  });
}
