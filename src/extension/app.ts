import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { changeCommands } from "./changes/changeCommands.ts";
import { ChangeTargets } from "./changes/changeTargets.ts";
import { Conflicts } from "./changes/conflict.ts";
import { PendingChanges } from "./changes/pendingChanges.ts";
import { settleAfterPush } from "./changes/settle.ts";
import { SourceControls } from "./changes/sourceControls.ts";
import { Clients } from "./connections/clients.ts";
import { conformanceCommands } from "./connections/conformanceCommands.ts";
import { connectionCommands } from "./connections/connectionCommands.ts";
import { ConnectionStore } from "./connections/connectionStore.ts";
import { hostSettings } from "./connections/host.ts";
import { Observations } from "./connections/observations.ts";
import { SandboxHost } from "./connections/sandboxHost.ts";
import { Targets } from "./connections/targets.ts";
import { TokenStore } from "./connections/tokens.ts";
import { connectionSegment } from "./documents/address.ts";
import { BaseDocuments } from "./documents/baseDocuments.ts";
import { LanguageFeatures } from "./documents/languageFeatures.ts";
import { ReadOnlyDocuments } from "./documents/readOnlyDocuments.ts";
import type { DocumentProviders } from "./documents/lazyDocuments.ts";
import { ResourceFileSystem } from "./documents/resourceFileSystem.ts";
import { Resources } from "./documents/resources.ts";
import { schemaSchemes } from "./documents/schemes.ts";
import { ThreeSides } from "./documents/threeSides.ts";
import { historyCommands } from "./history/historyCommands.ts";
import { HistoryThread } from "./history/historyThread.ts";
import { HistoryView } from "./history/historyView.ts";
import { journalPlaces } from "./history/journals.ts";
import { JobDiagnostics } from "./jobEditor/diagnostics.ts";
import { jobEditorCommands } from "./jobEditor/jobEditorCommands.ts";
import { JobEditorProvider } from "./jobEditor/jobEditorProvider.ts";
import { ServiceAccess } from "./jobEditor/serviceAccess.ts";
import { directoryToken, signInForDirectory } from "./entra/directoryToken.ts";
import { Entra } from "./entra/entra.ts";
import { SchemaDocuments } from "./entra/schemaDocuments.ts";
import { schemaForm } from "./entra/schemaForm.ts";
import { SchemaDrafts } from "./entra/schemaDrafts.ts";
import { EntraSignIn } from "./entra/signIn.ts";
import { explainCommands } from "./explain/explainCommands.ts";
import { PersonPanel } from "./explain/personPanel.ts";
import { jobCommands } from "./jobs/jobCommands.ts";
import { Jobs } from "./jobs/jobs.ts";
import type { WalkthroughStep } from "./jobs/planFlow.ts";
import { PlanFlow } from "./jobs/planFlow.ts";
import { LogPanels } from "./log/logPanels.ts";
import type { RunCommand } from "./platform/commands.ts";
import { commandRunner, createFunnel } from "./platform/commands.ts";
import { ContextKeyWriter } from "./platform/contextKeys.ts";
import { Disposable } from "./platform/disposable.ts";
import { requestLog } from "./platform/log.ts";
import { groupCommands } from "./resources/groupCommands.ts";
import { resourceCommands } from "./resources/resourceCommands.ts";
import { userCommands } from "./resources/userCommands.ts";
import { ResourceDecorations } from "./tree/decorations.ts";
import { DirectoryTree } from "./tree/directoryTree.ts";
import { treeCommands } from "./tree/treeCommands.ts";
import { ConnectionsView } from "./tree/treeView.ts";

const pendingKey = "scim.pendingChanges";
const observationsKey = "scim.observations";

/** Makes the extension and sets it going; it is released with the context. */
export async function startApp(context: vscode.ExtensionContext): Promise<App> {
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
  const app = new App(context);
  context.subscriptions.push(app);
  await app.start();
  return app;
}

/** Puts the extension together: every part and what it needs, in the order in which they are made. */
export class App extends Disposable {
  readonly run: RunCommand;
  readonly documents: DocumentProviders;
  readonly schemas: DocumentProviders;
  readonly #sandbox: SandboxHost;
  readonly #connections: ConnectionStore;
  readonly #pending: PendingChanges;
  readonly #jobs: Jobs;
  /** Brings back the tabs that were open before a reload, which need connections and jobs. */
  readonly #restore: () => void;
  readonly #keys = new ContextKeyWriter();
  /** Done when the tree shows the connections as they are. */
  #connectionsShown: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext) {
    super();
    const log = this.register(vscode.window.createOutputChannel("SCIM", { log: true }));
    const connections = new ConnectionStore(hostSettings);
    const tokens = new TokenStore(context.secrets);
    const sandbox = new SandboxHost(connections, tokens);
    this.register({ dispose: () => sandbox.stop() });
    const observations = new Observations(
      {
        read: () => context.globalState.get(observationsKey),
        write: (value) => context.globalState.update(observationsKey, value),
      },
      (baseUrl) => (connections.byUrl(baseUrl)?.origin ?? "sandbox") === "sandbox",
    );
    const clients = new Clients({
      tokens,
      observations,
      log: (connection) => requestLog(log, connection),
      trusted: () => vscode.workspace.isTrusted,
    });
    this.register(clients);
    const pending = new PendingChanges(
      {
        read: () => context.workspaceState.get(pendingKey),
        write: (value) => context.workspaceState.update(pendingKey, value),
      },
      {
        isKnown: (baseUrl) => connections.byUrl(baseUrl) !== undefined,
        isPassing: (baseUrl) => connections.byUrl(baseUrl)?.origin === "sandbox",
      },
    );

