import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";
import type { Connection, ConnectionProblem, ConnectionSetting } from "./connection.ts";
import { parseConnections, sameName, toSetting } from "./connection.ts";

/** The setting `scim.connections`, as VS Code keeps it. */
export interface ConnectionSettings {
  read(): unknown;
  write(value: readonly unknown[]): PromiseLike<void>;
  readonly onDidChange: Listen<void>;
}

/** All connections: those of the setting, and those that live only as long as this window. */
export class ConnectionStore {
  readonly #settings: ConnectionSettings;
  readonly #transient: Connection[] = [];
  readonly #changed = new Emitter<void>();
  readonly onDidChange: Listen<void> = this.#changed.event;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    settings.onDidChange(() => this.#changed.fire());
  }

  /** In the order of the setting, then those of this window. An address of this window wins over the same one in the setting. */
  all(): readonly Connection[] {
    const saved = parseConnections(this.#settings.read()).connections;
    return [
      ...saved
        .filter((connection) => !this.#transient.some((other) => other.baseUrl === connection.baseUrl))
        .map((connection): Connection => ({ ...connection, origin: "settings" })),
      ...this.#transient,
    ];
  }

  /** Entries of the setting that cannot be used. */
  problems(): readonly ConnectionProblem[] {
    return parseConnections(this.#settings.read()).problems;
  }

  byUrl(baseUrl: string): Connection | undefined {
    return this.all().find((connection) => connection.baseUrl === baseUrl);
  }

  byName(name: string): Connection | undefined {
    return this.all().find((connection) => sameName(connection.name, name));
  }

  /** Adds a connection to the setting, or replaces the entry with the same address. Broken entries stay as they are. */
  async save(connection: ConnectionSetting): Promise<void> {
    const entries = this.#entries();
    const index = entries.findIndex((entry) => urlOf(entry) === connection.baseUrl);
    if (index === -1) entries.push(toSetting(connection));
    else entries[index] = toSetting(connection);
    await this.#settings.write(entries);
  }

  /** Changes some properties of a connection, wherever it lives. */
  async update(connection: Connection, change: Partial<ConnectionSetting>): Promise<void> {
    const index = this.#transient.findIndex((other) => other.baseUrl === connection.baseUrl);
    const current = this.#transient[index];
    if (current !== undefined) {
      this.#transient[index] = { ...current, ...change };
      this.#changed.fire();
    } else await this.save({ ...connection, ...change });
  }

  /** Adds a connection that ends with this window. */
  addTransient(connection: Connection): void {
    this.#dropTransient(connection.baseUrl);
    this.#transient.push(connection);
    this.#changed.fire();
  }

  async remove(connection: Connection): Promise<void> {
    if (this.#dropTransient(connection.baseUrl)) {
      this.#changed.fire();
      return;
    }
    await this.#settings.write(this.#entries().filter((entry) => urlOf(entry) !== connection.baseUrl));
  }

  #dropTransient(baseUrl: string): boolean {
    const index = this.#transient.findIndex((other) => other.baseUrl === baseUrl);
    if (index === -1) return false;
    this.#transient.splice(index, 1);
    return true;
  }

  #entries(): unknown[] {
    const value = this.#settings.read();
    return Array.isArray(value) ? [...(value as unknown[])] : [];
  }
}

const urlOf = (entry: unknown): unknown =>
  typeof entry === "object" && entry !== null && "baseUrl" in entry ? entry.baseUrl : undefined;
