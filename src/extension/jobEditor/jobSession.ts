import { dirname } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { JobEdit } from "../../job/jobEdit.ts";
import type { Job } from "../../job/job.ts";
import { defaultMappings } from "../../mapping/defaults.ts";
import { checkMappings } from "../../mapping/compileMappings.ts";
import type { ResourceSchema } from "../../scim/schema.ts";
import { dialectFor } from "../../scim/dialects/dialects.ts";
import { builtinSchema } from "../../scim/schemas/builtin.ts";
import { sameJson } from "../../scim/values.ts";
import { Disposable, type Releasable } from "../platform/disposable.ts";
import type { ErrorFunnel } from "../platform/commands.ts";
import { displayText } from "../platform/text.ts";
import { directoryFiles, watchFiles } from "./directoryWatch.ts";
import { JobDocument } from "./jobDocument.ts";
import type { JobPanel } from "./jobPanel.ts";
import type { ConnectionTest, DirectoryState, Kind, Offers, Snapshot, ToHost } from "./messages.ts";
import { functionOffers, operatorOffers, targetOffers } from "./offers.ts";
import { PreviewClient } from "./preview/previewClient.ts";
import type { ServiceAccess } from "./serviceAccess.ts";
import { makeSnapshot } from "./snapshot.ts";

/** How long counts wait for the next keystroke. */
const countDelayMs = 250;
/** How long a save waits for what was typed. */
const flushMs = 500;

export interface JobSessionOptions {
  readonly access: ServiceAccess;
  readonly funnel: ErrorFunnel;
  /** The built script of the preview thread. */
  readonly worker: string;
  readonly onDidMap: () => void;
}

type Schemas = { readonly users: ResourceSchema; readonly groups: ResourceSchema };

/** Everything behind the editors of one job file: its document, its directory in a thread, its pages. */
export class JobSession extends Disposable {
  readonly document: JobDocument;
  readonly #options: JobSessionOptions;
  readonly #preview: PreviewClient;
  readonly #panels = new Set<JobPanel>();
  #directory: DirectoryState | undefined;
  #attributes: Offers["attributes"] = { users: [], groups: [] };
  #loaded: { readonly settings: Job["directory"]; readonly watch: Releasable } | undefined;
  #loads = 0;
  #schemas: { readonly baseUrl: string; readonly schemas: Schemas | undefined } | undefined;
  #test: ConnectionTest | undefined;
  #countTimer: ReturnType<typeof setTimeout> | undefined;
  #edits: Promise<void> = Promise.resolve();

