import { html, nothing, type TemplateResult } from "lit";
import type { EditMessage } from "../../extension/jobEditor/messages.ts";
import type { MappingRow } from "../../extension/jobEditor/messages/job.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import type { Suggestion } from "../common/suggestBox.ts";
import "../common/suggestBox.ts";
import { applyOptions, type Column } from "./columns.ts";
import {
  setApply,
  setDefault,
  setMatching,
  setSourceText,
  setSourceType,
  sourceText,
  sourceType,
  type SourceType,
  sourceTypes,
} from "./mappings.ts";

/** The cell that is edited. */
export interface EditedCell {
  readonly kind: Kind;
  readonly row: number;
  readonly column: Column;
  readonly mapping: MappingRow;
  readonly mappings: readonly MappingRow[];
  /** Target attributes that the row may take. */
  readonly targets: readonly Suggestion[];
  /** Attributes of the directory. */
  readonly attributes: readonly Suggestion[];
  readonly edit: (...edits: EditMessage[]) => void;
  /** Editing ends. @param refocus whether the cell takes the focus back */
  readonly end: (refocus: boolean) => void;
}

/** The field in which a cell is edited; none for cells that only show. */
export function cellEditor(cell: EditedCell): TemplateResult | typeof nothing {
  const { kind, row, column, mapping, edit } = cell;
  const send = (changes: readonly EditMessage[]) => {
    if (changes.length > 0) edit(...changes);
  };
  switch (column) {
    case "target":
      return textEditor(cell, "Target attribute", mapping.target, cell.targets, (text) => {
        if (text !== "" && text !== mapping.target)
          edit({ kind: "set", path: [kind, "mappings", row, "target"], value: text });
      });
    case "source": {
      const isDirect = sourceType(mapping) === "direct";
      const label = isDirect ? "Source attribute" : "Constant";
      return textEditor(cell, label, sourceText(mapping), isDirect ? cell.attributes : [], (text) => {
        if (text !== sourceText(mapping) && (text !== "" || !isDirect)) edit(setSourceText(kind, row, mapping, text));
      });
    }
    case "default":
      return textEditor(cell, "Default if empty", mapping.default ?? "", [], (text) =>
        send(setDefault(kind, row, mapping, text)),
      );
    case "type":
      return choiceEditor(cell, "Type", sourceType(mapping), sourceTypes, (value) => {
        const change = setSourceType(kind, row, mapping, value as SourceType);
        if (change !== undefined) edit(change);
      });
    case "matching":
      return choiceEditor(cell, "Matching precedence", String(mapping.matching ?? ""), precedences(cell), (value) =>
        send(setMatching(kind, row, mapping, value === "" ? undefined : Number(value))),
      );
    case "apply":
      return choiceEditor(cell, "Apply", mapping.apply, applyOptions, (value) =>
        send(setApply(kind, row, mapping, value)),
      );
    case "mark":
    case "result":
      return nothing;
  }
}

function textEditor(
  { end }: EditedCell,
  label: string,
  value: string,
  suggestions: readonly Suggestion[],
  change: (text: string) => void,
): TemplateResult {
  return html`<suggest-box
    autofocus
    label=${label}
    .value=${value}
    .suggestions=${suggestions}
    @commit=${(event: CustomEvent<string>) => {
      change(event.detail);
      end(true);
    }}
    @cancel=${() => end(true)}
    @left=${() => end(false)}
  ></suggest-box>`;
}

interface Choice {
  readonly id: string;
  readonly label: string;
}

function choiceEditor(
  { end }: EditedCell,
  label: string,
  value: string,
  options: readonly Choice[],
  change: (value: string) => void,
): TemplateResult {
  return html`<select
    class="field"
    data-autofocus
    aria-label=${label}
    @change=${(event: Event) => {
      change((event.target as HTMLSelectElement).value);
      end(true);
    }}
    @keydown=${(event: KeyboardEvent) => {
      event.stopPropagation();
      if (event.key === "Escape" || event.key === "Enter") end(true);
    }}
    @blur=${() => end(false)}
  >
    ${options.map(({ id, label: text }) => html`<option value=${id} ?selected=${id === value}>${text}</option>`)}
  </select>`;
}

function precedences({ mapping, mappings }: EditedCell): readonly Choice[] {
  const most = mappings.filter(({ matching }) => matching !== undefined).length + 1;
  const numbers = Array.from({ length: Math.max(most, mapping.matching ?? 0) }, (_, index) => String(index + 1));
  return [{ id: "", label: "Not matching" }, ...numbers.map((id) => ({ id, label: id }))];
}
