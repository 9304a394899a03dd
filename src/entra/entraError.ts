import type { MergeConflict } from "./mergeJson.ts";

/** Why an operation of the provisioning service cannot be done, found before or instead of a call. */
export type EntraErrorCode =
  | "noTenant"
  | "unknownApplication"
  | "ambiguousApplication"
  | "unknownTemplate"
  /** The application has no provisioning job, or none that can be told. */
  | "noProvisioning"
  | "ambiguousJob"
  /** The token has to be given again, since the service does not give it back. */
  | "tokenNeeded"
  /** The schema at the service moved since it was read, in the same places. */
  | "schemaConflict"
  | "invalidSchema"
  | "unknownDirectory"
  | "noRole"
  | "notInGroup";

/** An operation that cannot be done; the message says why and what to do. */
export class EntraError extends Error {
  override readonly name: string = "EntraError";
  readonly code: EntraErrorCode;

  constructor(code: EntraErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Somebody else changed the schema at the service in the same places as an edit: each has to be decided. */
export class SchemaConflictError extends EntraError {
  override readonly name = "SchemaConflictError";
  /** What the service has now. */
  readonly current: string;
  readonly conflicts: readonly MergeConflict[];

  constructor(current: string, conflicts: readonly MergeConflict[]) {
    const places = conflicts.slice(0, 5).map(({ place }) => place);
    super(
      "schemaConflict",
      `Somebody else changed the schema at the service since it was read, in the same places: ${places.join("; ")}. Nothing was written. Read it again and decide for each.`,
    );
    this.current = current;
    this.conflicts = conflicts;
  }
}
