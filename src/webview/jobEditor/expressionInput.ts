import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { FunctionOffer, RowProblem } from "../../extension/jobEditor/messages.ts";
import { callAt, completingAt, parameterIndex } from "../common/expressionText.ts";
import { LightElement } from "../common/lightElement.ts";
import { coloured, type Marked } from "./expressionView.ts";

/** How long typing may pause before the text goes to the document. */
const pauseMs = 150;
const mostShown = 40;

interface Offer {
  readonly label: string;
  readonly detail: string;
  readonly insert: string;
  /** Where the caret goes, from the end of what is inserted. */
  readonly back: number;
}

/**
 * The field for an expression: coloured, with completion and argument hints. Fires `change` with the text once typing pauses,
 * and `leave` on Escape.
 */
export class ExpressionInput extends LightElement {
  static override properties = {
    value: {},
    label: {},
    functions: { attribute: false },
    sourceNames: { attribute: false },
    error: { attribute: false },
    mark: { attribute: false },
    editable: { type: Boolean },
    text: { state: true },
    offers: { state: true },
    active: { state: true },
    caret: { state: true },
  };

  declare value: string;
  declare label: string;
  declare functions: readonly FunctionOffer[];
  declare sourceNames: readonly string[];
  declare error: RowProblem | undefined;
  /** A part to point out. */
  declare mark: Marked | undefined;
  declare editable: boolean;
  /** What was typed and is not in the document yet. */
  declare text: string | undefined;
  declare offers: readonly Offer[];
  declare active: number;
  declare caret: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #range: { readonly start: number; readonly end: number } = { start: 0, end: 0 };

  constructor() {
    super();
    this.value = "";
    this.label = "";
    this.functions = [];
    this.sourceNames = [];
    this.editable = false;
    this.offers = [];
    this.active = 0;
    this.caret = 0;
  }

  override focus(): void {
    const area = this.querySelector("textarea");
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }

  /** Puts the caret at a place, such as the next error. */
  goTo(position: number): void {
    const area = this.querySelector("textarea");
    area?.focus();
    area?.setSelectionRange(position, position);
    this.caret = position;
  }

