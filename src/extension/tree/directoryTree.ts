import type { ResourceType, ScimResource } from "../../scim/resource.ts";
import type { ConnectionTrouble } from "../connections/trouble.ts";
import { isOfConnection, troubleOf } from "../connections/trouble.ts";
import type { Connection, ConnectionProblem } from "../connections/connection.ts";
import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";
import { Collections } from "./collections.ts";
import { emptyList, emptyResource, moreRow, problemRow, troubleRow } from "./messageRows.ts";
import type { ListFilter, NodeId, ResourceNode, TreeNode } from "./nodes.ts";
import { childId, collectionId, connectionId } from "./nodes.ts";
import type { DirectoryReader } from "./reader.ts";
import { connectionRow, memberRows, resourceRow, userSections } from "./rows.ts";
import type { PendingView } from "./rows.ts";

/** What the view shows: the connections, how each is read, and what waits to be pushed. */
export interface TreeSources {
  connections(): readonly Connection[];
  /** Entries of the setting that cannot be used. */
  problems(): readonly ConnectionProblem[];
  /** @throws when nothing may be sent, or the address is wrong */
  reader(connection: Connection): DirectoryReader;
  pending(baseUrl: string): PendingView;
}

/** A resource after a push; without `stored` it is gone. */
export interface SettledResource {
  readonly resourceType: ResourceType;
  readonly id: string;
  readonly stored?: ScimResource;
}

const memberPage = 100;

/**
 * The rows of the Connections view and what stands under each, read on demand. Rows are known by id; what was read stays
 * until it is refreshed, and an error becomes a row.
 */
export class DirectoryTree {
  readonly #sources: TreeSources;
  readonly #nodes = new Map<NodeId, TreeNode>();
  readonly #collections: Collections;
  readonly #details = new Map<NodeId, ScimResource>();
  readonly #shownMembers = new Map<NodeId, number>();
  readonly #troubles = new Map<NodeId, ConnectionTrouble>();
  readonly #changed = new Emitter<NodeId | undefined>();
  /** Carries the row whose own look or children changed; `undefined` is everything. */
  readonly onDidChange: Listen<NodeId | undefined> = this.#changed.event;

  constructor(sources: TreeSources) {
    this.#sources = sources;
    this.#collections = new Collections((connection) => sources.reader(connection));
  }

  node(id: NodeId): TreeNode | undefined {
    return this.#nodes.get(id);
  }

  parent(id: NodeId): NodeId | undefined {
    return this.#nodes.get(id)?.parent;
  }

  /** The rows under a row, or the connections. Never rejects: what fails becomes a row. */
  async children(id?: NodeId): Promise<NodeId[]> {
    if (id === undefined)
      return [
        ...this.#sources.connections().map((connection) => this.#keep(this.#connection(connection))),
        ...this.#sources.problems().map((problem) => this.#keep(problemRow(problem))),
      ];
    const node = this.#nodes.get(id);
    switch (node?.kind) {
      case "connection":
        return this.#inConnection(node.connection);
      case "collection":
        return await this.#listed(id, node.baseUrl, node.resourceType);
      case "resource":
        return await this.#inside(node);
      case "section":
        return this.#inSection(id, node.parent ?? "", node.section);
      case "value":
      case "more":
      case "message":
      case undefined:
        return [];
    }
  }

  /** Loads the rows that a "Load more…" row stands for. */
  async loadMore(id: NodeId): Promise<void> {
    const parent = this.parent(id);
    if (parent === undefined) return;
    const list = this.#collections.list(parent);
    if (list === undefined) {
      this.#shownMembers.set(parent, (this.#shownMembers.get(parent) ?? memberPage) + memberPage);
    } else {
      const loaded = list.more();
      this.#changed.fire(parent);
      await loaded;
    }
    this.#changed.fire(parent);
  }

