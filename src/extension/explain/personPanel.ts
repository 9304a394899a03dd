import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Change } from "../../changes/change.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import { plannedKey } from "../jobs/planChanges.ts";
import type { ErrorFunnel } from "../platform/commands.ts";
import { Disposable } from "../platform/disposable.ts";
import { UserError } from "../platform/errors.ts";
import { displayText, labelText } from "../platform/text.ts";
import { webviewHtml, webviewOptions } from "../platform/webviewPage.ts";
import type { JobModel } from "../jobs/jobModel.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { ToHost, ToWebview } from "./messages.ts";
import { keptSchema, toHostSchema } from "./messages.ts";
import { cardPage, explanationPage } from "./pages.ts";

const viewType = "scim.person";

/** Who is shown, and of which job. */
export interface Subject {
  readonly model: JobModel;
  readonly who: string;
  readonly targetId?: string;
}

export type PersonPage = "explain" | "card";

export interface PersonPanelServices {
  readonly extensionUri: vscode.Uri;
  readonly jobs: Jobs;
  readonly pending: PendingChanges;
  readonly funnel: ErrorFunnel;
  /** Reads again what views and documents show of a connection. */
  refresh(baseUrl: string): Promise<void>;
  openLog(model: JobModel, who: string): void;
  /** The job of a file of the workspace; undefined when there is none. */
  modelOf(file: string): Promise<JobModel | undefined>;
}

/** The page on one person or group: why it is (not) provisioned, or its card. One panel, brought to whoever is asked for. */
export class PersonPanel extends Disposable {
  readonly #services: PersonPanelServices;
  #panel: vscode.WebviewPanel | undefined;
  #subject: Subject | undefined;
  #page: PersonPage = "explain";
  #last: ToWebview | undefined;
  #reading: AbortController | undefined;
  #sourceId: string | undefined;
  #change: Change | undefined;