    const tree = new DirectoryTree({
      connections: () => connections.all(),
      problems: () => connections.problems(),
      reader: (connection) => clients.reader(connection),
      pending: (baseUrl) => pending.view(baseUrl),
    });
    const view = this.register(new ConnectionsView(tree));
    const decorations = this.register(
      new ResourceDecorations((segment, key) => {
        const connection = connections.all().find(({ name }) => connectionSegment(name) === segment);
        return connection && pending.get(connection.baseUrl, key)?.change.action;
      }),
    );
    const targets = new Targets(connections, tree, () => view.selection);

    const resources = new Resources(clients, pending);
    const tell = (notes: readonly string[]): void => {
      if (notes.length > 0) void vscode.window.showInformationMessage(notes.join(" "));
    };
    const documents = this.register(new ReadOnlyDocuments());
    this.documents = {
      pending: this.register(new ResourceFileSystem({ connections, pending, resources, tell })),
      stored: this.register(new BaseDocuments(connections, pending, resources)),
    };
    this.register(new LanguageFeatures(connections, resources));
    const controls = this.register(new SourceControls(connections, pending));
    const sides = this.register(new ThreeSides());
    const conflicts = new Conflicts(sides);

    const editing = { clients, targets, resources, pending, tell };
    const push = {
      clients,
      pending,
      resources,
      folder: vscode.Uri.joinPath(context.globalStorageUri, "pushes").fsPath,
      note: (baseUrl: string) => controls.note(baseUrl),
      clearNote: (baseUrl: string) => controls.clearNote(baseUrl),
      settled: settleAfterPush({ resources, tree }, () => history.refresh()),
      log: (message: string) => log.info(message),
      showDifferences: (name: string, text: string) => documents.show(name, text),
    };
    const funnel = createFunnel(log, (address) => connections.all().find(({ baseUrl }) => address.startsWith(baseUrl)));
    const did = (step: WalkthroughStep): void => void this.#keys.set(`scim.did.${step}`, true);
    const drafts = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "entra-schemas").fsPath;
    const schemas = this.register(new SchemaDocuments(new SchemaDrafts(drafts)));
    this.schemas = { pending: schemas, stored: schemas };
    this.register(new JobDiagnostics());
    const refresh = async (baseUrl: string): Promise<void> => {
      resources.dropAll(baseUrl);
      await view.refreshConnection(baseUrl);
    };
    const changeTargets = new ChangeTargets(connections, pending, controls, targets);
    const signIn = this.register(new EntraSignIn(requestLog(log, "Microsoft Graph")));
    const jobs = this.register(
      new Jobs({
        context,
        connections,
        clients,
        pending,
        log,
        observed: (baseUrl) => observations.profile(baseUrl),
        graphToken: (graphUrl, tenantId) => directoryToken(signIn, graphUrl, tenantId),
        hasJobs: (any) => void this.#keys.set("scim.hasJobs", any),
        did,
      }),
    );
    const places = () => journalPlaces(connections.all(), jobs.store.all(), push.folder);
    const thread = this.register(new HistoryThread(join(context.extensionPath, "dist", "history.worker.js")));
    const history = this.register(
      new HistoryView({
        thread,
        places,
        filtered: (filtered) => void this.#keys.set("scim.history.filtered", filtered),
      }),
    );
    this.register(jobs.store.onDidChange(() => history.refresh()));
    const jobEditor = this.register(
      new JobEditorProvider({
        forms: { [schemaSchemes.pending]: (uri) => schemaForm(schemas, uri) },
        extensionUri: context.extensionUri,
        access: new ServiceAccess({
          connections,
          tokens,
          clients,
          log: (connection) => requestLog(log, connection),
          entra: {
            token: (graphUrl, tenantId) => directoryToken(signIn, graphUrl, tenantId),
            signIn: (graphUrl, tenantId) => signInForDirectory(signIn, graphUrl, tenantId),
          },
        }),
        funnel,
        onDidChangeConnections: connections.onDidChange,
        jobs,
        onDidMap: () => did("map"),
      }),
    );
    const planFlow = new PlanFlow({ ...push, jobs, targets: changeTargets, refresh, did });
    const modelOf = (file: string) => jobs.known(file);
    const logs = this.register(new LogPanels({ extensionUri: context.extensionUri, funnel, modelOf }));
    const panel = this.register(
      new PersonPanel({
        extensionUri: context.extensionUri,
        jobs,
        pending,
        funnel,
        refresh,
        openLog: (model, who) => logs.show(model, who),
        modelOf,
      }),
    );
    const entra = this.register(
      new Entra({
        access: signIn,
        documents,
        logs,
        connections,
        clients,
        signedIn: (signedIn) => void this.#keys.set("scim.entra.signedIn", signedIn),
        sides,
        schemas,
        openJob: (file, page) => jobEditor.open(file, page),
      }),
    );
    const handlers = {
      ...entra.commands,
      ...connectionCommands({
        connections,
        tokens,
        sandbox,
        targets,
        documents,
        pending,
        observations,
        reveal: async (baseUrl) => {
          // A row that is opened before the view has it comes up closed.
          await this.#connectionsShown;
          await view.revealConnection(baseUrl);
        },
        refresh: (baseUrl) => view.refreshConnection(baseUrl),
      }),
      ...conformanceCommands({ clients, targets, documents, observations }),
      ...treeCommands({ tree, targets, clients, reveal: (baseUrl, type) => view.revealCollection(baseUrl, type) }),
      ...resourceCommands(editing),
      ...userCommands(editing),
      ...groupCommands(editing),
      ...changeCommands({
        targets: changeTargets,
        pending,
        resources,
        documents,
        conflicts,
        push,
        pushPlan: (connection, job) => planFlow.push(connection, job),
      }),
      ...jobCommands({
        jobs,
        targets: changeTargets,
        flow: planFlow,
        connections,
        graph: entra.known,
        pending,
        documents,
        openEditor: (uri, page) => jobEditor.open(uri, page),
      }),
      ...historyCommands({
        view: history,
        thread,
        places,
        connections,
        clients,
        resources,
        pending,
        jobs,
        documents,
        targets,
        controls,
        proposeNote: (baseUrl, note) => controls.proposeNote(baseUrl, note),
      }),
      ...explainCommands({ jobs, panel, targets, did }),
      "scim.job.showLog": async (target?: unknown) => {
        const model = await jobs.job(target);
        logs.show(model);
        // Before anything has run, there is nothing to watch.
        if (model.record?.lastCycle !== undefined || model.record?.lastPush !== undefined) did("monitor");
      },
      ...jobEditorCommands(jobEditor),
      "scim.log.show": () => log.show(),
    };
    this.run = commandRunner(handlers, funnel);

    const showPending = (): void => {
      void this.#keys.set("scim.hasChanges", pending.total > 0);
      view.showPending(pending.total);
    };
    this.register(
      connections.onDidChange(() => {
        showPending();
        this.#connectionsShown = this.#showConnections(tree);
      }),
    );
    this.register(
      pending.onDidChange(({ baseUrl }) => {
        showPending();
        tree.redraw(baseUrl);
        decorations.refresh();
      }),
    );
    this.register(sandbox.onDidChange((running) => void this.#keys.set("scim.sandboxRunning", running)));
    this.register(tokens.onDidFallBack(() => tell([noKeyring()])));
    this.register(
      vscode.workspace.onDidGrantWorkspaceTrust(async () => {
        await this.#adoptHandover();
        await tree.refresh();
      }),
    );
    showPending();
    this.#connections = connections;
    this.#sandbox = sandbox;
    this.#pending = pending;
    this.#jobs = jobs;
    this.#restore = () => {
      logs.restore();
      panel.restore();
    };
  }

  async #showConnections(tree: DirectoryTree): Promise<void> {
    // A row must not come before what its menu goes by.
    await this.#keys.set("scim.connected", this.#connections.all().length > 0);
    await tree.refresh();
  }

  /** Brings back what was there, and lets an empty view say why it is empty. */
  async start(): Promise<void> {
    await this.#adoptHandover();
    void this.#keys.set("scim.connected", this.#connections.all().length > 0);
    void this.#keys.set("scim.ready", true);
    await this.#jobs.start();
    this.#restore();
    if (this.#pending.unreadable > 0) {
      const lost = l10n.t("{0} pending changes could not be read and are gone.", this.#pending.unreadable);
      void vscode.window.showWarningMessage(lost);
    }
  }

  /** Connects to the service that the environment hands over, as soon as the workspace is trusted. */
  async #adoptHandover(): Promise<void> {
    const file = process.env["SCIM_SANDBOX"];
    if (file === undefined || file === "" || !vscode.workspace.isTrusted) return;
    try {
      this.#sandbox.adopt(await readFile(file, "utf8"), file);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      void vscode.window.showWarningMessage(l10n.t("SCIM_SANDBOX could not be read: {0}", message));
    }
  }
}

const noKeyring = (): string =>
  l10n.t("This machine has no keyring that keeps secrets, so the token is held in memory until this window closes.");
