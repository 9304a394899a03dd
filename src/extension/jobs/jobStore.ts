import { basename, dirname, join, sep } from "node:path";
import * as vscode from "vscode";
import { jobSuffix } from "../../job/paths.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";
import type { JobModel } from "./jobModel.ts";
import { readJobModel } from "./jobModel.ts";

/** Folders in which nobody keeps jobs. */
const ignored = "**/{node_modules,.git,.provisioning}/**";

/** Every job file of the workspace, followed as files come, change and go. Reads files only. */
export class JobStore extends Disposable {
  readonly #models = new Map<string, JobModel>();
  readonly #changed = new Emitter<string>();
  /** Carries the job file that is new, changed or gone. */
  readonly onDidChange: Listen<string> = this.#changed.event;
  readonly #reading = new Map<string, Promise<void>>();

  constructor() {
    super();
    const jobs = this.register(vscode.workspace.createFileSystemWatcher(`**/*${jobSuffix}`));
    const states = this.register(vscode.workspace.createFileSystemWatcher("**/.provisioning/*/state.json"));
    for (const event of [jobs.onDidCreate, jobs.onDidChange, jobs.onDidDelete])
      this.register(event((uri) => void this.refresh(uri.fsPath)));
    for (const event of [states.onDidCreate, states.onDidChange, states.onDidDelete])
      this.register(event((uri) => void this.refresh(jobOfState(uri.fsPath))));
    this.register(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.find()));
  }

  /** By name, then by file. */
  all(): readonly JobModel[] {
    return [...this.#models.values()].toSorted(
      (a, b) => a.name.localeCompare(b.name) || (a.paths.file < b.paths.file ? -1 : 1),
    );
  }

  get(file: string): JobModel | undefined {
    return this.#models.get(file);
  }

  /** Looks for the job files of the workspace. */
  async find(): Promise<void> {
    const found = await vscode.workspace.findFiles(`**/*${jobSuffix}`, ignored);
    const files = new Set(found.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath));
    await Promise.all([...new Set([...files, ...this.#models.keys()])].map((file) => this.refresh(file)));
  }

  /** Reads a job file and its state again. */
  async refresh(file: string): Promise<void> {
    if (!file.endsWith(jobSuffix) || file.split(sep).includes(".provisioning")) return;
    const earlier = this.#reading.get(file) ?? Promise.resolve();
    const reading = earlier.then(async () => {
      const model = await readJobModel(file);
      if (model === undefined) this.#models.delete(file);
      else this.#models.set(file, model);
    });
    this.#reading.set(file, reading);
    await reading;
    this.#changed.fire(file);
  }
}

/** `…/.provisioning/JOB/state.json` belongs to `…/JOB.provisioning.json`. */
function jobOfState(state: string): string {
  const folder = dirname(state);
  return join(dirname(dirname(folder)), basename(folder) + jobSuffix);
}
