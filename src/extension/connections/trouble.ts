import * as l10n from "@vscode/l10n";
import type { HttpErrorCode } from "../../http/errors.ts";
import { HttpError } from "../../http/errors.ts";

/** Why a connection cannot be read now. */
export interface ConnectionTrouble {
  readonly kind: "noToken" | "refused" | "forbidden" | "offline" | "error";
  readonly message: string;
}

/** A connection whose token is not stored, or was lost by the keyring. */
export class MissingTokenError extends Error {
  readonly code = "missingToken";
  constructor(connection: string) {
    super(l10n.t("The token of {0} is not stored on this machine. Replace the token.", connection));
    this.name = "MissingTokenError";
  }
}

/** Restricted Mode: nothing is sent and no secret is read until the workspace is trusted. */
export class UntrustedError extends Error {
  readonly code = "untrusted";
  constructor() {
    super(l10n.t("This workspace is not trusted, so nothing is sent. Trust it to use connections."));
    this.name = "UntrustedError";
  }
}

const kinds: Partial<Record<HttpErrorCode, ConnectionTrouble["kind"]>> = {
  unauthorized: "refused",
  invalidToken: "refused",
  forbidden: "forbidden",
  dns: "offline",
  refused: "offline",
  unreachable: "offline",
  timeout: "offline",
};

/** What an error of a read says about the connection; a row and its action follow from it. */
export function troubleOf(error: unknown): ConnectionTrouble {
  if (error instanceof MissingTokenError) return { kind: "noToken", message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: (error instanceof HttpError ? kinds[error.code] : undefined) ?? "error", message };
}

/** Whether the trouble is of the whole connection, not of one list. */
export const isOfConnection = (trouble: ConnectionTrouble): boolean =>
  trouble.kind === "noToken" || trouble.kind === "refused" || trouble.kind === "offline";
