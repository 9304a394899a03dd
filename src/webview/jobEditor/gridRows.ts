import { html, nothing, type TemplateResult } from "lit";
import type { Suggestion } from "../common/suggestBox.ts";
import "../common/suggestBox.ts";
import { type Column, heads } from "./columns.ts";

/** The head of the mapping table. @param compared what results are compared with, beside the head of their column */
export function headRow(columns: readonly Column[], compared: string): TemplateResult {
  return html`<div class="grid-row grid-head" role="row" aria-rowindex="1">
    ${columns.map(
      (column) =>
        html`<span class="cell col-${column}" role="columnheader"
          >${column === "mark" ? html`<span class="sr-only">${heads.mark}</span>` : heads[column]}${
            column === "result" && compared !== ""
              ? html`<span class="compared-with second clip" title=${compared}>${compared}</span>`
              : nothing
          }</span
        >`,
    )}
  </div>`;
}

/** What stands in the place of rows while there are none. */
export function emptyRow(): TemplateResult {
  return html`<div class="grid-empty" role="row">
    <span role="gridcell">No mappings. Add one, or reset to the default of the service.</span>
  </div>`;
}

/** The row in which the target of a new mapping is chosen. */
export function newRow(
  targets: readonly Suggestion[],
  act: {
    readonly insert: (target: string) => void;
    /** @param refocus whether the table takes the focus back */
    readonly stop: (refocus: boolean) => void;
  },
): TemplateResult {
  return html`<div class="grid-row adding" role="row">
    <span class="cell col-mark" role="gridcell"></span>
    <span class="cell wide" role="gridcell"
      ><suggest-box
        autofocus
        label="Target attribute of the new mapping"
        placeholder="Target attribute, for example name.givenName"
        .suggestions=${targets}
        @commit=${(event: CustomEvent<string>) => act.insert(event.detail)}
        @cancel=${() => act.stop(true)}
        @left=${() => act.stop(false)}
      ></suggest-box
    ></span>
  </div>`;
}
