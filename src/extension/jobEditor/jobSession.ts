import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { JobEdit } from "../../job/jobEdit.ts";
import type { Job } from "../../job/job.ts";
import { defaultMappings } from "../../mapping/defaults.ts";
import { checkMappings } from "../../mapping/compileMappings.ts";
import { dialectFor } from "../../scim/dialects/dialects.ts";
import type { JobView } from "../jobs/view/jobRows.ts";
import { Disposable } from "../platform/disposable.ts";
import type { ErrorFunnel } from "../platform/commands.ts";
import { displayText } from "../platform/text.ts";
import { testConnection } from "./connectionTest.ts";
import { DirectoryFeed } from "./directoryFeed.ts";
import { watchFiles } from "./directoryWatch.ts";
import { JobDocument } from "./jobDocument.ts";
import type { JobForm } from "./jobForm.ts";
import type { JobPanel } from "./jobPanel.ts";
import type { ToHost } from "./messages.ts";
import type { Offers, Snapshot } from "./messages/job.ts";
import type { ConnectionTest } from "./messages/previews.ts";
import type { Kind } from "./messages/view.ts";
import { makeOffers } from "./offers.ts";
import { PreviewClient } from "./preview/previewClient.ts";
import type { ServiceAccess } from "./serviceAccess.ts";
import { ServiceSchemas } from "./serviceSchemas.ts";
import { openDirectoryFile, runAction } from "./sessionActions.ts";
import { makeSnapshot } from "./snapshot.ts";
import { statusOf } from "./status.ts";
import { TargetFeed } from "./targetFeed.ts";
import { ViewAnswers } from "./viewAnswers.ts";

/** How long a save waits for what was typed. */
const flushMs = 500;

export interface JobSessionOptions {
  readonly form: JobForm;
  readonly access: ServiceAccess;
  readonly funnel: ErrorFunnel;
  /** The built script of the preview thread. */
  readonly worker: string;
  readonly onDidMap: () => void;
  /** What is known of the job's cycles. */
  readonly jobView: (file: string) => JobView | undefined;
}

/** Everything behind the editors of one job file: its document, its directory in a thread, its pages. */
export class JobSession extends Disposable {
  readonly document: JobDocument;
  readonly #options: JobSessionOptions;
  readonly #preview: PreviewClient;
  readonly #panels = new Set<JobPanel>();
  readonly #directory: DirectoryFeed;
  readonly #target: TargetFeed;
  readonly #schemas: ServiceSchemas;
  readonly #answers: ViewAnswers;
  #lastCycle: string | undefined;
  #test: ConnectionTest | undefined;
  #edits: Promise<void> = Promise.resolve();

