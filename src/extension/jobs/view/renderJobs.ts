import * as l10n from "@vscode/l10n";
import { deviationKey } from "../../../provisioning/deviation.ts";
import { normalizeBaseUrl } from "../../../scim/baseUrl.ts";
import { count, displayText } from "../../platform/text.ts";
import { jobState, stateText, timeText } from "../jobHealth.ts";
import type { JobState } from "../jobHealth.ts";
import { mappingLabel, rowsText, scopeText } from "./jobFacts.ts";
import type { JobRow, JobView } from "./jobRows.ts";
import { acceptedOf, escrowsOf, skipsOf } from "./jobRows.ts";
import type { RenderedJobRow } from "./renderedRow.ts";
import { leaf } from "./renderedRow.ts";
import { renderAccepted, renderCutOff, renderDeviation } from "./renderLeft.ts";
import { renderPlan } from "./renderPlan.ts";
import { renderQuarantine, renderQuarantineFact } from "./renderQuarantine.ts";

const icons: Readonly<Record<JobState, readonly [icon: string, color?: string]>> = {
  broken: ["error", "list.errorForeground"],
  disabled: ["circle-slash", "list.errorForeground"],
  quarantined: ["error", "list.errorForeground"],
  held: ["debug-pause", "list.warningForeground"],
  failing: ["warning", "list.warningForeground"],
  running: ["sync~spin"],
  elsewhere: ["vm-connect"],
  on: ["pass", "testing.iconPassed"],
  off: ["circle-large-outline"],
};

/** A row whose reason to be has just gone; the view draws itself anew without it. */
const gone: RenderedJobRow = { label: "", tooltip: "", icon: "blank", expandable: "none", context: "gone" };

/** Draws a row. Pure: the same job always looks the same at the same time. */
export function renderJobRow(row: JobRow, view: JobView, now: Date): RenderedJobRow {
  const { model } = view;
  const { record, job } = model;
  switch (row.kind) {
    case "job":
      return renderJob(view, now);
    case "problem":
      return leaf(
        "error",
        displayText(row.message, 200),
        l10n.t("line {0}", row.line),
        "problem",
        openText(),
        "list.errorForeground",
      );
    case "trouble": {
      const text = model.stateTrouble ?? view.run.trouble ?? "";
      return leaf("warning", displayText(text, 200), undefined, "trouble", undefined, "list.warningForeground");
    }
    case "quarantine":
      return record?.quarantine === undefined ? gone : renderQuarantine(record.quarantine, now);
    case "quarantineFact":
      return record?.quarantine === undefined
        ? gone
        : renderQuarantineFact(
            row.fact,
            record.quarantine,
            { baseUrl: baseUrlOf(model), on: view.run.on !== "off" },
            now,
          );
    case "cutOff":
      return view.cutOff === undefined ? gone : renderCutOff(view.cutOff, now);
    case "accepted":
      return renderAccepted(record?.accepted?.length ?? 0);
    case "deviation":
      return renderDeviation(
        acceptedOf(view).find((each) => deviationKey(each) === row.key),
        now,
      );
    case "held":
      return {
        ...leaf(
          "debug-pause",
          l10n.t("Held by the deletion guard"),
          displayText(record?.held?.reasons[0]),
          "held",
          { id: "scim.job.preview", title: l10n.t("Preview Provisioning") },
          "list.warningForeground",
        ),
        tooltip: [
          ...(record?.held?.reasons ?? []),
          l10n.t("Preview provisioning to see who, and accept the removals there."),
        ]
          .map((text) => displayText(text, 500))
          .join("\n"),
      };
    case "users":
    case "groups": {
      const part = row.kind === "users" ? job?.users : job?.groups;
      const description = part?.enabled === false ? l10n.t("not provisioned") : rowsText(part?.mappings.length ?? 0);
      const label = mappingLabel(row.kind);
      return leaf("symbol-field", label, description, row.kind, { id: "scim.job.open", title: l10n.t("Open Job") });
    }
    case "scope": {
      const filters = (job?.scope.users.length ?? 0) + (job?.scope.groups.length ?? 0);
      const description = scopeText(job?.scope.mode === "all", filters);
      return leaf("filter", l10n.t("Scope"), description, "scope", { id: "scim.job.open", title: l10n.t("Open Job") });
    }
    case "plan":
      return renderPlan(view, now);
    case "note":
      return leaf("info", displayText(row.text, 200), undefined, "note");
    case "skips": {
      const skips = skipsOf(view, row.reason);
      return { ...leaf("circle-slash", row.reason, count(skips.length), "skips"), expandable: "collapsed" };
    }
    case "skip": {
      const skip = skipsOf(view, row.reason)[row.at];
      const icon = skip?.resourceType === "Group" ? "organization" : "account";
      return {
        ...leaf(icon, displayText(skip?.name), displayText(skip?.detail), `skip`, {
          id: "scim.job.explain",
          title: l10n.t("Explain"),
        }),
        tooltip: `${displayText(skip?.name, 500)}\n${row.reason}: ${displayText(skip?.detail, 1000)}`,
      };
    }
    case "moreSkips":
      return leaf("ellipsis", l10n.t("{0} more", count(row.left)), l10n.t("in the plan's text"), "moreSkips", {
        id: "scim.job.showPlan",
        title: l10n.t("Show Plan as Text"),
      });
    case "log":
      return leaf(
        "history",
        l10n.t("Log"),
        record?.lastCycle === undefined
          ? l10n.t("no cycle has run")
          : l10n.t(
              "last cycle {0}, {1}",
              timeText(record.lastCycle.finishedAt, now),
              outcomeText(record.lastCycle.outcome),
            ),
        "log",
        { id: "scim.job.showLog", title: l10n.t("Show Provisioning Log") },
      );
    case "escrow": {
      const failing = record?.escrows.length ?? 0;
      return {
        ...leaf(
          "debug-rerun",
          l10n.t("Escrow"),
          failing === 1 ? l10n.t("1 object is tried again") : l10n.t("{0} objects are tried again", count(failing)),
          "escrow",
        ),
        expandable: "collapsed",
      };
    }
    case "cause": {
      const escrows = escrowsOf(view, row.code);
      return {
        ...leaf("warning", row.code, count(escrows.length), "cause", undefined, "list.warningForeground"),
        expandable: "collapsed",
      };
    }
    case "escrowed": {
      const escrow = escrowsOf(view, row.code)[row.at];
      const next = l10n.t("next try {0}", timeText(escrow?.nextTryAt, now));
      const icon = escrow?.resourceType === "Group" ? "organization" : "account";
      return {
        ...leaf(icon, displayText(escrow?.name), next, "escrowed", {
          id: "scim.job.explain",
          title: l10n.t("Explain"),
        }),
        tooltip: `${displayText(escrow?.name, 500)}\n${displayText(escrow?.message, 1000)}\n${l10n.t("{0} attempts, failing since {1}", escrow?.attempts ?? 0, timeText(escrow?.firstFailedAt, now))}`,
      };
    }
  }
}

