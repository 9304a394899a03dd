import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import type { Targets } from "../connections/targets.ts";
import { connectionSegment, parseAddress, resourceKey } from "../documents/address.ts";
import { schemes } from "../documents/schemes.ts";
import { UserError } from "../platform/errors.ts";
import type { PendingChange } from "./pendingChange.ts";
import { groupOf } from "./pendingChange.ts";
import type { PendingChanges } from "./pendingChanges.ts";
import type { ChangeState, SourceControls } from "./sourceControls.ts";

/** Changes of one connection that a command is about. */
export interface ChangeSelection {
  readonly connection: Connection;
  readonly changes: readonly PendingChange[];
}

/** Finds out which pending changes a command is about: rows, a group or a title of the Source Control view, an editor, rows of the tree. */
export class ChangeTargets {
  readonly #connections: ConnectionStore;
  readonly #pending: PendingChanges;
  readonly #controls: SourceControls;
  readonly #targets: Targets;

  constructor(connections: ConnectionStore, pending: PendingChanges, controls: SourceControls, targets: Targets) {
    this.#connections = connections;
    this.#pending = pending;
    this.#controls = controls;
    this.#targets = targets;
  }

  /** The changes named by the arguments of a command. @throws UserError when there are none, CancelledError */
  async selected(args: readonly unknown[]): Promise<ChangeSelection> {
    const [first, second] = args;
    const states = args.flat().filter(isState);
    if (states.length > 0)
      return this.#ofKeys(
        states[0]?.baseUrl ?? "",
        states.map(({ key }) => key),
      );
    if (typeof first === "string" && typeof second === "string" && this.#connections.byUrl(first) !== undefined)
      return this.#ofKeys(first, [second]);
    if (isGroup(first)) {
      const owner = this.#controls.ownerOf(first);
      // Not its rows: of very many, it shows the first.
      if (owner !== undefined)
        return this.#ofKeys(
          owner,
          this.#pending.all(owner).flatMap((held) => (groupOf(held) === first.id ? [held.key] : [])),
        );
    }
    const rows = this.#targets.rows(first, second).filter((node) => node.kind === "resource");
    if (rows.length > 0) {
      const connection = this.#targets.connectionOf(rows);
      const keys = rows.map(({ resourceType, resourceId, draft }) =>
        resourceKey({ resourceType, ...(resourceId === undefined ? { draft: draft ?? "" } : { id: resourceId }) }),
      );
      return this.#ofKeys(connection.baseUrl, keys);
    }
    const uri = first instanceof vscode.Uri ? first : first === undefined ? activeUri() : undefined;
    const address = uri?.scheme === schemes.pending || uri?.scheme === schemes.stored ? parseAddress(uri) : undefined;
    if (address !== undefined) {
      const connection = this.#connections.all().find(({ name }) => connectionSegment(name) === address.connection);
      if (connection !== undefined) return this.#ofKeys(connection.baseUrl, [resourceKey(address)]);
    }
    return await this.all(args);
  }

  /** All changes of a connection: that of the view's title, the one that is given, or the one that the person picks. */
  async all(args: readonly unknown[]): Promise<ChangeSelection> {
    const connection = await this.connection(args);
    return this.#ofKeys(
      connection.baseUrl,
      this.#pending.all(connection.baseUrl).map(({ key }) => key),
    );
  }

  /** The connection with pending changes that a command is about. @throws CancelledError */
  async connection([first]: readonly unknown[]): Promise<Connection> {
    const owner = this.#controls.ownerOf(first);
    return await this.#targets.connection(owner ?? first, ({ baseUrl }) => this.#pending.view(baseUrl).count > 0);
  }

  #ofKeys(baseUrl: string, keys: readonly string[]): ChangeSelection {
    const connection = this.#connections.byUrl(baseUrl);
    const changes = keys.map((key) => this.#pending.get(baseUrl, key)).filter((change) => change !== undefined);
    if (connection === undefined || changes.length === 0) throw new UserError(l10n.t("No change is pending here."));
    return { connection, changes };
  }
}

const isState = (value: unknown): value is ChangeState =>
  typeof value === "object" && value !== null && "resourceUri" in value && "baseUrl" in value && "key" in value;

const isGroup = (value: unknown): value is vscode.SourceControlResourceGroup =>
  typeof value === "object" && value !== null && "resourceStates" in value;

function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText) return input.uri;
  return input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
}
