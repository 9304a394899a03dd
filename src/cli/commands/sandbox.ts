import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { startGraphSandbox, type GraphSandbox } from "../../sandbox/graph/graphSandbox.ts";
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
  /** A Microsoft Graph service beside it. */
  readonly entra?: boolean;
  /** How much faster than the wall's clock its provisioning service runs. */
  readonly speed?: number;
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
    ...(users !== undefined && !options.entra && { users }),
    ...(groups !== undefined && !options.entra && { groups }),
    ...(latency !== undefined && { latencyMs: latency }),
    ...(faults !== undefined && { faults }),
  });
  let graph: GraphSandbox | undefined;
  try {
    if (options.entra) {
      // The people are those of the tenant; the target starts empty and is provisioned from it.
      graph = await startGraphSandbox({
        speed: options.speed ?? 1,
        tenant: { users: users ?? 50, groups: groups ?? 5 },
      });
    }
    const entra = graph && {
      graphUrl: graph.graphUrl,
      graphToken: graph.token,
      tenantId: graph.tenantId,
      clientId: graph.clientId,
      clientSecret: graph.clientSecret,
    };
    await writeOut(host, `${JSON.stringify({ baseUrl: sandbox.baseUrl, token: sandbox.token, ...entra })}\n`);
    note(host, `A SCIM sandbox (${profile}) is up. Ctrl-C ends it; what it holds is gone then.`);
    if (!host.signal.aborted) await once(host.signal, "abort");
    return exitCodes.ok;
  } finally {
    await graph?.close();
    await sandbox.close();
  }
}
