import { ScimError } from "../scim/errors.ts";
import { printable } from "./table.ts";

const longest = 4_000;

/**
 * An error as a person reads it: what happened and how to mend it, in one paragraph. Every error of ours says so itself; a
 * fault of ours that does not is named as one. Set SCIM_DEBUG=1 for the stack.
 */
export function explainError(error: unknown, env: Readonly<Record<string, string | undefined>>): string {
  if (!(error instanceof Error)) return `Something failed: ${printable(String(error)).slice(0, longest)}`;
  const lines = error.message.split("\n").map(printable).join("\n").slice(0, longest);
  if (error instanceof ScimError) return serviceMessage(error, lines);
  const text = "code" in error ? fileMessage(error as NodeJS.ErrnoException, lines) : `Unexpected error: ${lines}`;
  return env["SCIM_DEBUG"] === "1" && error.stack ? `${text}\n${error.stack}` : text;
}

/** What a service says of its own failure is rarely enough: with the status, and what to try. */
function serviceMessage({ status }: ScimError, said: string): string {
  const fix =
    status >= 500
      ? "Try again later; if it stays so, report it to the vendor."
      : "Check the request, the base URL, and what the token may do.";
  return said.startsWith("The service answered") ? `${said} ${fix}` : `The service answered ${status}: ${said} ${fix}`;
}

/** Errors of the file system carry a system call; their message alone does not say what to do. */
function fileMessage(error: NodeJS.ErrnoException, message: string): string {
  if (error.syscall === undefined) return message;
  const where = error.path === undefined ? "" : ` ${error.path}`;
  switch (error.code ?? "") {
    case "ENOENT":
      return `There is no file${where}. Check the path.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `No right to use${where} (${error.code}). Change its permissions, or choose another place.`;
    case "ENOSPC":
      return `The disk is full; writing${where} stopped. Free some space and run the command again.`;
    case "EISDIR":
      return `${where.trim()} is a folder, not a file. Name a file in it.`;
    default:
      return message;
  }
}