  /** Sends what was typed at once. */
  flush(): void {
    clearTimeout(this.#timer);
    const { text } = this;
    // An empty expression is no expression; it is left for the person to go on with.
    if (text === undefined || text.trim() === "" || text === this.value) return;
    this.tell("change", text);
  }

  override disconnectedCallback(): void {
    this.flush();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    // The document has caught up with what was typed.
    if (changed.has("value") && this.text === this.value) this.text = undefined;
  }

  protected override render(): TemplateResult {
    const text = this.text ?? this.value;
    const isOpen = this.offers.length > 0;
    const fault = this.text === undefined || this.text === this.value ? this.error : undefined;
    return html`<div class="expression-field">
        <pre class="backdrop mono" aria-hidden="true">${coloured(text, fault, this.mark)}${"\n"}</pre>
        <textarea
          class="mono"
          spellcheck="false"
          autocomplete="off"
          aria-label=${this.label}
          aria-invalid=${this.error === undefined ? "false" : "true"}
          aria-describedby="expression-hint"
          aria-autocomplete="list"
          aria-controls="expression-offers"
          aria-activedescendant=${isOpen ? `expression-offer-${this.active}` : nothing}
          ?readonly=${!this.editable}
          .value=${text}
          @input=${this.#typed}
          @keydown=${this.#key}
          @keyup=${this.#moved}
          @click=${this.#moved}
          @blur=${this.#left}
          @scroll=${this.#scrolled}
        ></textarea>
        <ul id="expression-offers" class="suggestions" role="listbox" aria-label="Completions" ?hidden=${!isOpen}>
          ${this.offers.map(
            ({ label, detail }, index) =>
              html`<li
                id="expression-offer-${index}"
                role="option"
                aria-selected=${index === this.active ? "true" : "false"}
                @mousedown=${(event: Event) => {
                  event.preventDefault();
                  this.#accept(index);
                }}
              >
                <span class="mono clip">${label}</span><span class="second clip">${detail}</span>
              </li>`,
          )}
        </ul>
      </div>
      <div id="expression-hint" class="hint" aria-live="polite">${this.#hint(text)}</div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("active")) this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #hint(text: string): TemplateResult {
    if (text.trim() === "")
      return html`<span class="second">An expression is needed, such as Join(" ", [givenName], [surname]).</span>`;
    const call = callAt(text, this.caret);
    const found = call && this.functions.find(({ name }) => name.toLowerCase() === call.name.toLowerCase());
    if (found === undefined || call === undefined) {
      return html`<span class="second">Ctrl+Space completes attributes and functions.</span>`;
    }
    const { name, parameters, repeated, doc } = found;
    const at = parameterIndex(call.argument, parameters.length, repeated);
    const current = parameters[at];
    return html`<span class="mono"
        ><span class="ex-function">${name}</span>(${parameters.map(
          (parameter, index) =>
            html`${index === 0 ? "" : ", "}<span class=${index === at ? "current" : ""}
                >${parameter.name}${parameter.optional ? "?" : ""}</span
              >`,
        )}${repeated > 0 ? ", …" : ""})</span
      ><span class="second">${current === undefined ? doc : `${current.name}: ${current.doc}`}</span>`;
  }

  readonly #typed = (event: Event): void => {
    const area = event.target as HTMLTextAreaElement;
    this.text = area.value;
    this.caret = area.selectionStart;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), pauseMs);
    const completing = completingAt(area.value, area.selectionStart);
    this.#offer(completing?.kind === "attribute" || (completing?.prefix.length ?? 0) > 0);
  };

  readonly #moved = (event: Event): void => {
    const at = (event.target as HTMLTextAreaElement).selectionStart;
    if (at === this.caret) return;
    this.caret = at;
    this.offers = [];
  };

  readonly #scrolled = (event: Event): void => {
    const area = event.target as HTMLTextAreaElement;
    const backdrop = this.querySelector(".backdrop");
    backdrop?.scrollTo(area.scrollLeft, area.scrollTop);
  };

  readonly #left = (): void => {
    this.offers = [];
    this.flush();
  };

  readonly #key = (event: KeyboardEvent): void => {
    const isOpen = this.offers.length > 0;
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      if (event.shiftKey) this.offers = [];
      else this.#offer(true);
    } else if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + by + this.offers.length) % this.offers.length;
    } else if (isOpen && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      this.#accept(this.active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (isOpen) this.offers = [];
      else {
        this.flush();
        this.tell("leave", undefined);
      }
    }
  };

  #offer(wanted: boolean): void {
    const area = this.querySelector("textarea");
    const completing = area === null || !wanted ? undefined : completingAt(area.value, area.selectionStart);
    if (completing === undefined || !this.editable) {
      this.offers = [];
      return;
    }
    this.#range = completing;
    const prefix = completing.prefix.trim().toLowerCase();
    const attributes = this.sourceNames
      .filter((name) => name.toLowerCase().includes(prefix))
      .map((name): Offer => {
        const isWithin = completing.kind === "attribute";
        return { label: `[${name}]`, detail: "attribute", insert: isWithin ? name : `[${name}]`, back: 0 };
      });
    const functions =
      completing.kind === "attribute"
        ? []
        : this.functions
            .filter(({ name }) => name.toLowerCase().includes(prefix))
            .map(({ name, doc }): Offer => ({ label: name, detail: doc, insert: `${name}()`, back: 1 }));
    const begins = ({ label }: Offer) => (label.replace("[", "").toLowerCase().startsWith(prefix) ? 0 : 1);
    this.offers = [...functions, ...attributes].sort((a, b) => begins(a) - begins(b)).slice(0, mostShown);
    this.active = 0;
  }

  #accept(index: number): void {
    const area = this.querySelector("textarea");
    const offer = this.offers[index];
    if (area === null || offer === undefined) return;
    const { start, end } = this.#range;
    const { value } = area;
    const hasCall = offer.insert.endsWith("()") && /^\s*\(/.test(value.slice(end));
    let insert = hasCall ? offer.insert.slice(0, -2) : offer.insert;
    let caret = start + insert.length - (hasCall ? 0 : offer.back);
    if (value[start - 1] === "[" && !insert.startsWith("[")) {
      if (value[end] !== "]") insert += "]";
      caret = start + offer.insert.length + 1;
    }
    this.text = `${value.slice(0, start)}${insert}${value.slice(end)}`;
    this.offers = [];
    void this.updateComplete.then(() => {
      area.setSelectionRange(caret, caret);
      this.caret = caret;
      this.flush();
    });
  }
}

customElements.define("expression-input", ExpressionInput);
