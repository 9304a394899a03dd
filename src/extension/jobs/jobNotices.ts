import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { NotifiedState } from "../../provisioning/notify.ts";
import type { CutOffPush } from "../../provisioning/cutOff.ts";
import { writeNotice } from "../../provisioning/notify.ts";
import { count, displayText } from "../platform/text.ts";
import { timeText } from "./jobHealth.ts";
import type { JobModel } from "./jobModel.ts";
import { nextNotice } from "./jobNotice.ts";

/** What was told last of each job file: a state, or the message of a failure that left no state. */
export type Told = Readonly<Record<string, string>>;

export interface ToldStorage {
  read(): Told;
  write(told: Told): PromiseLike<void>;
}

/** What a command that a person ran says by itself. */
const saidByCommand: ReadonlySet<NotifiedState> = new Set(["failure", "held"]);

/** Tells of failure, hold, quarantine and recovery, each once, with what to do about it. */
export class JobNotices {
  readonly #storage: ToldStorage;

  constructor(storage: ToldStorage) {
    this.#storage = storage;
  }

  /**
   * @param failure why the cycle failed as a whole, which the job's record does not hold
   * @param byHand whether a person ran it
   * @returns whether something new was told
   */
  async tell(model: JobModel, failure: string | undefined, byHand = false): Promise<boolean> {
    const { file } = model.paths;
    const told = this.#storage.read();
    const notice = nextNotice(told[file], model, failure, new Date());
    if (notice === undefined) return false;
    await this.#storage.write({ ...told, [file]: notice.told });
    if (byHand && saidByCommand.has(notice.state)) return false;
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
    return true;
  }
}

/** Tells that a push was stopped or cut off, with what was sent; once for each start of the window. */
export function tellCutOff(model: JobModel, { startedAt, total, left }: CutOffPush): void {
  const resume = l10n.t("Resume Push");
  const log = l10n.t("Show Provisioning Log");
  const message = l10n.t(
    "{0}: the push of {1} was not finished. {2} of {3} changes were sent; the rest can be sent now, nothing twice.",
    displayText(model.name),
    timeText(startedAt, new Date()),
    count(total - left),
    count(total),
  );
  void vscode.window.showWarningMessage(message, resume, log).then((chosen) => {
    if (chosen === resume) void vscode.commands.executeCommand("scim.job.resumePush", model.paths.file);
    if (chosen === log) void vscode.commands.executeCommand("scim.job.showLog", model.paths.file);
  });
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
