import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { UserError } from "../platform/errors.ts";
import type { JobEditorProvider } from "./jobEditorProvider.ts";

/** Opens a job file in the job editor, on a page if one is named. */
export function jobEditorCommands(editor: JobEditorProvider): SomeHandlers<"scim.job.openEditor"> {
  return {
    "scim.job.openEditor": (file, page) => editor.open(jobFileOf(file), page),
  };
}

/** The file that a command was called on; from the palette or a key, the one in front. */
function jobFileOf(file: unknown): vscode.Uri {
  if (file instanceof vscode.Uri) return file;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  throw new UserError(l10n.t("Open a job file, NAME.provisioning.json, first."));
}
