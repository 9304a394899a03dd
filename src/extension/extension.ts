import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";
import type { App } from "./app.ts";
import { LazyDocuments } from "./documents/lazyDocuments.ts";
import { schemaSchemes, schemes } from "./documents/schemes.ts";
import type { CommandId } from "./platform/commandTable.ts";
import { commandTable } from "./platform/commandTable.ts";

/**
 * Starts the extension: everything it holds is released with it. Only what VS Code looks for at once is registered here, and
 * nothing is read or asked for; the rest is loaded behind it, so that no start of VS Code waits for it.
 */
export function activate(context: vscode.ExtensionContext): void {
  const app = load(context);
  for (const id of Object.keys(commandTable) as CommandId[])
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (...args: unknown[]) => await (await app).run(id, args)),
    );
  context.subscriptions.push(
    new LazyDocuments(
      schemes,
      app.then(({ documents }) => documents),
    ),
    new LazyDocuments(
      schemaSchemes,
      app.then(({ schemas }) => schemas),
    ),
  );
}

async function load(context: vscode.ExtensionContext): Promise<App> {
  // Node.js may load a module before import() returns; activation is over first.
  await setImmediate();
  const { startApp } = await import("./app.ts");
  return await startApp(context);
}
