import * as l10n from "@vscode/l10n";
import { HttpError } from "../../http/errors.ts";
import { MissingTokenError, UntrustedError } from "../connections/trouble.ts";
import type { CommandId } from "./commandTable.ts";

/** The person called it off: nothing is said. */
export class CancelledError extends Error {
  readonly code = "cancelled";
  constructor() {
    super("Cancelled");
    this.name = "CancelledError";
  }
}

/** What a command could not do because of what the person asked for; the message says what and how to mend it. */
export class UserError extends Error {
  readonly code = "user";
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}

/** How an error is shown: once, in one place, with the action that mends it. */
export interface ErrorNotice {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly action?: { readonly title: string; readonly command: CommandId | "workbench.trust.manage" };
  /** Whether it is a defect of ours, so that the log holds the stack. */
  readonly defect: boolean;
}

const hasCode = (error: unknown): error is Error & { readonly code: unknown } =>
  error instanceof Error && "code" in error;

/** Whether an error only says that the person, or a shutdown, called something off. */
export const isCancellation = (error: unknown): boolean =>
  error instanceof CancelledError ||
  (error instanceof HttpError && error.code === "aborted") ||
  (error instanceof Error &&
    (error.name === "AbortError" || error.name === "Canceled" || error.message === "Canceled"));

/** What to show of an error; `undefined` when there is nothing to say. */
export function noticeOf(error: unknown): ErrorNotice | undefined {
  if (isCancellation(error)) return undefined;
  const message = error instanceof Error ? error.message : String(error);
  const showLog = { title: l10n.t("Show Log"), command: "scim.log.show" } as const;
  if (error instanceof UserError) return { severity: "warning", message, defect: false };
  if (error instanceof UntrustedError) {
    const action = { title: l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage" } as const;
    return { severity: "warning", message, action, defect: false };
  }
  if (
    error instanceof MissingTokenError ||
    (error instanceof HttpError && (error.code === "unauthorized" || error.code === "invalidToken"))
  ) {
    const action = { title: l10n.t("Replace Token…"), command: "scim.connection.replaceToken" } as const;
    return { severity: "error", message, action, defect: false };
  }
  if (hasCode(error)) return { severity: "error", message, action: showLog, defect: false };
  return { severity: "error", message: l10n.t("Internal error: {0}", message), action: showLog, defect: true };
}
