import * as l10n from "@vscode/l10n";
import * as z from "zod";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";
import type { Connection } from "./connection.ts";
import { freeName } from "./connection.ts";
import type { ConnectionStore } from "./connectionStore.ts";
import type { TokenStore } from "./tokens.ts";

/** What the variable SCIM_SANDBOX names: a JSON file that says where a service runs, for a window that was started with one. */
const handoverSchema = z.object({
  baseUrl: z.string().min(1),
  token: z.string().min(1),
  name: z.string().min(1).max(80).optional(),
});

/** So many people and groups, so that paging, search and counts can be seen. */
const size = { users: 1000, groups: 25 } as const;

/** The service that this window runs to try everything on. */
export class SandboxHost {
  readonly #connections: ConnectionStore;
  readonly #tokens: TokenStore;
  readonly #changed = new Emitter<boolean>();
  #running: { readonly sandbox: Sandbox; readonly connection: Connection } | undefined;
  /** Carries whether it runs. */
  readonly onDidChange: Listen<boolean> = this.#changed.event;

  constructor(connections: ConnectionStore, tokens: TokenStore) {
    this.#connections = connections;
    this.#tokens = tokens;
  }

  get connection(): Connection | undefined {
    return this.#running?.connection;
  }

  /** Starts the service and connects to it; what already runs is given as it is. */
  async start(): Promise<Connection> {
    if (this.#running !== undefined) return this.#running.connection;
    const sandbox = await startSandbox(size);
    const connection = this.#connect(sandbox.baseUrl, sandbox.token, l10n.t("Sandbox"), "sandbox");
    this.#running = { sandbox, connection };
    this.#changed.fire(true);
    return connection;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    await this.#connections.remove(running.connection);
    await this.#tokens.forget(running.connection.baseUrl);
    await running.sandbox.close();
    this.#changed.fire(false);
  }

  /** Connects to the service that the text of a SCIM_SANDBOX file names. @throws Error that says what is wrong with it */
  adopt(text: string, file: string): Connection {
    const parsed = handoverSchema.safeParse(parseJson(text));
    if (!parsed.success)
      throw new Error(
        l10n.t("SCIM_SANDBOX names {0}, which is no connection: it needs baseUrl and token as JSON.", file),
      );
    const { baseUrl, token, name } = parsed.data;
    return this.#connect(baseUrl, token, name ?? l10n.t("Sandbox"), "session");
  }

  #connect(address: string, token: string, name: string, origin: "sandbox" | "session"): Connection {
    const { baseUrl, dialect } = normalizeBaseUrl(address);
    const taken = this.#connections.all().filter((other) => other.baseUrl !== baseUrl);
    const free = freeName(
      name,
      taken.map((other) => other.name),
    );
    this.#tokens.hold(baseUrl, token);
    const connection: Connection = { name: free, baseUrl, dialect, auth: "token", origin };
    this.#connections.addTransient(connection);
    return connection;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
