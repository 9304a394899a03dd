import { readProvisioningLog } from "../../src/entra/logs.ts";
import { scorePrediction, type Score } from "../../src/entra/score.ts";
import { whatIf, type WhatIf, type WhatIfOptions } from "../../src/entra/whatIf.ts";
import type { GraphSandboxOptions } from "../../src/sandbox/graph/graphSandbox.ts";
import type { Tenant } from "../../src/sandbox/graph/tenant.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import type { Random } from "../../src/sandbox/random.ts";
import { clientFor, collect, graphFor, scimFor } from "./graphFixture.ts";

const galleryIds = {
  dataBricks: "2f6a3b51-9f0f-4b44-9d4b-0f7d5c0d6a11",
  scim: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
} as const;

/** A tenant with a configured job that is on and has not run yet. */
export async function serviceOver(
  tenant: Tenant,
  options: {
    graph?: GraphSandboxOptions;
    scim?: SandboxOptions;
    flag?: string;
    /** The application of the gallery: Databricks, or a custom one with the generic mappings. */
    template?: "dataBricks" | "scim";
    syncAll?: boolean;
  } = {},
) {
  const graph = await graphFor({ tenant, pageSize: 500, ...options.graph });
  const scim = await scimFor({ profile: "databricks-workspace", ...options.scim });
  const client = clientFor(graph);
  const { template = "dataBricks" } = options;
  const { servicePrincipal } = graph.state.instantiate(galleryIds[template], "Databricks");
  const job = graph.state.createJob(servicePrincipal.id, template);
  graph.state.secretsOf(servicePrincipal.id).replace({
    value: [
      { key: "BaseAddress", value: `${scim.baseUrl}${options.flag ?? ""}` },
      { key: "SecretToken", value: scim.token },
      { key: "SyncAll", value: String(options.syncAll ?? false) },
    ],
  });
  const address = { servicePrincipalId: servicePrincipal.id, jobId: job.id };
  const role = servicePrincipal.appRoles[0]!.id;
  const predict = (more: Partial<WhatIfOptions> = {}): Promise<WhatIf> =>
    whatIf({
      client,
      graphToken: graph.token,
      address,
      applicationName: "Databricks",
      tenantId: graph.tenantId,
      targetToken: () => scim.token,
      now: graph.clock.now(),
      ...more,
    });
  const cycle = async () => {
    graph.clock.advance(40 * 60_000);
    const at = graph.clock.now();
    await graph.runDueCycles();
    return collect(readProvisioningLog(client, { jobId: job.id, since: new Date(at.getTime() - 1) }));
  };
  /** Predicts, lets the service run, and compares. */
  const tried = async (): Promise<Score & { predicted: WhatIf }> => {
    const predicted = await predict();
    return { ...scorePrediction(predicted.plan, await cycle()), predicted };
  };
  job.start();
  return { graph, scim, client, job, address, role, predict, cycle, tried };
}

/** Half of the groups and some people are assigned. */
export function assignSome(tenant: Tenant, servicePrincipalId: string, role: string, random: Random): void {
  const groups = [...tenant.groups.keys()];
  for (const id of groups.slice(0, Math.ceil(groups.length / 2))) tenant.assign(servicePrincipalId, id, role);
  for (const id of tenant.users.keys()) if (random.next() < 0.3) tenant.assign(servicePrincipalId, id, role);
}

/** Every third person gets one of the others as manager. */
export function appointManagers(tenant: Tenant, random: Random): void {
  const users = [...tenant.users.keys()];
  for (const id of users) {
    const manager = random.pick(users);
    if (random.next() < 0.3 && manager !== id) tenant.setManager(id, manager);
  }
}

/**
 * A day in a tenant: people join, leave, are renamed, switched off, moved to other departments and managers; memberships and
 * assignments move.
 */
export function liveOn(tenant: Tenant, servicePrincipalId: string, random: Random): void {
  const users = [...tenant.users.values()].filter(({ removed }) => removed === undefined).map(({ id }) => id);
  const groups = [...tenant.groups.keys()];
  const some = (count: number) => Array.from({ length: count }, () => random.pick(users));
  for (const id of some(users.length / 20)) tenant.updateUser(id, { displayName: `Renamed ${random.integer(1, 99)}` });
  for (const id of some(users.length / 40)) tenant.updateUser(id, { accountEnabled: random.next() < 0.5 });
  for (const id of some(users.length / 20))
    tenant.updateUser(id, { department: random.pick(["Data", "Sales", "Finance"]) });
  for (const id of some(users.length / 40)) {
    const manager = random.pick(users);
    if (manager !== id) tenant.setManager(id, manager);
  }
  for (let joined = 0; joined < users.length / 50; joined++) {
    const name = `new${random.integer(1, 1e9)}`;
    const id = tenant.addUser({ userPrincipalName: `${name}@contoso.com`, displayName: name });
    tenant.addMember(random.pick(groups), id);
  }
  for (const id of new Set(some(users.length / 60))) tenant.removeUser(id);
  for (const id of some(users.length / 30)) tenant.removeMember(random.pick(groups), id);
  const assigned = tenant.assignmentsTo(servicePrincipalId).filter(({ principalType }) => principalType === "User");
  for (const { id } of assigned.slice(0, Math.ceil(assigned.length / 20))) tenant.assignments.delete(id);
}
