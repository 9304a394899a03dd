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
  | "noRole"
  | "notInGroup";

/** An operation that cannot be done; the message says why and what to do. */
export class EntraError extends Error {
  override readonly name = "EntraError";
  readonly code: EntraErrorCode;

  constructor(code: EntraErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