  constructor(services: PersonPanelServices) {
    super();
    this.#services = services;
    // The tab itself stays: VS Code would take it for closed, and it would be gone after a reload.
    this.register({ dispose: () => this.#reading?.abort() });
  }

  /** Shows somebody. Nothing is sent to the service but reads. */
  async show(subject: Subject, page: PersonPage): Promise<void> {
    // Says at once what keeps the job from being read, instead of an empty page.
    this.#services.jobs.ready(subject.model);
    this.#subject = subject;
    this.#page = page;
    this.#panel ??= this.#open(vscode.window.createWebviewPanel(viewType, l10n.t("Explain"), vscode.ViewColumn.Active));
    this.#panel.reveal(undefined, false);
    await this.#read();
  }

  /** Brings back, after a reload of the window, the page that was open. */
  restore(): void {
    this.register(
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: async (panel, state) => {
          const kept = keptSchema.safeParse(state).data;
          const model = kept && (await this.#services.modelOf(kept.file));
          if (kept === undefined || model === undefined || this.#panel !== undefined) {
            panel.dispose();
            return;
          }
          const { who, targetId, page } = kept;
          this.#subject = { model, who, ...(targetId !== null && { targetId }) };
          this.#page = page;
          this.#panel = this.#open(panel);
          await this.#read();
        },
      }),
    );
  }

  #open(panel: vscode.WebviewPanel): vscode.WebviewPanel {
    const { extensionUri } = this.#services;
    panel.webview.options = webviewOptions(extensionUri);
    const title = l10n.t("Explain");
    panel.webview.html = webviewHtml(panel.webview, extensionUri, { page: "person", element: "person-page", title });
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const parsed = toHostSchema.safeParse(message);
      if (parsed.success) void this.#received(parsed.data);
    });
    panel.onDidDispose(() => {
      this.#reading?.abort();
      this.#panel = undefined;
      this.#last = undefined;
    });
    return panel;
  }

  async #received(message: ToHost): Promise<void> {
    try {
      if (message.kind === "ready") {
        if (this.#last !== undefined) this.#post(this.#last);
      } else await this.#run(message.action);
    } catch (error) {
      this.#services.funnel(error, "scim.job.explain");
    }
  }

  async #run(action: Extract<ToHost, { kind: "run" }>["action"]): Promise<void> {
    const subject = this.#subject;
    if (subject === undefined) return;
    switch (action) {
      case "refresh": {
        await this.#read();
        return;
      }
      case "explain":
      case "card":
        this.#page = action;
        await this.#read();
        return;
      case "log": {
        this.#services.openLog(subject.model, this.#sourceId ?? subject.who);
        return;
      }
      case "push": {
        await this.#push(subject);
        return;
      }
      case "pend": {
        await this.#pend(subject);
        return;
      }
      case "copy": {
        await vscode.env.clipboard.writeText(plainText(this.#last));
        return;
      }
    }
  }

  async #read(): Promise<void> {
    const subject = this.#subject;
    if (subject === undefined || this.#panel === undefined) return;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const { signal } = reading;
    this.#title(displayText(subject.who, 60));
    const { model, who, targetId = null } = subject;
    const kept = { file: model.paths.file, who, targetId, page: this.#page };
    this.#post({ kind: "loading", name: displayText(who), kept });
    try {
      this.#post(await this.#ask(subject, signal));
    } catch (error) {
      if (!signal.aborted)
        this.#post({ kind: "error", message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #ask({ model, who, targetId }: Subject, signal: AbortSignal): Promise<ToWebview> {
    const { jobs } = this.#services;
    const { file, connection } = jobs.ready(model);
    const started = performance.now();
    const parameters = { file, who, ...(targetId !== undefined && { targetId }) };
    const page = this.#page;
    const answer =
      page === "explain"
        ? await jobs.runs.call("explain", parameters, { signal })
        : await jobs.runs.call("person", parameters, { signal });
    const writable = connection.readOnly !== true && model.job?.connection.readOnly !== true;
    const { nextAt } = jobs.runs.state(file);
    const read = { connection, at: new Date(), tookMs: performance.now() - started, writable, nextAt };
    this.#sourceId = answer.object?.sourceId;
    this.#change = answer.change;
    if ("steps" in answer) {
      this.#title(displayText(answer.object?.name ?? who, 60));
      return { kind: "explanation", page: explanationPage(answer, who, read) };
    }
    this.#title(displayText(answer.name, 60));
    return { kind: "card", page: cardPage(answer, read) };
  }

  /** Puts the change up for review, beside those of the job that are there. Nothing is sent. */
  async #pend({ model }: Subject): Promise<void> {
    const { jobs, pending } = this.#services;
    const { file, connection } = jobs.ready(model);
    const change = this.#change;
    if (change === undefined) return;
    const key = plannedKey(change);
    const others = pending.all(connection.baseUrl).filter((each) => each.job === file && each.key !== key);
    const left = await pending.putPlan(connection.baseUrl, file, [
      ...others,
      { key, change, excluded: false, job: file },
    ]);
    if (left > 0)
      throw new UserError(
        l10n.t("An edit by hand is pending for {0}. Push or discard it first.", displayText(change.name)),
      );
    await vscode.commands.executeCommand("workbench.view.scm");
  }

  /** Pushes this one and nothing else, by a cycle of the job that looks at it alone. */
  async #push({ model }: Subject): Promise<void> {
    const { jobs, refresh } = this.#services;
    const { file, connection } = jobs.writable(model);
    const focus = this.#sourceId;
    const last = this.#last;
    if (focus === undefined || (last?.kind !== "explanation" && last?.kind !== "card")) return;
    const { name, answer } = last.page.head;
    const act = l10n.t("Push This One");
    const question = l10n.t("Push {0} to {1}?", name, displayText(connection.name));
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail: answer }, act)) !== act) return;
    const result = await jobs.runs.call("cycle", { file, initiatedBy: "person", focus });
    await Promise.all([refresh(connection.baseUrl), jobs.store.refresh(file)]);
    await this.#read();
    const failed = result.results.find(({ message }) => message !== undefined);
    if (result.outcome !== "succeeded")
      throw new UserError(result.message ?? failed?.message ?? l10n.t("{0} was not pushed.", name));
    void vscode.window.setStatusBarMessage(`$(check) ${l10n.t("Pushed {0}.", labelText(name))}`, 8000);
  }

  #title(name: string): void {
    if (this.#panel === undefined) return;
    this.#panel.title = this.#page === "explain" ? l10n.t("Explain: {0}", name) : name;
  }

  #post(message: ToWebview): void {
    this.#last = message;
    void this.#panel?.webview.postMessage(message);
  }
}

/** What is shown, as plain text to be sent to somebody. */
function plainText(shown: ToWebview | undefined): string {
  if (shown?.kind === "explanation") {
    const { head, steps } = shown.page;
    const lines = steps.flatMap(({ title, status, summary, details }) => [
      "",
      `${title}: ${status}. ${summary}`,
      ...details.map(({ name, value }) => `  ${name}: ${value}`),
    ]);
    return [head.answer, ...lines].join("\n");
  }
  if (shown?.kind === "card") {
    const { head, attributes } = shown.page;
    return [
      `${head.name}: ${head.answer}`,
      "",
      ...attributes.map(
        ({ path, mapped, target, state }) =>
          `${path}: mapped ${mapped ?? "no value"}, target ${target ?? "no value"}, ${state}`,
      ),
    ].join("\n");
  }
  return "";
}
