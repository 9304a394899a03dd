import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { parseSeed } from "../../sandbox/seed.ts";
import type { Profile } from "../../sandbox/options.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note, writeOut } from "../host.ts";

export interface SandboxCommandOptions {
  readonly port?: number;
  readonly profile: Profile;
  readonly seed?: string;
  readonly users?: number;
  readonly groups?: number;
  readonly latency?: number;
  readonly faults?: string;
}

/** `sandbox`: serves SCIM on loopback until SIGINT or SIGTERM; its first line of output says where and with which token. */
export async function runSandbox(host: CliHost, options: SandboxCommandOptions): Promise<number> {
  const { port, profile, users, groups, latency, faults } = options;
  const seed =
    options.seed === undefined ? undefined : parseSeed(await readFile(resolve(host.cwd, options.seed), "utf8"));
  const sandbox = await startSandbox({
    profile,
    ...(port !== undefined && { port }),
    ...(seed !== undefined && { seed }),
    ...(users !== undefined && { users }),
    ...(groups !== undefined && { groups }),
    ...(latency !== undefined && { latencyMs: latency }),
    ...(faults !== undefined && { faults }),
  });
  try {
    await writeOut(host, `${JSON.stringify({ baseUrl: sandbox.baseUrl, token: sandbox.token })}\n`);
    note(host, `A SCIM sandbox (${profile}) is up. Ctrl-C ends it; what it holds is gone then.`);
    if (!host.signal.aborted) await once(host.signal, "abort");
    return exitCodes.ok;
  } finally {
    await sandbox.close();
  }
}
