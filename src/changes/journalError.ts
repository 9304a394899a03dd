/** Why a journal cannot be written or read. */
export type JournalErrorCode = "noSpace" | "readOnly" | "io" | "damaged" | "closed";

/** The journal failed. While it does, nothing is sent: a change without a record could not be found again or undone. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  readonly code: JournalErrorCode;
  readonly path: string;
  readonly fix: string;

  constructor(code: JournalErrorCode, path: string, what: string, fix: string, cause?: unknown) {
    super(`${what} ${fix}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.fix = fix;
  }
}

/** Names the cause of a failed file operation on the journal. */
export function journalError(error: unknown, path: string): JournalError {
  if (error instanceof JournalError) return error;
  const system = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  switch (system) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new JournalError(
        "noSpace",
        path,
        `There is no room to write the journal ${path} (${system}).`,
        "Free space on that disk, then resume.",
        error,
      );
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new JournalError(
        "readOnly",
        path,
        `The journal ${path} cannot be written (${system}).`,
        "Make the folder writable for you, then resume.",
        error,
      );
    default:
      return new JournalError(
        "io",
        path,
        `The journal ${path} failed (${system}).`,
        "Check the disk and the folder, then resume.",
        error,
      );
  }
}
