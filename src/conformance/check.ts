import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { HttpError } from "../http/errors.ts";
import type { RequestLog, RequestRecord } from "../http/record.ts";
import type { HttpTimeouts } from "../http/request.ts";
import { isLoopback } from "../http/secureUrl.ts";
import type { TokenProvider } from "../http/token.ts";
import { normalizeBaseUrl, type NormalizedBaseUrl } from "../scim/baseUrl.ts";
import { ScimClient } from "../scim/client.ts";
import type { Dialect } from "../scim/dialects/dialect.ts";
import { answerOf, judgeRight, judgeScim, judgeToken, wireCodes, type FirstAnswer } from "./firstAnswer.ts";
import {
  failed,
  probeDiscovery,
  probeFilter,
  probeList,
  probePaging,
  probePermission,
  type Outcome,
} from "./probes.ts";
import type { CheckReport, CheckStep, CheckStepId } from "./report.ts";

export { formatCheck, type CheckReport, type CheckStep } from "./report.ts";

export interface CheckOptions {
  /** As a person typed it. */
  readonly baseUrl: string;
  /** Wins over the one that the address suggests. */
  readonly dialect?: Dialect["id"] | undefined;
  readonly token?: string | TokenProvider | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: Partial<HttpTimeouts> | undefined;
  /** More certificate authorities, PEM. */
  readonly ca?: readonly string[] | undefined;
  readonly log?: RequestLog | undefined;
  /** Called after each step, for progress. */
  readonly onStep?: (step: CheckStep) => void;
}

const titles: Readonly<Record<CheckStepId, string>> = {
  address: "Address",
  connection: "Connection",
  scim: "SCIM service",
  authentication: "Authentication",
  permission: "Permission",
  discovery: "Discovery",
  users: "List users",
  groups: "List groups",
  filter: "Filter",
  paging: "Paging",
};

/**
 * Tests a connection by a ladder of read-only probes, each with what was sent, what came back, and how to mend it. A rung
 * on which the others stand (address, connection, SCIM, authentication) skips the rest when it fails. Never throws for
 * what a service does.
 *
 * @throws HttpError `aborted` when the signal fires
 */
export async function checkConnection(options: CheckOptions): Promise<CheckReport> {
  const ladder = new Ladder(options);
  const target = await ladder.address();
  if (target !== undefined) await ladder.climb(target);
  const steps = ladder.finish();
  return {
    baseUrl: target?.baseUrl ?? options.baseUrl.slice(0, 500),
    dialect: options.dialect ?? target?.dialect ?? "generic",
    vendor: target?.vendor ?? "Unknown service",
    healthy: steps.every(({ status }) => status !== "failed"),
    steps,
  };
}

