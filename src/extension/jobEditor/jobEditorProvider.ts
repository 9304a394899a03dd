import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ErrorFunnel } from "../platform/commands.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { Disposable, type Releasable } from "../platform/disposable.ts";
import { webviewHtml, webviewOptions } from "../platform/webviewPage.ts";
import { type JobForm, jobFileForm } from "./jobForm.ts";
import { JobPanel } from "./jobPanel.ts";
import { JobSession } from "./jobSession.ts";
import { type PageId, pageIds } from "./messages/view.ts";
import type { ServiceAccess } from "./serviceAccess.ts";

/** The view type of the job editor. */
const viewType = "scim.jobEditor";

export interface JobEditorOptions {
  /** Forms of a job that are no job file, by the scheme of their documents. */
  readonly forms: Readonly<Record<string, (uri: vscode.Uri) => Promise<JobForm>>>;
  readonly extensionUri: vscode.Uri;
  readonly access: ServiceAccess;
  readonly funnel: ErrorFunnel;
  /** Tells that connections or secrets changed. */
  readonly onDidChangeConnections: (listener: () => unknown) => Releasable;
  /** Hears that a person worked on the mappings: edited them, or looked at the results for somebody. */
  readonly onDidMap: () => void;
  readonly jobs: Pick<Jobs, "store" | "runs" | "viewOf">;
}

/**
 * The job editor for `NAME.provisioning.json`: pages and mapping tables over the text, which stays the only state. Undo, save,
 * hot exit and changes from outside are those of any text file.
 */
export class JobEditorProvider extends Disposable implements vscode.CustomTextEditorProvider {
  readonly #options: JobEditorOptions;
  readonly #sessions = new Map<string, JobSession>();
  /** Pages to show in editors that are about to open. */
  readonly #wanted = new Map<string, PageId>();
  readonly #shown = new Map<string, Set<JobPanel>>();

  constructor(options: JobEditorOptions) {
    super();
    this.#options = options;
    this.register(
      vscode.window.registerCustomEditorProvider(viewType, this, { supportsMultipleEditorsPerDocument: true }),
    );
    this.register(options.onDidChangeConnections(() => this.#each((session) => session.changed())));
    const { store, runs } = options.jobs;
    for (const listen of [store.onDidChange, runs.onDidChange])
      this.register(listen((file) => this.#sessions.get(vscode.Uri.file(file).toString())?.cyclesChanged()));
    this.register({ dispose: () => this.#each((session) => session.dispose()) });
  }

  /** Opens a job in the editor. @param page the page to show, as an unchecked argument of a command. */
  async open(uri: vscode.Uri, page?: unknown): Promise<void> {
    const wanted = pageIds.find((each) => each === page);
    const key = uri.toString();
    if (wanted !== undefined) this.#wanted.set(key, wanted);
    await vscode.commands.executeCommand("vscode.openWith", uri, viewType);
    const panels = this.#shown.get(key);
    if (wanted === undefined || panels === undefined) return;
    for (const panel of panels) panel.post({ kind: "show", page: wanted });
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, webviewPanel: vscode.WebviewPanel): Promise<void> {
    const key = document.uri.toString();
    const { uri } = document;
    const form = (await this.#options.forms[uri.scheme]?.(uri)) ?? jobFileForm(uri);
    const session = this.#session(key, document, form);
    const panel: JobPanel = new JobPanel(webviewPanel, (message) => {
      session.receive(panel, message);
      const wanted = this.#wanted.get(key);
      if (message.kind !== "ready" || wanted === undefined) return;
      this.#wanted.delete(key);
      panel.post({ kind: "show", page: wanted });
    });
    session.add(panel);
    const panels = this.#shown.get(key) ?? new Set();
    this.#shown.set(key, panels.add(panel));
    webviewPanel.onDidDispose(() => {
      panel.dispose();
      panels.delete(panel);
      if (!session.remove(panel)) return;
      this.#sessions.delete(key);
      this.#shown.delete(key);
      session.dispose();
    });
    const { webview } = webviewPanel;
    const { extensionUri } = this.#options;
    webview.options = webviewOptions(extensionUri);
    const title = l10n.t("Provisioning job");
    webview.html = webviewHtml(webview, extensionUri, { page: "jobEditor", element: "job-editor", title });
  }

  #session(key: string, document: vscode.TextDocument, form: JobForm): JobSession {
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const { access, funnel, extensionUri, jobs, onDidMap } = this.#options;
    const worker = vscode.Uri.joinPath(extensionUri, "dist", "preview.worker.js").fsPath;
    const jobView = (file: string) => {
      const model = jobs.store.get(file);
      return model && jobs.viewOf(model);
    };
    const session = new JobSession(document, { form, access, funnel, worker, jobView, onDidMap });
    this.#sessions.set(key, session);
    return session;
  }

  #each(act: (session: JobSession) => void): void {
    for (const session of this.#sessions.values()) act(session);
  }
}
