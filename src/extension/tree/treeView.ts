import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ResourceType } from "../../scim/resource.ts";
import { schemes } from "../documents/schemes.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Listen } from "../platform/emitter.ts";
import { count } from "../platform/text.ts";
import type { DirectoryTree } from "./directoryTree.ts";
import type { NodeId } from "./nodes.ts";
import { collectionId, connectionId } from "./nodes.ts";
import type { RenderedRow } from "./render.ts";
import { renderNode } from "./render.ts";

const viewId = "scim.connections";

/** The Connections view. */
export class ConnectionsView extends Disposable {
  readonly #tree: DirectoryTree;
  readonly #view: vscode.TreeView<NodeId>;

  constructor(tree: DirectoryTree) {
    super();
    this.#tree = tree;
    const treeDataProvider = new DirectoryTreeProvider(tree);
    const options = { treeDataProvider, canSelectMany: true, showCollapseAll: true };
    this.#view = this.register(vscode.window.createTreeView(viewId, options));
  }

  get selection(): readonly NodeId[] {
    return this.#view.selection;
  }

  /** The number on the icon of the container. */
  showPending(changes: number): void {
    const tooltip = changes === 1 ? l10n.t("1 pending change") : l10n.t("{0} pending changes", count(changes));
    this.#view.badge = changes === 0 ? undefined : { value: changes, tooltip };
  }

  /** Selects a connection and opens it. */
  async revealConnection(baseUrl: string): Promise<void> {
    await this.#tree.children();
    await this.#view.reveal(connectionId(baseUrl), { expand: 1, focus: true, select: true });
  }

  /** Selects a list of a connection and opens it. */
  async revealCollection(baseUrl: string, type: ResourceType): Promise<void> {
    await this.#tree.children();
    await this.#tree.children(connectionId(baseUrl));
    await this.#view.reveal(collectionId(baseUrl, type), { expand: 1, focus: true, select: true });
  }

  async refreshConnection(baseUrl: string): Promise<void> {
    await this.#tree.refresh(connectionId(baseUrl));
  }
}

/** Gives the rows of a {@link DirectoryTree} to VS Code. Elements are row ids, which stay the same when a row's data changes. */
class DirectoryTreeProvider implements vscode.TreeDataProvider<NodeId> {
  readonly #tree: DirectoryTree;
  readonly onDidChangeTreeData: vscode.Event<NodeId | undefined>;

  constructor(tree: DirectoryTree) {
    this.#tree = tree;
    this.onDidChangeTreeData = eventOf(tree.onDidChange);
  }

  getChildren(element?: NodeId): Promise<NodeId[]> {
    return vscode.workspace.isTrusted ? this.#tree.children(element) : Promise.resolve([]);
  }

  getParent(element: NodeId): NodeId | undefined {
    return this.#tree.parent(element);
  }

  getTreeItem(element: NodeId): vscode.TreeItem {
    const node = this.#tree.node(element);
    return node === undefined ? new vscode.TreeItem("") : treeItem(element, renderNode(node));
  }
}

const expandable = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

function treeItem(id: NodeId, row: RenderedRow): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, expandable[row.expandable]);
  item.id = id;
  item.contextValue = row.context;
  item.tooltip = row.tooltip;
  if (row.description !== undefined) item.description = row.description;
  const color = row.iconColor === undefined ? undefined : new vscode.ThemeColor(row.iconColor);
  if (row.icon !== undefined) item.iconPath = new vscode.ThemeIcon(row.icon, color);
  if (row.resource !== undefined) item.resourceUri = vscode.Uri.from({ scheme: schemes.pending, ...row.resource });
  if (row.command !== undefined) item.command = { command: row.command.id, title: row.command.title, arguments: [id] };
  // A screen reader would say the label alone, without the count or the name that stands beside it.
  const spoken = row.accessible ?? [row.label, row.description].filter((part) => part !== undefined).join(", ");
  item.accessibilityInformation = { label: spoken };
  return item;
}

/** An event of logic without VS Code as an event of VS Code. */
const eventOf =
  <T>(listen: Listen<T>): vscode.Event<T> =>
  (listener, thisArgs, disposables) => {
    const registered = listen((event) => listener.call(thisArgs, event) as unknown);
    const disposable = new vscode.Disposable(() => void registered.dispose());
    disposables?.push(disposable);
    return disposable;
  };
