import type { ChangeContext } from "../../changes/build.ts";
import type { ResourceType, ScimDocument, ScimResource } from "../../scim/resource.ts";
import type { Editable } from "../changes/edits.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import type { Clients } from "../connections/clients.ts";
import type { Connection } from "../connections/connection.ts";
import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";
import type { ResourceAddress } from "./address.ts";
import { resourceKey } from "./address.ts";

/** A resource of which something else is known than before. */
export interface ResourceEvent {
  readonly baseUrl: string;
  readonly key: string;
}

/** Resources as last read whole, for documents and as the base of edits. */
export class Resources {
  readonly #clients: Clients;
  readonly #pending: PendingChanges;
  readonly #stored = new Map<string, ScimResource>();
  readonly #changed = new Emitter<ResourceEvent>();
  readonly onDidChange: Listen<ResourceEvent> = this.#changed.event;

  constructor(clients: Clients, pending: PendingChanges) {
    this.#clients = clients;
    this.#pending = pending;
  }

  /** What an edit is made for: schema and dialect of the service. */
  async context(connection: Connection, resourceType: ResourceType): Promise<ChangeContext> {
    const dialect = this.#clients.dialect(connection);
    const schema = await this.#clients.schema(connection, resourceType);
    const patch = await this.#clients.patchSupported(connection);
    return { resourceType, schema, dialect, ...(patch === undefined ? {} : { patchSupported: patch }) };
  }

  /** The resource as the service has it now. @throws ScimError 404, HttpError */
  async read(connection: Connection, type: ResourceType, id: string, signal?: AbortSignal): Promise<ScimResource> {
    const resource = await this.#clients.client(connection).get(type, id, { signal });
    this.put(connection.baseUrl, type, resource);
    return resource;
  }

  /** As last read, else read now. */
  async stored(connection: Connection, type: ResourceType, id: string): Promise<ScimResource> {
    const key = `${type}/${id}`;
    return (
      (this.#pending.get(connection.baseUrl, key)?.change.before as ScimResource | undefined) ??
      this.#stored.get(slot(connection.baseUrl, key)) ??
      (await this.read(connection, type, id))
    );
  }

  /** As last read, without reading. */
  known(baseUrl: string, key: string): ScimDocument | undefined {
    return this.#pending.get(baseUrl, key)?.change.before ?? this.#stored.get(slot(baseUrl, key));
  }

  /** The resource of an address, ready to be edited. */
  async editable(
    connection: Connection,
    address: Pick<ResourceAddress, "resourceType" | "id" | "draft">,
  ): Promise<Editable> {
    const { resourceType, id } = address;
    const context = await this.context(connection, resourceType);
    const base = { baseUrl: connection.baseUrl, key: resourceKey(address), context };
    return id === undefined ? base : { ...base, stored: await this.stored(connection, resourceType, id) };
  }

  /** Keeps what a service answered. */
  put(baseUrl: string, type: ResourceType, resource: ScimResource): void {
    const key = `${type}/${resource.id}`;
    this.#stored.set(slot(baseUrl, key), resource);
    this.#changed.fire({ baseUrl, key });
  }

  /** Forgets what is known of a resource, so that it is read again. */
  drop(baseUrl: string, key: string): void {
    this.#stored.delete(slot(baseUrl, key));
    this.#changed.fire({ baseUrl, key });
  }

  /** Forgets all resources of a connection, so that they are read again. */
  dropAll(baseUrl: string): void {
    for (const key of [...this.#stored.keys()]) if (key.startsWith(`${baseUrl}\n`)) this.#stored.delete(key);
  }
}

const slot = (baseUrl: string, key: string): string => `${baseUrl}\n${key}`;
