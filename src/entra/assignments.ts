import { sendBatch } from "../graph/batch.ts";
import { GraphError } from "../graph/errors.ts";
import type { GraphClient, GraphRequest } from "../graph/client.ts";
import { appRoleName, AppRoles } from "../directory/graph/appRoles.ts";
import {
  appRoleAssignment,
  defaultAccessRoleId,
  type AppRole,
  type AppRoleAssignment,
  type ServicePrincipal,
} from "../graph/types/applications.ts";
import { EntraError } from "./entraError.ts";
import { previewCall, simpleStep, type Step } from "./step.ts";

/** Who is assigned, with the role by name. */
export interface NamedAssignment {
  readonly assignment: AppRoleAssignment;
  readonly role: string;
  readonly defaultAccess: boolean;
}

/** Every assignment of an application. Recently added or removed ones can lag. */
export async function listAssignments(
  client: GraphClient,
  application: ServicePrincipal,
  signal?: AbortSignal,
): Promise<NamedAssignment[]> {
  const path = `/servicePrincipals/${encodeURIComponent(application.id)}/appRoleAssignedTo?$top=999`;
  const all = await client.all(path, "readAssignments", appRoleAssignment, { signal });
  const roles = new AppRoles(application.appRoles ?? []);
  return all.map((assignment) => ({
    assignment,
    role: roles.nameOf(assignment.appRoleId),
    defaultAccess: assignment.appRoleId === defaultAccessRoleId,
  }));
}

/** Roles that people and groups can be assigned with. */
export function assignableRoles(application: ServicePrincipal): AppRole[] {
  return (application.appRoles ?? []).filter(
    ({ isEnabled, allowedMemberTypes }) => isEnabled !== false && (allowedMemberTypes ?? ["User"]).includes("User"),
  );
}

/** What became of one principal. */
export interface AssignResult {
  readonly principalId: string;
  readonly outcome: "assigned" | "already" | "failed";
  readonly message?: string;
}

/**
 * Tutorial step: assigns users and groups with a real role. Without a role, Default Access is assigned, which only applications
 * without roles take, and which the tutorial's rule skips as not effectively entitled.
 *
 * @throws EntraError `noRole` when no role is named and the application has some
 */
export function assign(
  client: GraphClient,
  application: ServicePrincipal,
  principals: readonly { readonly id: string; readonly name: string; readonly type: "User" | "Group" }[],
  role?: AppRole,
): Step<AssignResult[]> {
  const roles = assignableRoles(application);
  if (role === undefined && roles.length > 0) {
    const names = roles.map(appRoleName).join(", ");
    throw new EntraError(
      "noRole",
      `Choose the role to assign with: ${names}. Default Access is only possible for applications without roles.`,
    );
  }
  const requests = principals.map(({ id }): GraphRequest => ({
    method: "POST",
    path: `/servicePrincipals/${encodeURIComponent(application.id)}/appRoleAssignedTo`,
    purpose: "assign",
    body: { principalId: id, resourceId: application.id, appRoleId: role?.id ?? defaultAccessRoleId },
  }));
  const groups = principals.filter(({ type }) => type === "Group");
  const warnings = [
    ...(role === undefined
      ? [
          "The role will be Default Access. Databricks' tutorial: who has only that role is skipped as not effectively entitled.",
        ]
      : []),
    ...(groups.length > 0
      ? [
          "A group brings its direct members only: nested groups are not provisioned. Assigning groups needs Microsoft Entra ID P1 or P2.",
        ]
      : []),
  ];
  return {
    title: `Assign ${principals.map(({ name }) => name).join(", ")} as ${role === undefined ? "Default Access" : appRoleName(role)}`,
    calls: requests.map(previewCall),
    warnings,
    run: async (signal) => {
      const results = await sendBatch(client, requests, { signal });
      return results.map((result, at): AssignResult => {
        const principalId = principals[at]?.id ?? "";
        if (result.ok) return { principalId, outcome: "assigned" };
        // Assigning twice fails; the wish is fulfilled all the same.
        if (result.error instanceof GraphError && result.error.code === "conflict")
          return { principalId, outcome: "already" };
        return { principalId, outcome: "failed", message: result.error.message };
      });
    },
  };
}

/** Takes assignments back. Who was provisioned is deactivated by the next cycle. */
export function unassign(
  client: GraphClient,
  application: ServicePrincipal,
  assignments: readonly AppRoleAssignment[],
): Step {
  const names = assignments
    .map(({ principalDisplayName, principalId }) => principalDisplayName ?? principalId)
    .join(", ");
  const base = `/servicePrincipals/${encodeURIComponent(application.id)}/appRoleAssignedTo`;
  return simpleStep(
    client,
    `Remove the assignment of ${names}`,
    assignments.map(({ id }): GraphRequest => ({
      method: "DELETE",
      path: `${base}/${encodeURIComponent(id)}`,
      purpose: "assign",
      idempotent: true,
    })),
    { warnings: ["Who was provisioned through it is deactivated in the next cycle."] },
  );
}

/** Warnings about who is assigned with the Default Access role only. */
export function defaultAccessWarnings(assignments: readonly NamedAssignment[]): string[] {
  const real = new Set(
    assignments.filter((each) => !each.defaultAccess).map(({ assignment }) => assignment.principalId),
  );
  const names = assignments
    .filter(({ defaultAccess, assignment }) => defaultAccess && !real.has(assignment.principalId))
    .map(({ assignment }) => assignment.principalDisplayName ?? assignment.principalId);
  return names.length === 0
    ? []
    : [
        `Only Default Access: ${names.join(", ")}. Assign a real role: by the tutorial's rule these are skipped as not effectively entitled.`,
      ];
}
