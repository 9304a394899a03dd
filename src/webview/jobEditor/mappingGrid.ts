import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { Kind, MappingRow, Offers, Result, RowProblem, Snapshot } from "../../extension/jobEditor/messages.ts";
import { afterRemoval, type Cell, gridAction } from "../common/gridModel.ts";
import { icon } from "../common/icon.ts";
import { LightElement } from "../common/lightElement.ts";
import "../common/suggestBox.ts";
import { coloured } from "./expressionView.ts";
import {
  newMapping,
  setApply,
  setDefault,
  setMatching,
  setSourceText,
  setSourceType,
  shortTarget,
  sourceText,
  sourceType,
  type SourceType,
  sourceTypes,
} from "./mappings.ts";
import type { Store } from "./store.ts";

const columns = ["mark", "target", "type", "source", "matching", "default", "apply", "result"] as const;
type Column = (typeof columns)[number];

const heads: Readonly<Record<Column, string>> = {
  mark: "State",
  target: "Target",
  type: "Type",
  source: "Source or expression",
  matching: "Matching",
  default: "Default",
  apply: "Apply",
  result: "Result",
};

const rowHeight = 28;

/** The table of mappings: a grid with one tab stop, edited in its cells. Fires `openSource` and `openResult`. */
export class MappingGrid extends LightElement {
  static override properties = {
    store: { attribute: false },
    kind: {},
    mappings: { attribute: false },
    table: { attribute: false },
    results: { attribute: false },
    isStale: { type: Boolean },
    noResult: {},
    offers: { attribute: false },
    selected: { attribute: false },
    editable: { type: Boolean },
    isNarrow: { type: Boolean },
    cell: { state: true },
    editing: { state: true },
    adding: { state: true },
  };

  declare store: Store;
  declare kind: Kind;
  declare mappings: readonly MappingRow[];
  declare table: Snapshot["tables"]["users"];
  declare results: readonly Result[] | undefined;
  /** The results belong to an older version of the text. */
  declare isStale: boolean;
  /** What stands in the place of results while there are none. */
  declare noResult: string;
  declare offers: Offers | undefined;
  declare selected: number | null;
  declare editable: boolean;
  /** Default and Apply stand in the detail of the row only. */
  declare isNarrow: boolean;
  declare cell: Cell;
  declare editing: boolean;
  /** After which row a new one is being added. */
  declare adding: number | undefined;
  #focusNext = false;

  constructor() {
    super();
    this.kind = "users";
    this.mappings = [];
    this.noResult = "";
    this.isStale = false;
    this.editable = false;
    this.isNarrow = false;
    this.selected = null;
    this.cell = { row: 0, column: 1 };
    this.editing = false;
  }

