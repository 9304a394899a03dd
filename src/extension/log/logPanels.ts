import * as vscode from "vscode";
import type { JobModel } from "../jobs/jobModel.ts";
import { Disposable } from "../platform/disposable.ts";
import { type LogAct, LogPanel, type LogPanelServices, logViewType } from "./logPanel.ts";
import { keptSchema } from "./messages.ts";

export interface LogPanelsServices extends LogPanelServices {
  /** The job of a file of the workspace; undefined when there is none. */
  modelOf(file: string): Promise<JobModel | undefined>;
}

/** One table for each job. */
export class LogPanels extends Disposable {
  readonly #services: LogPanelsServices;
  readonly #panels = new Map<string, LogPanel>();

  constructor(services: LogPanelsServices) {
    super();
    this.#services = services;
    this.register({ dispose: () => this.#panels.forEach((panel) => panel.dispose()) });
  }

  /** Brings back, after a reload of the window, the tables that were open. */
  restore(): void {
    this.register(
      vscode.window.registerWebviewPanelSerializer(logViewType, {
        deserializeWebviewPanel: async (panel, state) => {
          const file = keptSchema.safeParse(state).data?.file ?? undefined;
          const model = file === undefined ? undefined : await this.#services.modelOf(file);
          if (model === undefined || this.#panels.has(model.paths.file)) panel.dispose();
          else this.#open(model, undefined, panel);
        },
      }),
    );
  }

  /** @param act what the buttons of a record do, where the log is not that of a job file */
  show(model: JobModel, who?: string, act?: LogAct): void {
    const { file } = model.paths;
    const panel = this.#panels.get(file) ?? this.#open(model, act);
    panel.show(who);
  }

  #open(model: JobModel, act: LogAct | undefined, restored?: vscode.WebviewPanel): LogPanel {
    const panel = new LogPanel(model, this.#services, act, restored);
    this.#panels.set(model.paths.file, panel);
    panel.onDidDispose(() => this.#panels.delete(model.paths.file));
    return panel;
  }
}
