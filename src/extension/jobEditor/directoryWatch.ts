import { dirname, isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { DirectorySettings } from "../../directory/settings.ts";
import { DisposableStore, type Releasable } from "../platform/disposable.ts";

const settleMs = 200;

/** The files that a directory is read from, as absolute paths; none for a service. */
export function directoryFiles(settings: DirectorySettings, jobFile: string): string[] {
  const files =
    settings.type === "csv"
      ? [settings.users, settings.groups, settings.members, settings.assignments]
      : settings.type === "json"
        ? [settings.file]
        : [];
  return files
    .filter((file) => file !== undefined)
    .map((file) => (isAbsolute(file) ? file : join(dirname(jobFile), file)));
}

/** Tells, once things have settled, that a file of the directory was changed, deleted or made. */
export function watchFiles(files: readonly string[], changed: () => void): Releasable {
  const store = new DisposableStore();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, settleMs);
  };
  for (const file of files) {
    const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(file)), file.slice(dirname(file).length + 1));
    const watcher = store.add(vscode.workspace.createFileSystemWatcher(pattern));
    store.add(watcher.onDidChange(soon));
    store.add(watcher.onDidCreate(soon));
    store.add(watcher.onDidDelete(soon));
  }
  store.add({ dispose: () => clearTimeout(timer) });
  return store;
}
