import type { Readable, Writable } from "node:stream";

/** What the command line stands on: handed in, so that a test can run a command without a process. */
export interface CliHost {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Results, and nothing else. */
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Progress and diagnostics. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by SIGINT and SIGTERM: what runs stops within the requests in flight. */
  readonly signal: AbortSignal;
}

/** The exit codes that scripts rely on. */
export const exitCodes = {
  ok: 0,
  error: 1,
  /** `plan`: there are changes. */
  changes: 2,
  /** `push`, `cycle`: some objects failed. */
  someFailed: 3,
  /** `push`, `cycle`: held by the deletion guard. */
  held: 4,
  interrupted: 130,
} as const;

/** A mistake in how a command was called; its message is all that the person sees. */
export class UsageError extends Error {
  readonly code = "usage";
}

/** Writes to standard output and waits while the reader is slower than we are. */
export async function writeOut(host: CliHost, text: string): Promise<void> {
  if (host.stdout.write(text)) return;
  await new Promise<void>((resolve) => host.stdout.once("drain", resolve));
}

/** One line of diagnostics on standard error. */
export function note(host: CliHost, text: string): void {
  host.stderr.write(`${text}\n`);
}

/** Whether colour is welcome on a stream: a terminal, and nobody said NO_COLOR (https://no-color.org). */
export function wantsColour(host: CliHost, stream: { readonly isTTY?: boolean }): boolean {
  if (host.env["NO_COLOR"] !== undefined && host.env["NO_COLOR"] !== "") return false;
  if (host.env["FORCE_COLOR"] !== undefined && host.env["FORCE_COLOR"] !== "0") return true;
  return stream.isTTY === true && host.env["TERM"] !== "dumb";
}
