import * as vscode from "vscode";
import type { RenderedJobRow } from "./renderedRow.ts";

/** A drawn row as VS Code shows it. @param id what its command is given, unless that names an argument of its own */
export function treeItemOf(id: string, drawn: RenderedJobRow): vscode.TreeItem {
  const item = new vscode.TreeItem(drawn.label, expandable[drawn.expandable]);
  item.id = id;
  item.contextValue = drawn.context;
  item.tooltip = drawn.tooltip;
  if (drawn.description !== undefined) item.description = drawn.description;
  const color = drawn.iconColor === undefined ? undefined : new vscode.ThemeColor(drawn.iconColor);
  item.iconPath = new vscode.ThemeIcon(drawn.icon, color);
  if (drawn.command !== undefined)
    item.command = {
      command: drawn.command.id,
      title: drawn.command.title,
      arguments: [drawn.command.argument ?? id],
    };
  if (drawn.accessible !== undefined) item.accessibilityInformation = { label: drawn.accessible };
  return item;
}

const expandable = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;
