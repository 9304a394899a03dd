import { permissions, type Permission, type Purpose } from "../graph/permissions.ts";

/** What a person does, what that calls, and where it runs. */
const steps: readonly { readonly step: string; readonly purposes: readonly Purpose[]; readonly where: string }[] = [
  {
    step: "See tenants, applications, jobs, mappings, settings",
    purposes: ["readOrganization", "readApplications", "readSynchronization"],
    where: "Microsoft Graph, read",
  },
  {
    step: "Add the gallery application",
    purposes: ["instantiateTemplate", "changeApplication", "changeSynchronization"],
    where: "Microsoft Graph",
  },
  { step: "See assignments", purposes: ["readAssignments"], where: "Microsoft Graph, read" },
  { step: "Assign users and groups", purposes: ["assign", "readUsers", "readGroups"], where: "Microsoft Graph" },
  {
    step: "Tenant URL, token, Test Connection, notification, deletion threshold, scope",
    purposes: ["changeSynchronization"],
    where: "Microsoft Graph; the provisioning service tries the target",
  },
  { step: "Edit mappings and scoping filters", purposes: ["changeSynchronization"], where: "Microsoft Graph" },
  {
    step: "Start, pause, restart, delete the job",
    purposes: ["changeSynchronization"],
    where: "Microsoft Graph; cycles run in the provisioning service",
  },
  {
    step: "Provision on demand",
    purposes: ["changeSynchronization", "readUsers", "readGroups"],
    where: "the provisioning service, at once",
  },
  { step: "Provisioning log", purposes: ["readProvisioningLogs"], where: "Microsoft Graph, read" },
  {
    step: "Preview the next cycle, compare with the log",
    purposes: ["readSynchronization", "readProvisioningLogs", "readUsers", "readGroups"],
    where: "this machine; reads Microsoft Graph and the target",
  },
];

/** Which permissions and roles each step needs and where it runs, as a Markdown table made of the same data as the sign-in. */
export function permissionTable(): string {
  const row = ({ step, purposes, where }: (typeof steps)[number]): string => {
    const of = (pick: (permission: Permission) => readonly string[]): string =>
      [...new Set(purposes.flatMap((purpose) => pick(permissions[purpose])))].join(", ") || "none";
    const least = of(({ delegated }) => delegated.slice(0, 1));
    const application = of(({ application: names }) => names.slice(0, 1));
    // A role counts that opens every call of the step.
    const lists = purposes
      .map((purpose): readonly string[] => permissions[purpose].roles)
      .filter(({ length }) => length > 0);
    const shared = (lists[0] ?? []).filter((role) => lists.every((list) => list.includes(role)));
    const roles = shared.slice(0, 2).join(", ") || "none beyond the permission";
    return `| ${step} | ${least} | ${application} | ${roles} | ${where} |`;
  };
  return [
    "| Step | Permission, signed in | Permission, as an application | Role, any of | Runs in |",
    "|---|---|---|---|---|",
    ...steps.map(row),
  ].join("\n");
}