  constructor(document: vscode.TextDocument, options: JobSessionOptions) {
    super();
    this.document = new JobDocument(document, options.form);
    this.#options = options;
    this.#preview = this.register(
      new PreviewClient({
        script: options.worker,
        token: (...need) => options.access.token(...need),
        onPartial: (partial) => this.#each((panel) => panel.post({ kind: "population", ...partial })),
        onTarget: (kind, done, total) => this.#target.progress(kind, done, total),
        onRequest: (baseUrl, record) => options.access.logRequest(baseUrl, record),
      }),
    );
    const file = document.uri.fsPath;
    this.#directory = this.register(
      new DirectoryFeed({
        preview: this.#preview,
        file,
        trusted: () => vscode.workspace.isTrusted,
        tell: (state) => this.#each((panel) => panel.post(state)),
        loaded: () => {
          this.#each((panel) => panel.post(this.#offers()));
          this.#answers.all();
        },
        failed: (error) => this.#failed(error),
      }),
    );
    this.#target = new TargetFeed({
      preview: this.#preview,
      access: options.access,
      file,
      tell: (state) => this.#each((panel) => panel.post(state)),
      changed: () => this.#answers.all(),
    });
    this.#schemas = new ServiceSchemas(options.access, () => {
      this.#each((panel) => panel.post(this.#offers()));
      this.changed();
    });
    this.#answers = this.register(
      new ViewAnswers({
        preview: this.#preview,
        panels: this.#panels,
        job: () => (this.#directory.state?.state === "ready" ? this.document.job : undefined),
        version: () => this.document.version,
        shown: (kind, job) => this.#target.want(kind, job),
        run: (act) => this.#run(act),
      }),
    );
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
    const onDidChangeSaved = options.form.onDidChangeSaved?.(() => void this.#savedChanged());
    if (onDidChangeSaved !== undefined) this.register(onDidChangeSaved);
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
    this.#run(() => this.#schemas.want(job.connection.baseUrl));
    this.#tellPreview(job);
    this.#directory.want(job);
    this.#answers.all();
  }

  /** Something happened to the job's cycles. */
  cyclesChanged(): void {
    const view = this.#options.jobView(this.document.document.uri.fsPath);
    if (view === undefined) return;
    this.#each((panel) => panel.post(statusOf(view, new Date())));
    const last = view.model.record?.lastCycle?.id;
    if (last === this.#lastCycle) return;
    this.#lastCycle = last;
    // What a cycle has pushed is in the target now.
    this.#target.forget();
    this.#answers.all();
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
        this.#answers.one(panel);
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
        this.#answers.step(panel, message.table, message.from, message.by);
        break;
      case "test":
        this.#run(() => this.#testConnection());
        break;
      case "readTarget":
        this.#run(async () => {
          if (this.document.job !== undefined) await this.#target.readAgain(message.table, this.document.job);
        });
        break;
      case "run":
        this.#run(() => this.#action(message.action));
        break;
      case "openFile":
        this.#run(async () => {
          const { job, document } = this.document;
          if (job !== undefined) await openDirectoryFile(job, document.uri.fsPath, message.file, message.line);
        });
        break;
      case "flushed":
        break;
    }
  }

  #start(panel: JobPanel): void {
    panel.post(this.#snapshot());
    panel.post(this.#offers());
    if (this.#directory.state !== undefined) panel.post(this.#directory.state);
    if (this.#test !== undefined) panel.post(this.#test);
    for (const state of this.#target.states()) panel.post(state);
    const view = this.#options.jobView(this.document.document.uri.fsPath);
    if (view !== undefined) {
      this.#lastCycle = view.model.record?.lastCycle?.id;
      panel.post(statusOf(view, new Date()));
    }
    const { job } = this.document;
    if (job === undefined) return;
    this.#run(() => this.#schemas.want(job.connection.baseUrl));
    this.#tellPreview(job);
    this.#directory.want(job);
    this.#answers.one(panel);
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
      live: this.#options.form.live !== undefined,
      locked: this.#locked,
      reading,
      lastGood: this.document.job,
      saved: this.document.saved,
      check: (job, kind) => {
        const resourceType = kind === "users" ? "User" : "Group";
        const { dialect, baseUrl } = job.connection;
        const schema = this.#schemas.schemas?.[kind];
        return checkMappings(job[kind].mappings, { resourceType, dialect: dialectFor(dialect, baseUrl), schema })
          .problems;
      },
      connection: connection && { name: displayText(connection.name), production: connection.production === true },
    });
  }

  #offers(): Offers {
    const schemas = this.#schemas.schemas;
    const name = this.document.job && this.#options.access.connection(this.document.job.connection.baseUrl)?.name;
    return makeOffers(schemas, name, this.#directory.attributes);
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
    const schemas = this.#schemas.schemas ?? {};
    const preview = { version: this.document.version, job, saved: this.document.saved, schemas };
    this.#run(() => this.#preview.ask("setJob", preview));
  }

  async #testConnection(): Promise<void> {
    const { job } = this.document;
    if (job === undefined) return;
    await testConnection(job, this.#options.access, (test) => {
      this.#test = test;
      this.#each((panel) => panel.post(test));
    });
  }

  async #action(action: Extract<ToHost, { kind: "run" }>["action"]): Promise<void> {
    const { job, document } = this.document;
    if (action === "reloadDirectory") {
      if (job === undefined) return;
      await this.#options.access.signIn(job.directory);
      this.#directory.readAgain(job);
      return;
    }
    const connection = job && this.#options.access.connection(job.connection.baseUrl)?.baseUrl;
    await runAction(action, document.uri, connection, this.#options.form.live);
    if (action === "connect") this.changed();
  }

  #each(act: (panel: JobPanel) => void): void {
    for (const panel of this.#panels) act(panel);
  }

  #run(act: () => Promise<unknown>): void {
    act().catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (this.#panels.size > 0) this.#options.funnel(error, "scim.jobEditor");
  }
}
