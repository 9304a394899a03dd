import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ScimError } from "../../scim/errors.ts";
import { edit } from "../changes/edits.ts";
import type { PendingChange } from "../changes/pendingChange.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import { Disposable } from "../platform/disposable.ts";
import type { ResourceAddress } from "./address.ts";
import { connectionSegment, parseAddress, resourceKey } from "./address.ts";
import { documentText, parseDocument } from "./documentText.ts";
import { documentProblems } from "./problems.ts";
import type { Resources } from "./resources.ts";

export interface DocumentServices {
  readonly connections: ConnectionStore;
  readonly pending: PendingChanges;
  readonly resources: Resources;
  /** Tells what the service will not do of a saved document. */
  tell(notes: readonly string[]): void;
}

interface Place {
  readonly connection: Connection;
  readonly address: ResourceAddress;
  readonly key: string;
}

/**
 * Users and groups as JSON files. Reading shows the resource as it is to be; saving makes a pending change and never sends
 * anything.
 */
export class ResourceFileSystem extends Disposable implements vscode.FileSystemProvider {
  readonly #services: DocumentServices;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.#changed.event;
  /** When the content of a file last changed, and by which addresses it is known. */
  readonly #versions = new Map<string, { mtime: number; readonly uris: Map<string, vscode.Uri> }>();

  constructor(services: DocumentServices) {
    super();
    this.#services = services;
    this.register(services.pending.onDidChange(({ baseUrl, keys }) => this.#touch(baseUrl, keys)));
    this.register(services.resources.onDidChange(({ baseUrl, key }) => this.#touch(baseUrl, [key])));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (uri.path.split("/").length <= 3 && !uri.path.endsWith(".json"))
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const place = this.#place(uri);
    const content = await this.#content(place);
    const fixed = place.connection.readOnly === true || this.#jobOf(place) !== undefined;
    const readOnly = fixed ? { permissions: vscode.FilePermission.Readonly } : {};
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: this.#version(place, uri).mtime,
      size: content.length,
      ...readOnly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const place = this.#place(uri);
    this.#version(place, uri);
    return await this.#content(place);
  }

  /** Makes the document the pending change of its resource. What is wrong with it keeps it from being saved, and nothing is lost. */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const place = this.#place(uri);
    if (place.connection.readOnly === true)
      throw vscode.FileSystemError.NoPermissions(l10n.t("The connection {0} is read-only.", place.connection.name));
    if (this.#jobOf(place) !== undefined)
      throw vscode.FileSystemError.NoPermissions(
        l10n.t("A job has planned this change. Edit the job's mapping, or exclude the change."),
      );
    try {
      await this.#write(place, uri, new TextDecoder().decode(content));
    } catch (error) {
      // VS Code puts an error's name before its message, which says nothing to a person.
      throw new Error(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  #jobOf({ connection, key }: Place): string | undefined {
    return this.#services.pending.get(connection.baseUrl, key)?.job;
  }

  async #write(place: Place, uri: vscode.Uri, text: string): Promise<void> {
    const { pending, resources, tell } = this.#services;
    const { connection, address, key } = place;
    const target = await resources.editable(connection, address);
    const wanted = parseDocument(text);
    const { stored, context } = target;
    const problems = documentProblems(text, stored === undefined ? context : { ...context, stored });
    const error = problems.find(({ severity }) => severity === "error");
    if (error !== undefined) throw new Error(l10n.t("{0} Mend it and save again.", error.message));
    const { result, notes } = edit(pending, target, wanted);
    this.#version(place, uri).mtime = Date.now();
    if (result === "pending") return;
    // Nothing of it would stick: the editor shows again what the service has.
    tell(notes);
    setTimeout(() => this.#touch(connection.baseUrl, [key]));
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions(l10n.t("A SCIM service has no folders."));
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions(l10n.t("Delete users and groups in the view Connections."));
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions(l10n.t("Change the name in the document."));
  }

  #place(uri: vscode.Uri): Place {
    const address = parseAddress(uri);
    if (address === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const connection = this.#services.connections
      .all()
      .find(({ name }) => connectionSegment(name) === address.connection);
    if (connection === undefined)
      throw vscode.FileSystemError.Unavailable(
        l10n.t("There is no connection {0} now. Connect, or start the sandbox, and open it again.", address.connection),
      );
    return { connection, address, key: resourceKey(address) };
  }

  async #content({ connection, address, key }: Place): Promise<Uint8Array> {
    const { pending, resources } = this.#services;
    const held = pending.get(connection.baseUrl, key);
    if (held !== undefined) return await this.#pendingContent(connection, address, held);
    const { resourceType, id } = address;
    if (id === undefined)
      throw vscode.FileSystemError.FileNotFound(l10n.t("This new resource was discarded or pushed."));
    try {
      const stored = await resources.stored(connection, resourceType, id);
      const { schema } = await resources.context(connection, resourceType);
      return encode(documentText(stored, schema));
    } catch (error) {
      if (error instanceof ScimError && error.status === 404)
        throw vscode.FileSystemError.FileNotFound(l10n.t("The service has no {0} with id {1}.", resourceType, id));
      throw vscode.FileSystemError.Unavailable(error instanceof Error ? error.message : String(error));
    }
  }

  async #pendingContent(connection: Connection, address: ResourceAddress, held: PendingChange): Promise<Uint8Array> {
    const { schema } = await this.#services.resources.context(connection, address.resourceType);
    return encode(documentText(held.wanted ?? held.change.after ?? held.change.before ?? {}, schema));
  }

  #version({ connection, key }: Place, uri: vscode.Uri) {
    const slot = `${connection.baseUrl}\n${key}`;
    const known = this.#versions.get(slot) ?? { mtime: Date.now(), uris: new Map<string, vscode.Uri>() };
    this.#versions.set(slot, known);
    known.uris.set(uri.toString(), uri);
    return known;
  }

  #touch(baseUrl: string, keys: readonly string[] | undefined): void {
    const events: vscode.FileChangeEvent[] = [];
    const all = () => [...this.#versions.keys()].filter((key) => key.startsWith(`${baseUrl}\n`));
    for (const key of keys?.map((each) => `${baseUrl}\n${each}`) ?? all()) {
      const known = this.#versions.get(key);
      if (known === undefined) continue;
      known.mtime = Math.max(Date.now(), known.mtime + 1);
      for (const uri of known.uris.values()) events.push({ type: vscode.FileChangeType.Changed, uri });
    }
    if (events.length > 0) this.#changed.fire(events);
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
