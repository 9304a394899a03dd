import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import * as z from "zod";

/** One process on one machine; a reused process id is told apart by when the process was started. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** When the process was started, in a form that only this machine compares; absent where the system does not say. */
  started: z.string().exactOptional(),
});

export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** The process that runs this. */
export function thisProcess(): ProcessIdentity {
  const started = startOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(started !== undefined && { started }) };
}

/**
 * Whether a process still runs: `undefined` when this machine cannot tell, since the process is on another one.
 */
export function isAlive(identity: ProcessIdentity): boolean | undefined {
  if (identity.host !== hostname()) return undefined;
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  const started = startOf(identity.pid);
  return identity.started === undefined || started === undefined || started === identity.started;
}

/** Boot id and start time in clock ticks (proc(5), field 22 of /proc/PID/stat); `undefined` where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the command, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie no longer runs; its parent has only not yet taken notice.
    return fields[0] === "Z" ? "ended" : `${boot}:${fields[19] ?? ""}`;
  } catch {
    return undefined;
  }
}
