import { html, type PropertyValues, type TemplateResult } from "lit";
import type { MappingRow } from "../../extension/jobEditor/messages/job.ts";
import type { Result } from "../../extension/jobEditor/messages/previews.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import type { Announcer } from "../common/announcer.ts";
import { LightElement } from "../common/lightElement.ts";
import { tabList } from "../common/tabList.ts";
import "./expressionInput.ts";
import type { ExpressionInput } from "./expressionInput.ts";
import type { Marked } from "./expressionView.ts";
import { gridFoot } from "./gridFoot.ts";
import type { MappingGrid } from "./mappingGrid.ts";
import "./mappingGrid.ts";
import { noResult, type ShownDetail, sourcePanel, subResultsPanel } from "./mappingDetail.ts";
import { shortTarget } from "./mappings.ts";
import { objectActions } from "./objectActions.ts";
import { personPicker } from "./personPicker.ts";
import { populationPanel } from "./populationPanel.ts";
import type { Store } from "./store.ts";
import "./subResults.ts";
import type { SubResults } from "./subResults.ts";
import { timeOf } from "./words.ts";

const details = [
  { id: "expression", label: "Expression" },
  { id: "results", label: "Sub-results" },
  { id: "everyone", label: "Everyone in scope" },
] as const;

type Detail = (typeof details)[number]["id"];

/** The page Users or Groups: what may be done, the table of mappings, and the selected mapping in detail. */
export class MappingPage extends LightElement {
  static override properties = {
    store: { attribute: false },
    announcer: { attribute: false },
    kind: {},
    state: { attribute: false },
    isNarrow: { type: Boolean },
    mark: { state: true },
    detail: { state: true },
  };

  declare store: Store;
  declare announcer: Announcer;
  declare kind: Kind;
  /** Changes with each message, so that the page is drawn anew. */
  declare state: Store["state"];
  declare isNarrow: boolean;
  declare mark: Marked | undefined;
  declare detail: Detail;
  #stopFlushing: (() => void) | undefined;

  constructor() {
    super();
    this.kind = "users";
    this.isNarrow = false;
    this.detail = "expression";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopFlushing = this.store.onFlush(() => this.querySelector<ExpressionInput>("expression-input")?.flush());
  }

  override disconnectedCallback(): void {
    this.#stopFlushing?.();
    super.disconnectedCallback();
  }

