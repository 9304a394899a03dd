import { html, nothing, type TemplateResult } from "lit";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import { icon } from "../common/icon.ts";
import type { Store } from "./store.ts";
import { count, counted } from "./words.ts";

/** What stands under the table: what is wrong with it, and what can be done with it as a whole. */
export function gridFoot(store: Store, kind: Kind, add: () => void): TemplateResult {
  const table = store.state.snapshot?.tables[kind];
  const all = [...(table?.rows.flatMap(({ problems }) => problems) ?? []), ...(table?.problems ?? [])];
  const errors = all.filter(({ severity }) => severity === "error").length;
  const warnings = all.length - errors;
  const edited = table?.rows.filter((row) => row.edited).length ?? 0;
  const editable = store.isEditable;
  return html`<div class="grid-foot">
    <button type="button" class="link" ?disabled=${!editable} @click=${add}>${icon("add")} Add mapping</button>
    <span class="spacer clip">
      ${(table?.problems ?? []).map(
        ({ severity, message }) =>
          html`<span class="table-problem"><span class="tone-${severity}">${icon(severity)}</span> ${message}</span>`,
      )}
    </span>
    ${errors > 0 ? html`<span><span class="tone-error">${icon("error")}</span> ${counted(errors, "error")}</span>` : nothing}
    ${
      warnings > 0
        ? html`<span><span class="tone-warning">${icon("warning")}</span> ${counted(warnings, "warning")}</span>`
        : nothing
    }
    ${edited > 0 ? html`<span>${count(edited)} edited</span>` : nothing}
    ${
      store.state.snapshot?.live === true
        ? nothing
        : html`<button type="button" class="link" ?disabled=${!editable} @click=${() => store.reset(kind)}>
            Reset to default
          </button>`
    }
  </div>`;
}