  get #columns(): readonly Column[] {
    return this.isNarrow ? columns.filter((column) => column !== "default" && column !== "apply") : columns;
  }

  /** Puts the focus on the cell that has it in the grid. */
  override focus(): void {
    this.#focusNext = true;
    this.requestUpdate();
  }

  /** Begins a new row below the selected one. */
  add(): void {
    if (!this.editable) return;
    this.editing = false;
    this.adding = this.mappings.length === 0 ? -1 : (this.selected ?? this.mappings.length - 1);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const row = Math.min(this.cell.row, Math.max(0, this.mappings.length - 1));
    if (changed.has("selected") && this.selected !== null && this.selected !== this.cell.row) {
      this.cell = { ...this.cell, row: this.selected };
    } else if (row !== this.cell.row) this.cell = { ...this.cell, row };
  }

  protected override updated(): void {
    if (!this.#focusNext) return;
    this.#focusNext = false;
    this.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus();
  }

  protected override render(): TemplateResult {
    const rows = this.mappings.map((mapping, index) => ({ mapping, index }));
    return html`<div
      class="grid"
      role="grid"
      aria-label=${this.kind === "users" ? "User mappings" : "Group mappings"}
      aria-rowcount=${rows.length + 1}
      aria-colcount=${this.#columns.length}
      aria-readonly=${this.editable ? "false" : "true"}
      @keydown=${this.#key}
    >
      <div class="grid-row grid-head" role="row" aria-rowindex="1">
        ${this.#columns.map(
          (column) =>
            html`<span class="cell col-${column}" role="columnheader"
              >${column === "mark" ? html`<span class="sr-only">${heads.mark}</span>` : heads[column]}</span
            >`,
        )}
      </div>
      ${this.adding === -1 ? this.#newRow() : nothing}
      ${repeat(
        rows,
        ({ index }) => index,
        ({ mapping, index }) =>
          html`${guard(this.#seen(mapping, index), () => this.#row(mapping, index))}${this.adding === index ? this.#newRow() : nothing}`,
      )}
      ${
        rows.length === 0 && this.adding === undefined
          ? html`<div class="grid-empty" role="row">
              <span role="gridcell">No mappings. Add one, or reset to the default of the service.</span>
            </div>`
          : nothing
      }
    </div>`;
  }

  /** What the look of a row follows from: a table of hundreds renders only the rows that change. */
  #seen(mapping: MappingRow, index: number): unknown[] {
    const hasFocus = this.cell.row === index;
    return [
      mapping,
      this.table.rows[index],
      this.results?.[index],
      this.isStale,
      this.noResult,
      this.editable,
      this.isNarrow,
      index === this.selected,
      hasFocus && this.cell.column,
      // What an open editor shows follows from more than the row.
      hasFocus && this.editing && {},
    ];
  }

  #row(mapping: MappingRow, index: number): TemplateResult {
    const info = this.table.rows[index];
    const problems = info?.problems ?? [];
    const errors = problems.filter(({ severity }) => severity === "error");
    const sourceError = errors.find(({ field }) => field === "source");
    const isSelected = index === this.selected;
    return html`<div
      class="grid-row${isSelected ? " selected" : ""}${info?.edited === true ? " edited" : ""}${
        errors.length > 0 ? " invalid" : ""
      }"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${isSelected ? "true" : "false"}
    >
      ${this.#columns.map((column, at) => this.#cell(mapping, index, column, at, problems, sourceError))}
    </div>`;
  }

  #cell(
    mapping: MappingRow,
    row: number,
    column: Column,
    at: number,
    problems: readonly RowProblem[],
    sourceError: RowProblem | undefined,
  ): TemplateResult {
    const hasFocus = this.cell.row === row && this.cell.column === at;
    const isEditing = hasFocus && this.editing;
    return html`<span
      class="cell col-${column}"
      role="gridcell"
      aria-colindex=${at + 1}
      tabindex=${hasFocus ? 0 : -1}
      aria-readonly=${this.editable && column !== "mark" && column !== "result" ? "false" : "true"}
      @mousedown=${(event: MouseEvent) => this.#press(event, row, at)}
      @dblclick=${() => this.#edit()}
      @focus=${() => this.#moved({ row, column: at })}
      >${isEditing ? this.#editor(mapping, row, column) : this.#content(mapping, row, column, problems, sourceError)}</span
    >`;
  }

  #content(
    mapping: MappingRow,
    row: number,
    column: Column,
    problems: readonly RowProblem[],
    sourceError: RowProblem | undefined,
  ): TemplateResult | string | typeof nothing {
    switch (column) {
      case "mark":
        return this.#mark(row, problems);
      case "target":
        return html`<span class="mono clip" title=${mapping.target}>${shortTarget(mapping.target)}</span
          >${this.#warnings(problems, "target")}`;
      case "type":
        return sourceTypes.find(({ id }) => id === sourceType(mapping))?.label ?? "";
      case "source":
        return this.#source(mapping, problems, sourceError);
      case "matching":
        return html`<span class="figures">${mapping.matching ?? ""}</span>${this.#warnings(problems, "matching")}`;
      case "default":
        return html`<span class="clip" title=${mapping.default ?? ""}>${mapping.default ?? ""}</span
          >${this.#warnings(problems, "default")}`;
      case "apply":
        return applyWords[mapping.apply];
      case "result":
        return this.#result(row);
    }
  }

  #mark(row: number, problems: readonly RowProblem[]): TemplateResult | typeof nothing {
    const error = problems.find(({ severity }) => severity === "error");
    if (error !== undefined) return html`<span class="tone-error">${icon("error", error.message)}</span>`;
    if (this.table.rows[row]?.edited !== true) return nothing;
    return html`<span class="modified" title="Edited, not saved" role="img" aria-label="Edited, not saved">M</span>`;
  }

  #warnings(problems: readonly RowProblem[], field: RowProblem["field"]): TemplateResult | typeof nothing {
    const found = problems.find((problem) => problem.field === field);
    if (found === undefined) return nothing;
    return html`<span class="tone-${found.severity}">${icon(found.severity, found.message)}</span>`;
  }

  #source(mapping: MappingRow, problems: readonly RowProblem[], error: RowProblem | undefined): TemplateResult {
    const text = sourceText(mapping);
    const type = sourceType(mapping);
    const shown =
      type === "direct"
        ? html`<span class="ex-attribute">${text}</span>`
        : type === "constant"
          ? html`<span class="ex-string">${JSON.stringify(text)}</span>`
          : coloured(text, error);
    const warning = problems.find(({ field, severity }) => field === "source" && severity === "warning");
    return html`<span class="source">
      <span class="row"
        ><span class="mono clip" title=${text}>${shown}</span>${
          error === undefined && warning !== undefined
            ? html`<span class="tone-warning">${icon("warning", warning.message)}</span>`
            : nothing
        }</span
      >
      ${
        error === undefined
          ? nothing
          : html`<span class="fault clip" title=${error.message}
              ><span class="mono caret" aria-hidden="true">${caretLine(text, error.position)}</span
              >${error.message}</span
            >`
      }
    </span>`;
  }

  #result(row: number): TemplateResult {
    const result = this.results?.[row];
    if (result === undefined) return html`<span class="second clip">${this.noResult}</span>`;
    const stale = this.isStale ? " stale" : "";
    switch (result.outcome) {
      case "invalid":
        return html`<span class="second clip${stale}">No result until the error is fixed</span>`;
      case "failed":
        return html`<span class="tone-error">${icon("error")}</span
          ><span class="clip${stale}" title=${result.text}>${result.text}</span>`;
      case "empty":
        return html`<span class="second clip${stale}">Empty, nothing is sent</span>${note(result)}`;
      case "value":
        return html`<span class="mono clip${stale}" title=${result.text}>${result.text}</span>${note(result)}`;
    }
  }

  #editor(mapping: MappingRow, row: number, column: Column): TemplateResult | typeof nothing {
    const done = (change: () => void) => {
      change();
      this.#endEdit(true);
    };
    const commit = (change: (text: string) => void) => (event: CustomEvent<string>) => done(() => change(event.detail));
    const cancel = () => this.#endEdit(true);
    const left = () => this.#endEdit(false);
    const edit = this.store.edit.bind(this.store);
    switch (column) {
      case "target":
        return html`<suggest-box
          autofocus
          label="Target attribute"
          .value=${mapping.target}
          .suggestions=${this.#targets(mapping.target)}
          @commit=${commit((text) => {
            if (text !== "" && text !== mapping.target)
              edit({ kind: "set", path: [this.kind, "mappings", row, "target"], value: text });
          })}
          @cancel=${cancel}
          @left=${left}
        ></suggest-box>`;
      case "source":
        return html`<suggest-box
          autofocus
          label=${sourceType(mapping) === "direct" ? "Source attribute" : "Constant"}
          .value=${sourceText(mapping)}
          .suggestions=${sourceType(mapping) === "direct" ? this.#attributes() : []}
          @commit=${commit((text) => {
            if (text !== sourceText(mapping) && (text !== "" || sourceType(mapping) === "constant"))
              edit(setSourceText(this.kind, row, mapping, text));
          })}
          @cancel=${cancel}
          @left=${left}
        ></suggest-box>`;
      case "type":
        return select("Type", sourceType(mapping), sourceTypes, (value) => {
          const change = setSourceType(this.kind, row, mapping, value as SourceType);
          if (change !== undefined) edit(change);
        });
      case "matching":
        return select("Matching precedence", String(mapping.matching ?? ""), this.#precedences(mapping), (value) => {
          const changes = setMatching(this.kind, row, mapping, value === "" ? undefined : Number(value));
          if (changes.length > 0) edit(...changes);
        });
      case "apply":
        return select("Apply", mapping.apply, applyOptions, (value) => {
          const changes = setApply(this.kind, row, mapping, value);
          if (changes.length > 0) edit(...changes);
        });
      case "default":
        return html`<suggest-box
          autofocus
          label="Default if empty"
          .value=${mapping.default ?? ""}
          @commit=${commit((text) => {
            const changes = setDefault(this.kind, row, mapping, text);
            if (changes.length > 0) edit(...changes);
          })}
          @cancel=${cancel}
          @left=${left}
        ></suggest-box>`;
      case "mark":
      case "result":
        return nothing;
    }

    function select(
      label: string,
      value: string,
      options: readonly { readonly id: string; readonly label: string }[],
      change: (value: string) => void,
    ): TemplateResult {
      return html`<select
        class="field"
        data-autofocus
        aria-label=${label}
        @change=${(event: Event) => done(() => change((event.target as HTMLSelectElement).value))}
        @keydown=${(event: KeyboardEvent) => {
          event.stopPropagation();
          if (event.key === "Escape" || event.key === "Enter") cancel();
        }}
        @blur=${left}
      >
        ${options.map(({ id, label: text }) => html`<option value=${id} ?selected=${id === value}>${text}</option>`)}
      </select>`;
    }
  }

  #newRow(): TemplateResult {
    return html`<div class="grid-row adding" role="row">
      <span class="cell col-mark" role="gridcell"></span>
      <span class="cell wide" role="gridcell"
        ><suggest-box
          autofocus
          label="Target attribute of the new mapping"
          placeholder="Target attribute, for example name.givenName"
          .suggestions=${this.#targets("")}
          @commit=${(event: CustomEvent<string>) => this.#insert(event.detail)}
          @cancel=${() => this.#stopAdding(true)}
          @left=${() => this.#stopAdding(false)}
        ></suggest-box
      ></span>
    </div>`;
  }

  #insert(target: string): void {
    const after = this.adding;
    if (after === undefined || target === "") return;
    const value = newMapping(target, this.offers?.attributes[this.kind] ?? []);
    this.store.edit({ kind: "insert", path: [this.kind, "mappings", after + 1], value });
    this.adding = undefined;
    this.cell = { row: after + 1, column: this.#columns.indexOf("source") };
    this.tell("select", after + 1);
    this.focus();
  }

  #stopAdding(refocus: boolean): void {
    if (this.adding === undefined) return;
    this.adding = undefined;
    if (refocus) this.focus();
  }

  #targets(own: string) {
    const taken = new Set(this.mappings.map(({ target }) => target.toLowerCase()));
    return (this.offers?.targets[this.kind] ?? [])
      .filter(({ path }) => path === own || !taken.has(path.toLowerCase()))
      .map(({ path, detail }) => ({ value: path, label: path, detail }));
  }

  #attributes() {
    return (this.offers?.attributes[this.kind] ?? []).map((name) => ({ value: name, label: name }));
  }

  #precedences(mapping: MappingRow) {
    const most = this.mappings.filter(({ matching }) => matching !== undefined).length + 1;
    const numbers = Array.from({ length: Math.max(most, mapping.matching ?? 0) }, (_, index) => String(index + 1));
    return [{ id: "", label: "Not matching" }, ...numbers.map((id) => ({ id, label: id }))];
  }

  #press(event: MouseEvent, row: number, column: number): void {
    if (event.button !== 0 || this.#isInEditor(event)) return;
    this.editing = false;
    this.cell = { row, column };
    this.tell("select", row);
    this.focus();
  }

  #moved(cell: Cell): void {
    if (cell.row === this.cell.row && cell.column === this.cell.column && cell.row === this.selected) return;
    this.cell = cell;
    this.tell("select", cell.row);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (this.#isInEditor(event)) return;
    const page = Math.max(1, Math.floor((this.parentElement?.clientHeight ?? 0) / rowHeight) - 1);
    const action = gridAction(event, this.cell, { rows: this.mappings.length, columns: this.#columns.length, page });
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    switch (action.kind) {
      case "move":
        this.cell = action.to;
        this.tell("select", action.to.row);
        this.focus();
        break;
      case "edit":
        this.#edit();
        break;
      case "insert":
        this.add();
        break;
      case "remove":
        this.#remove();
        break;
      case "reorder":
        this.#reorder(action.to);
        break;
    }
  };

  #edit(): void {
    const column = this.#columns[this.cell.column];
    const mapping = this.mappings[this.cell.row];
    if (mapping === undefined || column === "mark") return;
    if (column === "result") this.tell("openResult", this.cell.row);
    else if (!this.editable) return;
    else if (column === "source" && sourceType(mapping) === "expression") this.tell("openSource", this.cell.row);
    else {
      this.editing = true;
      void this.updateComplete.then(() => this.querySelector<HTMLElement>("[data-autofocus]")?.focus());
    }
  }

  #endEdit(refocus: boolean): void {
    if (!this.editing) return;
    this.editing = false;
    if (refocus) this.focus();
  }

  #remove(): void {
    if (!this.editable) return;
    const { row } = this.cell;
    this.store.edit({ kind: "remove", path: [this.kind, "mappings", row] });
    const next = afterRemoval(row, this.mappings.length - 1);
    this.cell = { ...this.cell, row: next };
    this.tell("select", this.mappings.length > 1 ? next : null);
    this.focus();
  }

  #reorder(to: number): void {
    if (!this.editable) return;
    this.store.edit({ kind: "move", path: [this.kind, "mappings", this.cell.row], to });
    this.cell = { ...this.cell, row: to };
    this.tell("select", to);
    this.focus();
  }

  #isInEditor(event: Event): boolean {
    return event.target instanceof Element && event.target.closest("suggest-box, select") !== null;
  }
}

export const applyWords = { always: "Always", create: "Only during creation" } as const;

export const applyOptions = [
  { id: "always", label: applyWords.always },
  { id: "create", label: applyWords.create },
] as const;

const noteIcons = { info: "info", change: "diff-modified", warning: "warning" } as const;

function note({ note: found }: Result): TemplateResult | typeof nothing {
  if (found === undefined) return nothing;
  return html`<span class="note tone-${found.tone}" title=${found.detail}
    ><span class="second">${found.word}</span>${icon(noteIcons[found.tone], found.detail)}</span
  >`;
}

/** A caret under the position at fault, where it is in sight. */
function caretLine(text: string, position: number | undefined): string {
  if (position === undefined || position > 44 || text.slice(0, position).includes("\n")) return "";
  return `${" ".repeat(position)}^ `;
}

customElements.define("mapping-grid", MappingGrid);
