import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { RequestRecord } from "../../http/record.ts";
import { isJobFile } from "../../job/paths.ts";
import type { CutOffPush } from "../../provisioning/cutOff.ts";
import { mayBeCutOff } from "../../provisioning/cutOff.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import type { ObservedProfile } from "../../scim/observed.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import type { Clients } from "../connections/clients.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import { MissingTokenError, UntrustedError } from "../connections/trouble.ts";
import { Disposable } from "../platform/disposable.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import type { LogChannel } from "../platform/log.ts";
import { requestLog } from "../platform/log.ts";
import { displayText, labelText } from "../platform/text.ts";
import type { JobModel } from "./jobModel.ts";
import { JobNotices, tellCutOff } from "./jobNotices.ts";
import type { Told } from "./jobNotices.ts";
import { JobRuns } from "./jobRuns.ts";
import { JobStore } from "./jobStore.ts";
import { ShownPlans } from "./shownPlans.ts";
import type { JobRow, JobView, ShownPlan } from "./view/jobRows.ts";
import { JobsView } from "./view/jobsView.ts";
import { JobStatusBar } from "./view/jobStatusBar.ts";

export interface JobServices {
  readonly context: vscode.ExtensionContext;
  readonly connections: ConnectionStore;
  readonly clients: Clients;
  readonly pending: PendingChanges;
  readonly log: LogChannel;
  /** What the service of a base URL was seen to do. */
  readonly observed: (baseUrl: string) => ObservedProfile | undefined;
  /** The token for Microsoft Graph of who is signed in to a tenant. @throws UserError, SignedOutError */
  readonly graphToken: (graphUrl: string, tenantId: string) => Promise<string>;
  /** Hears whether there is any job. */
  readonly hasJobs: (any: boolean) => void;
  /** Hears that a step of the walkthrough is really done. */
  readonly did: (step: "push") => void;
}

const turnedOnKey = "scim.jobs.turnedOn";
const toldKey = "scim.jobs.told";

/** The jobs of the workspace: their files, their runs, their last plans, and the views that show them. */
export class Jobs extends Disposable {
  readonly store: JobStore;
  readonly runs: JobRuns;
  readonly view: JobsView;
  readonly #services: JobServices;
  readonly #plans: ShownPlans;
  readonly #cutOff = new Map<string, CutOffPush>();
  readonly #notices: JobNotices;

