import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { NotifiedState } from "../../provisioning/notify.ts";
import { stateToTell, writeNotice } from "../../provisioning/notify.ts";
import { notifiedState } from "../../provisioning/notifyJob.ts";
import { displayText } from "../platform/text.ts";
import type { JobModel } from "./jobModel.ts";

/** What was told last of each job file: a state, or the message of a failure that left no state. */
export type Told = Readonly<Record<string, string>>;

export interface ToldStorage {
  read(): Told;
  write(told: Told): PromiseLike<void>;
}

/**
 * What is to be told of a job after a cycle, and what counts as told from then on; `undefined` when it was told before.
 *
 * @param failure why the cycle failed as a whole, which the job's record does not hold
 */
export function nextNotice(
  told: string | undefined,
  model: JobModel,
  failure: string | undefined,
  now: Date,
): { readonly told: string; readonly state: NotifiedState; readonly detail: string } | undefined {
  const { record } = model;
  const state = record === undefined ? "healthy" : notifiedState(record, now);
  if (failure !== undefined && state !== "quarantine" && state !== "disabled") {
    const mark = `failure: ${failure}`;
    return told === mark ? undefined : { told: mark, state: "failure", detail: failure };
  }
  const last = told?.startsWith("failure: ") === true ? "failure" : (told as NotifiedState | undefined);
  const next = stateToTell(last, state);
  if (next === undefined) return undefined;
  const detail = record?.quarantine?.message ?? record?.held?.reasons[0] ?? record?.lastCycle?.message ?? "";
  return { told: next, state: next, detail };
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