  /** Reads a row again: a list from its start, a resource with all that is in it; without an id, everything on demand. */
  async refresh(id?: NodeId): Promise<void> {
    const node = id === undefined ? undefined : this.#nodes.get(id);
    if (node?.kind === "message" && node.parent !== undefined) {
      await this.refresh(node.parent);
      return;
    }
    if (id === undefined || node === undefined || node.kind === "connection") {
      const below = id ?? "";
      this.#collections.forget(below);
      for (const kept of [this.#details, this.#troubles, this.#shownMembers])
        for (const key of [...kept.keys()]) if (key.startsWith(below)) kept.delete(key);
    } else if (node.kind === "collection") {
      this.#troubles.delete(connectionId(node.baseUrl));
      await this.#collections.reload(id);
    } else {
      const owner = node.kind === "resource" ? id : (node.parent ?? id);
      this.#details.delete(owner);
      this.#shownMembers.delete(owner);
    }
    this.#changed.fire(id);
  }

  /** Narrows a list, or shows all of it again. */
  setFilter(baseUrl: string, resourceType: ResourceType, filter: ListFilter | undefined): void {
    const id = collectionId(baseUrl, resourceType);
    this.#collections.setFilter(id, filter);
    this.#changed.fire(this.#nodes.has(id) ? id : connectionId(baseUrl));
  }

  /** Shows resources as the service has them now: changed ones in their place, new ones first, gone ones not at all. */
  settled(baseUrl: string, resources: readonly SettledResource[]): void {
    for (const { resourceType, id, stored } of resources)
      this.#collections.settle(collectionId(baseUrl, resourceType), id, stored);
    // Who is in which group shows on both sides.
    for (const key of [...this.#details.keys()]) if (key.startsWith(connectionId(baseUrl))) this.#details.delete(key);
    this.#changed.fire(connectionId(baseUrl));
  }

  /** Draws a connection and what is known under it again, without reading. */
  redraw(baseUrl: string): void {
    const connection = this.#sources.connections().find((other) => other.baseUrl === baseUrl);
    if (connection !== undefined) this.#keep(this.#connection(connection));
    this.#changed.fire(connectionId(baseUrl));
  }

  #connection(connection: Connection): TreeNode {
    const id = connectionId(connection.baseUrl);
    return connectionRow(id, connection, this.#sources.pending(connection.baseUrl).count, this.#troubles.get(id));
  }

  #inConnection(connection: Connection): NodeId[] {
    const parent = connectionId(connection.baseUrl);
    const known = this.#troubles.get(parent);
    if (known !== undefined) return [this.#keep(troubleRow(parent, known))];
    let reader;
    try {
      reader = this.#sources.reader(connection);
    } catch (error) {
      return [this.#trouble(connection.baseUrl, parent, error)];
    }
    return reader.resourceTypes.map((type) => {
      const id = collectionId(connection.baseUrl, type);
      if (!this.#collections.hasTotal(id)) void this.#count(connection, type);
      return this.#keep(this.#collections.node(connection, type));
    });
  }

  /** The total of a list, asked for apart so that the rows need not wait for it. */
  async #count(connection: Connection, type: ResourceType): Promise<void> {
    try {
      this.#setTotal(connection, type, await this.#collections.count(connection, type));
    } catch (error) {
      const trouble = troubleOf(error);
      if (isOfConnection(trouble)) this.#setTrouble(connection.baseUrl, trouble);
    }
  }

  #setTotal(connection: Connection, type: ResourceType, total: number | undefined): void {
    const id = collectionId(connection.baseUrl, type);
    if (!this.#collections.setTotal(id, total)) return;
    this.#keep(this.#collections.node(connection, type));
    this.#changed.fire(id);
  }

  #setTrouble(baseUrl: string, trouble: ConnectionTrouble): void {
    const id = connectionId(baseUrl);
    if (this.#troubles.get(id)?.message === trouble.message) return;
    this.#troubles.set(id, trouble);
    const node = this.#nodes.get(id);
    if (node?.kind === "connection") this.#keep(this.#connection(node.connection));
    this.#changed.fire(id);
  }

  async #listed(id: NodeId, baseUrl: string, type: ResourceType): Promise<NodeId[]> {
    const connection = this.#sources.connections().find((other) => other.baseUrl === baseUrl);
    if (connection === undefined) return [];
    const list = this.#collections.opened(connection, type);
    if (!list.started) await list.more();
    this.#setTotal(connection, type, list.total);
    const pending = this.#sources.pending(baseUrl);
    const place = { parent: id, connection };
    const drafts = this.#collections.isFiltered(id) ? [] : pending.creations(type);
    const rows = drafts.map((draft) =>
      this.#keep(resourceRow(place, type, draft.after, pending, { draft: draft.key })),
    );
    for (const resource of list.items) rows.push(this.#keep(this.#resource(place, type, resource)));
    if (list.failure !== undefined) rows.push(this.#trouble(baseUrl, id, list.failure));
    else if (list.hasMore) rows.push(this.#keep(moreRow(id, list.left, list.loading)));
    else if (rows.length === 0) rows.push(this.#keep(emptyList(id, type, this.#collections.isFiltered(id))));
    return rows;
  }

  #resource(
    place: { parent: NodeId; connection: Connection },
    type: ResourceType,
    resource: ScimResource,
  ): ResourceNode {
    const members = this.#details.get(childId(place.parent, resource.id))?.["members"];
    return resourceRow(place, type, resource, this.#sources.pending(place.connection.baseUrl), {
      id: resource.id,
      ...(Array.isArray(members) ? { members: members.length } : {}),
    });
  }

  /** What is in a group or a user, read by its id. */
  async #inside(node: ResourceNode): Promise<NodeId[]> {
    if (node.resourceId === undefined) return [];
    const connection = this.#sources.connections().find((other) => other.baseUrl === node.baseUrl);
    if (connection === undefined) return [];
    let resource = this.#details.get(node.id);
    try {
      if (resource === undefined) {
        const reader = this.#sources.reader(connection);
        resource = await reader.get(node.resourceType, node.resourceId);
        this.#details.set(node.id, resource);
      }
    } catch (error) {
      return [this.#trouble(node.baseUrl, node.id, error)];
    }
    const shown = this.#sources.pending(node.baseUrl).after(node.resourceType, node.resourceId) ?? resource;
    if (node.resourceType === "Group") return this.#members(node, connection, shown);
    const sections = userSections(node.id, shown);
    if (sections.length === 0) return [this.#keep(emptyResource(node.id, node.resourceType))];
    return sections.map((section) => this.#keep(section));
  }

  #members(node: ResourceNode, connection: Connection, group: Readonly<Record<string, unknown>>): NodeId[] {
    const pending = this.#sources.pending(node.baseUrl);
    const all = memberRows({ parent: node.id, connection }, group, pending, node);
    if (node.members !== all.length) {
      this.#keep({ ...node, members: all.length });
      setTimeout(() => this.#changed.fire(node.id));
    }
    if (all.length === 0) return [this.#keep(emptyResource(node.id, node.resourceType))];
    const shown = all.slice(0, this.#shownMembers.get(node.id) ?? memberPage);
    const rows = shown.map((row) => this.#keep(row));
    if (shown.length < all.length) rows.push(this.#keep(moreRow(node.id, all.length - shown.length, false)));
    return rows;
  }

  #inSection(id: NodeId, owner: NodeId, section: "groups" | "entitlements" | "roles"): NodeId[] {
    const node = this.#nodes.get(owner);
    const resource = this.#details.get(owner);
    if (node?.kind !== "resource" || resource === undefined) return [];
    const connection = this.#sources.connections().find((other) => other.baseUrl === node.baseUrl);
    if (connection === undefined) return [];
    const pending = this.#sources.pending(node.baseUrl);
    const shown = pending.after(node.resourceType, node.resourceId ?? "") ?? resource;
    return memberRows({ parent: id, connection }, shown, pending, node, section).map((row) => this.#keep(row));
  }

  #trouble(baseUrl: string, parent: NodeId, error: unknown): NodeId {
    const trouble = troubleOf(error);
    if (isOfConnection(trouble)) this.#setTrouble(baseUrl, trouble);
    return this.#keep(troubleRow(parent, trouble));
  }

  #keep(node: TreeNode): NodeId {
    this.#nodes.set(node.id, node);
    return node.id;
  }
}
