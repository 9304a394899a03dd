import * as l10n from "@vscode/l10n";
import type { ResourceType, ScimResource } from "../../scim/resource.ts";
import type { ConnectionTrouble } from "../connections/trouble.ts";
import { isOfConnection, troubleOf } from "../connections/trouble.ts";
import type { Connection, ConnectionProblem } from "../connections/connection.ts";
import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";
import type { ListFilter, MessageNode, NodeId, ResourceNode, TreeNode } from "./nodes.ts";
import { childId, collectionId, connectionId } from "./nodes.ts";
import { PagedList } from "./pagedList.ts";
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

/** Attributes of a row: lists are read thin, since whole groups with members can take minutes. */
const rowAttributes: Readonly<Record<ResourceType, readonly string[]>> = {
  User: ["id", "userName", "displayName", "active", "name"],
  Group: ["id", "displayName"],
  ServicePrincipal: ["id", "displayName", "applicationId", "active"],
};

const memberPage = 100;

/**
 * The rows of the Connections view and what stands under each, read on demand. Rows are known by id; what was read stays
 * until it is refreshed, and an error becomes a row.
 */
export class DirectoryTree {
  readonly #sources: TreeSources;
  readonly #nodes = new Map<NodeId, TreeNode>();
  readonly #lists = new Map<NodeId, PagedList<ScimResource>>();
  readonly #details = new Map<NodeId, ScimResource>();
  readonly #shownMembers = new Map<NodeId, number>();
  readonly #totals = new Map<NodeId, number>();
  readonly #filters = new Map<NodeId, ListFilter>();
  readonly #troubles = new Map<NodeId, ConnectionTrouble>();
  readonly #changed = new Emitter<NodeId | undefined>();
  /** Carries the row whose own look or children changed; `undefined` is everything. */
  readonly onDidChange: Listen<NodeId | undefined> = this.#changed.event;

