import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { checkConnection, type CheckReport, type CheckStep } from "../../conformance/check.ts";
import type { DirectorySettings } from "../../directory/settings.ts";
import { graphEndpoint } from "../../graph/clouds.ts";
import type { RequestLog, RequestRecord } from "../../http/record.ts";
import type { Job } from "../../job/job.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import type { ResourceSchema } from "../../scim/schema.ts";
import type { Clients } from "../connections/clients.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import type { TokenStore } from "../connections/tokens.ts";
import { MissingTokenError, UntrustedError } from "../connections/trouble.ts";

export interface ServiceAccessOptions {
  readonly connections: ConnectionStore;
  readonly tokens: TokenStore;
  readonly clients: Clients;
  /** Where the requests to a connection are logged. */
  readonly log: (connection: string) => RequestLog;
  /** The account by which Microsoft Entra ID is read. */
  readonly entra: {
    readonly token: (graphUrl: string, tenantId: string) => Promise<string>;
    /** Opens a sign-in where there is no session: upon a person's action only. */
    readonly signIn: (graphUrl: string, tenantId: string) => Promise<void>;
  };
}

/** What the job editor may ask of services: nothing without trust, and a token only for the address it was stored for. */
export class ServiceAccess {
  readonly #options: ServiceAccessOptions;

  constructor(options: ServiceAccessOptions) {
    this.#options = options;
  }

  /** The connection that has the address of a job, in whatever form the job writes it. */
  connection(baseUrl: string): Connection | undefined {
    try {
      return this.#options.connections.byUrl(normalizeBaseUrl(baseUrl).baseUrl);
    } catch {
      return undefined;
    }
  }

  /**
   * @param refused the token that the service has refused
   * @param tenantId of an address of Microsoft Graph
   * @throws UntrustedError, MissingTokenError, SignedOutError
   */
  async token(baseUrl: string, refused?: string, tenantId?: string): Promise<string | undefined> {
    if (!vscode.workspace.isTrusted) throw new UntrustedError();
    if (tenantId !== undefined) return await this.#options.entra.token(baseUrl, tenantId);
    const address = normalizeBaseUrl(baseUrl).baseUrl;
    const connection = this.#options.connections.byUrl(address);
    if (connection !== undefined) return await this.#options.clients.token(connection)(refused);
    const secret = await this.#options.tokens.get(address);
    if (secret === undefined) throw new MissingTokenError(address);
    return secret;
  }

  /** Lets a person sign in to what a directory is read from, where it needs that. @throws UntrustedError */
  async signIn(directory: DirectorySettings): Promise<void> {
    if (directory.type !== "graph") return;
    await this.#options.entra.signIn(graphEndpoint(directory.baseUrl).graphUrl, directory.tenantId);
  }

  /** Why nothing can be read from a service now; undefined when it can. */
  async unreadable(baseUrl: string): Promise<string | undefined> {
    if (!vscode.workspace.isTrusted) return l10n.t("The workspace is not trusted.");
    const connection = this.connection(baseUrl);
    if (connection === undefined) return l10n.t("There is no connection to this service.");
    const token = await this.#options.tokens.get(connection.baseUrl);
    return token === undefined ? l10n.t("No token is stored for this connection.") : undefined;
  }

  /** Logs a request that was sent elsewhere than through a client of the window. */
  logRequest(baseUrl: string, record: RequestRecord): void {
    this.#options.log(this.connection(baseUrl)?.name ?? new URL(baseUrl).host)(record);
  }

  /** What the service says of its resources; undefined when it is not connected or cannot be asked. */
  async schemas(baseUrl: string): Promise<{ users: ResourceSchema; groups: ResourceSchema } | undefined> {
    const connection = this.connection(baseUrl);
    if (connection === undefined || !vscode.workspace.isTrusted) return undefined;
    if ((await this.#options.tokens.get(connection.baseUrl)) === undefined) return undefined;
    const { clients } = this.#options;
    return { users: await clients.schema(connection, "User"), groups: await clients.schema(connection, "Group") };
  }

  /** Tests the connection of a job by read-only probes. @throws UntrustedError */
  async test(job: Job, onStep: (step: CheckStep) => void): Promise<CheckReport> {
    if (!vscode.workspace.isTrusted) throw new UntrustedError();
    const { baseUrl, dialect } = job.connection;
    let token: string | undefined;
    try {
      token = await this.token(baseUrl);
    } catch (error) {
      // Without a token the ladder still tells whether the service is there, and where it ends.
      if (!(error instanceof MissingTokenError)) throw error;
    }
    return await checkConnection({ baseUrl, dialect, token, onStep });
  }
}
