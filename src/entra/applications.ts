import * as z from "zod";
import { sendBatch } from "../graph/batch.ts";
import { GraphError } from "../graph/errors.ts";
import { odataQuery, odataText, type GraphClient, type GraphRequest } from "../graph/client.ts";
import {
  applicationServicePrincipal,
  applicationTemplate,
  servicePrincipal,
  type ApplicationTemplate,
  type ServicePrincipal,
} from "../graph/types/applications.ts";
import { organization } from "../graph/types/directory.ts";
import { synchronizationJob, type SynchronizationJob } from "../graph/types/synchronization.ts";
import { EntraError } from "./entraError.ts";
import { previewCall, simpleStep, type Step } from "./step.ts";

/** The gallery application of the tutorial. Its template id is not published: it is looked up by this name. */
export const databricksTemplateName = "Azure Databricks SCIM Provisioning Connector";

/** An enterprise application and its provisioning jobs; a service principal normally carries one. */
export interface ProvisionedApplication {
  readonly servicePrincipal: ServicePrincipal;
  readonly jobs: readonly SynchronizationJob[];
}

/** The tenant that the token belongs to. */
export async function readTenant(client: GraphClient, signal?: AbortSignal) {
  const [first] = await client.all("/organization?$select=id,displayName", "readOrganization", organization, {
    signal,
  });
  if (first === undefined) throw new EntraError("noTenant", "Microsoft Graph names no tenant for this token.");
  return first;
}

/**
 * The enterprise applications that have a provisioning job. Each application has to be asked for its jobs; that is done in
 * batches, and applications without provisioning are left out.
 *
 * @param onProgress told how many applications were asked
 */
export async function listProvisionedApplications(
  client: GraphClient,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<ProvisionedApplication[]> {
  const { signal, onProgress } = options;
  // Enterprise applications that a person sees in the portal carry this tag.
  const filter = "tags/any(t:t eq 'WindowsAzureActiveDirectoryIntegratedApp')";
  const query = odataQuery({
    $filter: filter,
    $select: "id,appId,displayName,appRoles,appRoleAssignmentRequired",
    $top: 100,
  });
  const all = await client.all(`/servicePrincipals${query}`, "readApplications", servicePrincipal, { signal });
  const requests = all.map((each): GraphRequest => ({
    method: "GET",
    path: `${synchronization(each.id)}/jobs`,
    purpose: "readSynchronization",
  }));
  const results = await sendBatch(client, requests, { signal, onProgress: (done) => onProgress?.(done, all.length) });
  const found: ProvisionedApplication[] = [];
  for (const [at, result] of results.entries()) {
    const application = all[at];
    if (application === undefined) continue;
    if (!result.ok) {
      if (result.error.code === "notFound" || result.error.code === "badRequest") continue;
      throw result.error;
    }
    const parsed = z.looseObject({ value: z.array(synchronizationJob) }).safeParse(result.body);
    if (parsed.success && parsed.data.value.length > 0) {
      found.push({ servicePrincipal: application, jobs: parsed.data.value });
    }
  }
  return found;
}

/**
 * The enterprise application that a person names: the object id of its service principal, its application id, or its name.
 * @throws EntraError `unknownApplication`, `ambiguousApplication`
 */
export async function findApplication(
  client: GraphClient,
  name: string,
  signal?: AbortSignal,
): Promise<ServicePrincipal> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name)) {
    try {
      return await client.get(`/servicePrincipals/${name}`, "readApplications", servicePrincipal, { signal });
    } catch (error) {
      if (!(error instanceof GraphError) || error.code !== "notFound") throw error;
    }
  }
  const filter = `displayName eq ${odataText(name)} or appId eq ${odataText(name)}`;
  const found = await client.all(
    `/servicePrincipals${odataQuery({ $filter: filter })}`,
    "readApplications",
    servicePrincipal,
    { signal },
  );
  const [first, ...others] = found;
  if (first === undefined) {
    throw new EntraError(
      "unknownApplication",
      `There is no enterprise application "${name}". Check its name, or give the object id of its service principal.`,
    );
  }
  if (others.length > 0) {
    const ids = found.map(({ id }) => id).join(", ");
    throw new EntraError(
      "ambiguousApplication",
      `${found.length} enterprise applications are called "${name}". Name one by its object id: ${ids}.`,
    );
  }
  return first;
}

/** The gallery application of a name. @throws EntraError `unknownTemplate` */
export async function findTemplate(
  client: GraphClient,
  displayName: string,
  signal?: AbortSignal,
): Promise<ApplicationTemplate> {
  const path = `/applicationTemplates${odataQuery({ $filter: `displayName eq ${odataText(displayName)}` })}`;
  const [first] = await client.all(path, "readTemplates", applicationTemplate, { signal });
  if (first !== undefined) return first;
  throw new EntraError("unknownTemplate", `The gallery has no application "${displayName}" in this cloud.`);
}

/** Tutorial step 1: adds a gallery application. Not repeatable, so an application of the same name is warned of. */
export async function addApplication(
  client: GraphClient,
  template: ApplicationTemplate,
  displayName: string,
): Promise<Step<ServicePrincipal>> {
  const filter = `displayName eq ${odataText(displayName)}`;
  const same = await client.all(
    `/servicePrincipals${odataQuery({ $filter: filter })}`,
    "readApplications",
    servicePrincipal,
  );
  const request: GraphRequest = {
    method: "POST",
    path: `/applicationTemplates/${encodeURIComponent(template.id)}/instantiate`,
    purpose: "instantiateTemplate",
    body: { displayName },
  };
  return {
    title: `Add ${template.displayName ?? "the gallery application"} as "${displayName}"`,
    calls: [previewCall(request)],
    warnings: same.map(
      ({ id }) => `An enterprise application of this name exists already (${id}); a second one would be added.`,
    ),
    run: async (signal) => (await client.call(request, applicationServicePrincipal, signal)).servicePrincipal,
  };
}

/** Whether only assigned people can sign in to the application; Databricks advises No, since its users sign in by other ways. */
export function setAssignmentRequired(client: GraphClient, id: string, required: boolean): Step {
  return simpleStep(client, `Set "Assignment required" to ${required ? "Yes" : "No"}`, [
    {
      method: "PATCH",
      path: `/servicePrincipals/${encodeURIComponent(id)}`,
      purpose: "changeApplication",
      body: { appRoleAssignmentRequired: required },
      idempotent: true,
    },
  ]);
}

/** Where the synchronization of a service principal is. */
export function synchronization(servicePrincipalId: string): string {
  return `/servicePrincipals/${encodeURIComponent(servicePrincipalId)}/synchronization`;
}
