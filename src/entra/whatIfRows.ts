import { servicePrincipal } from "../graph/types/applications.ts";
import type { GraphClient } from "../graph/client.ts";
import type { Job, JobMapping } from "../job/job.ts";
import { rolesAttribute } from "../mapping/expression/attribute.ts";
import { compileExpression } from "../mapping/expression/compile.ts";
import type { LegacyRoles } from "./requestDialect.ts";

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

/** The function by which the users' mappings read `[appRoleAssignments]`; `undefined` where none does. */
export function roleFunction({ users }: Job): string | undefined {
  for (const { source } of users.mappings) {
    if (!("expression" in source)) continue;
    const { attributes, root } = compileExpression(source.expression);
    if (attributes.includes(rolesAttribute)) return root.kind === "call" ? root.name : "";
  }
  return undefined;
}

/**
 * The roles that are added as texts: without the flag, for every function but the one that replaces all roles.
 *
 * @param name of `roleFunction`
 */
export async function legacyRoles(
  client: GraphClient,
  servicePrincipalId: string,
  name: string | undefined,
  signal?: AbortSignal,
): Promise<LegacyRoles | undefined> {
  if (name === undefined || name === "AssertiveAppRoleAssignmentsComplex") return undefined;
  const path = `/servicePrincipals/${encodeURIComponent(servicePrincipalId)}?$select=id,appRoles`;
  const { appRoles } = await client.get(path, "readApplications", servicePrincipal, { signal });
  return { declared: appRoles ?? [], one: name === "SingleAppRoleAssignment" };
}
