import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { PushSummary } from "../../changes/pushSummary.ts";
import { actionCounts } from "../changes/confirm.ts";
import type { SourceControls } from "../changes/sourceControls.ts";
import type { Targets } from "../connections/targets.ts";
import { timeText } from "../jobs/jobHealth.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { displayText, labelText } from "../platform/text.ts";
import { damageMarkdown } from "./damageText.ts";
import type { HistoryRow, HistorySubject } from "./historyRows.ts";
import type { HistoryView } from "./historyView.ts";
import type { JournalPlace } from "./journals.ts";
import { actionText } from "./renderHistory.ts";
import { reviewUndo, type UndoServices } from "./undoFlow.ts";

export interface HistoryServices extends UndoServices {
  readonly view: HistoryView;
  readonly targets: Targets;
  readonly controls: SourceControls;
  places(): readonly JournalPlace[];
}

type Ids =
  | "scim.push.undo"
  | "scim.push.review"
  | "scim.history.openChange"
  | "scim.history.showDamage"
  | "scim.history.showAll"
  | "scim.history.refresh"
  | "scim.history.loadMore"
  | "scim.resource.showHistory";

/** More diffs than this make the multi-diff editor slow; the rest stands in the History view. */
const reviewLimit = 300;

/** The commands of past pushes: look at them, and take them back. */
export function historyCommands(services: HistoryServices): SomeHandlers<Ids> {
  const { view, thread, documents, targets } = services;
  return {
    "scim.push.undo": async (target) => {
      const { place, push } = await pushOf(services, target);
      await reviewUndo(services, place, push);
    },
    "scim.push.review": async (target) => {
      const row = view.row(target);
      if (row?.kind !== "push") throw new UserError(l10n.t("Select a push in the History view."));
      const { place, push } = row;
      const { folder } = place;
      const changes = await thread.ask("changes", { folder, push: push.push, limit: reviewLimit });
      const ids = changes.map(({ changeId }) => changeId);
      const sides = await thread.ask("sides", { folder, push: push.push, changes: ids });
      const title = l10n.t("Push to {0}, {1}", displayText(place.name), timeText(push.startedAt, new Date()));
      await documents.showDiffs(
        title,
        sides.map(({ name, before, after }) => ({ name: `${name}.json`, before, after })),
      );
    },
    "scim.history.openChange": async (target) => {
      const row = view.row(target);
      if (row?.kind !== "change" && row?.kind !== "entry") return;
      const change = row.kind === "change" ? row.change : row.entry;
      const push = row.kind === "change" ? row.push : row.entry.push.push;
      const { folder } = row.place;
      const [sides] = await thread.ask("sides", { folder, push, changes: [change.changeId] });
      if (sides === undefined) throw new UserError(l10n.t("The journal does not hold this change any more."));
      const when = timeText(change.at, new Date());
      const title = l10n.t("{0} ({1} {2})", displayText(sides.name), actionText(change.action), when);
      await documents.showDiff(title, { ...sides, name: `${sides.name}.json` });
    },
    "scim.history.showDamage": async (target) => {
      const row = view.row(target);
      if (row?.kind !== "damaged") return;
      await documents.showMarkdown(
        `${l10n.t("Journal of {0}", row.place.name)}.md`,
        damageMarkdown(row.place, row.problems),
      );
    },
    "scim.history.showAll": () => view.show(undefined),
    "scim.history.refresh": () => view.refresh(),
    "scim.history.loadMore": () => view.loadMore(),
    "scim.resource.showHistory": async (target) => view.show(subjectOf(view.row(target), targets, target)),
  };
}

/** Whose history is asked for: a row of the Connections view, or of a push. @throws UserError */
function subjectOf(row: HistoryRow | undefined, targets: Targets, target: unknown): HistorySubject {
  const [node] = targets.rowsOrSelection(target, undefined);
  if (node?.kind === "resource") {
    const { name, key, resourceId, baseUrl } = node;
    return { name: key === "" ? name : key, who: resourceId ?? key, baseUrl };
  }
  if (row?.kind === "change" || row?.kind === "entry") {
    const { name, targetId } = row.kind === "change" ? row.change : row.entry;
    return { name, who: targetId ?? name, baseUrl: row.place.baseUrl ?? "" };
  }
  throw new UserError(l10n.t("Select a user or a group in the Connections view."));
}

/** Which push is meant: that of a row, else one that the person picks of those of the row's job or connection, else of all. */
async function pushOf(
  services: HistoryServices,
  target: unknown,
): Promise<{ readonly place: JournalPlace; readonly push: string }> {
  const { view, jobs, controls, targets } = services;
  const row = typeof target === "string" || target === undefined ? view.row(target) : undefined;
  if (target !== undefined && row?.kind === "push") return { place: row.place, push: row.push.push };
  const file = target === undefined ? undefined : jobs.row(target)?.file;
  const [node] = targets.rows(target, undefined);
  const baseUrl = controls.ownerOf(target) ?? (node?.kind === "connection" ? node.connection.baseUrl : undefined);
  return await pickPush(
    services,
    services
      .places()
      .filter((place) => file === undefined || place.file === file)
      .filter((place) => baseUrl === undefined || place.baseUrl === baseUrl),
  );
}

/** @throws CancelledError, UserError when nothing was pushed */
async function pickPush({ thread }: HistoryServices, places: readonly JournalPlace[]) {
  const read = await Promise.all(
    places.map(async (place) => {
      const { pushes } = await thread.ask("journal", { folder: place.folder });
      return pushes.filter(({ sent }) => sent > 0).map((push) => ({ place, push }));
    }),
  );
  const items = read
    .flat()
    .toSorted((a, b) => (a.push.startedAt < b.push.startedAt ? 1 : -1))
    .slice(0, 500)
    .map((found) => ({ ...itemOf(found.place, found.push), found }));
  if (items.length === 0) throw new UserError(l10n.t("Nothing was pushed from here yet, so there is nothing to undo."));
  const placeHolder = l10n.t("Choose the push to undo; you review what is taken back before anything is sent");
  const options = { placeHolder, matchOnDescription: true, matchOnDetail: true };
  const picked = await vscode.window.showQuickPick(items, options);
  if (picked === undefined) throw new CancelledError();
  return { place: picked.found.place, push: picked.found.push.push };
}

function itemOf(place: JournalPlace, push: PushSummary): vscode.QuickPickItem {
  const when = timeText(push.startedAt, new Date());
  const note = displayText(push.note);
  return {
    label: labelText(note === "" ? actionCounts(push.counts) : note),
    description: labelText([when, place.name, push.who].filter((text) => text !== undefined).join(", ")),
    ...(note !== "" && { detail: actionCounts(push.counts) }),
  };
}