/** The address of the job's connection, as connections are known by. */
const baseUrlOf = ({ job }: JobView["model"]): string | undefined =>
  job === undefined ? undefined : normalizeBaseUrl(job.connection.baseUrl).baseUrl;

function renderJob(view: JobView, now: Date): RenderedJobRow {
  const { model, run } = view;
  const state = jobState(view, now);
  const [icon, iconColor] = icons[state];
  const description = stateText(view, now);
  const label = displayText(model.name);
  const tags = [
    "job",
    state,
    run.on === "off" ? "turnedOff" : "turnedOn",
    model.job === undefined ? "unreadable" : "readable",
  ];
  return {
    label,
    description,
    tooltip: [
      displayText(model.name, 500),
      description,
      ...cycleLines(view, now),
      displayText(model.paths.file, 500),
    ].join("\n"),
    icon,
    ...(iconColor !== undefined && { iconColor }),
    expandable:
      view.cutOff !== undefined || state === "broken" || state === "quarantined" || state === "held"
        ? "expanded"
        : "collapsed",
    context: tags.join("."),
    command: { id: "scim.job.open", title: l10n.t("Open Job") },
    accessible: `${label}, ${description}`,
  };
}

function cycleLines({ model, run }: JobView, now: Date): string[] {
  const cycle = model.record?.lastCycle;
  const next = run.nextAt === undefined ? [] : [l10n.t("Next cycle {0}", timeText(run.nextAt, now))];
  if (cycle === undefined) return [l10n.t("No cycle has run."), ...next];
  const counts = Object.entries(cycle.summary)
    .filter(([, number]) => number > 0)
    .map(([name, number]) => `${count(number)} ${name}`);
  return [
    l10n.t("Last cycle {0}, {1}: {2}", timeText(cycle.finishedAt, now), outcomeText(cycle.outcome), counts.join(", ")),
    ...(cycle.message === undefined ? [] : [displayText(cycle.message, 500)]),
    ...next,
  ];
}

const openText = (): RenderedJobRow["command"] => ({ id: "scim.job.openText", title: l10n.t("Open as Text") });

function outcomeText(outcome: string): string {
  switch (outcome) {
    case "succeeded":
      return l10n.t("succeeded");
    case "someFailed":
      return l10n.t("some objects failed");
    case "held":
      return l10n.t("held by the deletion guard");
    case "stopped":
      return l10n.t("stopped");
    default:
      return l10n.t("failed");
  }
}
