import type { RequestLog } from "../../http/record.ts";
import type { TokenProvider } from "../../http/token.ts";
import { ScimClient } from "../../scim/client.ts";
import type { ServiceProfile } from "../../scim/discovery.ts";
import type { Dialect } from "../../scim/dialects/dialect.ts";
import { dialectFor } from "../../scim/dialects/dialects.ts";
import { withObserved } from "../../scim/dialects/observedDialect.ts";
import type { ResourceSchema } from "../../scim/schema.ts";
import type { ResourceType } from "../../scim/resource.ts";
import { builtinSchema } from "../../scim/schemas/builtin.ts";
import type { DirectoryReader } from "../tree/reader.ts";
import type { Connection } from "./connection.ts";
import type { Observations } from "./observations.ts";
import { clientCredentials } from "./clientCredentials.ts";
import type { TokenStore } from "./tokens.ts";
import { MissingTokenError, UntrustedError } from "./trouble.ts";

export interface ClientsOptions {
  readonly tokens: TokenStore;
  readonly log: (connection: string) => RequestLog;
  /** What services were seen to do. */
  readonly observations: Pick<Observations, "profile" | "onDidChange">;
  /** Whether anything may be sent or any secret read at all. */
  readonly trusted: () => boolean;
}

interface Entry {
  readonly client: ScimClient;
  readonly identity: string;
  profile?: Promise<ServiceProfile>;
}

/** One client for each connection, made when it is first needed and kept, since it holds the service's request limit. */
export class Clients {
  readonly #options: ClientsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ClientsOptions) {
    this.#options = options;
    options.tokens.onDidChange((baseUrl) => this.drop(baseUrl));
    options.observations.onDidChange((baseUrl) => this.drop(baseUrl));
  }

  /** @throws UntrustedError in Restricted Mode; HttpError `invalidUrl`, `insecureUrl` */
  client(connection: Connection): ScimClient {
    return this.#entry(connection).client;
  }

  dialect(connection: Connection): Dialect {
    const dialect = dialectFor(connection.dialect, connection.baseUrl);
    const observed = this.#options.observations.profile(connection.baseUrl);
    return observed === undefined ? dialect : withObserved(dialect, observed);
  }

  /** What the service says about itself, asked once. */
  async profile(connection: Connection): Promise<ServiceProfile> {
    const entry = this.#entry(connection);
    entry.profile ??= entry.client.discover();
    try {
      return await entry.profile;
    } catch (error) {
      delete entry.profile;
      throw error;
    }
  }

  /** The schema of a resource type; the one of the RFCs as long as the service has not told its own. */
  async schema(connection: Connection, type: ResourceType): Promise<ResourceSchema> {
    try {
      return (await this.profile(connection)).schemas[type] ?? builtinSchema(type);
    } catch {
      return builtinSchema(type);
    }
  }

  /** Whether the service takes PATCH, when it was seen or says so. */
  async patchSupported(connection: Connection): Promise<boolean | undefined> {
    const { supported } = this.dialect(connection).patch;
    if (supported !== undefined) return supported;
    try {
      return (await this.profile(connection)).config?.patch?.supported;
    } catch {
      return undefined;
    }
  }

  /** Gives the token of a connection, for what sends requests elsewhere. @throws UntrustedError, MissingTokenError */
  token(connection: Connection): TokenProvider {
    if (!this.#options.trusted()) throw new UntrustedError();
    return this.#tokenOf(connection);
  }

  reader(connection: Connection): DirectoryReader {
    const client = this.client(connection);
    return {
      resourceTypes: client.dialect.resourceTypes,
      pageSize: client.dialect.page.size,
      page: async (type, { signal, ...query }) => {
        const page = await client.list(type, query, signal);
        return { totalResults: page.totalResults ?? page.resources.length, resources: page.resources };
      },
      count: (type, signal) => client.count(type, undefined, signal),
      get: (type, id, signal) => client.get(type, id, { signal }),
    };
  }

  /** Forgets the client of an address, for a new token or a removed connection. */
  drop(baseUrl: string): void {
    const entry = this.#entries.get(baseUrl);
    this.#entries.delete(baseUrl);
    void entry?.client.close();
  }

  async dispose(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map((entry) => entry.client.close()));
  }

  #entry(connection: Connection): Entry {
    if (!this.#options.trusted()) throw new UntrustedError();
    const identity = JSON.stringify([connection.dialect, connection.auth, connection.clientId, connection.tokenUrl]);
    const known = this.#entries.get(connection.baseUrl);
    if (known?.identity === identity) return known;
    this.drop(connection.baseUrl);
    const entry: Entry = {
      identity,
      client: new ScimClient({
        baseUrl: connection.baseUrl,
        dialect: this.dialect(connection),
        token: this.#tokenOf(connection),
        log: this.#options.log(connection.name),
      }),
    };
    this.#entries.set(connection.baseUrl, entry);
    return entry;
  }

  #tokenOf(connection: Connection): TokenProvider {
    const secret = async (): Promise<string> => {
      const stored = await this.#options.tokens.get(connection.baseUrl);
      if (stored === undefined) throw new MissingTokenError(connection.name);
      return stored;
    };
    return connection.auth === "oauth"
      ? clientCredentials(connection, secret, this.#options.log(connection.name))
      : secret;
  }
}
