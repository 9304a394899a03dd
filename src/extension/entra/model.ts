import type { NamedAssignment } from "../../entra/assignments.ts";
import type { JobSettings } from "../../entra/secrets.ts";
import type { ServicePrincipal } from "../../graph/types/applications.ts";
import type { SynchronizationJob } from "../../graph/types/synchronization.ts";
import type { ImportedSchema } from "../../mapping/entra/importSchema.ts";

/** What was read, or why it could not be. */
export type Read<T> =
  | { readonly state: "reading" }
  | { readonly state: "read"; readonly value: T }
  | { readonly state: "failed"; readonly error: unknown };

/** An enterprise application with its provisioning jobs. */
export interface EntraApplication {
  readonly servicePrincipal: ServicePrincipal;
  readonly jobs: readonly SynchronizationJob[];
}

/** A tenant as the view shows it. */
export interface EntraTenant {
  /** Its setting: an id, a domain name, or empty for the home tenant of the account. */
  readonly key: string;
  readonly name: string;
  readonly id: string;
  readonly applications: readonly EntraApplication[];
}

/** Which job is meant. */
export interface EntraJobPlace {
  readonly tenant: string;
  readonly servicePrincipalId: string;
  readonly jobId: string;
}

/** What stands below a job, each part read by itself. */
export interface EntraJobDetails {
  readonly schema: Read<ImportedSchema>;
  readonly settings: Read<JobSettings>;
  readonly assignments: Read<readonly NamedAssignment[]>;
}

/** A row of the Entra view. */
export type EntraRow =
  | { readonly kind: "tenant"; readonly tenant: string }
  | { readonly kind: "noApplications"; readonly tenant: string }
  | { readonly kind: "application"; readonly tenant: string; readonly servicePrincipalId: string }
  | ({ readonly kind: "job" } & EntraJobPlace)
  | JobPartRow
  | ({ readonly kind: "assignment"; readonly at: number } & EntraJobPlace)
  | { readonly kind: "trouble"; readonly of: string; readonly error: unknown };

/** The parts of a job that have a row of their own. */
export const jobParts = [
  "quarantine",
  "cycle",
  "entries",
  "escrows",
  "users",
  "groups",
  "scope",
  "credentials",
  "notification",
  "log",
  "assignments",
] as const;
export type JobPart = (typeof jobParts)[number];

export type JobPartRow = { readonly kind: JobPart } & EntraJobPlace;

export const isPartRow = (row: EntraRow): row is JobPartRow => jobParts.some((part) => part === row.kind);

/** Stays the same when what the row shows changes. */
export function entraRowId(row: EntraRow): string {
  if (row.kind === "trouble") return `trouble/${row.of}`;
  const parts = [
    row.kind,
    row.tenant,
    ...("servicePrincipalId" in row ? [row.servicePrincipalId] : []),
    ...("jobId" in row ? [row.jobId] : []),
    ...("at" in row ? [String(row.at)] : []),
  ];
  return parts.map(encodeURIComponent).join("/");
}
