import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loopback, serve } from "../server.ts";
import { Access } from "./access.ts";
import { GraphService } from "./service.ts";
import { ServiceClock } from "./serviceClock.ts";
import { GraphState } from "./state.ts";
import type { Tenant } from "./tenant.ts";
import { generateTenant, type TenantSeed } from "./tenantSeed.ts";
import { Throttle } from "./throttle.ts";

export interface GraphSandboxOptions {
  /** Default: 0, a free port. */
  readonly port?: number;
  /** Default: 50 generated people in 5 groups. */
  readonly tenant?: Tenant | TenantSeed;
  /**
   * How much faster than the wall's clock the provisioning service runs: 1 keeps its 40 minutes between cycles, 240 makes them
   * ten seconds. With 0 its time stands still, and cycles run only by `runDueCycles`.
   */
  readonly speed?: number;
  /** Most objects of a page. Default: 100. */
  readonly pageSize?: number;
  /** Whether the rates of logs and provisioning on demand are enforced. Default: true. */
  readonly rates?: boolean;
  /** Which of the two documented encodings provisionOnDemand answers in. Default: 1. */
  readonly onDemandEncoding?: 1 | 2;
  /** The time of the service at the start. Default: now. */
  readonly startAt?: Date;
}

/** A running Graph service of ours. */
export interface GraphSandbox {
  /** The origin; requests go to `/v1.0` below it. */
  readonly graphUrl: string;
  readonly tenantId: string;
  /** A token with every permission. */
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenant: Tenant;
  readonly state: GraphState;
  readonly access: Access;
  readonly throttle: Throttle;
  readonly clock: ServiceClock;
  /** Requests so far, as `GET /users/delta`. */
  readonly requests: readonly string[];
  /** Runs the cycles whose time has come, one after the other; gives how many ran. */
  runDueCycles(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts a Microsoft Graph service on loopback: a directory, enterprise applications and their provisioning jobs, in the shapes
 * that Microsoft documents. Everything is in memory but the state of the jobs, which is in a folder that goes with it.
 *
 * @throws SandboxStartError when the port cannot be had
 */
export async function startGraphSandbox(options: GraphSandboxOptions = {}): Promise<GraphSandbox> {
  const { speed = 1, pageSize = 100 } = options;
  const tenant = isTenant(options.tenant) ? options.tenant : generateTenant(options.tenant ?? {});
  const folder = await mkdtemp(join(tmpdir(), "graph-sandbox-"));
  const clock = new ServiceClock(speed, (options.startAt ?? new Date()).getTime());
  const state = new GraphState({ tenant, clock, folder, pageSize, onDemandEncoding: options.onDemandEncoding ?? 1 });
  const access = new Access(tenant.id);
  const throttle = new Throttle(options.rates ?? true, Date.now);
  const requests: string[] = [];
  let origin = "";
  const service = new GraphService({
    state,
    access,
    throttle,
    origin: () => origin,
    onRequest: (method, path) => requests.push(`${method} ${path}`),
  });
  const server = await serve({
    port: options.port ?? 0,
    latencyMs: 0,
    bodyBytes: 16 * 1024 * 1024,
    answer: (request) => service.answer(request),
  });
  origin = `http://${loopback}:${server.port}`;

  const runDueCycles = async (): Promise<number> => {
    let ran = 0;
    for (const job of state.jobs.values()) {
      if (job.nextCycleAt === undefined || job.nextCycleAt > clock.now()) continue;
      await job.cycle();
      ran += 1;
    }
    return ran;
  };
  let running: Promise<unknown> | undefined;
  const tick = () => {
    running ??= runDueCycles().finally(() => (running = undefined));
  };
  const timer = speed > 0 ? setInterval(tick, 250) : undefined;
  const clientId = tenant.newId();
  return {
    graphUrl: origin,
    tenantId: tenant.id,
    token: access.issue(),
    clientId,
    clientSecret: access.register(clientId),
    tenant,
    state,
    access,
    throttle,
    clock,
    requests,
    runDueCycles,
    close: async () => {
      clearInterval(timer);
      for (const job of state.jobs.values()) job.pause();
      await running;
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isTenant(tenant: Tenant | TenantSeed | undefined): tenant is Tenant {
  return tenant !== undefined && "assignments" in tenant;
}
