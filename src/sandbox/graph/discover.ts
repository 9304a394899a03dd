import type { DirectoryDefinition } from "@microsoft/microsoft-graph-types";
import { GraphFault, notFound } from "./fault.ts";
import type { ProvisioningJob } from "./provisioningJob.ts";
import { attributeDefinition } from "./templates.ts";
import type { Tenant } from "./tenant.ts";

/**
 * Reads the schema of a directory again: directory extensions of the tenant's users and groups join those that the job's schema
 * knows. The targets of the sandbox do not support it, as custom SCIM applications do not.
 *
 * @throws GraphFault 404 for a directory that the schema does not name, 400 where it is not supported (code inferred)
 */
export function discover(job: ProvisioningJob, tenant: Tenant, directoryId: string, now: Date): DirectoryDefinition {
  const schema = JSON.parse(job.schemaText) as { directories?: DirectoryDefinition[] };
  const directory = (schema.directories ?? []).find(({ id }) => id === directoryId);
  if (directory === undefined) throw notFound(directoryId);
  if (directory.readOnly !== true) {
    throw new GraphFault(400, "DiscoveryNotSupported", "The directory does not support schema discovery.");
  }
  const sources = { User: tenant.users, Group: tenant.groups };
  const objects = (directory.objects ?? []).map((object) => {
    const known = object.attributes ?? [];
    const names = new Set<string>();
    for (const { properties } of sources[object.name === "Group" ? "Group" : "User"].values()) {
      for (const name of Object.keys(properties)) if (/^extension_/.test(name)) names.add(name);
    }
    const added = [...names].filter((name) => !known.some((attribute) => attribute.name === name));
    return { ...object, attributes: [...known, ...added.sort().map((name) => attributeDefinition(name, false))] };
  });
  const discovered = { ...directory, objects, discoveryDateTime: now.toISOString(), version: tenant.newId() };
  const directories = (schema.directories ?? []).map((each) => (each === directory ? discovered : each));
  job.schemaText = JSON.stringify({ ...schema, directories });
  return discovered;
}
