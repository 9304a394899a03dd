import { attributeDeltas } from "../changes/attributeDelta.ts";
import type { Change, ChangeAction } from "../changes/change.ts";
import { changeSummary, shortPath } from "../changes/describe.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";
import type { Plan } from "./plan.ts";
import type { Names } from "./planNames.ts";
import { firstName, namesOfCreates, withNames } from "./planNames.ts";
import { describeSummary, groupSkips, showValue } from "./planText.ts";
import { printable } from "./printable.ts";

/** GitHub cuts comments at 65,536 characters; a plan that is longer shows its first changes and says so. */
const mostChanges = 200;

const titles: Readonly<Record<ChangeAction, string>> = {
  create: "Create",
  update: "Update",
  deactivate: "Deactivate",
  delete: "Delete",
};

/**
 * A plan as Markdown, for a pull request. Names come from other people, so everything is escaped.
 *
 * @param names what members and managers are called; without it, who is not created by the plan is shown by id
 */
export function planMarkdown(plan: Plan, names?: Names): string {
  const called = firstName(namesOfCreates(plan), ...(names ? [names] : []));
  const lines = [
    `## ${escape(plan.job)}: ${describeSummary(plan)}`,
    "",
    `${plan.cycle === "initial" ? "Initial" : "Incremental"} cycle, planned ${plan.createdAt}.`,
  ];
  if (plan.removalsWithheld !== undefined)
    lines.push("", `**No removals are planned:** ${escape(plan.removalsWithheld)}`);
  let left = mostChanges;
  for (const action of ["deactivate", "delete", "create", "update"] as const) {
    const changes = plan.changes.filter((change) => change.action === action);
    if (changes.length === 0) continue;
    lines.push("", `### ${titles[action]} (${changes.length})`, "");
    lines.push("| who | what | why |", "|---|---|---|");
    const shown = changes.slice(0, left);
    left -= shown.length;
    lines.push(
      ...shown.map((change) => `| ${escape(change.name)} | ${what(change, called)} | ${escape(change.reason)} |`),
    );
    if (shown.length < changes.length) lines.push(`| … | ${changes.length - shown.length} more | |`);
  }
  if (plan.skips.length > 0) {
    lines.push("", `### Skipped (${plan.skips.length})`, "", "| reason | objects |", "|---|---|");
    for (const [reason, skips] of groupSkips(plan.skips)) {
      const names = skips.slice(0, 10).map(({ name }) => escape(name));
      if (skips.length > names.length) names.push(`${skips.length - names.length} more`);
      lines.push(`| ${reason} | ${names.join(", ")} |`);
    }
  }
  if (plan.notes?.length) lines.push("", "### Notes", "", ...plan.notes.map((text) => `- ${escape(text)}`));
  return `${lines.join("\n")}\n`;
}

function what(change: Change, names: Names): string {
  if (change.action !== "update" || change.after === undefined) return escape(changeSummary(change));
  const deltas = attributeDeltas(change.before ?? {}, change.after, builtinSchema(change.resourceType));
  return deltas
    .map((delta) => {
      const { path, before, after, elements } = withNames(delta, names);
      const name = escape(shortPath(path));
      if (elements === undefined) return `${name}: ${value(before)} → ${value(after)}`;
      const parts = [
        ...(elements.added.length > 0 ? [`+ ${escape(showValue(elements.added))}`] : []),
        ...(elements.removed.length > 0 ? [`− ${escape(showValue(elements.removed))}`] : []),
      ];
      return `${name}: ${parts.join("; ")}`;
    })
    .join("<br>");
}

function value(value: unknown): string {
  return value === undefined ? "(none)" : escape(showValue(value));
}

/** Text that Markdown shows as it is: no markup, no mentions, no line breaks, no invisible direction marks. */
function escape(text: string): string {
  return printable(text)
    .slice(0, 300)
    .replace(/[\\`*_{}[\]()<>#+!|~&@:]/g, (character) => `&#${character.charCodeAt(0)};`);
}
