import * as l10n from "@vscode/l10n";
import type { ChangeAction } from "../../changes/change.ts";
import type { PushRecord } from "../../changes/history.ts";
import type { PushSummary } from "../../changes/pushSummary.ts";
import { actionCounts } from "../changes/confirm.ts";
import { timeText } from "../jobs/jobHealth.ts";
import type { CommandId } from "../platform/commandTable.ts";
import { count, displayText } from "../platform/text.ts";
import type { HistoryRow } from "./historyRows.ts";
import type { HistoryChange } from "./protocol.ts";

/** A row as it is drawn: what a `TreeItem` needs, without VS Code. */
export interface RenderedHistoryRow {
  readonly label: string;
  readonly description?: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly iconColor?: string;
  readonly expandable: boolean;
  readonly context: string;
  readonly command?: { readonly id: CommandId; readonly title: string };
  readonly accessible: string;
}

/** Draws a row. Pure: the same row always looks the same at the same time. */
export function renderHistoryRow(row: HistoryRow, now: Date): RenderedHistoryRow {
  switch (row.kind) {
    case "damaged": {
      const [first] = row.problems;
      const label = l10n.t("Journal is not intact");
      const where = l10n.t("{0}: {1}", displayText(row.place.name), displayText(first?.message, 300));
      return {
        ...leaf(label, where, "damaged", "error", "list.errorForeground"),
        tooltip: [
          label,
          displayText(row.place.name),
          ...row.problems.slice(0, 10).map(({ message }) => displayText(message, 300)),
          first?.fix,
        ]
          .filter((line) => line !== undefined)
          .join("\n"),
        command: { id: "scim.history.showDamage", title: l10n.t("Show What Is Damaged") },
      };
    }
    case "unreadable":
      return leaf(
        l10n.t("Journal cannot be read"),
        l10n.t("{0}: {1}", displayText(row.place.name), displayText(row.message, 300)),
        "unreadable",
        "error",
        "list.errorForeground",
      );
    case "push":
      return renderPush(row, now);
    case "change": {
      const { change } = row;
      const details = [changeText(change), outcomeText(change)].filter((text) => text !== undefined);
      return renderChange(change, displayText(change.name), details, "change");
    }
    case "entry": {
      const { entry } = row;
      const label = `${actionText(entry.action)}${entry.action === "update" ? `: ${displayText(entry.summary)}` : ""}`;
      const details = [
        timeText(entry.at, now),
        outcomeText(entry),
        displayText(row.place.name),
        ...whoAndNote(entry.push),
      ].filter((text) => text !== undefined);
      return renderChange(entry, label, details, "entry");
    }
    case "more":
      return {
        ...leaf(l10n.t("{0} more", count(row.left)), undefined, "more", "ellipsis"),
        ...(isPage(row.of) && { command: { id: "scim.history.loadMore", title: l10n.t("Load More") } as const }),
      };
  }
}

const isPage = (of: string): boolean => of === "pushes" || of === "entries";

function renderPush({ push, place }: Extract<HistoryRow, { kind: "push" }>, now: Date): RenderedHistoryRow {
  const counts = actionCounts(push.counts);
  const note = displayText(push.note);
  const open = push.state === "open";
  const details = [
    note === "" ? undefined : counts,
    failuresText(push),
    open ? l10n.t("not finished") : undefined,
    timeText(push.startedAt, now),
    displayText(place.name),
    displayText(push.who),
  ].filter((text) => text !== undefined && text !== "");
  const label = note === "" ? counts : note;
  return {
    label,
    description: details.join(", "),
    tooltip: [
      l10n.t("Push to {0}, {1}", displayText(place.name), new Date(push.startedAt).toLocaleString("en-GB")),
      push.who === undefined ? undefined : l10n.t("By {0}", displayText(push.who)),
      push.note === undefined ? undefined : l10n.t("Note: {0}", displayText(push.note, 1000)),
      [counts, failuresText(push)].filter(Boolean).join(", "),
      open
        ? l10n.t("It was cut off before everything was sent. Pushing the same changes again goes on with it.")
        : undefined,
    ]
      .filter((line) => line !== undefined)
      .join("\n"),
    icon: open ? "warning" : "git-commit",
    ...(open && { iconColor: "list.warningForeground" }),
    expandable: true,
    context: push.sent > 0 ? "push.sent" : "push.nothing",
    accessible: [label, ...details].join(", "),
  };
}

function renderChange(
  change: HistoryChange,
  label: string,
  details: readonly string[],
  kind: "change" | "entry",
): RenderedHistoryRow {
  const [icon, iconColor] = icons[change.action];
  return {
    label,
    ...(details.length > 0 && { description: details.join(", ") }),
    tooltip: [
      label,
      ...(kind === "change" ? [actionText(change.action)] : []),
      ...details,
      displayText(change.error, 1000),
      change.targetId && `id ${displayText(change.targetId)}`,
    ]
      .filter((line) => line !== undefined && line !== "")
      .join("\n"),
    icon,
    iconColor,
    expandable: false,
    context: kind,
    command: { id: "scim.history.openChange", title: l10n.t("Show Change") },
    accessible: [label, ...(kind === "change" ? [actionText(change.action)] : []), ...details].join(", "),
  };
}

const icons: Readonly<Record<ChangeAction, readonly [icon: string, color: string]>> = {
  create: ["diff-added", "scim.createForeground"],
  update: ["diff-modified", "scim.updateForeground"],
  deactivate: ["circle-slash", "scim.deactivateForeground"],
  delete: ["diff-removed", "scim.deleteForeground"],
};

/** What a change did, in one word. */
export function actionText(action: ChangeAction): string {
  switch (action) {
    case "create":
      return l10n.t("Created");
    case "update":
      return l10n.t("Updated");
    case "deactivate":
      return l10n.t("Deactivated");
    case "delete":
      return l10n.t("Deleted");
  }
}

/** Of the other actions the icon says it all. */
function changeText({ action, summary }: HistoryChange): string | undefined {
  return action === "update" ? displayText(summary) : undefined;
}

/** How a change ended, when it did not simply go through. */
function outcomeText({ outcome, error }: HistoryChange): string | undefined {
  switch (outcome) {
    case "pushed":
      return undefined;
    case "redundant":
      return l10n.t("was so already");
    case "conflict":
      return l10n.t("not sent, changed by someone else");
    case "failed":
      return l10n.t("failed: {0}", displayText(error, 200));
    case "blocked":
      return l10n.t("not sent, what it needs was not created");
    case "notSent":
      return l10n.t("not sent");
    case "unknown":
    case "notRecorded":
      return l10n.t("may or may not have been applied");
  }
}

function failuresText({ outcomes }: PushSummary): string | undefined {
  const failed = (outcomes["failed"] ?? 0) + (outcomes["blocked"] ?? 0) + (outcomes["conflict"] ?? 0);
  return failed === 0 ? undefined : l10n.t("{0} failed", count(failed));
}

function whoAndNote({ who, note }: Pick<PushRecord, "who" | "note">): readonly string[] {
  return [displayText(who), displayText(note)].filter((text) => text !== "");
}

function leaf(
  label: string,
  description: string | undefined,
  context: string,
  icon: string,
  iconColor?: string,
): RenderedHistoryRow {
  return {
    label,
    ...(description !== undefined && { description }),
    tooltip: description === undefined ? label : `${label}\n${description}`,
    icon,
    ...(iconColor !== undefined && { iconColor }),
    expandable: false,
    context,
    accessible: description === undefined ? label : `${label}, ${description}`,
  };
}
