import * as l10n from "@vscode/l10n";
import { shortPath } from "../../../changes/describe.ts";
import type { CutOffPush } from "../../../provisioning/cutOff.ts";
import type { AcceptedDeviation } from "../../../provisioning/deviation.ts";
import { describeDeviation } from "../../../provisioning/deviation.ts";
import { count, displayText } from "../../platform/text.ts";
import { timeText } from "../jobHealth.ts";
import type { RenderedJobRow } from "./renderedRow.ts";
import { leaf } from "./renderedRow.ts";

/** A push that was stopped, or cut off by a window that closed: what was sent, and what a click does. */
export function renderCutOff({ startedAt, total, left }: CutOffPush, now: Date): RenderedJobRow {
  const label = l10n.t("Push not finished");
  const description = l10n.t("{0} of {1} sent, {2}", count(total - left), count(total), timeText(startedAt, now));
  return {
    ...leaf("debug-pause", label, description, "cutOff", undefined, "list.warningForeground"),
    tooltip: [
      `${label}: ${description}`,
      l10n.t(
        "Resume Push sends what is left; what may have been sent already is looked up first. The next cycle or push of the job does the same.",
      ),
    ].join("\n"),
    accessible: `${label}, ${description}`,
  };
}

/** The place of the deviations that a person lets be. */
export function renderAccepted(number: number): RenderedJobRow {
  const row = leaf("pinned", l10n.t("Accepted deviations"), count(number), "accepted");
  return {
    ...row,
    tooltip: l10n.t(
      "Where the target differs from the directory and is left as it is. Each ends by itself when the directory gives another value, or when the target changes again.",
    ),
    expandable: "collapsed",
    accessible: `${row.label}, ${count(number)}`,
  };
}

/** One deviation that a person lets be: what it is, and of whom. */
export function renderDeviation(deviation: AcceptedDeviation | undefined, now: Date): RenderedJobRow {
  const name = displayText(deviation?.name);
  const text = deviation === undefined ? "" : `${name}: ${displayText(describeDeviation(deviation), 300)}`;
  const icon = deviation?.resourceType === "Group" ? "organization" : "account";
  return {
    ...leaf(icon, deviation === undefined ? "" : displayText(whatOf(deviation)), name, "deviation"),
    tooltip: [
      text,
      l10n.t(
        "Accepted {0}. Take it back, and the next comparison shows it again.",
        timeText(deviation?.acceptedAt, now),
      ),
    ].join("\n"),
    accessible: text,
  };
}

function whatOf({ kind, path, member = "", memberName = member }: AcceptedDeviation): string {
  switch (kind) {
    case "value":
      return shortPath(path);
    case "missing":
      return l10n.t("without {0}", memberName);
    case "extra":
      return l10n.t("with {0}", memberName);
    case "gone":
      return l10n.t("deleted");
  }
}
