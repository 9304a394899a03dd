import {
  importSchema,
  type ImportedObject,
  type ImportedSchema,
  type ImportNote,
} from "../mapping/entra/importSchema.ts";
import { jobSchema, type Job, type JobInput } from "./job.ts";

/** What Microsoft Entra keeps of a provisioning job outside its schema. */
export interface ServiceSettings {
  /** What people call it: the name of the enterprise application. */
  readonly name: string;
  /** The tenant URL (secret `BaseAddress`). */
  readonly baseUrl: string;
  /** Secret `SyncAll`: everybody, or only who is assigned. */
  readonly syncAll: boolean;
  /** Secret `SkipOutOfScopeDeletions`. */
  readonly skipOutOfScopeDeletions?: boolean | undefined;
  /** `SyncNotificationSettings`: deletions of one cycle from which the job is held; absent when that is off. */
  readonly deleteThreshold?: number | undefined;
  readonly tenantId: string;
  readonly servicePrincipalId: string;
  readonly graphUrl?: string | undefined;
}

/** A schema that says something a job cannot, so that a job made of it would decide differently. */
export class UnsupportedSchemaError extends Error {
  readonly code = "unsupportedSchema";
  readonly notes: readonly ImportNote[];

  constructor(notes: readonly ImportNote[]) {
    const texts = notes.map(({ place, message }) => `${place}: ${message}`);
    super(`This schema holds what a job has no words for. ${texts.join(" ")}`);
    this.notes = notes;
  }
}

/**
 * The job that decides as a synchronization schema and the settings of its service do: mappings, actions, scoping filters,
 * scope mode, deletion threshold. Default Access entitles like any role, as the service has treated it since July 2020.
 *
 * @throws SynchronizationSchemaError when the text is no schema, UnsupportedSchemaError when a filter cannot be said
 */
export function jobFromSchema(
  schema: string,
  settings: ServiceSettings,
): { readonly job: Job; readonly notes: readonly ImportNote[] } {
  const imported = importSchema(schema);
  const errors = imported.notes.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new UnsupportedSchemaError(errors);
  return { job: jobSchema.parse(jobInput(imported, settings)), notes: imported.notes };
}

/** What a job file would say; a filter that cannot be said in one is left out. */
export function jobInput({ users, groups }: Omit<ImportedSchema, "notes">, settings: ServiceSettings): JobInput {
  const { name, baseUrl, syncAll, skipOutOfScopeDeletions, deleteThreshold } = settings;
  const { tenantId, servicePrincipalId, graphUrl } = settings;
  return {
    name,
    connection: { baseUrl },
    directory: { type: "graph", tenantId, servicePrincipalId, ...(graphUrl !== undefined && { baseUrl: graphUrl }) },
    scope: {
      mode: syncAll ? "all" : "assigned",
      defaultAccess: "include",
      users: filterOf(users),
      groups: filterOf(groups),
    },
    ...(users && { users: objectOf(users) }),
    ...(groups && { groups: objectOf(groups) }),
    settings: {
      leavingScope: skipOutOfScopeDeletions ? "keep" : "deactivate",
      // The threshold is the first number that is held: 500 lets 499 through. The service counts objects, not shares.
      deletionGuard: {
        enabled: deleteThreshold !== undefined,
        count: Math.max(0, (deleteThreshold ?? 1) - 1),
        percent: 100,
      },
    },
  };
}

type InputObject = NonNullable<JobInput["users"]>;

function objectOf({ enabled, actions, mappings }: ImportedObject): InputObject {
  return {
    enabled,
    actions: [...actions],
    mappings: mappings.map(({ target, source, matching, apply, default: fallback }) => ({
      target,
      source,
      ...(matching !== undefined && { matching }),
      ...(apply !== undefined && { apply }),
      ...(fallback !== undefined && { default: fallback }),
    })),
  };
}

function filterOf(object: ImportedObject | undefined): NonNullable<NonNullable<JobInput["scope"]>["users"]> {
  return (object?.scope ?? []).map(({ title, clauses }) => ({
    ...(title !== undefined && { title }),
    clauses: clauses.map(({ attribute, operator, value }) => ({
      attribute,
      operator,
      ...(value !== undefined && { value }),
    })),
  }));
}
