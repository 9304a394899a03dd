import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import { displayText } from "../platform/text.ts";
import { withViewProgress } from "../platform/progress.ts";
import type { HistoryRow, HistorySubject, ReadPlace } from "./historyRows.ts";
import { changeRows, entryRows, pageSize, pushRows, rowId } from "./historyRows.ts";
import type { HistoryThread } from "./historyThread.ts";
import type { JournalPlace } from "./journals.ts";
import { renderHistoryRow } from "./renderHistory.ts";

const viewId = "scim.history";
/** Changes that come together are drawn together, in milliseconds. */
const drawAfter = 150;

export interface HistoryViewServices {
  readonly thread: HistoryThread;
  places(): readonly JournalPlace[];
  /** Hears whether the history of one person or group is shown. */
  filtered(filtered: boolean): void;
}

/** The History view: every push with its changes, or everything that was done to one person or group. */
export class HistoryView extends Disposable implements vscode.TreeDataProvider<string> {
  readonly #services: HistoryViewServices;
  readonly #rows = new Map<string, { readonly row: HistoryRow; readonly parent: string | undefined }>();
  readonly #changed = this.register(new vscode.EventEmitter<string | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<string>;
  #subject: HistorySubject | undefined;
  #shown = pageSize;
  #drawing: NodeJS.Timeout | undefined;

  constructor(services: HistoryViewServices) {
    super();
    this.#services = services;
    this.#view = this.register(vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true }));
    this.register(this.#view.onDidChangeVisibility(({ visible }) => (visible ? this.refresh() : undefined)));
    this.register({ dispose: () => clearTimeout(this.#drawing) });
  }

  /** Reads what has changed, soon. While the view is closed nothing is read. */
  refresh(): void {
    if (!this.#view.visible) return;
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.#changed.fire(undefined);
    }, drawAfter);
  }

  /** Shows the history of one person or group, or that of all pushes. */
  async show(subject: HistorySubject | undefined): Promise<void> {
    this.#subject = subject;
    this.#shown = pageSize;
    this.#view.description = subject === undefined ? "" : displayText(subject.name);
    this.#tellEmpty(undefined);
    this.#services.filtered(subject !== undefined);
    await vscode.commands.executeCommand(`${viewId}.focus`);
    this.#changed.fire(undefined);
  }

  loadMore(): void {
    this.#shown += pageSize;
    this.#changed.fire(undefined);
  }

  /** The row with an id, or that of the selection. */
  row(id: unknown): HistoryRow | undefined {
    const wanted = typeof id === "string" ? id : id === undefined ? this.#view.selection[0] : undefined;
    return wanted === undefined ? undefined : this.#rows.get(wanted)?.row;
  }

  async getChildren(element?: string): Promise<string[]> {
    const parent = element === undefined ? undefined : this.#rows.get(element)?.row;
    if (element !== undefined && parent?.kind !== "push") return [];
    const rows = await withViewProgress(viewId, () =>
      parent?.kind === "push" ? this.#changesOf(parent) : this.#roots(),
    );
    return rows.map((row) => {
      const id = rowId(row);
      this.#rows.set(id, { row, parent: element });
      return id;
    });
  }

  getParent(element: string): string | undefined {
    return this.#rows.get(element)?.parent;
  }

  getTreeItem(element: string): vscode.TreeItem {
    const row = this.#rows.get(element)?.row;
    if (row === undefined) return new vscode.TreeItem("");
    const drawn = renderHistoryRow(row, new Date());
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(drawn.label, drawn.expandable ? Collapsed : None);
    item.id = element;
    item.contextValue = drawn.context;
    item.tooltip = drawn.tooltip;
    if (drawn.description !== undefined) item.description = drawn.description;
    item.iconPath = new vscode.ThemeIcon(
      drawn.icon,
      drawn.iconColor === undefined ? undefined : new vscode.ThemeColor(drawn.iconColor),
    );
    if (drawn.command !== undefined)
      item.command = { command: drawn.command.id, title: drawn.command.title, arguments: [element] };
    item.accessibilityInformation = { label: drawn.accessible };
    return item;
  }

  async #roots(): Promise<readonly HistoryRow[]> {
    const { thread, places } = this.#services;
    const subject = this.#subject;
    if (subject === undefined) {
      const read = await Promise.all(places().map((place) => this.#read(place)));
      return pushRows(read, this.#shown);
    }
    const found = await Promise.all(
      places()
        .filter(({ baseUrl }) => baseUrl === subject.baseUrl)
        .map(async (place) => {
          const { folder } = place;
          return { place, entries: await thread.ask("timeline", { folder, who: subject.who }).catch(() => []) };
        }),
    );
    const rows = entryRows(found, this.#shown);
    this.#tellEmpty(rows.length === 0 ? subject : undefined);
    return rows;
  }

  async #read(place: JournalPlace): Promise<ReadPlace> {
    try {
      return { place, journal: await this.#services.thread.ask("journal", { folder: place.folder }) };
    } catch (error) {
      return { place, journal: { trouble: error instanceof Error ? error.message : String(error) } };
    }
  }

  async #changesOf(row: Extract<HistoryRow, { kind: "push" }>): Promise<readonly HistoryRow[]> {
    const { folder } = row.place;
    const limit = pageSize;
    return changeRows(row, await this.#services.thread.ask("changes", { folder, push: row.push.push, limit }));
  }

  #tellEmpty(subject: HistorySubject | undefined): void {
    // An empty text leaves the place for what the view says when it is empty.
    if (subject === undefined) delete this.#view.message;
    else this.#view.message = l10n.t("No push from here has touched {0}.", displayText(subject.name));
  }
}
