import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { checkConnection } from "../../conformance/check.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import type { ReadOnlyDocuments } from "../documents/readOnlyDocuments.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { count, displayText } from "../platform/text.ts";
import { clientCredentials } from "./clientCredentials.ts";
import type { ConnectServices } from "./connectFlow.ts";
import { askForName, askForSecret, connectFlow } from "./connectFlow.ts";
import type { Connection, ConnectionSetting } from "./connection.ts";
import type { ConnectionStore } from "./connectionStore.ts";
import { reportMarkdown } from "./reportText.ts";
import type { Observations } from "./observations.ts";
import type { SandboxHost } from "./sandboxHost.ts";
import type { Targets } from "./targets.ts";
import type { TokenStore } from "./tokens.ts";
import { MissingTokenError, UntrustedError } from "./trouble.ts";

export interface ConnectionServices {
  readonly connections: ConnectionStore;
  readonly tokens: TokenStore;
  readonly sandbox: SandboxHost;
  readonly targets: Targets;
  readonly documents: ReadOnlyDocuments;
  /** What was observed is forgotten with a removed connection. */
  readonly observations: Pick<Observations, "forget">;
  /** Changes that are lost with a removed connection. */
  readonly pending: PendingChanges;
  /** Shows a connection in the view. */
  reveal(baseUrl: string): Promise<void>;
  /** Reads everything of a connection again. */
  refresh(baseUrl: string): Promise<void>;
}

type Ids =
  | "scim.connection.connect"
  | "scim.connection.test"
  | "scim.connection.rename"
  | "scim.connection.replaceToken"
  | "scim.connection.markProduction"
  | "scim.connection.unmarkProduction"
  | "scim.connection.markReadOnly"
  | "scim.connection.unmarkReadOnly"
  | "scim.connection.openSettings"
  | "scim.connection.copyUrl"
  | "scim.connection.remove"
  | "scim.sandbox.start"
  | "scim.sandbox.stop";

/** The commands around connections. */
export function connectionCommands(services: ConnectionServices): SomeHandlers<Ids> {
  const { connections, tokens, sandbox, targets, documents, pending } = services;
  const connectServices: ConnectServices = {
    connections,
    check: (connection, secret) => check(connection, () => Promise.resolve(secret)),
    showReport: async (connection, report) =>
      await documents.showMarkdown(reportName(connection), reportMarkdown(connection.name, connection.baseUrl, report)),
  };
  const change = async (target: unknown, properties: Partial<ConnectionSetting>): Promise<void> =>
    await connections.update(await targets.connection(target), properties);
  return {
    "scim.connection.connect": async () => {
      const { connection, secret } = await connectFlow(connectServices);
      await tokens.set(connection.baseUrl, secret);
      await connections.save(connection);
      await services.reveal(connection.baseUrl);
    },
    "scim.connection.test": async (target) => {
      requireTrust();
      const connection = await targets.connection(target);
      const report = await check(connection, async () => {
        const secret = await tokens.get(connection.baseUrl);
        if (secret === undefined) throw new MissingTokenError(connection.name);
        return secret;
      });
      await connectServices.showReport(connection, report);
    },
    "scim.connection.rename": async (target) => {
      const connection = await targets.connection(target);
      await connections.update(connection, { name: await askForName(connection, connections) });
    },
    "scim.connection.replaceToken": async (target) => {
      requireTrust();
      const connection = await targets.connection(target);
      const secret = await askForSecret(connection.auth, connection.name);
      if (connection.origin === "settings") await tokens.set(connection.baseUrl, secret);
      else tokens.hold(connection.baseUrl, secret);
      await services.refresh(connection.baseUrl);
    },
    "scim.connection.markProduction": (target) => change(target, { production: true }),
    "scim.connection.unmarkProduction": (target) => change(target, { production: false }),
    "scim.connection.markReadOnly": (target) => change(target, { readOnly: true }),
    "scim.connection.unmarkReadOnly": (target) => change(target, { readOnly: false }),
    "scim.connection.openSettings": async () => {
      await vscode.commands.executeCommand("workbench.action.openSettingsJson", {
        revealSetting: { key: "scim.connections" },
      });
    },
    "scim.connection.copyUrl": async (target) => {
      await vscode.env.clipboard.writeText((await targets.connection(target)).baseUrl);
    },
    "scim.connection.remove": async (target) => {
      const connection = await targets.connection(target);
      const waiting = pending.all(connection.baseUrl).map(({ key }) => key);
      await confirmRemoval(connection, waiting.length);
      pending.discard(connection.baseUrl, waiting);
      if (connection.origin === "sandbox") {
        await sandbox.stop();
        return;
      }
      await connections.remove(connection);
      await tokens.forget(connection.baseUrl);
      await services.observations.forget(connection.baseUrl);
    },
    "scim.sandbox.start": async () => {
      requireTrust();
      await services.reveal((await sandbox.start()).baseUrl);
    },
    "scim.sandbox.stop": async () => {
      const { connection } = sandbox;
      if (connection === undefined) return;
      const waiting = pending.all(connection.baseUrl).map(({ key }) => key);
      if (waiting.length > 0) await confirmRemoval(connection, waiting.length);
      pending.discard(connection.baseUrl, waiting);
      await sandbox.stop();
    },
  };
}

function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw new UntrustedError();
}

const reportName = (connection: ConnectionSetting): string => `${l10n.t("Test of {0}", connection.name)}.md`;

async function check(connection: ConnectionSetting, secret: () => Promise<string>) {
  const provider = connection.auth === "oauth" ? clientCredentials(connection, secret, () => undefined) : secret;
  const title = l10n.t("Testing {0}", displayText(connection.name));
  return await withProgress(title, async (signal) => {
    const { baseUrl, dialect } = connection;
    return await checkConnection({ baseUrl, dialect, token: provider, signal });
  });
}

async function confirmRemoval(connection: Connection, pending: number): Promise<void> {
  const remove = l10n.t("Remove");
  const detail = [
    l10n.t("The token is forgotten. Nothing changes in the service."),
    pending === 0 ? undefined : l10n.t("{0} pending changes are lost.", count(pending)),
  ];
  const question = l10n.t("Remove the connection {0}?", displayText(connection.name));
  const options = { modal: true, detail: detail.filter((line) => line !== undefined).join("\n") };
  if ((await vscode.window.showWarningMessage(question, options, remove)) !== remove) throw new CancelledError();
}
