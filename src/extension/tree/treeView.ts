import * as vscode from "vscode";
import { schemes } from "../documents/address.ts";
import type { Listen } from "../platform/emitter.ts";
import type { DirectoryTree } from "./directoryTree.ts";
import type { NodeId } from "./nodes.ts";
import type { RenderedRow } from "./render.ts";
import { renderNode } from "./render.ts";

export const connectionsView = "scim.connections";

/** Gives the rows of a {@link DirectoryTree} to VS Code. Elements are row ids, which stay the same when a row's data changes. */
export class DirectoryTreeProvider implements vscode.TreeDataProvider<NodeId> {
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
    if (node === undefined) return new vscode.TreeItem("");
    return treeItem(element, renderNode(node));
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
  if (row.icon !== undefined)
    item.iconPath = new vscode.ThemeIcon(
      row.icon,
      row.iconColor === undefined ? undefined : new vscode.ThemeColor(row.iconColor),
    );
  if (row.resource !== undefined) item.resourceUri = vscode.Uri.from({ scheme: schemes.pending, ...row.resource });
  if (row.command !== undefined) item.command = { command: row.command.id, title: row.command.title, arguments: [id] };
  if (row.accessible !== undefined) item.accessibilityInformation = { label: row.accessible };
  return item;
}

/** An event of logic without VS Code as an event of VS Code. */
export const eventOf =
  <T>(listen: Listen<T>): vscode.Event<T> =>
  (listener, thisArgs, disposables) => {
    const registered = listen((event) => listener.call(thisArgs, event));
    const disposable = new vscode.Disposable(() => void registered.dispose());
    disposables?.push(disposable);
    return disposable;
  };
