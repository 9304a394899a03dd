import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { MappingRow } from "../../extension/jobEditor/messages/job.ts";
import type { Result } from "../../extension/jobEditor/messages/previews.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import type { Announcer } from "../common/announcer.ts";
import { icon } from "../common/icon.ts";
import { LightElement } from "../common/lightElement.ts";
import { tabList } from "../common/tabList.ts";
import "./expressionInput.ts";
import type { ExpressionInput } from "./expressionInput.ts";
import type { Marked } from "./expressionView.ts";
import { gridFoot } from "./gridFoot.ts";
import type { MappingGrid } from "./mappingGrid.ts";
import "./mappingGrid.ts";
import { mappingProperties } from "./mappingProperties.ts";
import { setSourceText, shortTarget, sourceText, sourceType } from "./mappings.ts";
import { objectActions } from "./objectActions.ts";
import { personPicker } from "./personPicker.ts";
import { populationPanel } from "./populationPanel.ts";
import type { Store } from "./store.ts";
import "./subResults.ts";
import type { SubResults } from "./subResults.ts";
import { count, oneOf, timeOf } from "./words.ts";

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
          .noResult=${this.#noResult()}
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
    const parts: Record<Detail, () => TemplateResult> = {
      expression: () => html`<section class="panel" aria-label="Expression">${this.#source(mapping, row)}</section>`,
      results: () => html`<section class="panel" aria-label="Sub-results">${this.#subResults(mapping, row)}</section>`,
      everyone: () =>
        html`<section class="panel" aria-label="Everyone in scope">
          ${populationPanel(this.store, this.kind, shortTarget(mapping.target), row)}
        </section>`,
    };
    if (!this.isNarrow) return html`${parts.expression()}${parts.results()}${parts.everyone()}`;
    return html`${tabList("Details", details, this.detail, "detail-panel", (id) => (this.detail = id))}
      <div id="detail-panel" role="tabpanel" aria-labelledby="tab-${this.detail}">${parts[this.detail]()}</div>`;
  }

  #source(mapping: MappingRow, row: number): TemplateResult {
    const { kind } = this;
    const text = sourceText(mapping);
    const type = sourceType(mapping);
    const editable = this.store.isEditable;
    const offers = this.state.offers;
    const problems = this.state.snapshot?.tables[kind].rows[row]?.problems ?? [];
    const error = problems.find(({ field, severity }) => field === "source" && severity === "error");
    const others = problems.filter((problem) => problem !== error || type !== "expression");
    const sourceNames = [...(offers?.attributes[kind] ?? []), "IsSoftDeleted", "appRoleAssignments"];
    const label = type === "direct" ? "Source attribute" : type === "constant" ? "Constant" : "Expression";
    const editor =
      type === "expression"
        ? html`<expression-input
            label="Expression of ${mapping.target}"
            .value=${text}
            .functions=${offers?.functions ?? []}
            .sourceNames=${sourceNames}
            .error=${error}
            .mark=${this.mark}
            .editable=${editable}
            @change=${(event: CustomEvent<string | undefined>) => {
              // The text area's own event passes here too; it has no detail.
              if (typeof event.detail === "string") this.store.edit(setSourceText(kind, row, mapping, event.detail));
            }}
            @leave=${() => this.#grid?.focus()}
          ></expression-input>`
        : html`<suggest-box
            label=${label}
            .value=${text}
            .suggestions=${type === "direct" ? sourceNames.map((name) => ({ value: name, label: name })) : []}
            ?disabled=${!editable}
            @commit=${(event: CustomEvent<string>) => {
              if (event.detail !== text && (type === "constant" || event.detail !== ""))
                this.store.edit(setSourceText(kind, row, mapping, event.detail));
            }}
          ></suggest-box>`;
    return html`<div class="panel-head">
        <h2>${label}</h2>
        <span class="mono second clip" title=${mapping.target}>${shortTarget(mapping.target)}</span>
        <span class="spacer"></span>
        ${type === "expression" ? html`<span class="second figures">${count(text.length)} of 10,000 characters</span>` : nothing}
      </div>
      ${editor}
      ${
        type === "expression" && error !== undefined
          ? html`<p class="problem">
              <span class="tone-error">${icon("error")}</span> ${
                error.position === undefined ? "" : `Character ${error.position + 1}: `
              }${error.message}
            </p>`
          : nothing
      }
      ${others.map(
        ({ severity, message }) =>
          html`<p class="problem"><span class="tone-${severity}">${icon(severity)}</span> ${message}</p>`,
      )}
      ${mappingProperties(this.store, kind, this.#mappings, row)}`;
  }

  #subResults(mapping: MappingRow, row: number): TemplateResult {
    const results = this.state.results[this.kind];
    const result = results?.rows[row];
    const isStale = results !== undefined && results.version !== this.state.snapshot?.version;
    const body =
      result === undefined
        ? html`<p class="second">${this.#noResult()}</p>`
        : result.trace === undefined
          ? html`<p class="second">
              ${
                result.outcome === "invalid"
                  ? "No result until the error is fixed."
                  : sourceType(mapping) === "expression"
                    ? "No sub-results."
                    : "A direct or constant value has no sub-results."
              }
            </p>`
          : html`<sub-results
              class=${isStale ? "stale" : ""}
              .trace=${result.trace}
              @mark=${(event: CustomEvent<Marked | undefined>) => (this.mark = event.detail)}
            ></sub-results>`;
    return html`<div class="panel-head">
        <h2>Sub-results</h2>
        <span class="second clip">${results?.person.name ?? ""}</span>
      </div>
      ${body}`;
  }

  #noResult(): string {
    const { directory } = this.state;
    switch (directory?.state) {
      case undefined:
      case "loading":
        return "Reading the directory";
      case "restricted":
        return "Shown once the workspace is trusted";
      case "unread":
        return "Read the directory to see results";
      case "failed":
        return "The directory could not be read";
      case "ready":
        return (this.kind === "users" ? directory.users : directory.groups) === 0
          ? `The directory has no ${this.kind}`
          : `Choose a ${oneOf(this.kind).toLowerCase()} to see results`;
    }
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
