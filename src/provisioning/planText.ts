import type { AttributeDelta } from "../changes/attributeDelta.ts";
import { attributeDeltas } from "../changes/attributeDelta.ts";
import type { Change, ChangeAction } from "../changes/change.ts";
import { shortPath } from "../changes/describe.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";
import { isComplex } from "../scim/values.ts";
import type { Plan, Skip } from "./plan.ts";
import type { Names } from "./planNames.ts";
import { firstName, namesOfCreates, withNames } from "./planNames.ts";
import { printable } from "./printable.ts";
import { countChanges } from "./plan.ts";

/** How a text plan is painted: the identity for plain text, escape codes for a terminal. */
export interface Paint {
  readonly added: (text: string) => string;
  readonly removed: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

export const plain: Paint = { added: String, removed: String, strong: String, faint: String };

const titles: Readonly<Record<ChangeAction, string>> = {
  create: "Create",
  update: "Update",
  deactivate: "Deactivate",
  delete: "Delete",
};
const actions: readonly ChangeAction[] = ["create", "update", "deactivate", "delete"];

/** Most values of one list attribute that a line shows. */
const mostValues = 6;

/**
 * A plan as a person reads it on a terminal: counts, then each change with its attributes, then the skips by reason.
 *
 * @param names what members and managers are called; without it, who is not created by the plan is shown by id
 */
export function formatPlan(plan: Plan, paint: Paint = plain, names?: Names): string {
  const called = firstName(namesOfCreates(plan), ...(names ? [names] : []));
  const lines = [
    paint.strong(`${printable(plan.job)}: ${describeSummary(plan)}`),
    paint.faint(`${plan.cycle} cycle, planned ${plan.createdAt}`),
  ];
  if (plan.removalsWithheld !== undefined)
    lines.push("", `No removals are planned: ${printable(plan.removalsWithheld)}`);
  for (const action of actions) {
    const changes = plan.changes.filter((change) => change.action === action);
    if (changes.length === 0) continue;
    lines.push("", paint.strong(`${titles[action]} (${changes.length})`));
    for (const change of changes) lines.push(...changeLines(change, paint, called));
  }
  if (plan.skips.length > 0) {
    lines.push("", paint.strong(`Skipped (${plan.skips.length})`));
    for (const [reason, skips] of groupSkips(plan.skips)) {
      lines.push(`  ${reason}`);
      for (const skip of skips) lines.push(`    ${printable(skip.name)}  ${paint.faint(printable(skip.detail))}`);
    }
  }
  if (plan.notes?.length) lines.push("", paint.strong("Notes"), ...plan.notes.map((text) => `  ${printable(text)}`));
  return `${lines.join("\n")}\n`;
}

/** "2 to create, 1 to update, 3 skipped, 40 unchanged"; "nothing to change" when that is so. */
export function describeSummary({ summary }: Pick<Plan, "summary">): string {
  const parts = actions.filter((action) => summary[action] > 0).map((action) => `${summary[action]} to ${action}`);
  if (countChanges(summary) === 0) parts.push("nothing to change");
  if (summary.skip > 0) parts.push(`${summary.skip} skipped`);
  if (summary.unchanged > 0) parts.push(`${summary.unchanged} unchanged`);
  return parts.join(", ");
}

/** One change with the attributes that it touches, as the lines of a diff. */
export function formatChange(change: Change, paint: Paint = plain): string {
  return changeLines(change, paint, () => undefined).join("\n");
}

function changeLines(change: Change, paint: Paint, names: Names): string[] {
  const kind = change.resourceType === "Group" ? "group" : "user";
  const lines = [`  ${kind} ${printable(change.name)}  ${paint.faint(`${printable(change.reason)}  [${change.id}]`)}`];
  if (change.action !== "delete" && change.after !== undefined) {
    const deltas = attributeDeltas(change.before ?? {}, change.after, builtinSchema(change.resourceType));
    lines.push(...deltas.flatMap((delta) => deltaLines(withNames(delta, names), paint)));
  }
  lines.push(...(change.notes ?? []).map((text) => `      ${paint.faint(`note: ${printable(text)}`)}`));
  return lines;
}

function deltaLines({ path, before, after, elements }: AttributeDelta, paint: Paint): string[] {
  const name = printable(shortPath(path));
  const lines: string[] = [];
  const show = (sign: string, color: (text: string) => string, value: unknown) =>
    lines.push(color(`    ${sign} ${name}: ${printable(showValue(value))}`));
  if (elements !== undefined) {
    if (elements.removed.length > 0) show("-", paint.removed, elements.removed);
    if (elements.added.length > 0) show("+", paint.added, elements.added);
    return lines;
  }
  if (before !== undefined) show("-", paint.removed, before);
  if (after !== undefined) show("+", paint.added, after);
  return lines;
}

/** A value on one line; of a list its first values. */
export function showValue(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === "string" ? value : JSON.stringify(value);
  const shown = value.slice(0, mostValues).map((element) => showElement(element));
  if (value.length > mostValues) shown.push(`and ${value.length - mostValues} more`);
  return shown.join(", ");
}

function showElement(element: unknown): string {
  if (!isComplex(element)) return showValue(element);
  const value = element["display"] ?? element["value"];
  if (typeof value !== "string") return JSON.stringify(element);
  const type = element["type"];
  return typeof type === "string" && type !== "User" && type !== "Group" ? `${value} (${type})` : value;
}

/** Skips by reason, the most frequent first. */
export function groupSkips(skips: readonly Skip[]): [reason: string, skips: Skip[]][] {
  const groups = new Map<string, Skip[]>();
  for (const skip of skips) {
    const group = groups.get(skip.reason);
    if (group) group.push(skip);
    else groups.set(skip.reason, [skip]);
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}
