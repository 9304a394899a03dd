import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import type { Targets } from "../connections/targets.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError } from "../platform/errors.ts";
import { displayText, labelText } from "../platform/text.ts";
import type { JobModel } from "../jobs/jobModel.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { escrowsOf, skipsOf } from "../jobs/view/jobRows.ts";
import type { PersonPage, PersonPanel, Subject } from "./personPanel.ts";

export interface ExplainServices {
  readonly jobs: Jobs;
  readonly panel: PersonPanel;
  readonly targets: Targets;
  /** Hears that a step of the walkthrough is really done. */
  did(step: "monitor"): void;
}

/** Most people that a search shows; a longer word narrows it. */
const searchLimit = 50;
/** A search begins this long after the last keystroke, in milliseconds. */
const searchAfter = 200;

/** Why a person is (not) provisioned, and the person card: from a row, a log record, or a search in the directory. */
export function explainCommands(services: ExplainServices): SomeHandlers<"scim.job.explain" | "scim.job.showPerson"> {
  const show = async (page: PersonPage, target: unknown, who: unknown): Promise<void> => {
    await services.panel.show(await subjectOf(services, target, who), page);
    services.did("monitor");
  };
  return {
    "scim.job.explain": (target, who) => show("explain", target, who),
    "scim.job.showPerson": (target, who) => show("card", target, who),
  };
}

/** Who is meant. @throws CancelledError, UserError, and what a search throws */
async function subjectOf({ jobs, targets }: ExplainServices, target: unknown, who: unknown): Promise<Subject> {
  const [node] = targets.rows(target, undefined);
  if (node?.kind === "resource") {
    const model = await jobOf(jobs, node.baseUrl);
    return { model, who: node.key, ...(node.resourceId !== undefined && { targetId: node.resourceId }) };
  }
  const model = await jobs.job(target);
  const row = jobs.row(target);
  if (row?.kind === "skip") return { model, who: skipsOf(jobs.viewOf(model), row.reason)[row.at]?.sourceId ?? "" };
  if (row?.kind === "escrowed") return { model, who: escrowsOf(jobs.viewOf(model), row.code)[row.at]?.sourceId ?? "" };
  if (typeof who === "string") return { model, who };
  return { model, who: await search(jobs, model) };
}

/** The job that provisions a service: the only one, or the one that the person picks. */
async function jobOf(jobs: Jobs, baseUrl: string): Promise<JobModel> {
  const models = jobs.store.all().filter(({ job }) => {
    try {
      return job !== undefined && normalizeBaseUrl(job.connection.baseUrl).baseUrl === baseUrl;
    } catch {
      return false;
    }
  });
  const [only] = models;
  return models.length === 1 && only !== undefined ? only : await jobs.job();
}

/** Searches the directory as the person types. @returns the id in the directory @throws CancelledError */
async function search(jobs: Jobs, model: JobModel): Promise<string> {
  const { file } = jobs.ready(model);
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly id: string }>();
  pick.title = l10n.t("Why is this person (not) provisioned? {0}", displayText(model.name));
  pick.placeholder = l10n.t("A name, user name, mail address or id of the directory");
  pick.matchOnDescription = true;
  let running = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const find = async (text: string): Promise<void> => {
    running.abort();
    const own = (running = new AbortController());
    pick.busy = true;
    try {
      const found = await jobs.runs.call("search", { file, text, limit: searchLimit }, { signal: own.signal });
      if (own.signal.aborted) return;
      pick.items = found.map(({ id, type, name, detail }) => ({
        id,
        label: `$(${type === "Group" ? "organization" : "account"}) ${labelText(name)}`,
        description: labelText(detail),
        alwaysShow: true,
      }));
      if (found.length === 0)
        pick.items = [{ id: "", label: l10n.t("Nobody in the directory is called so."), alwaysShow: true }];
    } catch (error) {
      if (own.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      pick.items = [{ id: "", label: labelText(message, 300), alwaysShow: true }];
    } finally {
      if (!own.signal.aborted) pick.busy = false;
    }
  };
  pick.onDidChangeValue((text) => {
    clearTimeout(timer);
    timer = setTimeout(() => void find(text), searchAfter);
  });
  void find("");
  try {
    pick.show();
    return await new Promise<string>((resolve, reject) => {
      pick.onDidAccept(() => {
        const id = pick.selectedItems[0]?.id ?? "";
        if (id !== "") resolve(id);
      });
      pick.onDidHide(() => reject(new CancelledError()));
    });
  } finally {
    clearTimeout(timer);
    running.abort();
    pick.dispose();
  }
}
