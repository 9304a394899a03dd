import { html, type TemplateResult } from "lit";
import type { LogCycle, LogRow } from "../../extension/log/messages.ts";
import { icon } from "../common/icon.ts";

export const statusIcons = { success: "pass", failure: "error", skipped: "circle-slash", warning: "warning" } as const;

const actionWords = {
  create: "Create",
  update: "Update",
  delete: "Delete",
  disable: "Disable",
  stagedDelete: "StagedDelete",
  other: "Other",
} as const;
const statusWords = { success: "Success", failure: "Failure", skipped: "Skipped", warning: "Warning" } as const;

interface Place {
  readonly line: number;
  readonly focused: boolean;
}

/** The head of a cycle. */
export function cycleLine(
  cycle: LogCycle,
  { line, focused, folded, toggle }: Place & { readonly folded: boolean; readonly toggle: () => void },
): TemplateResult {
  const parts = [
    cycle.records === 1 ? "1 record" : `${cycle.records.toLocaleString("en-US")} records`,
    cycle.failures > 0
      ? cycle.failures === 1
        ? "1 failure"
        : `${cycle.failures.toLocaleString("en-US")} failures`
      : undefined,
    cycle.held > 0 ? "held by the deletion guard" : undefined,
    durationText(cycle.spanMs),
  ];
  return html`<div
    class="line cycle"
    role="row"
    aria-rowindex=${line + 2}
    aria-expanded=${folded ? "false" : "true"}
    tabindex=${focused ? "0" : "-1"}
    @click=${toggle}
  >
    <span role="gridcell" class="whole">
      ${icon(folded ? "chevron-right" : "chevron-down")} <b>Cycle ${dateText(cycle.at)}</b>
      <span class="faint figures">${parts.filter((part) => part !== undefined).join(", ")}</span>
    </span>
  </div>`;
}

/** A record; a placeholder while it is read. */
export function recordLine(
  row: LogRow | undefined,
  { line, focused, selected, open }: Place & { readonly selected: boolean; readonly open: () => void },
): TemplateResult {
  if (row === undefined)
    return html`<div
      class="line"
      role="row"
      aria-rowindex=${line + 2}
      aria-busy="true"
      tabindex=${focused ? "0" : "-1"}
    >
      <span role="gridcell" class="placeholder"></span>
    </div>`;
  return html`<div
    class=${selected ? "line selected" : "line"}
    role="row"
    aria-rowindex=${line + 2}
    aria-selected=${selected ? "true" : "false"}
    tabindex=${focused ? "0" : "-1"}
    @click=${open}
  >
    <span role="gridcell" class="at figures">${timeText(row.at)}</span>
    <span role="gridcell" class="name cut" title=${row.name}>${row.name}</span>
    <span role="gridcell" class="action">${actionWords[row.action]}</span>
    <span role="gridcell" class="status"
      ><span class=${row.status}>${icon(statusIcons[row.status])}</span> ${statusWords[row.status]}</span
    >
    <span role="gridcell" class="reason cut" title=${row.reason}>${row.reason}</span>
    <span role="gridcell" class="duration figures">${durationText(row.durationMs)}</span>
  </div>`;
}

function timeText(iso: string): string {
  const at = new Date(iso);
  return `${at.toLocaleTimeString("en-GB")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

function dateText(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

/** `412 ms`, `4.6 s`, `3 min 12 s`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
