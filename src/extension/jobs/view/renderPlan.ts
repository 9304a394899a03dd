import * as l10n from "@vscode/l10n";
import { count, displayText } from "../../platform/text.ts";
import { timeText } from "../jobHealth.ts";
import type { JobView, ShownPlan } from "./jobRows.ts";
import { changesOf, keptText, planTexts } from "./jobRows.ts";
import type { RenderedJobRow } from "./renderedRow.ts";
import { leaf } from "./renderedRow.ts";

/** The last plan of a job: how many changes wait, and when it was made. */
export function renderPlan(view: JobView, now: Date): RenderedJobRow {
  const shown = view.plan;
  if (shown === undefined)
    return leaf("list-tree", l10n.t("Plan"), l10n.t("not previewed yet"), "plan.none", {
      id: "scim.job.preview",
      title: l10n.t("Preview Provisioning"),
    });
  const changes = changesOf(view);
  const { skip } = shown.plan.summary;
  const at = timeText(shown.plan.createdAt, now);
  const planned = l10n.t("planned {0}", at);
  const counts = [
    changes === 1 ? l10n.t("1 change") : l10n.t("{0} changes", count(changes)),
    skip === 1 ? l10n.t("1 skip") : l10n.t("{0} skips", count(skip)),
  ];
  // Of an earlier window's plan, what a person has to know first is how old it is.
  const parts = shown.kept ? [planned, ...counts] : [...counts, planned];
  const made =
    shown.compared !== undefined
      ? l10n.t("Everyone was compared with the target at {0}.", at)
      : shown.undoes === undefined
        ? l10n.t("Planned at {0}, {1} cycle.", at, shown.plan.cycle)
        : l10n.t("Planned at {0}.", at);
  const label =
    shown.compared !== undefined
      ? l10n.t("Comparison with target")
      : shown.undoes === undefined
        ? l10n.t("Plan")
        : l10n.t("Undo of the push of {0}", timeText(shown.undoes, now));
  return {
    ...leaf(planIcon(shown), label, parts.join(", "), "plan.there", {
      id: "scim.job.reviewPlan",
      title: l10n.t("Review Plan"),
    }),
    tooltip: [
      parts.join(", "),
      made,
      ...(shown.kept ? [keptText()] : []),
      ...shown.guard.reasons.map((text) => displayText(text, 500)),
    ].join("\n"),
    expandable: planTexts(view).length > 0 || skip > 0 ? "collapsed" : "none",
  };
}

const planIcon = ({ undoes, compared }: ShownPlan): string =>
  compared !== undefined ? "compare-changes" : undoes === undefined ? "list-tree" : "discard";
