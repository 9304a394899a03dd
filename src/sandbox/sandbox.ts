import { Callers } from "./callers.ts";
import type { Entry, Level } from "./entry.ts";
import { FaultInjector } from "./faults/injector.ts";
import { parseFaultSpec } from "./faults/spec.ts";
import { generate } from "./generate.ts";
import { defaultLimits, defaultSwitches, type Limits, type Profile, type SandboxOptions } from "./options.ts";
import { createPipeline } from "./pipeline.ts";
import { HomeFolders } from "./homeFolders.ts";
import { populate } from "./populate.ts";
import { Random } from "./random.ts";
import { RateLimiter } from "./rateLimit.ts";
import { Renderer } from "./render.ts";
import { RequestLog } from "./requestLog.ts";
import { bases, tokenPaths } from "./routes.ts";
import { Searcher } from "./search.ts";
import { checkSeed } from "./seed.ts";
import { loopback, serve } from "./server.ts";
import { Service } from "./service.ts";
import { Store } from "./store.ts";
import { StoreAccess } from "./storeAccess.ts";
import { SystemGroups } from "./systemGroups.ts";
import { Visibility } from "./visibility.ts";
import { Writer } from "./writer.ts";

/** Where one host of a sandbox is reached. */
export interface SandboxHost {
  /** Scheme, address and port. */
  readonly url: string;
  /** The base URL that a person pastes into a tool. */
  readonly baseUrl: string;
}

/** The bearer tokens of a sandbox. */
export interface SandboxTokens {
  readonly admin: string;
  /** May look at `/Me` and at reduced lists. */
  readonly nonAdmin: string;
  /** The account's SCIM token: 2.1 alone. */
  readonly accountScim: string;
}

