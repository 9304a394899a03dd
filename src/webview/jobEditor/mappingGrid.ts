import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { MappingRow, Offers, Snapshot } from "../../extension/jobEditor/messages/job.ts";
import type { Result } from "../../extension/jobEditor/messages/previews.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import { afterRemoval, type Cell, gridAction } from "../common/gridModel.ts";
import { LightElement } from "../common/lightElement.ts";
import "../common/suggestBox.ts";
import { type Column, columns } from "./columns.ts";
import { emptyRow, headRow, newRow } from "./gridRows.ts";
import { cellContent, type ShownMapping } from "./mappingCells.ts";
import { cellEditor } from "./mappingCellEditor.ts";
import { newMapping, sourceType } from "./mappings.ts";
import type { Store } from "./store.ts";

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
    compared: {},
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
  /** What results are compared with, for the head of their column. */
  declare compared: string;
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
    this.compared = "";
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
      ${headRow(this.#columns, this.compared)} ${this.adding === -1 ? this.#newRow() : nothing}
      ${repeat(
        rows,
        ({ index }) => index,
        ({ mapping, index }) =>
          html`${guard(this.#seen(mapping, index), () => this.#row(mapping, index))}${this.adding === index ? this.#newRow() : nothing}`,
      )}
      ${rows.length === 0 && this.adding === undefined ? emptyRow() : nothing}
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
    const isInvalid = problems.some(({ severity }) => severity === "error");
    const isSelected = index === this.selected;
    const isEdited = info?.edited === true;
    const { isStale, noResult } = this;
    const shown = { mapping, isEdited, problems, result: this.results?.[index], isStale, noResult };
    return html`<div
      class="grid-row${isSelected ? " selected" : ""}${isEdited ? " edited" : ""}${isInvalid ? " invalid" : ""}"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${isSelected ? "true" : "false"}
    >
      ${this.#columns.map((column, at) => this.#cell(shown, index, column, at))}
    </div>`;
  }

  #cell(shown: ShownMapping, row: number, column: Column, at: number): TemplateResult {
    const hasFocus = this.cell.row === row && this.cell.column === at;
    const content = hasFocus && this.editing ? this.#editor(shown.mapping, row, column) : cellContent(shown, column);
    return html`<span
      class="cell col-${column}"
      role="gridcell"
      aria-colindex=${at + 1}
      tabindex=${hasFocus ? 0 : -1}
      aria-readonly=${this.editable && column !== "mark" && column !== "result" ? "false" : "true"}
      @mousedown=${(event: MouseEvent) => this.#press(event, row, at)}
      @dblclick=${() => this.#edit()}
      @focus=${() => this.#moved({ row, column: at })}
      >${content}</span
    >`;
  }

  #editor(mapping: MappingRow, row: number, column: Column) {
    return cellEditor({
      kind: this.kind,
      row,
      column,
      mapping,
      mappings: this.mappings,
      targets: this.#targets(mapping.target),
      attributes: this.#attributes(),
      edit: (...edits) => this.store.edit(...edits),
      end: (refocus) => this.#endEdit(refocus),
    });
  }

  #newRow(): TemplateResult {
    return newRow(this.#targets(""), {
      insert: (target) => this.#insert(target),
      stop: (refocus) => this.#stopAdding(refocus),
    });
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

customElements.define("mapping-grid", MappingGrid);
