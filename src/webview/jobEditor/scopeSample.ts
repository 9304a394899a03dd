import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { SamplePerson, ScopeCounts } from "../../extension/jobEditor/messages/previews.ts";
import type { View } from "../../extension/jobEditor/messages/view.ts";
import { icon } from "../common/icon.ts";
import { LightElement } from "../common/lightElement.ts";
import type { Store } from "./store.ts";
import { count } from "./words.ts";

const tabs = [
  { id: "all", label: "All" },
  { id: "in", label: "In" },
  { id: "out", label: "Out" },
  { id: "enters", label: "Enters" },
  { id: "leaves", label: "Leaves" },
] as const;

/** Who is in and out of scope: a searchable list, each with the rules that decided. */
export class ScopeSample extends LightElement {
  static override properties = { store: { attribute: false }, state: { attribute: false }, focused: { state: true } };

  declare store: Store;
  declare state: Store["state"];
  declare focused: string | undefined;
  #focusNext = false;

  protected override updated(_changed: PropertyValues): void {
    if (!this.#focusNext) return;
    this.#focusNext = false;
    this.querySelector<HTMLElement>('.sample-person[tabindex="0"]')?.focus();
  }

  protected override render(): TemplateResult {
    const { scope: view } = this.state.view;
    const counts = this.state.scope?.table === view.kind ? this.state.scope : undefined;
    const shown = counts?.sample ?? [];
    return html`<div class="panel-head">
        <h2>Who is in and out</h2>
        <span class="spacer"></span>
        ${counts === undefined ? nothing : html`<span class="second figures">${shown.length} of ${count(counts.sampleOf)}</span>`}
      </div>
      <label class="search"
        >${icon("search")}<input
          class="field"
          type="search"
          placeholder="Name, user name or reason"
          aria-label="Search by name, user name or reason"
          .value=${view.search}
          @input=${(event: Event) => this.#show({ search: (event.target as HTMLInputElement).value })}
      /></label>
      <div class="segments" role="radiogroup" aria-label="Who is listed" @keydown=${this.#segmentKey}>
        ${tabs.map(
          ({ id, label }) =>
            html`<button
              type="button"
              role="radio"
              data-segment=${id}
              aria-checked=${view.tab === id ? "true" : "false"}
              tabindex=${view.tab === id ? 0 : -1}
              @click=${() => this.#show({ tab: id })}
            >
              ${label} <span class="figures second">${numberOf(id, counts)}</span>
            </button>`,
        )}
      </div>
      ${
        shown.length === 0
          ? html`<p class="second pad">
              ${counts === undefined ? "" : view.search === "" ? "Nobody." : "Nobody matches this search."}
            </p>`
          : html`<ul class="sample" @keydown=${(event: KeyboardEvent) => this.#key(event, shown)}>
              ${shown.map((person) => this.#person(person, counts, this.#current(shown) === person.id))}
            </ul>`
      }`;
  }

  #person(person: SamplePerson, counts: ScopeCounts | undefined, isCurrent: boolean): TemplateResult {
    const { id, name, detail, inScope, reason, move } = person;
    const isOpen = this.state.view.scope.selected === id;
    const explained = isOpen && counts?.explained?.id === id ? counts.explained : undefined;
    return html`<li class=${isOpen ? "open" : ""}>
      <button
        type="button"
        class="sample-person"
        tabindex=${isCurrent ? 0 : -1}
        aria-expanded=${isOpen ? "true" : "false"}
        @focus=${() => (this.focused = id)}
        @click=${() => this.#show({ selected: isOpen ? null : id })}
      >
        <span class=${inScope ? "tone-passed" : "tone-muted"}
          >${icon(inScope ? "pass" : "circle-slash", inScope ? "In scope" : "Out of scope")}</span
        >
        <span class="names">
          <span class="clip"
            >${name}${
              move === undefined
                ? nothing
                : html` <span class="move ${move}"
                    >${icon(move === "enters" ? "arrow-small-right" : "arrow-small-left")} ${move}</span
                  >`
            }</span
          >
          <span class="second clip">${detail}</span>
        </span>
        <span class="reason clip" title=${reason}>${reason}</span>
      </button>
      ${
        explained === undefined
          ? nothing
          : html`<div class="explained">
              <ul>
                ${explained.rules.map(
                  (rule) =>
                    html`<li>
                      <span class=${rule.passed ? "tone-passed" : "tone-error"}
                        >${icon(rule.passed ? "pass" : "error", rule.passed ? "Passed" : "Failed")}</span
                      ><span class="clip${rule.passed ? "" : " strong"}" title=${rule.name}>${rule.name}</span
                      ><span class="mono clip" title=${rule.value}>${rule.value}</span>
                    </li>`,
                )}
              </ul>
              <p class="second">${explained.detail}</p>
            </div>`
      }
    </li>`;
  }

  #current(shown: readonly SamplePerson[]): string | undefined {
    return shown.some(({ id }) => id === this.focused) ? this.focused : shown[0]?.id;
  }

  #key(event: KeyboardEvent, shown: readonly SamplePerson[]): void {
    const at = shown.findIndex(({ id }) => id === this.#current(shown));
    const to =
      event.key === "ArrowDown"
        ? at + 1
        : event.key === "ArrowUp"
          ? at - 1
          : event.key === "Home"
            ? 0
            : event.key === "End"
              ? shown.length - 1
              : undefined;
    const person = to === undefined ? undefined : shown[to];
    if (person === undefined) return;
    event.preventDefault();
    this.focused = person.id;
    this.#focusNext = true;
  }

  readonly #segmentKey = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === this.state.view.scope.tab);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    this.#show({ tab: next.id });
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`[data-segment="${next.id}"]`)?.focus());
  };

  #show(change: Partial<View["scope"]>): void {
    this.store.show({ scope: { ...this.state.view.scope, ...change } });
  }
}

function numberOf(tab: View["scope"]["tab"], counts: ScopeCounts | undefined): string {
  if (counts === undefined) return "";
  const { total, passed, enters, leaves } = counts;
  return count({ all: total, in: passed, out: total - passed, enters, leaves }[tab]);
}

customElements.define("scope-sample", ScopeSample);
