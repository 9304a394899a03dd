import * as vscode from "vscode";
import { ScimError } from "../../scim/errors.ts";
import type { ResourceType, ScimDocument } from "../../scim/resource.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import { Disposable } from "../platform/disposable.ts";
import { connectionSegment, parseAddress, resourceKey } from "./address.ts";
import { schemes } from "./schemes.ts";
import { documentText } from "./documentText.ts";
import type { Resources } from "./resources.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";

/** What a resource was when its edit began: the left side of every diff, and what the gutter marks compare with. */
export class BaseDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #connections: ConnectionStore;
  readonly #resources: Resources;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor(connections: ConnectionStore, pending: PendingChanges, resources: Resources) {
    super();
    this.#connections = connections;
    this.#resources = resources;
    this.register(pending.onDidChange(() => this.#refresh()));
    this.register(resources.onDidChange(() => this.#refresh()));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const address = parseAddress(uri);
    const connection = this.#connections.all().find(({ name }) => connectionSegment(name) === address?.connection);
    if (address?.id === undefined || connection === undefined || uri.fragment === absent) return "";
    const known = this.#resources.known(connection.baseUrl, resourceKey(address));
    const stored = known ?? (await this.#read(connection, address.resourceType, address.id));
    if (stored === undefined) return "";
    const { schema } = await this.#resources.context(connection, address.resourceType);
    return documentText(stored, schema);
  }

  /** A resource that a push has deleted has no text any more. */
  async #read(connection: Connection, type: ResourceType, id: string): Promise<ScimDocument | undefined> {
    try {
      return await this.#resources.stored(connection, type, id);
    } catch (error) {
      if (error instanceof ScimError && error.status === 404) return undefined;
      throw error;
    }
  }

  #refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === schemes.stored) this.#changed.fire(uri);
  }
}

/** The fragment of an address that stands for no document: what is right of a deletion. */
export const absent = "absent";
