import { readFile } from "node:fs/promises";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { PendingChanges } from "./changes/pendingChanges.ts";
import { Clients } from "./connections/clients.ts";
import { ConnectionStore } from "./connections/connectionStore.ts";
import { hostSettings } from "./connections/host.ts";
import { SandboxHost } from "./connections/sandboxHost.ts";
import { Targets } from "./connections/targets.ts";
import { TokenStore } from "./connections/tokens.ts";
import { connectionSegment } from "./documents/address.ts";
import { createFunnel, registerCommands } from "./platform/commands.ts";
import { ContextKeyWriter } from "./platform/contextKeys.ts";
import { Disposable } from "./platform/disposable.ts";
import { requestLog } from "./platform/log.ts";
import { ResourceDecorations } from "./tree/decorations.ts";
import { DirectoryTree } from "./tree/directoryTree.ts";
import { collectionId, connectionId } from "./tree/nodes.ts";
import { treeCommands } from "./tree/treeCommands.ts";
import { connectionsView, DirectoryTreeProvider } from "./tree/treeView.ts";

const pendingKey = "scim.pendingChanges";

/** Puts the extension together: every part and what it needs, in the order in which they are made. */
export class App extends Disposable {
  readonly #sandbox: SandboxHost;
  readonly #connections: ConnectionStore;
  readonly #keys = new ContextKeyWriter();

  constructor(context: vscode.ExtensionContext) {
    super();
    const log = this.register(vscode.window.createOutputChannel("SCIM", { log: true }));
    const connections = new ConnectionStore(hostSettings);
    const tokens = new TokenStore(context.secrets);
    const sandbox = new SandboxHost(connections, tokens);
    const clients = new Clients({
      tokens,
      log: (connection) => requestLog(log, connection),
      trusted: () => vscode.workspace.isTrusted,
    });
    this.register({ dispose: () => clients.dispose() });
    const pending = new PendingChanges({
      read: () => context.workspaceState.get(pendingKey),
      write: (value) => context.workspaceState.update(pendingKey, value),
    });
    const tree = new DirectoryTree({
      connections: () => connections.all(),
      reader: (connection) => Promise.resolve(clients.reader(connection)),
      pending: (baseUrl) => pending.view(baseUrl),
    });
    const view = this.register(
      vscode.window.createTreeView(connectionsView, {
        treeDataProvider: new DirectoryTreeProvider(tree),
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    const decorations = this.register(
      new ResourceDecorations((segment, key) => {
        const connection = connections.all().find(({ name }) => connectionSegment(name) === segment);
        return connection && pending.get(connection.baseUrl, key)?.change.action;
      }),
    );
    const targets = new Targets(connections, tree, () => view.selection);
    const reveal = async (id: string): Promise<void> => await view.reveal(id, { expand: 1, focus: true, select: true });
    connections.onDidChange(() => {
      this.#keys.set("scim.connected", connections.all().length > 0);
      void tree.refresh();
    });
    pending.onDidChange(({ baseUrl }) => {
      this.#keys.set("scim.hasChanges", pending.total > 0);
      tree.redraw(baseUrl);
      decorations.refresh();
    });
    sandbox.onDidChange((running) => this.#keys.set("scim.sandboxRunning", running));
    this.register({ dispose: () => sandbox.stop() });
    const funnel = createFunnel(log, () => undefined);
    this.register(
      registerCommands(
        {
          ...treeCommands({
            tree,
            targets,
            clients,
            reveal: async (baseUrl, type) => {
              await tree.children(connectionId(baseUrl));
              await reveal(collectionId(baseUrl, type));
            },
          }),
          "scim.sandbox.start": async () => await reveal(connectionId((await sandbox.start()).baseUrl)),
          "scim.sandbox.stop": async () => await sandbox.stop(),
          "scim.log.show": () => log.show(),
        },
        funnel,
      ),
    );
    this.#sandbox = sandbox;
    this.#connections = connections;
  }

  /** Connects to the service that the environment hands over, and lets the empty view say why it is empty. */
  async start(): Promise<void> {
    const handover = process.env["SCIM_SANDBOX"];
    if (handover !== undefined && handover !== "") {
      try {
        this.#sandbox.adopt(await readFile(handover, "utf8"), handover);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        void vscode.window.showWarningMessage(l10n.t("SCIM_SANDBOX could not be read: {0}", message));
      }
    }
    this.#keys.set("scim.connected", this.#connections.all().length > 0);
    this.#keys.set("scim.ready", true);
  }
}
