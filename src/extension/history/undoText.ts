import * as l10n from "@vscode/l10n";
import type { Change } from "../../changes/change.ts";
import { changeSummary } from "../../changes/describe.ts";
import type { PushRecord } from "../../changes/history.ts";
import type { UndoPlan } from "../../changes/undoFindings.ts";
import { count, markdownText } from "../platform/text.ts";

/** More changes than this are not listed; the Source Control view has them all. */
const listed = 200;

/** An undo as a person reads it before the push: what is taken back, on what condition, what stays and why. Values are escaped. */
export function undoMarkdown(push: Omit<PushRecord, "changes">, plan: UndoPlan, service: string): string {
  const { changes, kept, notes } = plan;
  const lines = [
    `# ${l10n.t("Undo of a push to {0}", markdownText(service))}`,
    "",
    pushLine(push),
    "",
    changes.length === 0
      ? l10n.t("Nothing is taken back.")
      : l10n.t(
          "The changes below wait in Source Control. Nothing is sent before you push them. Each one is sent only if its object is still as it is now; another one is held as a conflict.",
        ),
  ];
  if (kept.length > 0)
    lines.push(
      "",
      `## ${l10n.t("Kept as it is ({0})", count(kept.length))}`,
      "",
      ...kept.map(({ message }) => `- ${markdownText(message)}`),
    );
  if (notes.length > 0)
    lines.push("", `## ${l10n.t("Good to know")}`, "", ...notes.map((note) => `- ${markdownText(note)}`));
  if (changes.length > 0) {
    lines.push("", `## ${l10n.t("Taken back ({0})", count(changes.length))}`, "");
    lines.push(...changes.slice(0, listed).map((change) => `- ${changeLine(change)}`));
    if (changes.length > listed) lines.push(`- ${l10n.t("and {0} more", count(changes.length - listed))}`);
  }
  return `${lines.join("\n")}\n`;
}

function pushLine({ startedAt, who, note, push }: Omit<PushRecord, "changes">): string {
  const when = markdownText(new Date(startedAt).toLocaleString("en-GB"));
  const by = who === undefined ? "" : l10n.t(", by {0}", markdownText(who));
  const why = note === undefined ? "" : `: ${markdownText(note)}`;
  return `${l10n.t("Push {0} of {1}", push.slice(0, 8), when)}${by}${why}`;
}

function changeLine(change: Change): string {
  const name = `**${markdownText(change.name)}**`;
  switch (change.action) {
    case "create":
      return l10n.t("{0} is created anew", name);
    case "delete":
      return l10n.t("{0} is deleted", name);
    case "deactivate":
      return l10n.t("{0} is deactivated", name);
    case "update":
      return l10n.t("{0} gets its earlier values: {1}", name, markdownText(changeSummary(change)));
  }
}
