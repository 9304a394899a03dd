import { servicePrincipal, type AppRole } from "../graph/types/applications.ts";
import type { GraphClient } from "../graph/client.ts";
import type { Job, JobMapping } from "../job/job.ts";
import { rolesAttribute } from "../mapping/expression/attribute.ts";
import { compileExpression } from "../mapping/expression/compile.ts";

/** A row whose value nobody can know beforehand. */
export interface UnpredictableRow {
  readonly resourceType: "User" | "Group";
  readonly target: string;
  readonly functions: readonly string[];
}

/** Rows that call functions of chance, time or uniqueness are taken out: their values are never guessed. */
export function withoutUnpredictable(job: Job): {
  readonly predictable: Job;
  readonly unpredictable: readonly UnpredictableRow[];
} {
  const unpredictable: UnpredictableRow[] = [];
  const keep = (resourceType: "User" | "Group", rows: readonly JobMapping[]) =>
    rows.filter(({ source, target }) => {
      const functions = "expression" in source ? compileExpression(source.expression).unpredictable : [];
      if (functions.length > 0) unpredictable.push({ resourceType, target, functions });
      return functions.length === 0;
    });
  const predictable = {
    ...job,
    users: { ...job.users, mappings: keep("User", job.users.mappings) },
    groups: { ...job.groups, mappings: keep("Group", job.groups.mappings) },
  };
  return { predictable, unpredictable };
}

/** Whether the users' mappings read `[appRoleAssignments]`. */
export function rolesAreMapped({ users }: Job): boolean {
  return users.mappings.some(
    ({ source }) => "expression" in source && compileExpression(source.expression).attributes.includes(rolesAttribute),
  );
}

/** The roles that an application declares. */
export async function declaredRoles(
  client: GraphClient,
  servicePrincipalId: string,
  signal?: AbortSignal,
): Promise<readonly AppRole[]> {
  const path = `/servicePrincipals/${encodeURIComponent(servicePrincipalId)}?$select=id,appRoles`;
  return (await client.get(path, "readApplications", servicePrincipal, { signal })).appRoles ?? [];
}
