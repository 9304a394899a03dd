import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { CancelledError, UserError } from "../platform/errors.ts";
import { labelText } from "../platform/text.ts";
import type { DirectoryTree } from "../tree/directoryTree.ts";
import type { ResourceNode, TreeNode } from "../tree/nodes.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionStore } from "./connectionStore.ts";

/** Finds out what a command is about: the row it was called on, all selected rows, or what the person picks. */
export class Targets {
  readonly #connections: ConnectionStore;
  readonly #tree: DirectoryTree;
  readonly #selection: () => readonly string[];

  /** `selection` gives the selected rows of the view, for keyboard and palette. */
  constructor(connections: ConnectionStore, tree: DirectoryTree, selection: () => readonly string[]) {
    this.#connections = connections;
    this.#tree = tree;
    this.#selection = selection;
  }

  /** The rows a command was called on: all selected ones when the clicked one is among them. */
  rows(row: unknown, rows: unknown): TreeNode[] {
    const ids = Array.isArray(rows) && rows.includes(row) ? (rows as unknown[]) : row === undefined ? [] : [row];
    return ids
      .map((id) => (typeof id === "string" ? this.#tree.node(id) : undefined))
      .filter((node) => node !== undefined);
  }

  /** As `rows`, else the selection of the view. */
  rowsOrSelection(row: unknown, rows: unknown): TreeNode[] {
    const given = this.rows(row, rows);
    if (given.length > 0 || row !== undefined) return given;
    return this.#selection()
      .map((id) => this.#tree.node(id))
      .filter((node) => node !== undefined);
  }

  /** The connection of a row, a base URL, or the one that the person picks. @throws CancelledError, UserError */
  async connection(target?: unknown, accept: (connection: Connection) => boolean = () => true): Promise<Connection> {
    if (typeof target === "string") {
      const node = this.#tree.node(target);
      const found = this.#connections.byUrl(node === undefined ? target : this.#urlOf(node));
      if (found !== undefined) return found;
    }
    return await this.#pick(accept);
  }

  /** The connection that all rows belong to. @throws UserError when they belong to several */
  connectionOf(nodes: readonly ResourceNode[]): Connection {
    const urls = new Set(nodes.map((node) => node.baseUrl));
    const [url] = urls;
    if (urls.size > 1) throw new UserError(l10n.t("The selection spans several connections. Select rows of one."));
    const connection = url === undefined ? undefined : this.#connections.byUrl(url);
    if (connection === undefined) throw new UserError(l10n.t("The connection of this row is gone. Refresh the view."));
    return connection;
  }

  #urlOf(node: TreeNode): string {
    if (node.kind === "connection") return node.connection.baseUrl;
    if ("baseUrl" in node) return node.baseUrl;
    const parent = node.parent === undefined ? undefined : this.#tree.node(node.parent);
    return parent === undefined ? "" : this.#urlOf(parent);
  }

  async #pick(accept: (connection: Connection) => boolean): Promise<Connection> {
    const connections = this.#connections.all().filter(accept);
    const [only] = connections;
    if (only === undefined) throw new UserError(l10n.t("There is no connection for this. Connect first."));
    if (connections.length === 1) return only;
    const items = connections.map((connection) => ({
      label: labelText(connection.name),
      description: new URL(connection.baseUrl).host,
      connection,
    }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t("Choose a connection") });
    if (picked === undefined) throw new CancelledError();
    return picked.connection;
  }
}
