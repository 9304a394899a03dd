import type { GraphClient } from "../graph/client.ts";
import {
  synchronizationJob,
  synchronizationTemplate,
  type SynchronizationJob,
  type SynchronizationTemplate,
} from "../graph/types/synchronization.ts";
import { GraphError } from "../graph/errors.ts";
import { synchronization } from "./applications.ts";
import { EntraError } from "./entraError.ts";
import { previewCall, simpleStep, type Step } from "./step.ts";

/** Where one job is. */
export interface JobAddress {
  readonly servicePrincipalId: string;
  readonly jobId: string;
}

export function jobPath({ servicePrincipalId, jobId }: JobAddress): string {
  return `${synchronization(servicePrincipalId)}/jobs/${encodeURIComponent(jobId)}`;
}

/** The jobs of an application. @throws EntraError `noProvisioning` when the application offers none */
export async function listJobs(
  client: GraphClient,
  servicePrincipalId: string,
  signal?: AbortSignal,
): Promise<SynchronizationJob[]> {
  const path = `${synchronization(servicePrincipalId)}/jobs`;
  return client.all(path, "readSynchronization", synchronizationJob, { signal });
}

/**
 * The one provisioning job of an application.
 * @throws EntraError `noProvisioning`, `ambiguousJob`
 */
export async function theJob(
  client: GraphClient,
  application: { readonly id: string; readonly displayName?: string | null | undefined },
  jobId?: string,
  signal?: AbortSignal,
): Promise<SynchronizationJob> {
  const name = application.displayName ?? application.id;
  const jobs = await listJobs(client, application.id, signal);
  const chosen = jobId === undefined ? jobs : jobs.filter(({ id }) => id === jobId);
  const [first, ...others] = chosen;
  if (first === undefined) {
    throw new EntraError(
      "noProvisioning",
      jobId === undefined
        ? `${name} has no provisioning job. Create one from its template, in the portal under Provisioning or with the command "Create Provisioning Job".`
        : `${name} has no provisioning job ${jobId}.`,
    );
  }
  if (others.length === 0) return first;
  throw new EntraError(
    "ambiguousJob",
    `${name} has ${chosen.length} provisioning jobs. Name one of ${chosen.map(({ id }) => id).join(", ")}.`,
  );
}

/** Reads one job with its status. */
export function readJob(client: GraphClient, address: JobAddress, signal?: AbortSignal): Promise<SynchronizationJob> {
  return client.get(jobPath(address), "readSynchronization", synchronizationJob, { signal });
}

/** The templates that an application's job can be made from. @throws EntraError `noProvisioning` */
export async function listTemplates(
  client: GraphClient,
  application: { readonly id: string; readonly displayName?: string | null | undefined },
  signal?: AbortSignal,
): Promise<SynchronizationTemplate[]> {
  try {
    const path = `${synchronization(application.id)}/templates`;
    const templates = await client.all(path, "readSynchronization", synchronizationTemplate, { signal });
    if (templates.length > 0) return templates;
  } catch (error) {
    if (!(error instanceof GraphError) || error.code !== "notFound") throw error;
  }
  throw new EntraError(
    "noProvisioning",
    `${application.displayName ?? application.id} does not support automatic provisioning.`,
  );
}

/** One input of the credential form, as the template describes it. */
export interface CredentialField {
  readonly name: string;
  readonly label: string;
  readonly secret: boolean;
}

/** What the credentials of a template ask for; tenant URL and secret token where it does not say. */
export function credentialFields(template: SynchronizationTemplate): CredentialField[] {
  const entry = (template.metadata ?? []).find(({ key }) => key?.toLowerCase() === "configurationfields");
  let fields: unknown;
  try {
    fields = JSON.parse(entry?.value ?? "");
  } catch {
    fields = undefined;
  }
  const read = (Array.isArray(fields) ? (fields as readonly unknown[]) : []).flatMap((field): CredentialField[] => {
    if (typeof field !== "object" || field === null) return [];
    const { name, displayName, secret } = field as Readonly<Record<string, unknown>>;
    if (typeof name !== "string") return [];
    return [{ name, label: typeof displayName === "string" ? displayName : name, secret: secret === true }];
  });
  if (read.length > 0) return read;
  return [
    { name: "BaseAddress", label: "Tenant URL", secret: false },
    { name: "SecretToken", label: "Secret Token", secret: true },
  ];
}

