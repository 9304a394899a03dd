import { userSchema } from "../schemas/builtin.ts";
import type { AttributeDeparture, Dialect } from "./dialect.ts";

/** Which of Databricks' SCIM services: one workspace, or the account above all workspaces. */
export type DatabricksLevel = "workspace" | "account";

const departures: readonly AttributeDeparture[] = [
  {
    resourceType: "User",
    path: "userName",
    stored: "lower",
    caseSensitiveLookup: true,
    writable: "create",
    note: "Databricks stores user names in lower case and ignores changes of userName.",
  },
  {
    resourceType: "User",
    path: "emails",
    writable: "create",
    derived: true,
    note: "Databricks takes the e-mail address from userName and ignores changes of emails.",
  },
  {
    resourceType: "User",
    path: "displayName",
    derived: true,
    note: "Databricks fills displayName from the name or the user name when it is absent; in a workspace with identity federation only the account can change it.",
  },
  {
    resourceType: "User",
    path: "groups",
    writable: "never",
    note: "Groups of a user change by the members of the group.",
  },
  {
    resourceType: "Group",
    path: "groups",
    writable: "never",
    note: "Parents of a group change by the members of the parent group.",
  },
  {
    resourceType: "ServicePrincipal",
    path: "applicationId",
    writable: "create",
    derived: true,
    note: "Databricks never changes the applicationId of a service principal.",
  },
  {
    resourceType: "ServicePrincipal",
    path: "groups",
    writable: "never",
    note: "Groups of a service principal change by the members of the group.",
  },
];

/** What Databricks keeps of a user (its SCIM API reference, Users); it takes the rest and forgets it. */
const keptOfUsers = new Set([
  ...["userName", "name", "displayName", "active", "emails", "externalId", "groups", "entitlements", "roles"],
  ...["name.givenName", "name.familyName"],
]);

const forgotten: readonly AttributeDeparture[] = [
  ...userSchema.core.attributes.flatMap(({ name, subAttributes = [] }) =>
    name === "name" ? subAttributes.map((part) => `name.${part.name}`) : [name],
  ),
  ...userSchema.extensions.flatMap(({ id, attributes }) => attributes.map(({ name }) => `${id}:${name}`)),
]
  .filter((path) => !keptOfUsers.has(path) && !["id", "meta", "schemas"].includes(path))
  .map((path) => ({
    resourceType: "User",
    path,
    writable: "never",
    note: `Databricks keeps no ${path.slice(path.lastIndexOf(":") + 1)} of users.`,
  }));

/** Account SCIM refuses entitlements with 400 invalidValue: they exist per workspace. */
const accountDepartures: readonly AttributeDeparture[] = (["User", "Group", "ServicePrincipal"] as const).map(
  (resourceType) => ({
    resourceType,
    path: "entitlements",
    writable: "never",
    note: "Databricks manages entitlements in each workspace, not in the account.",
  }),
);

const workspace: Dialect = {
  id: "databricks",
  name: "Databricks workspace",
  resourceTypes: ["User", "Group", "ServicePrincipal"],
  departures: [...departures, ...forgotten],
  patch: {
    removeMember: "filter",
    // No limit is published; groups of some two thousand members in one request have timed out.
    membersPerOperation: 100,
    operationsPerRequest: 50,
    filteredPaths: false,
    booleans: "json",
    operationCase: "lower",
  },
  page: { size: 100, listHasMembers: true },
  filterOperators: ["eq", "ne", "co", "sw"],
  readBackAfterWrite: true,
  etags: false,
  settleMs: 0,
  systemGroups: ["users", "admins"],
  // Workspaces have been seen to refuse the fifth concurrent request.
  rate: { startConcurrency: 2, maxConcurrency: 4 },
  capacity: { users: 10_000, groups: 5_000 },
};

const account: Dialect = {
  ...workspace,
  name: "Databricks account",
  departures: [...departures, ...forgotten, ...accountDepartures],
  patch: { ...workspace.patch, membersPerOperation: 50 },
  page: { size: 100, listHasMembers: false },
  // Reads of groups are served from caches of up to a minute.
  settleMs: 60_000,
  systemGroups: ["account users"],
};

/**
 * The Databricks dialect of one level. Sources: the Databricks API reference (scim/v1), the provisioning tutorial of Azure
 * Databricks, and what Databricks' own SDKs and Terraform provider do.
 */
export function databricks(level: DatabricksLevel): Dialect {
  return level === "account" ? account : workspace;
}
