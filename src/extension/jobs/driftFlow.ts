import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { deviationKey, describeDeviation, deviationsOf } from "../../provisioning/deviation.ts";
import { summarize } from "../../provisioning/plan.ts";
import { builtinSchema } from "../../scim/schemas/builtin.ts";
import type { ChangeTargets } from "../changes/changeTargets.ts";
import type { PendingChange } from "../changes/pendingChange.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { count, displayText, labelText } from "../platform/text.ts";
import { activityText } from "./jobHealth.ts";
import type { Jobs } from "./jobs.ts";
import { reviewedOf } from "./planChanges.ts";
import { acceptedOf } from "./view/jobRows.ts";

export interface DriftServices {
  readonly jobs: Jobs;
  readonly pending: PendingChanges;
  readonly targets: ChangeTargets;
}

/** Most lines of what is accepted that a question shows. */
const most = 10;

/** Lets the target be where it was changed behind the job's back, after a person has read what that is. @throws CancelledError */
export async function acceptDrift(services: DriftServices, args: readonly unknown[]): Promise<void> {
  const { jobs, pending, targets } = services;
  const { connection, changes } = await targets.selected(args);
  const drift = changes.filter((change) => change.drift === true);
  const [first] = drift;
  if (first?.job === undefined)
    throw new UserError(
      l10n.t("Nothing here was changed in the target behind the job's back. Compare with the target first."),
    );
  const file = first.job;
  const model = await jobs.job(file);
  jobs.ready(model);
  const own = drift.filter(({ job }) => job === file);
  await ask(own);
  const reviewed = await reviewedOf(own);
  const title = l10n.t("Accepting deviations of {0}", displayText(model.name));
  const accepted = await withProgress(title, (signal, tell) =>
    jobs.runs.call(
      "acceptDrift",
      { file, changes: reviewed },
      { signal, onProgress: (progress) => tell(activityText({ run: { on: "off", activity: progress } })) },
    ),
  );
  const gone = new Set(own.map(({ change }) => change.id));
  const shown = jobs.plan(file);
  if (shown !== undefined) {
    const left = shown.plan.changes.filter(({ id }) => !gone.has(id));
    const summary = summarize(left, shown.plan.skips, shown.plan.summary.unchanged + gone.size);
    jobs.setPlan(file, { ...shown, plan: { ...shown.plan, changes: left, summary } });
  }
  pending.discard(
    connection.baseUrl,
    own.map(({ key }) => key),
  );
  await jobs.store.refresh(file);
  const text =
    accepted === 1
      ? l10n.t("{0}: 1 deviation is accepted", displayText(model.name))
      : l10n.t("{0}: {1} deviations are accepted", displayText(model.name), count(accepted));
  void vscode.window.setStatusBarMessage(`$(pinned) ${labelText(text, 300)}`, 8000);
}

async function ask(changes: readonly PendingChange[]): Promise<void> {
  const lines = changes.flatMap(({ change }) => {
    const link = { targetId: change.targetId ?? "", hash: "" };
    return deviationsOf(change, link, builtinSchema(change.resourceType), () => undefined).map(
      (deviation) => `${displayText(change.name)}: ${displayText(describeDeviation(deviation), 200)}`,
    );
  });
  const shown = lines.slice(0, most);
  if (lines.length > shown.length) shown.push(l10n.t("and {0} more", count(lines.length - shown.length)));
  const question =
    changes.length === 1
      ? l10n.t("Leave {0} in the target as it is?", displayText(changes[0]?.change.name))
      : l10n.t("Leave {0} users and groups in the target as they are?", count(changes.length));
  const until = l10n.t(
    "Comparisons and cycles leave it alone. It ends by itself when the directory gives another value or the target changes again, and you can take it back under Accepted deviations of the job.",
  );
  const act = lines.length === 1 ? l10n.t("Accept Deviation") : l10n.t("Accept {0} Deviations", count(lines.length));
  const options = { modal: true, detail: [...shown, "", until].join("\n") };
  if ((await vscode.window.showWarningMessage(question, options, act)) !== act) throw new CancelledError();
}

/** Takes an accepted deviation back, or all of a job: the next comparison shows them again. Nothing is sent. */
export async function revokeDeviations({ jobs }: Pick<DriftServices, "jobs">, target: unknown): Promise<void> {
  const row = jobs.row(target);
  const model = await jobs.job(target);
  const { file } = model.paths;
  const all = acceptedOf(jobs.viewOf(model)).map(deviationKey);
  const keys = row?.kind === "deviation" ? [row.key] : all;
  if (keys.length === 0) throw new UserError(l10n.t("{0} has no accepted deviations.", displayText(model.name)));
  if (row?.kind !== "deviation") {
    const act = l10n.t("Take Back");
    const question = l10n.t(
      "Take back the {0} accepted deviations of {1}?",
      count(all.length),
      displayText(model.name),
    );
    const detail = l10n.t("Nothing is sent. The next comparison with the target shows them again.");
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, act)) !== act)
      throw new CancelledError();
  }
  const taken = await jobs.runs.call("revokeAccepted", { file, keys });
  await jobs.store.refresh(file);
  const text =
    taken === 1
      ? l10n.t("1 accepted deviation is taken back. Compare with the target to see it.")
      : l10n.t("{0} accepted deviations are taken back. Compare with the target to see them.", count(taken));
  void vscode.window.setStatusBarMessage(text, 8000);
}