/** Creates the provisioning job of an application. Each call makes another one, so an existing one is told. */
export async function createJob(
  client: GraphClient,
  servicePrincipalId: string,
  templateId: string,
): Promise<Step<SynchronizationJob>> {
  const existing = await listJobs(client, servicePrincipalId);
  const request = {
    method: "POST",
    path: `${synchronization(servicePrincipalId)}/jobs`,
    purpose: "changeSynchronization",
    body: { templateId },
  } as const;
  return {
    title: "Create the provisioning job",
    calls: [previewCall(request)],
    warnings: existing.map(({ id }) => `The application has a provisioning job already (${id}).`),
    run: (signal) => client.call(request, synchronizationJob, signal),
  };
}

/** Turns provisioning on, or lifts a quarantine and goes on where it stopped. */
export function startJob(client: GraphClient, address: JobAddress): Step {
  return simpleStep(client, "Start provisioning", [
    { method: "POST", path: `${jobPath(address)}/start`, purpose: "changeSynchronization", idempotent: true },
  ]);
}

/** Stops later cycles and keeps the state; a running cycle ends first. */
export function pauseJob(client: GraphClient, address: JobAddress): Step {
  return simpleStep(
    client,
    "Pause provisioning",
    [{ method: "POST", path: `${jobPath(address)}/pause`, purpose: "changeSynchronization", idempotent: true }],
    { warnings: ["A cycle that runs now ends first."] },
  );
}

/** Removes a job with its links, mappings and failures. */
export function deleteJob(client: GraphClient, address: JobAddress): Step {
  return simpleStep(
    client,
    "Delete the provisioning job",
    [{ method: "DELETE", path: jobPath(address), purpose: "changeSynchronization" }],
    {
      confirm: "Its mappings, links and failures are lost; nobody is removed from the target. Export the schema first.",
    },
  );
}

/** What a restart forgets. The portal's button is `portal`. */
export type ResetScope =
  "portal" | "Watermark" | "Escrows" | "QuarantineState" | "ConnectorDataStore" | "Full" | "ForceDeletes";

/** What each reset does, in words, for the choice. Source: Graph `synchronizationJobRestartCriteria`. */
export const resetEffects: Readonly<Record<ResetScope, string>> = {
  portal: "Everybody is evaluated again, failures are forgotten and the quarantine is lifted; links are kept.",
  Watermark: "Everybody is evaluated again.",
  Escrows: "Failures are forgotten and no longer tried again.",
  QuarantineState: "The quarantine is lifted for now; it comes back when the cause is not mended.",
  ConnectorDataStore: "The links of all objects are dropped and made again by matching.",
  Full: "Links, failures, watermark and quarantine are dropped: everybody is matched and evaluated anew.",
  ForceDeletes: "Deletions that accidental-deletion prevention holds are let through.",
};

const destructive: Partial<Record<ResetScope, string>> = {
  ConnectorDataStore:
    "Whoever no longer matches by the matching attributes loses the link and may be created a second time.",
  Full: "Whoever no longer matches by the matching attributes loses the link and may be created a second time.",
  ForceDeletes: "The held deletions are carried out in the next cycle and cannot be taken back.",
};

/**
 * Restarts provisioning.
 *
 * @param scopes what is forgotten; several are combined, but ForceDeletes goes alone
 * @param objects how many objects are under management, for the cost
 */
export function restartJob(
  client: GraphClient,
  address: JobAddress,
  scopes: readonly ResetScope[],
  objects?: number,
): Step {
  const force = scopes.includes("ForceDeletes");
  if (force && scopes.length > 1) throw new RangeError("ForceDeletes is sent alone.");
  const resetScope = scopes.filter((scope) => scope !== "portal").join(", ");
  const everybody = scopes.some((scope) => scope === "portal" || scope === "Watermark" || scope === "Full");
  const cost =
    everybody && objects !== undefined
      ? [`All ${objects} objects under management are evaluated again. ${describeEstimate(objects)}`]
      : [];
  const confirm = scopes.flatMap((scope) => destructive[scope] ?? [])[0];
  return simpleStep(
    client,
    "Restart provisioning",
    [
      {
        method: "POST",
        path: `${jobPath(address)}/restart`,
        purpose: "changeSynchronization",
        body: { criteria: { resetScope } },
      },
    ],
    { warnings: [...scopes.map((scope) => resetEffects[scope]), ...cost], ...(confirm !== undefined && { confirm }) },
  );
}

/** Minutes an initial cycle takes, by the formula of the documentation: 0.01 to 0.08 for each object. */
export function estimateMinutes(objects: number): { readonly from: number; readonly to: number } {
  return { from: Math.ceil(0.01 * objects), to: Math.ceil(0.08 * objects) };
}

function describeEstimate(objects: number): string {
  const { from, to } = estimateMinutes(objects);
  return objects < 1_000
    ? "That usually takes less than half an hour."
    : `By Microsoft's formula that takes ${from} to ${to} minutes.`;
}