  constructor(services: JobServices) {
    super();
    this.#services = services;
    const { context, log, hasJobs } = services;
    const state = context.workspaceState;
    this.store = this.register(new JobStore());
    this.runs = this.register(
      new JobRuns({
        script: join(context.extensionPath, "dist", "job.worker.js"),
        token: (baseUrl, refused) => this.#token(baseUrl, refused),
        graphToken: services.graphToken,
        observed: services.observed,
        onRequest: (baseUrl, record) => requestLog(log, this.#nameOf(baseUrl))(record as RequestRecord),
        turnedOn: {
          read: () => state.get<readonly string[]>(turnedOnKey, []),
          write: (files) => state.update(turnedOnKey, files),
        },
      }),
    );
    this.view = this.register(new JobsView(() => this.views()));
    this.#plans = this.register(
      new ShownPlans({
        pending: services.pending,
        model: (file) => this.store.get(file),
        log: (message) => log.warn(message),
      }),
    );
    const statusBar = this.register(new JobStatusBar());
    this.#notices = new JobNotices({
      read: () => state.get<Told>(toldKey, {}),
      write: (told) => state.update(toldKey, told),
    });
    const show = () => {
      this.view.refresh();
      statusBar.show(this.views());
      hasJobs(this.store.all().length > 0);
    };
    this.register(this.store.onDidChange((file) => this.#changed(file, show)));
    this.register(this.runs.onDidChange(show));
    this.register(
      this.runs.onDidEndCycle(
        ({ file, outcome, message, byHand }) =>
          void this.#cycleEnded(file, outcome === undefined ? message : undefined, byHand),
      ),
    );
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#resume()));
  }

  /** Finds the jobs, and goes on with those that were turned on. */
  async start(): Promise<void> {
    await this.store.find();
    this.#resume();
  }

  views(): readonly JobView[] {
    return this.store.all().map((model) => this.viewOf(model));
  }

  viewOf(model: JobModel): JobView {
    const { file } = model.paths;
    return { model, run: this.runs.state(file), plan: this.#plans.get(file), cutOff: this.#cutOff.get(file) };
  }

  /** Shows the plan of a job from now on. */
  setPlan(file: string, plan: ShownPlan): void {
    this.#plans.set(file, plan);
    this.view.refresh();
  }

  /** Looks whether a push of the job was stopped or cut off, with something left. */
  async findCutOff({ paths }: JobModel): Promise<CutOffPush | undefined> {
    const { file, stateDir } = paths;
    const found = (await mayBeCutOff(stateDir)) ? await this.runs.call("cutOff", { file }) : undefined;
    if (found === undefined) this.#cutOff.delete(file);
    else this.#cutOff.set(file, found);
    this.view.refresh();
    return found;
  }

  plan(file: string): ShownPlan | undefined {
    return this.#plans.get(file);
  }

  /** The row that a command was called on. */
  row(target: unknown): JobRow | undefined {
    return this.view.row(target);
  }

  /** The job of a row, a file, a document or the active editor; else the one that the person picks. @throws CancelledError, UserError */
  async job(target?: unknown): Promise<JobModel> {
    const file = this.#fileOf(target);
    const model = file === undefined ? undefined : this.store.get(file);
    return model ?? (await this.#pick());
  }

  /** The job of a file of the workspace; undefined when there is none. */
  async known(file: string): Promise<JobModel | undefined> {
    if (vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) === undefined) return undefined;
    if (this.store.get(file) === undefined) await this.store.refresh(file);
    return this.store.get(file);
  }

  /** A job that can be run: in a trusted workspace, readable, and connected. @throws UntrustedError, UserError */
  ready(model: JobModel): { readonly file: string; readonly connection: Connection } {
    if (!vscode.workspace.isTrusted) throw new UntrustedError();
    const { job, problems, paths } = model;
    if (job === undefined) {
      const [first] = problems;
      const where = first === undefined ? "" : l10n.t("line {0}: {1}", first.line, first.message);
      throw new UserError(
        l10n.t("{0} has problems: {1} Open the file as text and mend it.", displayText(model.name), where),
      );
    }
    const { baseUrl } = normalizeBaseUrl(job.connection.baseUrl);
    const connection = this.#services.connections.byUrl(baseUrl);
    if (connection === undefined)
      throw new UserError(
        l10n.t(
          "There is no connection to {0}, which {1} provisions. Connect to it first.",
          baseUrl,
          displayText(model.name),
        ),
      );
    return { file: paths.file, connection };
  }

  /** As `ready`, and allowed to write. */
  writable(model: JobModel): { readonly file: string; readonly connection: Connection } {
    const ready = this.ready(model);
    if (ready.connection.readOnly === true || model.job?.connection.readOnly === true)
      throw new UserError(
        l10n.t("{0} is read-only, so nothing is pushed. Allow changes first.", displayText(ready.connection.name)),
      );
    return ready;
  }

  #fileOf(target: unknown): string | undefined {
    if (target instanceof vscode.Uri) return target.fsPath;
    const row = this.view.row(target);
    if (row !== undefined) return row.file;
    if (typeof target === "string") return target;
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    if (!(input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom)) return undefined;
    return isJobFile(input.uri.fsPath) ? input.uri.fsPath : undefined;
  }

  async #pick(): Promise<JobModel> {
    const models = this.store.all();
    const [only] = models;
    if (only === undefined)
      throw new UserError(l10n.t("There is no provisioning job in this workspace. Create one first."));
    if (models.length === 1) return only;
    const items = models.map((model) => ({
      label: labelText(model.name),
      description: labelText(vscode.workspace.asRelativePath(model.paths.file)),
      model,
    }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t("Choose a provisioning job") });
    if (picked === undefined) throw new CancelledError();
    return picked.model;
  }

  #changed(file: string, show: () => void): void {
    if (this.store.get(file) === undefined) {
      this.#plans.delete(file);
      for (const baseUrl of this.#services.pending.connections())
        void this.#services.pending.putPlan(baseUrl, file, []);
      void this.runs.turnOff(file);
    }
    show();
  }

  /** After a run that failed as a whole: tells that it put the job in quarantine. @returns whether that was news */
  async tellQuarantine(file: string): Promise<boolean> {
    await this.store.refresh(file);
    const model = this.store.get(file);
    return model?.record?.quarantine !== undefined && (await this.#notices.tell(model, undefined, true));
  }

  async #cycleEnded(file: string, failure: string | undefined, byHand: boolean | undefined): Promise<void> {
    await this.store.refresh(file);
    const model = this.store.get(file);
    if (model === undefined) return;
    const { lastCycle } = model.record ?? {};
    const { create = 0, update = 0 } = lastCycle?.summary ?? {};
    if (lastCycle?.outcome === "succeeded" && create + update > 0) this.#services.did("push");
    await this.#notices.tell(model, failure, byHand);
  }

  /** Goes on from where the last window was, without keeping anything waiting. */
  #resume(): void {
    if (!vscode.workspace.isTrusted) return;
    this.runs.resume(this.store.all().map(({ paths }) => paths.file));
    this.#restore().catch((error: unknown) => {
      this.#services.log.warn(`What the last window left: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  /** Plans under review, and pushes that were cut off. */
  async #restore(): Promise<void> {
    const models = this.store.all().filter((model) => this.#isConnected(model));
    await Promise.all(models.map((model) => this.#plans.restore(model)));
    this.view.refresh();
    for (const model of models) {
      // A job that is turned on resumes its push by itself.
      if (this.runs.state(model.paths.file).on !== "off") continue;
      const cutOff = await this.findCutOff(model);
      if (cutOff !== undefined) tellCutOff(model, cutOff);
    }
  }

  #isConnected({ job }: JobModel): boolean {
    if (job === undefined) return false;
    return this.#services.connections.byUrl(normalizeBaseUrl(job.connection.baseUrl).baseUrl) !== undefined;
  }

  async #token(baseUrl: string, refused: string | undefined): Promise<string | undefined> {
    const connection = this.#services.connections.byUrl(baseUrl);
    if (connection === undefined) throw new MissingTokenError(baseUrl);
    return await this.#services.clients.token(connection)(refused);
  }

  #nameOf(baseUrl: string): string {
    return this.#services.connections.byUrl(baseUrl)?.name ?? new URL(baseUrl).host;
  }
}
