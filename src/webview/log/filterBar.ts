import { html, nothing, type TemplateResult } from "lit";
import type { LogFilter, ToWebview } from "../../extension/log/messages.ts";
import { actions, noFilter, spans, statuses } from "../../extension/log/messages.ts";
import { icon } from "../common/icon.ts";

/** The log as the extension last said. */
export type LogView = Extract<ToWebview, { kind: "view" }>;

export interface FilterActs {
  /** @param after so many milliseconds without another keystroke */
  readonly narrow: (change: Partial<LogFilter>, after?: number) => void;
  readonly clear: () => void;
  readonly exportAll: () => void;
}

/** A query begins this long after the last keystroke, in milliseconds. */
const queryAfter = 150;

/** What narrows the table, and how many records it shows. */
export function filterBar(filter: LogFilter, view: LogView | undefined, act: FilterActs): TemplateResult {
  const choose = (
    key: "status" | "action" | "reason" | "span",
    label: string,
    all: string,
    values: readonly (readonly [value: string, words: string])[],
  ) =>
    html`<label>
      <span class="faint">${label}:</span>
      <select
        @change=${(event: Event) => act.narrow({ [key]: (event.target as HTMLSelectElement).value || (key === "span" ? "any" : null) })}
      >
        <option value="" ?selected=${filter[key] === null || filter[key] === "any"}>${all}</option>
        ${values.map(([value, words]) => html`<option value=${value} ?selected=${filter[key] === value}>${words}</option>`)}
      </select>
    </label>`;
  const filtered = JSON.stringify(filter) !== JSON.stringify(noFilter);
  return html`<div class="bar" role="toolbar" aria-label="Filters">
    <label class="search">
      ${icon("search")}<span class="sr-only">Search</span>
      <input
        type="search"
        placeholder="Name, id or reason"
        .value=${filter.text}
        @input=${(event: Event) => act.narrow({ text: (event.target as HTMLInputElement).value }, queryAfter)}
      />
    </label>
    ${choose(
      "status",
      "Status",
      "any",
      statuses.map((each) => [each, words[each]]),
    )}
    ${choose(
      "action",
      "Action",
      "any",
      actions.map((each) => [each, words[each]]),
    )}
    ${choose(
      "reason",
      "Reason",
      "any",
      (view?.reasons ?? []).map(({ name, records }) => [name, `${name} (${number(records)})`]),
    )}
    ${choose(
      "span",
      "Time",
      "all",
      spans.filter((each) => each !== "any").map((each) => [each, spanWords[each]]),
    )}
    <span class="count figures" aria-live="off">${countText(view)}</span>
    ${filtered ? html`<button class="link" @click=${act.clear}>Clear filters</button>` : nothing}
    <button class="icon" title="Export as CSV or JSON" aria-label="Export as CSV or JSON" @click=${act.exportAll}>
      ${icon("export")}
    </button>
  </div>`;
}

/** How many records there are, and how many of them are shown. */
export function countText(view: LogView | undefined): string {
  if (view === undefined) return "";
  const all = view.total === 1 ? "1 record" : `${number(view.total)} records`;
  const shown = view.matched === view.total ? all : `${number(view.matched)} of ${all}`;
  return view.reading ? `${shown}, reading older ones` : shown;
}

const words: Readonly<Record<(typeof statuses)[number] | (typeof actions)[number], string>> = {
  success: "Success",
  failure: "Failure",
  skipped: "Skipped",
  warning: "Warning",
  create: "Create",
  update: "Update",
  delete: "Delete",
  disable: "Disable",
  stagedDelete: "Staged delete",
  other: "Other",
};

const spanWords = {
  any: "all",
  hour: "last hour",
  day: "last 24 hours",
  week: "last 7 days",
  month: "last 30 days",
} as const;

const number = (value: number): string => value.toLocaleString("en-US");
