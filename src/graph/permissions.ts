/** What a call needs; least permission first. */
export interface Permission {
  /** With a person signed in. */
  readonly delegated: readonly string[];
  /** With client credentials. */
  readonly application: readonly string[];
  /** Directory roles of the person, any of them; empty where no role is asked for. */
  readonly roles: readonly string[];
}

const operators = ["Application Administrator", "Cloud Application Administrator"];
const owned = "Application.ReadWrite.OwnedBy";

function permission(
  delegated: readonly string[],
  application: readonly string[] = delegated,
  roles: readonly string[] = [],
) {
  return { delegated, application, roles };
}

/**
 * The permissions of every kind of call that the project makes, by what the call is for.
 * Source: the permission tables of the Microsoft Graph API reference (v1.0); where a page keeps its table in an include, the
 * table of its group of calls stands (inferred).
 */
export const permissions = {
  readTemplates: permission([]),
  instantiateTemplate: permission(["Application.ReadWrite.All"], [owned, "Application.ReadWrite.All"], operators),
  readApplications: permission(["Application.Read.All"]),
  changeApplication: permission(["Application.ReadWrite.All"], [owned, "Application.ReadWrite.All"], operators),
  readAssignments: permission(["Application.Read.All", "Directory.Read.All"]),
  assign: permission(["AppRoleAssignment.ReadWrite.All"], undefined, operators),
  readSynchronization: permission(
    ["Synchronization.Read.All", "Synchronization.ReadWrite.All"],
    [owned, "Synchronization.Read.All", "Synchronization.ReadWrite.All"],
    operators,
  ),
  changeSynchronization: permission(
    ["Synchronization.ReadWrite.All"],
    [owned, "Synchronization.ReadWrite.All"],
    operators,
  ),
  discoverSchema: permission(["Directory.ReadWrite.All"], [owned, "Directory.ReadWrite.All"], operators),
  readProvisioningLogs: permission(["ProvisioningLog.Read.All", "AuditLog.Read.All"], undefined, [
    "Reports Reader",
    "Security Reader",
    "Security Administrator",
    "Global Reader",
    ...operators,
  ]),
  readUsers: permission(["User.Read.All", "Directory.Read.All"]),
  readGroups: permission(["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"]),
  readOrganization: permission(["User.Read", "Organization.Read.All"], ["Organization.Read.All"]),
} as const satisfies Readonly<Record<string, Permission>>;

/** What a call is for, as far as permissions go. */
export type Purpose = keyof typeof permissions;

/** The scope texts that an interactive sign-in asks for, each once: the least that cover all the purposes. */
export function scopesFor(graphUrl: string, purposes: readonly Purpose[]): string[] {
  const least = purposes.flatMap((purpose) => (permissions[purpose] as Permission).delegated.slice(0, 1));
  return [...new Set(least)].map((scope) => `${graphUrl}/${scope}`);
}

/** The permissions of a purpose in words: `Synchronization.Read.All (application: …), and the role …`. */
export function describePermission(purpose: Purpose): string {
  const { delegated, application, roles }: Permission = permissions[purpose];
  if (delegated.length === 0) return "no permission beyond a valid token";
  const [least = ""] = delegated;
  const own = application[0] === least ? "" : ` (as an application: ${application.join(" or ")})`;
  const role = roles.length === 0 ? "" : `; a person also needs a role such as ${roles.slice(0, 2).join(" or ")}`;
  return `${least}${own}${role}`;
}
