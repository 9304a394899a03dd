import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { NotifiedState } from "../../provisioning/notify.ts";
import { writeNotice } from "../../provisioning/notify.ts";
import { displayText } from "../platform/text.ts";
import type { JobModel } from "./jobModel.ts";
import { nextNotice } from "./jobNotice.ts";

/** What was told last of each job file: a state, or the message of a failure that left no state. */
export type Told = Readonly<Record<string, string>>;

export interface ToldStorage {
  read(): Told;
  write(told: Told): PromiseLike<void>;
}

/** Tells of failure, hold, quarantine and recovery, each once, with what to do about it. */
export class JobNotices {
  readonly #storage: ToldStorage;

  constructor(storage: ToldStorage) {
    this.#storage = storage;
  }

  async tell(model: JobModel, failure: string | undefined): Promise<void> {
    const { file } = model.paths;
    const told = this.#storage.read();
    const notice = nextNotice(told[file], model, failure, new Date());
    if (notice === undefined) return;
    await this.#storage.write({ ...told, [file]: notice.told });
    const { subject } = writeNotice(displayText(model.name), notice.state, []);
    const message = [`${subject}.`, displayText(notice.detail, 300)].filter((part) => part !== "").join(" ");
    const actions = actionsOf(notice.state);
    const show =
      notice.state === "healthy"
        ? vscode.window.showInformationMessage
        : notice.state === "quarantine" || notice.state === "disabled"
          ? vscode.window.showErrorMessage
          : vscode.window.showWarningMessage;
    void show(message, ...actions.map(({ title }) => title)).then((chosen) => {
      const action = actions.find(({ title }) => title === chosen);
      if (action !== undefined) void vscode.commands.executeCommand(action.command, file);
    });
  }
}

function actionsOf(state: NotifiedState): readonly { readonly title: string; readonly command: string }[] {
  const log = { title: l10n.t("Show Provisioning Log"), command: "scim.job.showLog" };
  switch (state) {
    case "healthy":
      return [];
    case "held":
      return [{ title: l10n.t("Preview Provisioning"), command: "scim.job.preview" }, log];
    case "quarantine":
    case "disabled":
      return [{ title: l10n.t("Clear Quarantine"), command: "scim.job.clearQuarantine" }, log];
    case "failure":
      return [log];
  }
}
