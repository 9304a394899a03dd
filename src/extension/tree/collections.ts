import type { ResourceType, ScimResource } from "../../scim/resource.ts";
import type { Connection } from "../connections/connection.ts";
import type { CollectionNode, ListFilter, NodeId } from "./nodes.ts";
import { collectionId, connectionId } from "./nodes.ts";
import { PagedList } from "./pagedList.ts";
import type { DirectoryReader } from "./reader.ts";

/** Attributes of a row: lists are read thin, since whole groups with members can take minutes. */
const rowAttributes: Readonly<Record<ResourceType, readonly string[]>> = {
  User: ["id", "userName", "displayName", "active", "name"],
  Group: ["id", "displayName"],
  ServicePrincipal: ["id", "displayName", "applicationId", "active"],
};

/** What is known of the lists of all connections: how much was read, what they are narrowed to, how many there are. */
export class Collections {
  readonly #reader: (connection: Connection) => DirectoryReader;
  readonly #lists = new Map<NodeId, PagedList<ScimResource>>();
  readonly #totals = new Map<NodeId, number>();
  readonly #filters = new Map<NodeId, ListFilter>();

  constructor(reader: (connection: Connection) => DirectoryReader) {
    this.#reader = reader;
  }

  /** The row of a list. */
  node({ baseUrl, readOnly }: Connection, resourceType: ResourceType): CollectionNode {
    const id = collectionId(baseUrl, resourceType);
    const total = this.#totals.get(id);
    const filter = this.#filters.get(id);
    return {
      kind: "collection",
      id,
      parent: connectionId(baseUrl),
      baseUrl,
      readOnly: readOnly === true,
      resourceType,
      ...(total === undefined ? {} : { total }),
      ...(filter === undefined ? {} : { filter }),
    };
  }

  /** What was read of a list so far. */
  list(id: NodeId): PagedList<ScimResource> | undefined {
    return this.#lists.get(id);
  }

  /** The list of a connection; nothing of it is read yet when it was not asked for before. */
  opened(connection: Connection, type: ResourceType): PagedList<ScimResource> {
    const id = collectionId(connection.baseUrl, type);
    const known = this.#lists.get(id);
    if (known !== undefined) return known;
    const list = this.#open(connection, type, this.#filters.get(id)?.filter);
    this.#lists.set(id, list);
    return list;
  }

  hasTotal(id: NodeId): boolean {
    return this.#totals.has(id);
  }

  /** Takes down how many there are. @returns whether that is news */
  setTotal(id: NodeId, total: number | undefined): boolean {
    if (total === undefined || this.#totals.get(id) === total) return false;
    this.#totals.set(id, total);
    return true;
  }

  /** Asks the service how many there are, unless the list is narrowed: then its first page tells. */
  async count(connection: Connection, type: ResourceType): Promise<number | undefined> {
    const id = collectionId(connection.baseUrl, type);
    if (this.isFiltered(id)) return undefined;
    const total = await this.#reader(connection).count(type);
    return this.isFiltered(id) ? undefined : total;
  }

  isFiltered(id: NodeId): boolean {
    return this.#filters.has(id);
  }

  /** Narrows a list, or shows all of it again; it is read anew. */
  setFilter(id: NodeId, filter: ListFilter | undefined): void {
    if (filter === undefined) this.#filters.delete(id);
    else this.#filters.set(id, filter);
    this.#lists.delete(id);
    this.#totals.delete(id);
  }

  async reload(id: NodeId): Promise<void> {
    this.#totals.delete(id);
    await this.#lists.get(id)?.reload();
  }

  /** Shows a resource as the service has it now; without `stored` it is gone. */
  settle(id: NodeId, resourceId: string, stored: ScimResource | undefined): void {
    const list = this.#lists.get(id);
    if (stored !== undefined) list?.put(stored);
    else list?.remove(resourceId);
    if (list?.total === undefined || this.#filters.has(id)) this.#totals.delete(id);
    else this.#totals.set(id, list.total);
  }

  /** Forgets what was read of all lists whose id begins so; what they are narrowed to stays. */
  forget(below: string): void {
    for (const kept of [this.#lists, this.#totals])
      for (const id of [...kept.keys()]) if (id.startsWith(below)) kept.delete(id);
  }

  #open(connection: Connection, type: ResourceType, filter: string | undefined): PagedList<ScimResource> {
    const load = async (offset: number) => {
      const reader = this.#reader(connection);
      const page = await reader.page(type, {
        startIndex: offset + 1,
        count: reader.pageSize,
        attributes: rowAttributes[type],
        ...(filter === undefined ? {} : { filter }),
      });
      return { items: page.resources, total: page.totalResults };
    };
    return new PagedList(load, (resource) => resource.id);
  }
}
