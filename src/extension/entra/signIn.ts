import * as vscode from "vscode";
import type { RequestLog } from "../../http/record.ts";
import type { TokenProvider } from "../../http/token.ts";
import { GraphClient } from "../../graph/client.ts";
import { graphEndpoint } from "../../graph/clouds.ts";
import { scopesFor, type Purpose } from "../../graph/permissions.ts";
import { Disposable } from "../platform/disposable.ts";
import type { EntraAccess } from "./access.ts";
import { providerOf, sessionScopes } from "./access.ts";
import { SignedOutError, signInTrouble } from "./trouble.ts";

/**
 * Signs in with VS Code's own Microsoft accounts. A session is looked for silently; only a person's action opens a sign-in, and
 * asks for no more than that action needs. Tokens stay with VS Code.
 */
export class EntraSignIn extends Disposable implements EntraAccess {
  readonly #log: RequestLog;
  readonly #clients = new Map<string, GraphClient>();
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  /** Sessions came or went. */
  readonly onDidChange = this.#changed.event;
  readonly #wasReset = this.register(new vscode.EventEmitter<void>());
  /** Cloud, tenants or application registration are others now. */
  readonly onDidReset = this.#wasReset.event;

  constructor(log: RequestLog) {
    super();
    this.#log = log;
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("scim.entra")) this.#reset();
      }),
    );
    this.register(
      vscode.authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id.startsWith("microsoft")) this.#changed.fire();
      }),
    );
    this.register({ dispose: () => this.#closeAll() });
  }

  get graphUrl(): string {
    return graphEndpoint(setting("graphUrl", "https://graph.microsoft.com")).graphUrl;
  }

  tenants(): readonly string[] {
    const named = vscode.workspace.getConfiguration("scim.entra").get<unknown>("tenants", []);
    const texts = Array.isArray(named)
      ? named.filter((name) => typeof name === "string").map((name) => name.trim())
      : [];
    const tenants = [...new Set(texts.filter((name) => /^[\w.-]{1,253}$/.test(name)))];
    return tenants.length === 0 ? [""] : tenants;
  }

  async client(tenant: string, purposes: readonly Purpose[], how: "silent" | "ask"): Promise<GraphClient> {
    const { graphUrl } = this;
    const scopes = this.#scopes(tenant, purposes);
    if (how === "ask") await this.#session(scopes, { createIfNone: true });
    else if ((await this.#session(scopes, { silent: true })) === undefined) throw new SignedOutError(tenant);
    const key = [graphUrl, ...scopes].join(" ");
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = new GraphClient({ graphUrl, log: this.#log, token: this.token(tenant, purposes) });
    this.#clients.set(key, client);
    return client;
  }

  token(tenant: string, purposes: readonly Purpose[]): TokenProvider {
    const scopes = this.#scopes(tenant, purposes);
    return async () => {
      const session = await this.#session(scopes, { silent: true });
      if (session === undefined) throw new SignedOutError(tenant);
      return session.accessToken;
    };
  }

  #scopes(tenant: string, purposes: readonly Purpose[]): readonly string[] {
    return sessionScopes(scopesFor(this.graphUrl, purposes), tenant, setting("clientId", ""));
  }

  async #session(
    scopes: readonly string[],
    options: vscode.AuthenticationGetSessionOptions,
  ): Promise<vscode.AuthenticationSession | undefined> {
    const provider = providerOf(this.graphUrl);
    try {
      return await vscode.authentication.getSession(provider, scopes, options);
    } catch (error) {
      throw signInTrouble(error, provider, scopes);
    }
  }

  #reset(): void {
    this.#closeAll();
    this.#wasReset.fire();
  }

  #closeAll(): void {
    for (const client of this.#clients.values()) void client.close();
    this.#clients.clear();
  }
}

function setting(name: string, fallback: string): string {
  const value = vscode.workspace.getConfiguration("scim.entra").get<unknown>(name, fallback);
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? fallback : text;
}