  get #mappings(): readonly MappingRow[] {
    return this.state.snapshot?.job?.[this.kind].mappings ?? [];
  }

  get #selected(): number | null {
    const { row } = this.state.view;
    return this.#mappings.length === 0 ? null : Math.min(row ?? 0, this.#mappings.length - 1);
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("state")) return;
    const results = this.state.results[this.kind];
    const row = this.#selected;
    const target = row === null ? undefined : this.#mappings[row]?.target;
    const result = row === null ? undefined : results?.rows[row];
    if (target !== undefined && result !== undefined && this.contains(document.activeElement)) {
      this.announcer.say(`${target}: ${spoken(result)}`);
    }
  }

  protected override render(): TemplateResult {
    const { snapshot, results, offers, view } = this.state;
    const job = snapshot?.job;
    if (snapshot === undefined || job == null) return html``;
    const { kind } = this;
    const shown = results[kind];
    const table = snapshot.tables[kind];
    return html`<div class="mapping-page" @keydown=${this.#key}>
      <div class="bar">
        ${objectActions(this.store, kind, job[kind])}
        <span class="spacer"></span>
        ${personPicker(this.store, kind, shown !== undefined && shown.person.id === view.sample[kind] ? shown.person : undefined)}
      </div>
      <div class="grid-scroll">
        <mapping-grid
          .store=${this.store}
          .kind=${kind}
          .mappings=${this.#mappings}
          .table=${table}
          .results=${shown?.rows.length === this.#mappings.length ? shown.rows : undefined}
          .isStale=${shown !== undefined && shown.version !== snapshot.version}
          .noResult=${noResult(this.store, kind)}
          .compared=${comparedText(this.state, kind)}
          .offers=${offers}
          .selected=${this.#selected}
          .editable=${this.store.isEditable}
          ?isNarrow=${this.isNarrow}
          @select=${(event: CustomEvent<number | null>) => this.#select(event.detail)}
          @openSource=${() => this.#openSource()}
          @openResult=${() => this.#openResult()}
        ></mapping-grid>
      </div>
      ${gridFoot(this.store, kind, () => this.#grid?.add())}
      <div class="detail${this.isNarrow ? " narrow" : ""}">${this.#detail()}</div>
    </div>`;
  }

  #detail(): TemplateResult {
    const row = this.#selected;
    const mapping = row === null ? undefined : this.#mappings[row];
    if (row === null || mapping === undefined)
      return html`<p class="second pad">Select a mapping to see it in detail.</p>`;
    const shown: ShownDetail = {
      store: this.store,
      kind: this.kind,
      mapping,
      row,
      mark: this.mark,
      pointOut: (part) => (this.mark = part),
      leave: () => this.#grid?.focus(),
    };
    const parts: Record<Detail, () => TemplateResult> = {
      expression: () => html`<section class="panel" aria-label="Expression">${sourcePanel(shown)}</section>`,
      results: () => html`<section class="panel" aria-label="Sub-results">${subResultsPanel(shown)}</section>`,
      everyone: () =>
        html`<section class="panel" aria-label="Everyone in scope">
          ${populationPanel(this.store, this.kind, shortTarget(mapping.target), row)}
        </section>`,
    };
    if (!this.isNarrow) return html`${parts.expression()}${parts.results()}${parts.everyone()}`;
    return html`${tabList("Details", details, this.detail, "detail-panel", (id) => (this.detail = id))}
      <div id="detail-panel" role="tabpanel" aria-labelledby="tab-${this.detail}">${parts[this.detail]()}</div>`;
  }

  get #grid(): MappingGrid | null {
    return this.querySelector<MappingGrid>("mapping-grid");
  }

  #select(row: number | null): void {
    if (row !== this.state.view.row) this.store.show({ row });
  }

  #openSource(): void {
    this.detail = "expression";
    void this.updateComplete.then(() => this.querySelector<ExpressionInput>("expression-input")?.focus());
  }

  #openResult(): void {
    this.detail = "results";
    void this.updateComplete.then(() => this.querySelector<SubResults>("sub-results")?.focus());
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.altKey && (event.key === "PageUp" || event.key === "PageDown")) {
      event.preventDefault();
      event.stopPropagation();
      const from = this.state.view.sample[this.kind];
      this.store.post({ kind: "step", table: this.kind, from, by: event.key === "PageDown" ? 1 : -1 });
    } else if (event.key === "F8") {
      event.preventDefault();
      this.#nextError();
    }
  };

  /** Goes to the next row with an error, and to the place in its expression. */
  #nextError(): void {
    const rows = this.state.snapshot?.tables[this.kind].rows ?? [];
    const from = this.#selected ?? -1;
    for (let step = 1; step <= rows.length; step++) {
      const row = (from + step) % rows.length;
      const error = rows[row]?.problems.find(({ severity }) => severity === "error");
      if (error === undefined) continue;
      this.#select(row);
      this.announcer.say(error.message);
      const { position } = error;
      const isInExpression = error.field === "source" && position !== undefined;
      void this.updateComplete.then(() => {
        if (isInExpression) this.querySelector<ExpressionInput>("expression-input")?.goTo(position);
        else this.#grid?.focus();
      });
      return;
    }
  }
}

/** What the results of the person are compared with. */
function comparedText({ results, target }: Store["state"], kind: Kind): string {
  const read = target[kind];
  const counterpart = results[kind]?.counterpart;
  if (read?.state === "reading") return "reading the target";
  if (read?.state !== "read" || counterpart === undefined) return "not compared";
  switch (counterpart) {
    case "found":
      return `compared with the target of ${timeOf(read.readAt)}`;
    case "absent":
      return "not in the target yet";
    case "gone":
      return "the linked object is gone";
    case "several":
      return "several match in the target";
    case "notRead":
      return "not compared";
  }
}

function spoken({ outcome, text, note }: Result): string {
  if (outcome === "invalid") return "no result until the error is fixed";
  const value = outcome === "empty" ? "empty, nothing is sent" : text;
  return note === undefined ? value : `${value}, ${note.word}`;
}

customElements.define("mapping-page", MappingPage);
