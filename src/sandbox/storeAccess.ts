import type { PatchOperation, ResourceType, ScimDocument } from "../scim/resource.ts";
import { urns } from "../scim/resource.ts";
import type { Entry, Level } from "./entry.ts";
import type { HomeFolders } from "./homeFolders.ts";
import { coreUrns } from "./levels.ts";
import type { Renderer } from "./render.ts";
import type { Store } from "./store.ts";
import type { Writer } from "./writer.ts";

/** Everything that a level of a sandbox holds, as plain documents by id. */
export interface Snapshot {
  readonly users: ReadonlyMap<string, ScimDocument>;
  readonly groups: ReadonlyMap<string, ScimDocument>;
  readonly servicePrincipals: ReadonlyMap<string, ScimDocument>;
}

/** The store of a sandbox for tests: look without a request, and change behind a client's back as a third party would. */
export class StoreAccess {
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #writer: Writer;
  readonly #level: Level;
  readonly #homeFolders: HomeFolders;

  constructor(store: Store, renderer: Renderer, writer: Writer, level: Level, homeFolders: HomeFolders) {
    this.#store = store;
    this.#renderer = renderer;
    this.#writer = writer;
    this.#level = level;
    this.#homeFolders = homeFolders;
  }

  count(type: ResourceType, level = this.#level): number {
    return this.#store.list(level, type).length;
  }

  /** The resource as a GET would answer it; `undefined` when the level has none with this id. */
  get(id: string, level = this.#level): ScimDocument | undefined {
    const entry = this.#store.get(level, id);
    return entry && this.#document(entry, level);
  }

  /** The first resource with this userName, displayName or applicationId, in any letter case. */
  find(type: ResourceType, name: string, level = this.#level): ScimDocument | undefined {
    const attribute = { User: "userName", Group: "displayName", ServicePrincipal: "applicationId" } as const;
    const entry = this.#store.find(type, attribute[type], name).find(({ levels }) => levels.has(level));
    return entry && this.#document(entry, level);
  }

  /** Everything that a level holds, the groups that the service keeps itself included. */
  snapshot(level = this.#level): Snapshot {
    const all = (type: ResourceType) =>
      new Map(this.#store.list(level, type).map((entry) => [entry.id, this.#document(entry, level)]));
    return { users: all("User"), groups: all("Group"), servicePrincipals: all("ServicePrincipal") };
  }

  /** Creates a resource as a POST would; `schemas` may be left out. */
  create(type: ResourceType, document: ScimDocument, level = this.#level): ScimDocument {
    return this.#document(this.#writer.create(level, type, { schemas: [coreUrns[type]], ...document }), level);
  }

  /** Changes a resource as a PATCH would. */
  patch(id: string, operations: readonly PatchOperation[], level = this.#level): void {
    this.#writer.patch(level, this.#entry(id, level), { schemas: [urns.patchOp], Operations: operations });
  }

  delete(id: string, level = this.#level): void {
    this.#writer.delete(level, this.#entry(id, level));
  }

  /** Lets the workspace see a resource of the account, as a workspace assignment does. */
  assign(id: string): void {
    const entry = this.#store.getAnywhere(id);
    if (!entry) throw new RangeError(`Nothing has the id ${id}.`);
    this.#writer.assign(entry);
  }

  /** Home folders of everyone who ever was in the workspace; they outlive the user. */
  homeFolders(): readonly string[] {
    return [...this.#homeFolders.paths];
  }

  /** Removes a home folder, as the workspace API does when it is told to. */
  forceDeleteHomeFolder(path: string): void {
    this.#homeFolders.paths.delete(path);
  }

  #entry(id: string, level: Level): Entry {
    const entry = this.#store.get(level, id);
    if (!entry) throw new RangeError(`Nothing has the id ${id} at level ${level}.`);
    return entry;
  }

  #document(entry: Entry, level: Level): ScimDocument {
    return JSON.parse(this.#renderer.text(entry, level)) as ScimDocument;
  }
}
