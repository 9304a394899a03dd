import { ScimError } from "../scim/errors.ts";
import type { Switches } from "./options.ts";
import { jsonReply, scimReply, type Reply } from "./reply.ts";
import type { SandboxRequest } from "./request.ts";
import { findRoute, workspaceId, type Route } from "./routes.ts";
import type { Profile } from "./options.ts";

/** So many requests of a class in so many seconds. */
interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

/** The request rates that Databricks has been seen to allow, by class of call. */
const rates = {
  accountGet: { requests: 20, seconds: 1 },
  accountList: { requests: 240, seconds: 60 },
  accountPatch: { requests: 2, seconds: 1 },
  accountWrite: { requests: 5, seconds: 1 },
  workspaceGet: { requests: 255, seconds: 60 },
  workspaceGroupPatch: { requests: 10, seconds: 60 },
  workspaceGroupDelete: { requests: 35, seconds: 60 },
} as const satisfies Record<string, Rate>;

type CallClass = keyof typeof rates;

/** Refuses requests beyond the rate of their class: one bucket of tokens a class, filled at an even pace. */
export class RateLimiter {
  readonly #profile: Profile;
  readonly #mode: Switches["rateLimits"];
  readonly #now: () => number;
  readonly #buckets = new Map<CallClass, { tokens: number; at: number }>();

  constructor(profile: Profile, mode: Switches["rateLimits"], now: () => number) {
    this.#profile = profile;
    this.#mode = mode;
    this.#now = now;
  }

  /** The answer to a request that comes too soon; `undefined` when it may go on. */
  refuse(request: SandboxRequest): Reply | undefined {
    if (this.#mode === "off") return undefined;
    const call = classify(findRoute(this.#profile, request.path), request.method);
    if (call === undefined) return undefined;
    const wait = this.#take(call);
    return wait === 0 ? undefined : this.#tooMany(wait);
  }

  /** Takes a token; how many milliseconds are missing for one, when there is none. */
  #take(call: CallClass): number {
    const { requests, seconds } = rates[call];
    const now = this.#now();
    const bucket = this.#buckets.get(call) ?? { tokens: requests, at: now };
    const perMillisecond = requests / (seconds * 1000);
    const tokens = Math.min(requests, bucket.tokens + (now - bucket.at) * perMillisecond);
    this.#buckets.set(call, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perMillisecond);
  }

  #tooMany(wait: number): Reply {
    if (this.#mode === "500") {
      const detail = `REQUEST_LIMIT_EXCEEDED: Workspace ${workspaceId} exceeded the concurrent limit of 4 requests.`;
      return scimReply(500, new ScimError(500, detail).toErrorBody());
    }
    return jsonReply(
      429,
      { error_code: "REQUEST_LIMIT_EXCEEDED", message: "Too many requests. Wait before the next one." },
      this.#mode === "429" ? { "retry-after": String(Math.ceil(wait / 1000)) } : {},
    );
  }
}

function classify(route: Route, method: string): CallClass | undefined {
  if (route.kind !== "collection" && route.kind !== "resource") return undefined;
  if (route.level === "account") {
    if (method === "GET") return route.kind === "collection" ? "accountList" : "accountGet";
    return method === "PATCH" ? "accountPatch" : "accountWrite";
  }
  if (method === "GET") return "workspaceGet";
  if (route.type !== "Group") return undefined;
  return method === "PATCH" ? "workspaceGroupPatch" : method === "DELETE" ? "workspaceGroupDelete" : undefined;
}
