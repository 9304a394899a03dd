import type { GuardVerdict } from "../../../provisioning/deletionGuard.ts";
import * as l10n from "@vscode/l10n";
import type { CutOffPush } from "../../../provisioning/cutOff.ts";
import { deviationKey } from "../../../provisioning/deviation.ts";
import { groupByCause } from "../../../provisioning/escrow.ts";
import type { Plan } from "../../../provisioning/plan.ts";
import { groupSkips } from "../../../provisioning/planText.ts";
import type { JobModel } from "../jobModel.ts";
import type { RunState } from "../jobRuns.ts";

/** The last plan of a job that was previewed in this window. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly guard: GuardVerdict;
  /** Of a plan that takes a push back: when that push began. */
  readonly undoes?: string;
  /** It was made by a comparison with the target. */
  readonly compared?: true;
  /** It was made in an earlier window. */
  readonly kept?: true;
}

/** A job with everything its rows show. */
export interface JobView {
  readonly model: JobModel;
  readonly run: RunState;
  readonly plan?: ShownPlan | undefined;
  /** The push that was stopped or cut off, if something of it is left. */
  readonly cutOff?: CutOffPush | undefined;
}

/** What stands under a quarantine, in this order. */
const quarantineFacts = ["reason", "since", "nextTry", "disabled", "whatToDo"] as const;
export type QuarantineFact = (typeof quarantineFacts)[number];

/** A row of the Jobs view. The id stays the same when what it shows changes. */
export type JobRow =
  | { readonly kind: "job"; readonly file: string }
  | {
      readonly kind: "problem";
      readonly file: string;
      readonly line: number;
      readonly message: string;
      readonly at: number;
    }
  | { readonly kind: "quarantine" | "held" | "trouble" | "cutOff" | "accepted"; readonly file: string }
  | { readonly kind: "deviation"; readonly file: string; readonly key: string }
  | { readonly kind: "quarantineFact"; readonly file: string; readonly fact: QuarantineFact }
  | { readonly kind: "users" | "groups" | "scope" | "plan" | "log" | "escrow"; readonly file: string }
  | { readonly kind: "note"; readonly file: string; readonly text: string; readonly at: number }
  | { readonly kind: "skips"; readonly file: string; readonly reason: string }
  | { readonly kind: "skip"; readonly file: string; readonly reason: string; readonly at: number }
  | { readonly kind: "moreSkips"; readonly file: string; readonly reason: string; readonly left: number }
  | { readonly kind: "cause"; readonly file: string; readonly code: string }
  | { readonly kind: "escrowed"; readonly file: string; readonly code: string; readonly at: number };

/** More rows than this under one reason are of no use in a tree; the rest stands in the plan's text and in the log. */
export const skipLimit = 200;

/** Identifies a row by what it stands for, not by what it shows. */
export function rowId(row: JobRow): string {
  const parts = [row.kind, row.file];
  if ("reason" in row) parts.push(row.reason);
  if ("code" in row) parts.push(row.code);
  if ("key" in row) parts.push(row.key);
  if ("fact" in row) parts.push(row.fact);
  if ("at" in row) parts.push(String(row.at));
  return JSON.stringify(parts);
}

