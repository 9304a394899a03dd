import { join } from "node:path";
import type { ProvisioningObjectSummary } from "@microsoft/microsoft-graph-types";
import { GraphFault, notFound } from "./fault.ts";
import { ProvisioningJob } from "./provisioningJob.ts";
import { Secrets } from "./secretStore.ts";
import type { ServiceClock } from "./serviceClock.ts";
import { gallery, templateSchema, type GalleryApplication } from "./templates.ts";
import type { Tenant } from "./tenant.ts";

/** Everything that the service holds beside the directory: jobs, secrets, logs. */
export class GraphState {
  readonly tenant: Tenant;
  readonly clock: ServiceClock;
  readonly jobs = new Map<string, ProvisioningJob>();
  readonly log: (ProvisioningObjectSummary & { id: string })[] = [];
  readonly pageSize: number;
  readonly onDemandEncoding: 1 | 2;
  readonly #secrets = new Map<string, Secrets>();
  readonly #templates = new Map<string, GalleryApplication>();
  readonly #folder: string;

  constructor(options: {
    readonly tenant: Tenant;
    readonly clock: ServiceClock;
    readonly folder: string;
    readonly pageSize: number;
    readonly onDemandEncoding: 1 | 2;
  }) {
    this.tenant = options.tenant;
    this.clock = options.clock;
    this.pageSize = options.pageSize;
    this.onDemandEncoding = options.onDemandEncoding;
    this.#folder = options.folder;
  }

  /** Adds an application and its service principal from the gallery. */
  instantiate(templateId: string, displayName: string) {
    const template = gallery.find(({ id }) => id === templateId);
    if (template === undefined) throw notFound(templateId);
    const appId = this.tenant.newId();
    const roles = [
      {
        id: this.tenant.newId(),
        displayName: "User",
        value: null,
        description: "User",
        allowedMemberTypes: ["User"],
        isEnabled: true,
        origin: "Application",
      },
      {
        id: this.tenant.newId(),
        displayName: "msiam_access",
        value: null,
        description: "msiam_access",
        allowedMemberTypes: ["User"],
        isEnabled: true,
        origin: "Application",
      },
    ];
    const application = { id: this.tenant.newId(), appId, displayName, applicationTemplateId: templateId };
    const servicePrincipal = {
      id: this.tenant.newId(),
      appId,
      displayName,
      applicationTemplateId: templateId,
      appRoleAssignmentRequired: true,
      accountEnabled: true,
      servicePrincipalType: "Application",
      appRoles: roles,
      tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
    };
    this.tenant.applications.set(application.id, application);
    this.tenant.servicePrincipals.set(servicePrincipal.id, servicePrincipal);
    this.#templates.set(servicePrincipal.id, template);
    return { application, servicePrincipal };
  }

  /** The template that a service principal came from. @throws GraphFault 404 when it has no provisioning */
  templateOf(servicePrincipalId: string): GalleryApplication {
    if (!this.tenant.servicePrincipals.has(servicePrincipalId)) throw notFound(servicePrincipalId);
    const template = this.#templates.get(servicePrincipalId);
    if (template === undefined) {
      throw new GraphFault(404, "NotFound", "The application does not support provisioning.");
    }
    return template;
  }

  secretsOf(servicePrincipalId: string): Secrets {
    this.templateOf(servicePrincipalId);
    let secrets = this.#secrets.get(servicePrincipalId);
    if (secrets === undefined) this.#secrets.set(servicePrincipalId, (secrets = new Secrets()));
    return secrets;
  }

  jobsOf(servicePrincipalId: string): ProvisioningJob[] {
    if (!this.tenant.servicePrincipals.has(servicePrincipalId)) throw notFound(servicePrincipalId);
    return [...this.jobs.values()].filter((job) => job.servicePrincipalId === servicePrincipalId);
  }

  jobOf(servicePrincipalId: string, jobId: string): ProvisioningJob {
    const job = this.jobsOf(servicePrincipalId).find(({ id }) => id === jobId);
    if (job === undefined) throw notFound(jobId);
    return job;
  }

  createJob(servicePrincipalId: string, templateId: string): ProvisioningJob {
    const template = this.templateOf(servicePrincipalId);
    if (template.synchronizationTemplateId !== templateId) throw notFound(templateId);
    const id = `${templateId}.${this.tenant.id.replaceAll("-", "")}.${this.tenant.newId()}`;
    const job = new ProvisioningJob({
      id,
      templateId,
      tenant: this.tenant,
      servicePrincipalId,
      secrets: this.secretsOf(servicePrincipalId),
      clock: this.clock,
      schema: templateSchema(template),
      folder: join(this.#folder, id),
      onLog: (entries) => {
        for (const entry of entries) this.log.push({ ...entry, id: entry.id ?? "" });
      },
    });
    this.jobs.set(id, job);
    return job;
  }
}