  constructor(document: vscode.TextDocument, options: JobSessionOptions) {
    super();
    this.document = new JobDocument(document);
    this.#options = options;
    this.#preview = this.register(
      new PreviewClient({
        script: options.worker,
        token: () => {
          const directory = this.document.job?.directory;
          return options.access.token(directory?.type === "scim" ? directory.baseUrl : "");
        },
        onPartial: (partial) => this.#each((panel) => panel.post({ kind: "population", ...partial })),
      }),
    );
    this.register({ dispose: () => this.#loaded?.watch.dispose() });
    this.register({ dispose: () => clearTimeout(this.#countTimer) });
    const isThis = (other: vscode.TextDocument) => other.uri.toString() === document.uri.toString();
    this.register(
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (isThis(event.document)) this.changed();
      }),
    );
    this.register(
      vscode.workspace.onWillSaveTextDocument((event) => {
        if (isThis(event.document)) event.waitUntil(this.#flush());
      }),
    );
    this.register(
      vscode.workspace.onDidSaveTextDocument((saved) => {
        if (isThis(saved)) void this.#savedChanged();
      }),
    );
    if (document.uri.scheme === "file") {
      this.register(watchFiles([document.uri.fsPath], () => void this.#savedChanged()));
    }
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed()));
    void this.#savedChanged();
  }

  add(panel: JobPanel): void {
    this.#panels.add(panel);
  }

  /** @returns whether it was the last one. */
  remove(panel: JobPanel): boolean {
    this.#panels.delete(panel);
    return this.#panels.size === 0;
  }

  /** The text, the saved file, the connections or trust changed: all pages get the whole state. */
  changed(): void {
    this.#each((panel) => panel.post(this.#snapshot()));
    const { job } = this.document;
    if (job === undefined) return;
    this.#readSchemas(job);
    this.#tellPreview(job);
    this.#readDirectory(job);
    this.#each((panel) => this.#answerView(panel));
    this.#countSoon();
  }

  receive(panel: JobPanel, message: ToHost): void {
    switch (message.kind) {
      case "ready":
        this.#start(panel);
        break;
      case "view": {
        const { page, sample } = message.view;
        const before = page === "users" || page === "groups" ? panel.view.sample[page] : null;
        if (before !== null && sample[page as Kind] !== before) this.#options.onDidMap();
        panel.view = message.view;
        this.#answerView(panel);
        this.#countSoon();
        break;
      }
      case "edit":
        this.#edit(panel, message.id, message.version, () => message.edits);
        break;
      case "reset":
        this.#edit(panel, message.id, message.version, () => this.#resetEdits(message.table));
        break;
      case "search":
        this.#run(async () => {
          const found = await this.#preview.ask("people", message.table, message.text);
          panel.post({ kind: "people", seq: message.seq, ...found });
        });
        break;
      case "step":
        this.#step(panel, message.table, message.from, message.by);
        break;
      case "test":
        this.#run(() => this.#testConnection());
        break;
      case "run":
        this.#run(() => this.#action(message.action));
        break;
      case "openFile":
        this.#run(() => this.#openFile(message.file, message.line));
        break;
      case "flushed":
        break;
    }
  }

  #start(panel: JobPanel): void {
    panel.post(this.#snapshot());
    panel.post(this.#offers());
    if (this.#directory !== undefined) panel.post(this.#directory);
    if (this.#test !== undefined) panel.post(this.#test);
    const { job } = this.document;
    if (job === undefined) return;
    this.#readSchemas(job);
    this.#tellPreview(job);
    this.#readDirectory(job);
    this.#answerView(panel);
  }

  get #locked(): Snapshot["locked"] {
    if (!vscode.workspace.isTrusted) return "restricted";
    const { scheme } = this.document.document.uri;
    return vscode.workspace.fs.isWritableFileSystem(scheme) === false ? "readOnlyFile" : undefined;
  }

  #snapshot(): Snapshot {
    const reading = this.document.reading();
    const connection = this.document.job && this.#options.access.connection(this.document.job.connection.baseUrl);
    const { path } = this.document.document.uri;
    return makeSnapshot({
      version: this.document.version,
      fileName: displayText(path.slice(path.lastIndexOf("/") + 1)),
      locked: this.#locked,
      reading,
      lastGood: this.document.job,
      saved: this.document.saved,
      check: (job, kind) => {
        const resourceType = kind === "users" ? "User" : "Group";
        const { dialect, baseUrl } = job.connection;
        const schema = this.#schemas?.schemas?.[kind];
        return checkMappings(job[kind].mappings, { resourceType, dialect: dialectFor(dialect, baseUrl), schema })
          .problems;
      },
      connection: connection && { name: displayText(connection.name), production: connection.production === true },
    });
  }

  #offers(): Offers {
    const schemas = this.#schemas?.schemas;
    const name = this.document.job && this.#options.access.connection(this.document.job.connection.baseUrl)?.name;
    return {
      kind: "offers",
      functions: functionOffers(),
      operators: operatorOffers(),
      targets: {
        users: targetOffers(schemas?.users ?? builtinSchema("User")),
        groups: targetOffers(schemas?.groups ?? builtinSchema("Group")),
      },
      targetsFrom: schemas === undefined || name === undefined ? "RFC 7643" : displayText(name),
      attributes: this.#attributes,
    };
  }

  #edit(panel: JobPanel, id: number, version: number, edits: () => readonly JobEdit[]): void {
    this.#edits = this.#edits.then(async () => {
      const answer = (ok: boolean, reason?: string) =>
        panel.post({ kind: "edited", id, ok, version: this.document.version, ...(reason !== undefined && { reason }) });
      if (this.#locked !== undefined) {
        answer(false, l10n.t("The file is shown for viewing only."));
        return;
      }
      try {
        await this.document.apply(edits(), version);
        answer(true);
        if (panel.view.page === "users" || panel.view.page === "groups") this.#options.onDidMap();
      } catch (error) {
        answer(false, error instanceof Error ? error.message : String(error));
        panel.post(this.#snapshot());
      }
    });
  }

  #resetEdits(table: Kind): JobEdit[] {
    const dialect = this.document.job?.connection.dialect ?? "generic";
    return [{ kind: "set", path: [table, "mappings"], value: defaultMappings[dialect][table] }];
  }

  async #flush(): Promise<void> {
    await Promise.all([...this.#panels].map((panel) => panel.flush(flushMs)));
    await this.#edits;
  }

  async #savedChanged(): Promise<void> {
    await this.document.readSaved();
    this.changed();
  }

  #tellPreview(job: Job): void {
    if (!vscode.workspace.isTrusted) return;
    const schemas = this.#schemas?.schemas ?? {};
    const preview = { version: this.document.version, job, saved: this.document.saved, schemas };
    this.#run(() => this.#preview.ask("setJob", preview));
  }

  #readSchemas(job: Job): void {
    const { baseUrl } = job.connection;
    if (this.#schemas?.baseUrl === baseUrl) return;
    this.#schemas = { baseUrl, schemas: undefined };
    this.#run(async () => {
      const schemas = await this.#options.access.schemas(baseUrl);
      if (schemas === undefined || this.#schemas?.baseUrl !== baseUrl) return;
      this.#schemas = { baseUrl, schemas };
      this.#each((panel) => panel.post(this.#offers()));
      this.changed();
    });
  }

  /** Reads the directory when it is not the one that is loaded. */
  #readDirectory(job: Job): void {
    if (!vscode.workspace.isTrusted) {
      this.#setDirectory({ ...noDirectory, state: "restricted" });
      return;
    }
    if (this.#loaded !== undefined && sameJson(this.#loaded.settings, job.directory)) return;
    this.#loadDirectory(job.directory);
  }

  #loadDirectory(settings: Job["directory"]): void {
    const load = ++this.#loads;
    this.#loaded?.watch.dispose();
    const file = this.document.document.uri.fsPath;
    const watch = watchFiles(directoryFiles(settings, file), () => this.#loadDirectory(settings));
    this.#loaded = { settings, watch };
    this.#setDirectory({ ...(this.#directory ?? noDirectory), state: "loading" });
    this.#run(async () => {
      const { state, attributes } = await this.#preview.ask("load", settings, dirname(file));
      if (load !== this.#loads) return;
      this.#attributes = { users: [...attributes.users], groups: [...attributes.groups] };
      this.#setDirectory({ kind: "directory", ...state });
      this.#each((panel) => {
        panel.post(this.#offers());
        this.#answerView(panel);
      });
      this.#countSoon();
    });
  }

  #setDirectory(directory: DirectoryState): void {
    this.#directory = directory;
    this.#each((panel) => panel.post(directory));
  }

  /** Sends what the page shows: the results of its person. */
  #answerView(panel: JobPanel): void {
    const { page, sample } = panel.view;
    if ((page !== "users" && page !== "groups") || this.#directory?.state !== "ready") return;
    const id = sample[page];
    if (id === null) {
      this.#step(panel, page, null, 1);
      return;
    }
    this.#run(async () => {
      const results = await this.#preview.ask("results", page, id);
      if (results !== null && results.version === this.document.version) panel.post({ kind: "results", ...results });
    });
  }

  #step(panel: JobPanel, table: Kind, from: string | null, by: 1 | -1): void {
    this.#run(async () => {
      const person = await this.#preview.ask("step", table, from, by);
      if (person !== null) panel.post({ kind: "person", table, person });
    });
  }

  #countSoon(): void {
    clearTimeout(this.#countTimer);
    this.#countTimer = setTimeout(() => this.#each((panel) => this.#count(panel)), countDelayMs);
  }

  #count(panel: JobPanel): void {
    if (this.#directory?.state !== "ready" || !panel.visible) return;
    const { page, row, scope } = panel.view;
    if (page === "users" || page === "groups") {
      this.#run(async () => {
        const population = await this.#preview.ask("population", page, row);
        if (population !== null) panel.post({ kind: "population", ...population });
      });
    } else if (page === "scope") {
      this.#run(async () => {
        const counts = await this.#preview.ask("scope", scope);
        if (counts !== null) panel.post({ kind: "scope", ...counts });
      });
    }
  }

  async #testConnection(): Promise<void> {
    const { job } = this.document;
    if (job === undefined) return;
    const { baseUrl } = job.connection;
    const tell = (test: ConnectionTest) => {
      this.#test = test;
      this.#each((panel) => panel.post(test));
    };
    let steps: ConnectionTest["steps"] = [];
    tell({ kind: "test", state: "running", baseUrl, steps });
    try {
      const report = await this.#options.access.test(job, (step) => {
        steps = [...steps, step];
        tell({ kind: "test", state: "running", baseUrl, steps });
      });
      tell({ kind: "test", state: report.healthy ? "healthy" : "unhealthy", baseUrl, steps: [...report.steps] });
    } catch (error) {
      tell({ kind: "test", state: "unhealthy", baseUrl, steps });
      throw error;
    }
  }

  async #action(action: Extract<ToHost, { kind: "run" }>["action"]): Promise<void> {
    const { uri } = this.document.document;
    const baseUrl = this.document.job?.connection.baseUrl;
    switch (action) {
      case "openAsText":
        await vscode.commands.executeCommand("vscode.openWith", uri, "default");
        break;
      case "reloadDirectory":
        if (this.document.job !== undefined && vscode.workspace.isTrusted) {
          this.#loadDirectory(this.document.job.directory);
        }
        break;
      case "manageTrust":
        await vscode.commands.executeCommand("workbench.trust.manage");
        break;
      case "preview":
        await vscode.commands.executeCommand("scim.job.preview", uri);
        break;
      case "connect":
        await vscode.commands.executeCommand("scim.connection.connect");
        this.changed();
        break;
      case "replaceToken":
        await vscode.commands.executeCommand(
          "scim.connection.replaceToken",
          baseUrl === undefined ? undefined : this.#options.access.connection(baseUrl)?.baseUrl,
        );
        break;
    }
  }

  /** Opens a file of the directory; nothing else can be opened from the page. */
  async #openFile(file: string, line: number | null): Promise<void> {
    const { job, document } = this.document;
    if (job === undefined) return;
    const known = directoryFiles(job.directory, document.uri.fsPath);
    const found = known.find((each) => each === file || each.endsWith(`/${file}`) || each.endsWith(`\\${file}`));
    if (found === undefined) return;
    const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), 0);
    const options = { selection: new vscode.Range(at, at) };
    await vscode.window.showTextDocument(vscode.Uri.file(found), options);
  }

  #each(act: (panel: JobPanel) => void): void {
    for (const panel of this.#panels) act(panel);
  }

  #run(act: () => Promise<unknown>): void {
    act().catch((error: unknown) => {
      if (this.#panels.size > 0) this.#options.funnel(error, "scim.jobEditor");
    });
  }
}

const noDirectory: DirectoryState = {
  kind: "directory",
  state: "loading",
  description: "",
  users: 0,
  groups: 0,
  assignments: 0,
  readAt: "",
  problems: [],
  problemCount: 0,
};
