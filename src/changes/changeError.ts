/** Why a change cannot be made or read. */
export type ChangeErrorCode =
  /** The group belongs to the service: it is never renamed, emptied or deleted. */
  | "systemGroup"
  /** The document lacks an attribute that every resource of its type needs. */
  | "missingAttribute"
  /** The document names another resource than the one it replaces. */
  | "idChanged"
  /** A file of changes does not hold changes. */
  | "invalidChanges";

/** A change that cannot be made; the message can be shown as it stands. */
export class ChangeError extends Error {
  override readonly name = "ChangeError";
  readonly code: ChangeErrorCode;

  constructor(code: ChangeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
