import * as vscode from "vscode";
import { Disposable } from "../../platform/disposable.ts";
import type { JobRow, JobView } from "./jobRows.ts";
import { childRows, rowId } from "./jobRows.ts";
import { renderJobRow } from "./renderJobs.ts";
import { treeItemOf } from "./treeItem.ts";

const viewId = "scim.jobs";
/** Changes that come together are drawn together, in milliseconds. */
const drawAfter = 150;

/** The Jobs view. Elements are row ids, which stay the same when what a row shows changes. */
export class JobsView extends Disposable implements vscode.TreeDataProvider<string> {
  readonly #views: () => readonly JobView[];
  readonly #rows = new Map<string, { readonly row: JobRow; readonly parent: string | undefined }>();
  readonly #changed = this.register(new vscode.EventEmitter<string | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<string>;
  #drawing: NodeJS.Timeout | undefined;

  constructor(views: () => readonly JobView[]) {
    super();
    this.#views = views;
    this.#view = this.register(vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true }));
    // Times of next cycles and countdowns move on.
    const clock = setInterval(() => this.refresh(), 60_000);
    this.register({ dispose: () => clearInterval(clock) });
    this.register({ dispose: () => clearTimeout(this.#drawing) });
  }

  /** Draws everything again, soon. */
  refresh(): void {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.#changed.fire(undefined);
    }, drawAfter);
  }

  /** The row with an id, or that of the selection. */
  row(id: unknown): JobRow | undefined {
    const wanted = typeof id === "string" ? id : id === undefined ? this.#view.selection[0] : undefined;
    return wanted === undefined ? undefined : this.#rows.get(wanted)?.row;
  }

  /** Selects a job's row. */
  async reveal(file: string): Promise<void> {
    const id = rowId({ kind: "job", file });
    this.getChildren();
    await this.#view.reveal(id, { select: true, focus: true, expand: true });
  }

  getChildren(element?: string): string[] {
    const parent = element === undefined ? undefined : this.#rows.get(element)?.row;
    if (element !== undefined && parent === undefined) return [];
    return childRows(this.#views(), parent).map((row) => {
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
    const view = this.#views().find(({ model }) => model.paths.file === row?.file);
    if (row === undefined || view === undefined) return new vscode.TreeItem("");
    return treeItemOf(element, renderJobRow(row, view, new Date()));
  }
}
