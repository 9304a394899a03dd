import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { App } from "./app.ts";

/** Starts the extension: everything it holds is released with it. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
  const app = new App(context);
  context.subscriptions.push(app);
  await app.start();
}