/** A running sandbox. */
export interface Sandbox extends SandboxHost {
  readonly profile: Profile;
  /** The administrator's bearer token. */
  readonly token: string;
  readonly tokens: SandboxTokens;
  /** Credentials for the token endpoint (client credentials grant). */
  readonly oauth: { readonly clientId: string; readonly clientSecret: string; readonly tokenUrl: string };
  /** The other Databricks host over the same store, when `companion` was asked for. */
  readonly companion?: SandboxHost;
  /** What is stored, for tests: counts, snapshots and changes behind the client's back. */
  readonly store: StoreAccess;
  /** What was requested, for tests. */
  readonly requests: RequestLog;
  /** Sets other faults from now on, or none; the grammar is that of `parseFaultSpec`. @throws FaultSpecError */
  setFaults(spec?: string): void;
  /** Ends a bearer token at once, as an expired one would be. */
  revoke(token: string): void;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/**
 * Starts a SCIM service on loopback, with the manners of Databricks or with those of RFC 7644. It holds everything in memory.
 * @throws SandboxStartError when the port cannot be had, SeedError when the seed is wrong, FaultSpecError when the faults are.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const profile = options.profile ?? "databricks-workspace";
  const seedNumber = options.seedNumber ?? 1;
  const switches = { ...defaultSwitches(profile), ...options.switches };
  const now = Date.now;
  const random = new Random(seedNumber);
  const store = new Store(profile === "rfc" ? "uuid" : "decimal", random, now);
  const urls = new Map<Level, string>();
  const baseUrl = (level: Level) => urls.get(level) ?? "";
  const renderer = new Renderer(baseUrl);
  const homeFolders = new HomeFolders();
  const system = profile === "rfc" ? undefined : new SystemGroups(store, homeFolders);
  const { level } = bases[profile][0];
  const limits = { ...defaultLimits, ...options.limits };
  const callers = new Callers(now);
  const owner = system && addAdministrator(store, system);
  const seeder = new Writer(store, renderer, {
    switches,
    limits: { ...limits, principals: Infinity, groups: Infinity },
    system,
  });
  populate(seeder, level, checkSeed(options.seed ?? {}));
  populate(seeder, level, checkSeed(generate({ users: options.users ?? 0, groups: options.groups ?? 0, seedNumber })));
  const visibility = new Visibility(store, renderer, now);
  if (switches.consistencyDelayMs > 0) visibility.keepPast();
  const plan = (spec: string | undefined) =>
    spec === undefined ? undefined : new FaultInjector(parseFaultSpec(spec), visibility, now);
  let injector = plan(options.faults);
  const readRandom = new Random(seedNumber);
  const writer = new Writer(store, renderer, { switches, limits: withRoom(limits, store, level), system });
  const searcher = new Searcher(store, renderer, switches);
  const requests = new RequestLog();
  const callersEntry = owner === undefined ? {} : { entry: owner };
  const tokens: SandboxTokens = {
    admin: callers.issue({ kind: "admin", ...callersEntry }, options.token),
    nonAdmin: callers.issue({ kind: "nonAdmin", ...callersEntry }),
    accountScim: callers.issue({ kind: "accountScim", ...callersEntry }),
  };

  const start = async (host: Profile, port: number) => {
    const service = new Service({
      profile: host,
      store,
      renderer,
      searcher,
      writer,
      callers,
      visibility,
      switches,
      baseUrl,
      now,
      me: options.me,
    });
    const base = bases[host][0];
    const server = await serve({
      port,
      latencyMs: options.latencyMs ?? 0,
      bodyBytes: limits.bodyBytes,
      answer: createPipeline({
        service,
        limiter: new RateLimiter(host, switches.rateLimits, now),
        faults: () => injector,
        visibility,
        random: readRandom,
        consistencyDelayMs: switches.consistencyDelayMs,
        requests,
        basePath: base.path,
      }),
    });
    const url = `http://${loopback}:${server.port}`;
    urls.set(base.level, `${url}${base.path}`);
    return { url, baseUrl: `${url}${base.path}`, close: server.close };
  };

  const main = await start(profile, options.port ?? 0);
  const other =
    options.companion === true && profile !== "rfc"
      ? await start(profile === "databricks-workspace" ? "databricks-account" : "databricks-workspace", 0)
      : undefined;
  const clientId = random.uuid();
  return {
    profile,
    url: main.url,
    baseUrl: main.baseUrl,
    token: tokens.admin,
    tokens,
    oauth: {
      clientId,
      clientSecret: callers.register(clientId, { kind: "admin", ...callersEntry }),
      tokenUrl: `${main.url}${tokenPaths[profile]}`,
    },
    ...(other && { companion: { url: other.url, baseUrl: other.baseUrl } }),
    store: new StoreAccess(store, renderer, writer, level, homeFolders),
    requests,
    setFaults: (spec) => {
      injector = plan(spec);
    },
    revoke: (token) => {
      callers.revoke(token);
    },
    close: async () => {
      await Promise.all([main.close(), other?.close()]);
    },
  };
}

/** The sandbox's own principal does not count, and what it starts with may double before it counts as full. */
function withRoom(limits: Limits, store: Store, level: Level): Limits {
  const loaded = store.list(level, "User").length;
  return {
    ...limits,
    principals: Math.max(limits.principals, 2 * loaded) + store.list(level, "ServicePrincipal").length,
    groups: Math.max(limits.groups, 2 * store.list(level, "Group").length),
  };
}

/** The service principal that the tokens act as, an administrator of workspace and account. */
function addAdministrator(store: Store, system: SystemGroups): Entry {
  const entry = store.add({
    type: "ServicePrincipal",
    home: "account",
    levels: ["account", "workspace"],
    shared: { applicationId: "5a0d0b0c-5ca1-4b1e-8000-00000000a001", displayName: "scim-provisioning", active: true },
    own: { account: { roles: [{ value: "account_admin" }] } },
  });
  system.welcome(entry);
  store.changeMembers(system.admins, { add: [entry] });
  return entry;
}
