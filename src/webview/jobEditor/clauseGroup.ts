import { html, nothing, type TemplateResult } from "lit";
import type { Clause, ClauseGroup } from "../../extension/jobEditor/messages/job.ts";
import type { ScopeCounts } from "../../extension/jobEditor/messages/previews.ts";
import { icon } from "../common/icon.ts";
import "../common/suggestBox.ts";
import "../common/typedInput.ts";
import { addClause, removeClause, removeGroup, setAttribute, setOperator, setValue } from "./clauses.ts";
import { problemsAt } from "./field.ts";
import type { Store } from "./store.ts";
import { count } from "./words.ts";

/** A group of the filter that is shown, with what is counted. */
export interface ShownGroup {
  readonly store: Store;
  readonly group: ClauseGroup;
  readonly index: number;
  readonly counts: ScopeCounts | undefined;
  readonly isStale: boolean;
}

/** A group of clauses: in scope is who passes all of them. */
export function clauseGroup(shown: ShownGroup): TemplateResult {
  const { store, group, index, counts, isStale } = shown;
  const { kind } = store.state.view.scope;
  const disabled = !store.isEditable;
  const tally = counts?.groups[index];
  const name = group.title ?? `Group ${index + 1}`;
  const attribute = store.state.offers?.attributes[kind].find((each) => each !== "id") ?? "displayName";
  return html`<div class="clause-group" role="group" aria-label=${name}>
    <div class="row clause-head">
      <h3>${name}</h3>
      <span class="second">all of these</span>
      <span class="spacer"></span>
      ${tally === undefined ? nothing : html`<span class="figures${isStale ? " stale" : ""}"><strong>${count(tally.in)}</strong> in</span>`}
      <button
        type="button"
        class="icon-button"
        aria-label="Remove ${name}"
        title="Remove this group"
        ?disabled=${disabled}
        @click=${() => store.edit(removeGroup(kind, index))}
      >
        ${icon("trash")}
      </button>
    </div>
    ${group.clauses.map((clause, at) => clauseRow(shown, clause, at))}
    <button
      type="button"
      class="link"
      ?disabled=${disabled}
      @click=${() => store.edit(addClause(kind, index, group, attribute))}
    >
      ${icon("add")} Add clause
    </button>
  </div>`;
}

function clauseRow({ store, group, index, counts, isStale }: ShownGroup, clause: Clause, at: number): TemplateResult {
  const disabled = !store.isEditable;
  const tally = counts?.groups[index]?.clauses[at];
  const { offers, snapshot, view } = store.state;
  const { kind } = view.scope;
  const operators = offers?.operators ?? [];
  const operand = operators.find(({ id }) => id === clause.operator)?.operand ?? "text";
  const names = (offers?.attributes[kind] ?? []).map((name) => ({ value: name, label: name }));
  const place = `${group.title ?? `Group ${index + 1}`}, clause ${at + 1}`;
  return html`<div class="clause">
      <suggest-box
        label="Attribute of ${place}"
        .value=${clause.attribute}
        .suggestions=${names}
        ?disabled=${disabled}
        @commit=${(event: CustomEvent<string>) => {
          if (event.detail !== "" && event.detail !== clause.attribute)
            store.edit(setAttribute(kind, index, at, event.detail));
        }}
      ></suggest-box>
      <select
        class="field"
        aria-label="Operator of ${place}"
        ?disabled=${disabled}
        @change=${(event: Event) => {
          const operator = (event.target as HTMLSelectElement).value;
          const wanted = operators.find(({ id }) => id === operator)?.operand ?? "text";
          store.edit(...setOperator(kind, index, at, clause, operator, wanted));
        }}
      >
        ${operators.map(({ id }) => html`<option value=${id} .selected=${id === clause.operator}>${id}</option>`)}
      </select>
      ${
        operand === "none"
          ? html`<span class="second no-value">no value needed</span>`
          : html`<typed-input
              label="Value of ${place}"
              placeholder=${operand === "pattern" ? ".NET regular expression" : operand === "integer" ? "Whole number" : "Text, case-sensitive"}
              ?mono=${operand !== "text"}
              ?numeric=${operand === "integer"}
              ?disabled=${disabled}
              .value=${clause.value ?? ""}
              @commit=${(event: CustomEvent<string>) => store.edit(setValue(kind, index, at, event.detail))}
            ></typed-input>`
      }
      <span class="tally${isStale ? " stale" : ""}">
        ${
          tally === undefined
            ? nothing
            : html`<span class="figures">${count(tally.in)}<span class="sr-only"> in</span></span
                ><meter
                  min="0"
                  max=${Math.max(1, tally.in + tally.out)}
                  .value=${tally.in}
                  aria-label="${count(tally.in)} in, ${count(tally.out)} out"
                ></meter
                ><span class="figures second">${count(tally.out)}<span class="sr-only"> out</span></span>`
        }
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label="Remove clause ${at + 1} of ${group.title ?? `Group ${index + 1}`}"
        title="Remove this clause"
        ?disabled=${disabled}
        @click=${() => store.edit(removeClause(kind, index, at, group))}
      >
        ${icon("close")}
      </button>
    </div>
    ${problemsAt(snapshot, `scope.${kind}[${index}].clauses[${at}]`)}`;
}