  constructor(sources: TreeSources) {
    this.#sources = sources;
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
        return this.#collections(node.connection);
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
    const list = this.#lists.get(parent);
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
      for (const kept of [this.#lists, this.#details, this.#totals, this.#troubles, this.#shownMembers])
        for (const key of [...kept.keys()]) if (key.startsWith(below)) kept.delete(key);
    } else if (node.kind === "collection") {
      this.#troubles.delete(connectionId(node.baseUrl));
      this.#totals.delete(id);
      await this.#lists.get(id)?.reload();
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
    if (filter === undefined) this.#filters.delete(id);
    else this.#filters.set(id, filter);
    this.#lists.delete(id);
    this.#totals.delete(id);
    this.#changed.fire(this.#nodes.has(id) ? id : connectionId(baseUrl));
  }

  /** Shows resources as the service has them now: changed ones in their place, new ones first, gone ones not at all. */
  settled(baseUrl: string, resources: readonly SettledResource[]): void {
    for (const { resourceType, id, stored } of resources) {
      const list = this.#lists.get(collectionId(baseUrl, resourceType));
      if (stored !== undefined) list?.put(stored);
      else list?.remove(id);
    }
    // Who is in which group shows on both sides.
    for (const key of [...this.#details.keys()]) if (key.startsWith(connectionId(baseUrl))) this.#details.delete(key);
    for (const type of new Set(resources.map(({ resourceType }) => resourceType))) {
      const id = collectionId(baseUrl, type);
      const total = this.#lists.get(id)?.total;
      if (total === undefined || this.#filters.has(id)) this.#totals.delete(id);
      else this.#totals.set(id, total);
    }
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

  #collections(connection: Connection): NodeId[] {
    const parent = connectionId(connection.baseUrl);
    const known = this.#troubles.get(parent);
    if (known !== undefined) return [this.#troubleRow(parent, known)];
    let reader;
    try {
      reader = this.#sources.reader(connection);
    } catch (error) {
      return [this.#trouble(connection.baseUrl, parent, error)];
    }
    return reader.resourceTypes.map((type) => {
      const id = collectionId(connection.baseUrl, type);
      if (!this.#totals.has(id)) void this.#count(connection, type);
      return this.#keep(this.#collection(connection, type));
    });
  }

  #collection(connection: Connection, resourceType: ResourceType): TreeNode {
    const { baseUrl } = connection;
    const id = collectionId(baseUrl, resourceType);
    const total = this.#totals.get(id);
    const filter = this.#filters.get(id);
    return {
      kind: "collection",
      id,
      parent: connectionId(baseUrl),
      baseUrl,
      readOnly: connection.readOnly === true,
      resourceType,
      ...(total === undefined ? {} : { total }),
      ...(filter === undefined ? {} : { filter }),
    };
  }

  /** The total of a list, asked for apart so that the rows need not wait for it. */
  async #count(connection: Connection, type: ResourceType): Promise<void> {
    const id = collectionId(connection.baseUrl, type);
    if (this.#filters.has(id)) return;
    try {
      const reader = this.#sources.reader(connection);
      this.#setTotal(connection, type, await reader.count(type));
    } catch (error) {
      const trouble = troubleOf(error);
      if (isOfConnection(trouble)) this.#setTrouble(connection.baseUrl, trouble);
    }
  }

  #setTotal(connection: Connection, type: ResourceType, total: number | undefined): void {
    const id = collectionId(connection.baseUrl, type);
    if (total === undefined || this.#totals.get(id) === total) return;
    this.#totals.set(id, total);
    this.#keep(this.#collection(connection, type));
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
    let list = this.#lists.get(id);
    if (list === undefined) {
      list = this.#openList(connection, id, type);
      this.#lists.set(id, list);
    }
    if (!list.started) await list.more();
    this.#setTotal(connection, type, list.total);
    const pending = this.#sources.pending(baseUrl);
    const place = { parent: id, connection };
    const drafts = this.#filters.has(id) ? [] : pending.creations(type);
    const rows = drafts.map((draft) =>
      this.#keep(resourceRow(place, type, draft.after, pending, { draft: draft.key })),
    );
    for (const resource of list.items) rows.push(this.#keep(this.#resource(place, type, resource)));
    if (list.failure !== undefined) rows.push(this.#trouble(baseUrl, id, list.failure));
    else if (list.hasMore) rows.push(this.#more(id, list.left, list.loading));
    else if (rows.length === 0) rows.push(this.#empty(id, type));
    return rows;
  }

  #openList(connection: Connection, id: NodeId, type: ResourceType): PagedList<ScimResource> {
    const filter = this.#filters.get(id)?.filter;
    const load = async (offset: number) => {
      const reader = this.#sources.reader(connection);
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
    if (sections.length === 0)
      return [this.#keep(message(node.id, "empty", l10n.t("In no group, without entitlements")))];
    return sections.map((section) => this.#keep(section));
  }

  #members(node: ResourceNode, connection: Connection, group: Readonly<Record<string, unknown>>): NodeId[] {
    const pending = this.#sources.pending(node.baseUrl);
    const all = memberRows({ parent: node.id, connection }, group, pending, node);
    if (node.members !== all.length) {
      this.#keep({ ...node, members: all.length });
      setTimeout(() => this.#changed.fire(node.id));
    }
    if (all.length === 0) return [this.#keep(message(node.id, "empty", l10n.t("No members")))];
    const shown = all.slice(0, this.#shownMembers.get(node.id) ?? memberPage);
    const rows = shown.map((row) => this.#keep(row));
    if (shown.length < all.length) rows.push(this.#more(node.id, all.length - shown.length, false));
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
    return this.#troubleRow(parent, trouble);
  }

  #troubleRow(parent: NodeId, trouble: ConnectionTrouble): NodeId {
    const replace = trouble.kind === "noToken" || trouble.kind === "refused";
    const text = {
      noToken: l10n.t("The token is not stored on this machine"),
      refused: l10n.t("The service refused the token"),
      forbidden: l10n.t("The token may not read this"),
      offline: l10n.t("The service cannot be reached"),
      error: l10n.t("This could not be read"),
    }[trouble.kind];
    const tone = replace ? "refused" : trouble.kind === "offline" ? "offline" : "error";
    const action = replace
      ? ({ command: "scim.connection.replaceToken", title: l10n.t("Replace Token…") } as const)
      : ({ command: "scim.tree.refresh", title: l10n.t("Try Again") } as const);
    return this.#keep({ ...message(parent, tone, text), detail: trouble.message, action });
  }

  #empty(id: NodeId, type: ResourceType): NodeId {
    if (this.#filters.has(id)) return this.#keep(message(id, "empty", l10n.t("Nothing matches")));
    const texts = {
      User: l10n.t("No users"),
      Group: l10n.t("No groups"),
      ServicePrincipal: l10n.t("No service principals"),
    };
    return this.#keep(message(id, "empty", texts[type]));
  }

  #more(parent: NodeId, left: number | undefined, loading: boolean): NodeId {
    return this.#keep({
      kind: "more",
      id: childId(parent, "more"),
      parent,
      loading,
      ...(left === undefined ? {} : { left }),
    });
  }

  #keep(node: TreeNode): NodeId {
    this.#nodes.set(node.id, node);
    return node.id;
  }
}

const problemRow = ({ position, name, message: text }: ConnectionProblem): MessageNode => ({
  kind: "message",
  id: `problem:${position}`,
  tone: "error",
  text: l10n.t("{0} in the setting scim.connections cannot be used", name ?? l10n.t("Entry {0}", position)),
  detail: text,
  action: { command: "scim.connection.openSettings", title: l10n.t("Open Settings") },
});

const message = (parent: NodeId, tone: MessageNode["tone"], text: string): MessageNode => ({
  kind: "message",
  id: childId(parent, `message:${tone}`),
  parent,
  tone,
  text,
});