/** The rows under a row; of nothing, one for each job. */
export function childRows(views: readonly JobView[], row?: JobRow): readonly JobRow[] {
  if (row === undefined) return views.map(({ model }) => ({ kind: "job", file: model.paths.file }));
  const view = views.find(({ model }) => model.paths.file === row.file);
  if (view === undefined) return [];
  const { file } = row;
  switch (row.kind) {
    case "job":
      return jobChildren(view, file);
    case "plan":
      return planChildren(view, file);
    case "skips": {
      const skips = skipsOf(view, row.reason);
      const shown = skips.slice(0, skipLimit).map((_, at): JobRow => ({ kind: "skip", file, reason: row.reason, at }));
      const left = skips.length - shown.length;
      return left > 0 ? [...shown, { kind: "moreSkips", file, reason: row.reason, left }] : shown;
    }
    case "escrow":
      return groupByCause(view.model.record?.escrows ?? []).map(({ code }) => ({ kind: "cause", file, code }));
    case "cause":
      return escrowsOf(view, row.code)
        .slice(0, skipLimit)
        .map((_, at) => ({ kind: "escrowed", file, code: row.code, at }));
    case "quarantine":
      return quarantineFacts.map((fact): JobRow => ({ kind: "quarantineFact", file, fact }));
    case "accepted":
      return acceptedOf(view).map((each): JobRow => ({ kind: "deviation", file, key: deviationKey(each) }));
    case "problem":
    case "cutOff":
    case "deviation":
    case "quarantineFact":
    case "held":
    case "trouble":
    case "users":
    case "groups":
    case "scope":
    case "log":
    case "note":
    case "skip":
    case "moreSkips":
    case "escrowed":
      return [];
  }
}

function jobChildren({ model, run, cutOff }: JobView, file: string): readonly JobRow[] {
  const problems = model.problems
    .slice(0, 20)
    .map(({ line, message }, at): JobRow => ({ kind: "problem", file, line, message, at }));
  if (model.job === undefined) return problems;
  const { record } = model;
  const rows: JobRow[] = [];
  if (cutOff !== undefined) rows.push({ kind: "cutOff", file });
  if (record?.quarantine !== undefined) rows.push({ kind: "quarantine", file });
  if (record?.held !== undefined) rows.push({ kind: "held", file });
  if (run.trouble !== undefined || model.stateTrouble !== undefined) rows.push({ kind: "trouble", file });
  rows.push(
    { kind: "users", file },
    { kind: "groups", file },
    { kind: "scope", file },
    { kind: "plan", file },
    { kind: "log", file },
  );
  if ((record?.escrows.length ?? 0) > 0) rows.push({ kind: "escrow", file });
  if ((record?.accepted?.length ?? 0) > 0) rows.push({ kind: "accepted", file });
  return rows;
}

/** Says of a plan that it comes from an earlier window. */
export const keptText = (): string =>
  l10n.t("Planned in an earlier window. Each change is read again before it is sent; what moved is planned anew.");

/** What a person should know of a plan as a whole. */
export function planTexts({ plan: shown }: JobView): readonly string[] {
  if (shown === undefined) return [];
  const { plan, guard } = shown;
  return [
    ...(shown.kept ? [keptText()] : []),
    ...guard.reasons,
    ...(plan.removalsWithheld === undefined ? [] : [plan.removalsWithheld]),
    ...(plan.notes ?? []),
  ];
}

function planChildren(view: JobView, file: string): readonly JobRow[] {
  const { plan } = view.plan ?? {};
  if (plan === undefined) return [];
  return [
    ...planTexts(view)
      .slice(0, 50)
      .map((text, at): JobRow => ({ kind: "note", file, text, at })),
    ...groupSkips(plan.skips).map(([reason]): JobRow => ({ kind: "skips", file, reason })),
  ];
}

/** The deviations of the target that a person lets be, at most as many as a tree can bear. */
export const acceptedOf = ({ model }: JobView) =>
  (model.record?.accepted ?? [])
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.path.localeCompare(b.path))
    .slice(0, skipLimit);

/** The skips of one reason. */
export const skipsOf = ({ plan }: JobView, reason: string) =>
  (plan?.plan.skips ?? []).filter((skip) => skip.reason === reason);

/** The objects that fail for one reason. */
export const escrowsOf = ({ model }: JobView, code: string) =>
  (model.record?.escrows ?? []).filter((escrow) => escrow.code === code);

/** Number of changes of the last plan that are not done yet. */
export const changesOf = ({ plan }: JobView): number => plan?.plan.changes.length ?? 0;