class Ladder {
  readonly #options: CheckOptions;
  readonly #steps: CheckStep[] = [];
  #records: RequestRecord[] = [];
  #origin = "";
  #blockedBy: CheckStepId | undefined;

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  /** The address as a URL that may get the token, and its name in DNS. */
  async address(): Promise<NormalizedBaseUrl | undefined> {
    let target: NormalizedBaseUrl | undefined;
    await this.#step("address", async () => {
      try {
        target = normalizeBaseUrl(this.#options.baseUrl);
      } catch (error) {
        return failed(error, true);
      }
      const { hostname } = new URL(target.baseUrl);
      if (!(await resolves(hostname))) {
        target = undefined;
        return {
          status: "failed",
          explanation: `The host name ${hostname} cannot be resolved.`,
          fix: "Check the address for typing errors, then DNS, VPN and network.",
          blocks: true,
        };
      }
      this.#origin = new URL(target.baseUrl).origin;
      return { status: "passed", explanation: [`${target.vendor} at ${target.baseUrl}.`, ...target.notes].join(" ") };
    });
    return target;
  }

  async climb(target: NormalizedBaseUrl): Promise<void> {
    const { signal } = this.#options;
    const anonymous = this.#client(target, undefined);
    const client = this.#client(target, this.#options.token);
    try {
      let open = false;
      await this.#step("connection", async () => {
        const answer = await answerOf(anonymous, signal);
        if (answer instanceof HttpError && wireCodes.has(answer.code)) return failed(answer, true);
        open = !(answer instanceof Error);
        return {
          status: "passed",
          explanation: `${this.#origin} can be reached${this.#origin.startsWith("https") ? " over TLS" : ""}.`,
        };
      });

      if (this.#blockedBy !== undefined) return;

      let answer: FirstAnswer | undefined;
      await this.#step("scim", async () => {
        answer = await answerOf(client, signal);
        return judgeScim(answer);
      });
      const first = answer;
      if (first === undefined) return;
      await this.#step("authentication", () => Promise.resolve(judgeToken(first, this.#options.token, open, client)));
      let sample = first instanceof Error ? undefined : first.resources[0];
      await this.#step("permission", async () =>
        first instanceof HttpError && first.code === "forbidden"
          ? judgeRight(first, client)
          : probePermission(client, sample, signal),
      );
      await this.#step("discovery", () => probeDiscovery(client, signal));
      for (const [id, type] of [
        ["users", "User"],
        ["groups", "Group"],
      ] as const) {
        await this.#step(id, async () => {
          const { page, outcome } = await probeList(client, type, signal);
          if (type === "User") sample = page.resources[0];
          return outcome;
        });
      }
      await this.#step("filter", () => probeFilter(client, sample, signal));
      await this.#step("paging", () => probePaging(client, signal));
    } finally {
      await Promise.all([anonymous.close(), client.close()]);
    }
  }

  /** All steps; those that were not reached as skipped. */
  finish(): readonly CheckStep[] {
    const done = new Set(this.#steps.map(({ id }) => id));
    for (const id of Object.keys(titles) as CheckStepId[]) if (!done.has(id)) this.#skip(id);
    return this.#steps;
  }

  async #step(id: CheckStepId, probe: () => Promise<Outcome>): Promise<void> {
    if (this.#blockedBy !== undefined) return;
    const before = this.#records;
    this.#records = [];
    let outcome: Outcome;
    try {
      outcome = await probe();
    } catch (error) {
      if (error instanceof HttpError && error.code === "aborted") throw error;
      outcome = failed(error);
    }
    const { blocks, ...shown } = outcome;
    // A probe that sends nothing of its own judges what the one before it got.
    if (this.#records.length === 0) this.#records = before;
    const sent = this.#records.map(({ method, path }) => `${method} ${this.#origin}${path}`).join("\n");
    const last = this.#records.at(-1)?.status;
    const received = [
      last !== undefined && !shown.received?.startsWith(String(last)) ? String(last) : "",
      shown.received ?? "",
    ]
      .filter((text) => text !== "")
      .join(", ");
    this.#add({ id, title: titles[id], ...shown, ...(sent !== "" && { sent }), ...(received !== "" && { received }) });
    if (blocks === true && outcome.status === "failed") this.#blockedBy = id;
  }

  #skip(id: CheckStepId): void {
    const reason = this.#blockedBy ?? "address";
    this.#add({
      id,
      title: titles[id],
      status: "skipped",
      explanation: `Not tried, since "${titles[reason]}" failed.`,
    });
  }

  #add(step: CheckStep): void {
    this.#steps.push(step);
    this.#options.onStep?.(step);
  }

  #client(target: NormalizedBaseUrl, token: CheckOptions["token"]): ScimClient {
    const { timeouts, ca } = this.#options;
    return new ScimClient({
      baseUrl: target.baseUrl,
      dialect: this.#options.dialect ?? target.dialect,
      token,
      ca,
      // A check is waited for: no long retries, and a service that hangs is a finding.
      attempts: 2,
      timeouts: { headersMs: 20_000, totalMs: 30_000, ...timeouts },
      log: (record) => {
        this.#records.push(record);
        this.#options.log?.(record);
      },
    });
  }
}

/** Whether DNS knows the host. Behind a proxy that is the proxy's business, so nothing is asked then. */
async function resolves(hostname: string): Promise<boolean> {
  const proxied = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"].some(
    (name) => (process.env[name] ?? "") !== "",
  );
  if (proxied || isLoopback(hostname) || isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) return true;
  try {
    await lookup(hostname);
    return true;
  } catch {
    return false;
  }
}
