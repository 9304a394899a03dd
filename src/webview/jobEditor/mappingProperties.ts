import { html, type TemplateResult } from "lit";
import type { MappingRow } from "../../extension/jobEditor/messages/job.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import { applyOptions } from "./columns.ts";
import { setApply, setDefault, setMatching } from "./mappings.ts";
import type { Store } from "./store.ts";

/** Default value, application and matching of a mapping, each in a field of its own. */
export function mappingProperties(
  store: Store,
  kind: Kind,
  mappings: readonly MappingRow[],
  row: number,
): TemplateResult {
  const mapping = mappings[row];
  if (mapping === undefined) return html``;
  const editable = store.isEditable;
  const send = (changes: ReturnType<typeof setApply>) => {
    if (changes.length > 0) store.edit(...changes);
  };
  const value = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement).value;
  const most = Math.max(mappings.filter(({ matching }) => matching !== undefined).length + 1, mapping.matching ?? 0);
  return html`<div class="properties">
    <label
      ><span>Default if empty</span
      ><input
        class="field"
        type="text"
        placeholder="None"
        ?disabled=${!editable}
        .value=${mapping.default ?? ""}
        @change=${(event: Event) => send(setDefault(kind, row, mapping, value(event)))}
    /></label>
    <label
      ><span>Apply</span
      ><select
        class="field"
        ?disabled=${!editable}
        @change=${(event: Event) => send(setApply(kind, row, mapping, value(event)))}
      >
        ${applyOptions.map(({ id, label }) => html`<option value=${id} .selected=${id === mapping.apply}>${label}</option>`)}
      </select></label
    >
    <label
      ><span>Matching precedence</span
      ><select
        class="field"
        ?disabled=${!editable}
        @change=${(event: Event) => {
          const chosen = value(event);
          send(setMatching(kind, row, mapping, chosen === "" ? undefined : Number(chosen)));
        }}
      >
        <option value="" .selected=${mapping.matching === undefined}>Not matching</option>
        ${Array.from(
          { length: most },
          (_, index) =>
            html`<option value=${index + 1} .selected=${mapping.matching === index + 1}>${index + 1}</option>`,
        )}
      </select></label
    >
  </div>`;
}
