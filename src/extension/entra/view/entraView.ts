import * as vscode from "vscode";
import { jobHealth } from "../../../entra/health.ts";
import { treeItemOf } from "../../jobs/view/treeItem.ts";
import { Disposable } from "../../platform/disposable.ts";
import { withViewProgress } from "../../platform/progress.ts";
import { entraRowId, jobParts, type EntraJobPlace, type EntraRow, type JobPart } from "../model.ts";
import type { EntraTenants } from "../tenants.ts";
import { isSignedOut } from "../tenants.ts";
import { renderEntraRow } from "./renderEntra.ts";
import { isRunning } from "./renderEntraJob.ts";

const viewId = "scim.entra";
/** While a cycle runs, the service may be asked every half minute; its limits name no more. */
const watchEvery = 30_000;

/** The Microsoft Entra view. Nothing is read before it is seen. Elements are row ids. */
export class EntraView extends Disposable implements vscode.TreeDataProvider<string> {
  readonly #tenants: EntraTenants;
  readonly #signedIn: (signedIn: boolean) => void;
  readonly #rows = new Map<string, { readonly row: EntraRow; readonly parent: string | undefined }>();
  readonly #changed = this.register(new vscode.EventEmitter<string | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<string>;
  #loading: Promise<void> | undefined;
  #watched = new Set<string>();

  constructor(tenants: EntraTenants, signedIn: (signedIn: boolean) => void) {
    super();
    this.#tenants = tenants;
    this.#signedIn = signedIn;
    this.#view = this.register(vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true }));
    this.register(tenants.onDidChange(() => this.#draw()));
    const watch = setInterval(() => void this.#watch(), watchEvery);
    this.register({ dispose: () => clearInterval(watch) });
  }

  /** The row with an id, that of a job that is meant by its place, or the selected one. */
  row(id: unknown): EntraRow | undefined {
    if (isPlace(id)) return { ...id, kind: "job" };
    const wanted = typeof id === "string" ? id : id === undefined ? this.#view.selection[0] : undefined;
    return wanted === undefined ? undefined : this.#rows.get(wanted)?.row;
  }

  rows(id: unknown, selected: unknown): readonly EntraRow[] {
    const ids = Array.isArray(selected) && selected.length > 0 ? (selected as readonly unknown[]) : [id];
    return ids.map((each) => this.row(each)).filter((row) => row !== undefined);
  }

  /** Reads everything again. @param how `ask` upon a person's action */
  async reload(how: "silent" | "ask" = "silent"): Promise<void> {
    await withViewProgress(viewId, () => this.#load(how));
  }

  /** A session more is no reason to read everything again; the loss of the one that reads is. */
  async sessionsChanged(): Promise<void> {
    if (this.#isLoading() || this.#tenants.signedIn === undefined) return;
    const canRead = await this.#tenants.canRead();
    // A reading that began meanwhile is not overtaken: it may be asking for the next tenant.
    if (!this.#isLoading() && this.#tenants.signedIn !== canRead) await this.reload();
  }

  async reveal(place: EntraJobPlace): Promise<void> {
    const id = entraRowId({ kind: "job", ...place });
    if (this.#rows.has(id)) await this.#view.reveal(id, { select: true, expand: true });
  }

  async getChildren(element?: string): Promise<string[]> {
    if (element === undefined) return this.#keep(await this.#roots(), undefined);
    const row = this.#rows.get(element)?.row;
    return row === undefined ? [] : this.#keep(await this.#below(row), element);
  }

  getParent(element: string): string | undefined {
    return this.#rows.get(element)?.parent;
  }

  getTreeItem(element: string): vscode.TreeItem {
    const row = this.#rows.get(element)?.row;
    if (row === undefined) return new vscode.TreeItem("");
    return treeItemOf(element, renderEntraRow(row, this.#tenants, new Date()));
  }

  async #roots(): Promise<EntraRow[]> {
    if (this.#tenants.signedIn === undefined) {
      await (this.#loading ?? this.#load("silent"));
    }
    const signedIn = this.#tenants.signedIn !== false;
    this.#signedIn(signedIn);
    if (!signedIn) return [];
    return this.#tenants.tenants().map(([tenant]) => ({ kind: "tenant", tenant }));
  }

  async #below(row: EntraRow): Promise<EntraRow[]> {
    if (row.kind === "tenant") return this.#applications(row.tenant);
    if (row.kind === "application")
      return (this.#tenants.application(row.tenant, row.servicePrincipalId)?.jobs ?? []).map(({ id }) => ({
        ...row,
        kind: "job",
        jobId: id,
      }));
    if (row.kind === "job") {
      if (!this.#tenants.hasDetails(row)) await this.#tenants.loadDetails(row);
      return this.#parts(row).map((kind) => ({ ...row, kind }));
    }
    if (row.kind !== "assignments") return [];
    const { assignments } = this.#tenants.details(row);
    return assignments.state === "read" ? assignments.value.map((_, at) => ({ ...row, kind: "assignment", at })) : [];
  }

  #applications(tenant: string): EntraRow[] {
    const read = this.#tenants.tenants().find(([key]) => key === tenant)?.[1];
    if (read?.state === "failed")
      return [{ kind: "trouble", of: entraRowId({ kind: "tenant", tenant }), error: read.error }];
    if (read?.state !== "read") return [];
    if (read.value.applications.length === 0) return [{ kind: "noApplications", tenant }];
    return read.value.applications.map(({ servicePrincipal }) => ({
      kind: "application",
      tenant,
      servicePrincipalId: servicePrincipal.id,
    }));
  }

  #parts(place: EntraJobPlace): JobPart[] {
    const job = this.#tenants.job(place);
    const health = job === undefined ? undefined : jobHealth(job, Date.now());
    return jobParts.filter((part) => {
      if (part === "quarantine") return health?.quarantine !== undefined;
      return part !== "escrows" || (health?.escrows ?? 0) > 0;
    });
  }

  #isLoading(): boolean {
    return this.#loading !== undefined;
  }

  #load(how: "silent" | "ask"): Promise<void> {
    const loading = this.#tenants.load(how).finally(() => {
      if (this.#loading === loading) this.#loading = undefined;
    });
    this.#loading = loading;
    return loading;
  }

  #keep(rows: readonly EntraRow[], parent: string | undefined): string[] {
    return rows.map((row) => {
      const id = entraRowId(row);
      this.#rows.set(id, { row, parent });
      return id;
    });
  }

  #draw(): void {
    this.#signedIn(this.#tenants.signedIn !== false);
    this.#changed.fire(undefined);
  }

  /** Follows a cycle that runs, while the view is seen. What fails is shown when somebody asks. */
  async #watch(): Promise<void> {
    if (!this.#view.visible) return;
    for (const place of this.#tenants.places()) {
      const job = this.#tenants.job(place);
      const id = entraRowId({ kind: "job", ...place });
      const health = job === undefined ? undefined : jobHealth(job, Date.now());
      const started = health?.state === "notRun" || (health !== undefined && isRunning(health));
      if (!started || this.#watched.has(id)) continue;
      this.#watched.add(id);
      await this.#tenants.refreshJob(place).catch((error: unknown) => {
        if (!isSignedOut(error)) this.#changed.fire(id);
      });
      this.#watched.delete(id);
    }
  }
}

const isPlace = (value: unknown): value is EntraJobPlace =>
  typeof value === "object" &&
  value !== null &&
  ["tenant", "servicePrincipalId", "jobId"].every((name) => typeof Reflect.get(value, name) === "string");
