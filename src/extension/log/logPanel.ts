import { join } from "node:path";
import { Worker } from "node:worker_threads";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { jobLogFile } from "../../provisioning/stateFiles.ts";
import type { JobModel } from "../jobs/jobModel.ts";
import type { ErrorFunnel } from "../platform/commands.ts";
import { Disposable } from "../platform/disposable.ts";
import { UserError } from "../platform/errors.ts";
import { count, displayText } from "../platform/text.ts";
import { webviewHtml, webviewOptions } from "../platform/webviewPage.ts";
import type { ToHost, ToWebview } from "./messages.ts";
import { noFilter, toHostSchema } from "./messages.ts";
import type { FromLogThread, ToLogThread } from "./protocol.ts";

/** The view type of the log. */
export const logViewType = "scim.log";
/** Most rows that are read at once, whatever a page asks for. */
const mostRows = 500;

/** What the buttons of a record do. */
export type LogAct = (act: "explain" | "card" | "preview", sourceId?: string) => Promise<void>;

const commands = { explain: "scim.job.explain", card: "scim.job.showPerson", preview: "scim.job.preview" } as const;

/** What the buttons do for the log of a job file. */
const actOnJob =
  (file: string): LogAct =>
  async (act, sourceId) => {
    await vscode.commands.executeCommand(commands[act], file, ...(sourceId === undefined ? [] : [sourceId]));
  };

export interface LogPanelServices {
  readonly extensionUri: vscode.Uri;
  readonly funnel: ErrorFunnel;
}

/** The provisioning log of one job as a table: a page, a thread that reads the file, and the wire between them. */
export class LogPanel extends Disposable {
  readonly #model: JobModel;
  readonly #services: LogPanelServices;
  readonly #act: LogAct;
  /** Only the log of a job file is there after a reload. */
  readonly #restorable: boolean;
  readonly #panel: vscode.WebviewPanel;
  readonly #thread: Worker;
  /** What the next record that arrives is for. */
  readonly #wanted = new Map<number, "show" | "copy">();
  #requests = 0;
  #view: Extract<ToWebview, { kind: "view" }> | undefined;
  #who: string | undefined;
  #ready = false;

  /**
   * @param act what the buttons of a record do, where the log is not that of a job file
   * @param restored the tab that VS Code brought back after a reload
   */
  constructor(model: JobModel, services: LogPanelServices, act?: LogAct, restored?: vscode.WebviewPanel) {
    super();
    this.#model = model;
    this.#act = act ?? actOnJob(model.paths.file);
    this.#restorable = act === undefined;
    this.#services = services;
    const { extensionUri } = services;
    const title = l10n.t("{0}: log", displayText(model.name, 60));
    const options = webviewOptions(extensionUri);
    // Not let go with the extension: VS Code would take the tab for closed, and it would be gone after a reload.
    this.#panel = restored ?? vscode.window.createWebviewPanel(logViewType, title, vscode.ViewColumn.Active, options);
    this.#panel.title = title;
    const { webview } = this.#panel;
    webview.options = options;
    webview.html = webviewHtml(webview, extensionUri, {
      page: "log",
      element: "log-page",
      title: l10n.t("Provisioning log"),
    });
    this.#thread = new Worker(join(extensionUri.fsPath, "dist", "log.worker.js"));
    this.register({ dispose: () => void this.#thread.terminate() });
    this.#thread.on("message", (message: FromLogThread) => this.#fromThread(message));
    this.#thread.on("error", (error) => services.funnel(error, "scim.job.showLog"));
    this.register(
      webview.onDidReceiveMessage((message: unknown) => {
        const parsed = toHostSchema.safeParse(message);
        if (parsed.success)
          void this.#fromPage(parsed.data).catch((error: unknown) => services.funnel(error, "scim.job.showLog"));
      }),
    );
    const log = jobLogFile(model.paths.stateDir);
    const watcher = this.register(
      vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.file(model.paths.stateDir), "log.jsonl"),
      ),
    );
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
      this.register(event(() => this.#ask({ kind: "refresh" })));
    this.#ask({ kind: "open", file: log });
  }

  onDidDispose(listener: () => void): void {
    this.#panel.onDidDispose(() => {
      this.dispose();
      listener();
    });
  }

  /** Brings the log to the front; narrowed to somebody when that is asked for. */
  show(who?: string): void {
    this.#panel.reveal();
    if (who === undefined) return;
    this.#who = who;
    if (this.#ready) this.#narrow();
  }

  #narrow(): void {
    if (this.#who === undefined) return;
    const filter = { ...noFilter, text: this.#who.slice(0, 500) };
    this.#who = undefined;
    this.#post({ kind: "filter", filter });
    this.#ask({ kind: "query", filter });
  }

  async #fromPage(message: ToHost): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.#ready = true;
        if (this.#view !== undefined) this.#post(this.#view);
        // Whoever was asked for goes before what the page was narrowed to.
        if (this.#who !== undefined) this.#narrow();
        else if (message.filter !== null) this.#ask({ kind: "query", filter: message.filter });
        return;
      case "query": {
        this.#ask(message);
        return;
      }
      case "rows": {
        this.#ask({ ...message, to: Math.min(message.to, message.from + mostRows) });
        return;
      }
      case "record": {
        this.#record(message.seq, message.index, "show");
        return;
      }
      case "copy": {
        this.#record(message.seq, message.index, "copy");
        return;
      }
      case "explain":
      case "card": {
        await this.#act(message.kind, message.sourceId);
        return;
      }
      case "preview": {
        await this.#act("preview");
        return;
      }
      case "export": {
        await this.#export();
        return;
      }
    }
  }

  #fromThread(message: FromLogThread): void {
    switch (message.kind) {
      case "view":
        this.#view = { ...message, file: this.#restorable ? this.#model.paths.file : null };
        this.#post(this.#view);
        return;
      case "rows": {
        this.#post(message);
        return;
      }
      case "record": {
        const wanted = this.#wanted.get(message.request);
        this.#wanted.delete(message.request);
        if (wanted === "show") {
          this.#post({ kind: "record", record: message.detail ?? null });
          return;
        }
        if (message.text !== undefined) void vscode.env.clipboard.writeText(message.text);
        return;
      }
      case "exported": {
        const open = l10n.t("Open");
        const text = l10n.t("Exported {0} records.", count(message.records));
        void vscode.window.showInformationMessage(text, open).then((chosen) => {
          if (chosen === open) void vscode.commands.executeCommand("vscode.open", vscode.Uri.file(message.target));
        });
        return;
      }
      case "error": {
        this.#services.funnel(new UserError(message.message), "scim.job.showLog");
        return;
      }
    }
  }

  async #export(): Promise<void> {
    const defaultUri = vscode.Uri.file(join(this.#model.paths.baseDir, `${this.#model.paths.id}-log.csv`));
    const target = await vscode.window.showSaveDialog({
      defaultUri,
      filters: { CSV: ["csv"], JSON: ["json"] },
      title: l10n.t("Export the records that are shown"),
    });
    if (target === undefined) return;
    this.#ask({ kind: "export", target: target.fsPath, format: target.path.endsWith(".json") ? "json" : "csv" });
  }

  #record(seq: number, index: number, wanted: "show" | "copy"): void {
    const request = ++this.#requests;
    this.#wanted.set(request, wanted);
    this.#ask({ kind: "record", request, seq, index });
  }

  #ask(message: ToLogThread): void {
    this.#thread.postMessage(message);
  }

  #post(message: ToWebview): void {
    void this.#panel.webview.postMessage(message);
  }
}
