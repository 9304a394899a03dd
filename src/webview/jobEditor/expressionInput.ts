import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { FunctionOffer, RowProblem } from "../../extension/jobEditor/messages/job.ts";
import { complete, type Completions, completionsAt } from "../common/completions.ts";
import { LightElement } from "../common/lightElement.ts";
import { argumentHint } from "./argumentHint.ts";
import { coloured, type Marked } from "./expressionView.ts";

/** How long typing may pause before the text goes to the document. */
const pauseMs = 150;
/**
 * The field for an expression: coloured, with completion (Ctrl+Space) and argument hints (Ctrl+Shift+Space shows them in full).
 * Fires `change` with the text once typing pauses, and `leave` on Escape.
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
    completions: { state: true },
    isHintOpen: { state: true },
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
  declare completions: Completions | undefined;
  /** Every argument is explained, not the present one alone. */
  declare isHintOpen: boolean;
  declare active: number;
  declare caret: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.value = "";
    this.label = "";
    this.functions = [];
    this.sourceNames = [];
    this.editable = false;
    this.isHintOpen = false;
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
    const offers = this.completions?.offers ?? [];
    const isOpen = offers.length > 0;
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
          ${offers.map(
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
      <div id="expression-hint" class="hint" aria-live="polite">
        ${argumentHint(text, this.caret, this.functions, this.isHintOpen)}
      </div>
      <div class="keys" aria-hidden="true">
        <span><kbd>Ctrl+Space</kbd> attributes and functions</span>
        <span><kbd>Ctrl+Shift+Space</kbd> arguments</span>
        <span><kbd>Esc</kbd> back to the table</span>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("active")) this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  readonly #typed = (event: Event): void => {
    const area = event.target as HTMLTextAreaElement;
    this.text = area.value;
    this.caret = area.selectionStart;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), pauseMs);
    this.#offer(false);
  };

  readonly #moved = (event: Event): void => {
    const at = (event.target as HTMLTextAreaElement).selectionStart;
    if (at === this.caret) return;
    this.caret = at;
    this.completions = undefined;
  };

  readonly #scrolled = (event: Event): void => {
    const area = event.target as HTMLTextAreaElement;
    const backdrop = this.querySelector(".backdrop");
    backdrop?.scrollTo(area.scrollLeft, area.scrollTop);
  };

  readonly #left = (): void => {
    this.completions = undefined;
    this.flush();
  };

  readonly #key = (event: KeyboardEvent): void => {
    const offers = this.completions?.offers ?? [];
    const isOpen = offers.length > 0;
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      if (event.shiftKey) {
        this.completions = undefined;
        this.isHintOpen = !this.isHintOpen;
      } else this.#offer(true);
    } else if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + by + offers.length) % offers.length;
    } else if (isOpen && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      this.#accept(this.active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (isOpen) this.completions = undefined;
      else if (this.isHintOpen) this.isHintOpen = false;
      else {
        this.flush();
        this.tell("leave", undefined);
      }
    }
  };

  /** @param always whether an empty name is completed too */
  #offer(always: boolean): void {
    const area = this.querySelector("textarea");
    const names = { functions: this.functions, attributes: this.sourceNames };
    this.completions =
      area === null || !this.editable ? undefined : completionsAt(area.value, area.selectionStart, names, always);
    this.active = 0;
  }

  #accept(index: number): void {
    const area = this.querySelector("textarea");
    const offer = this.completions?.offers[index];
    if (area === null || this.completions === undefined || offer === undefined) return;
    const { text, caret } = complete(area.value, this.completions, offer);
    this.text = text;
    this.completions = undefined;
    void this.updateComplete.then(() => {
      area.setSelectionRange(caret, caret);
      this.caret = caret;
      this.flush();
    });
  }
}

customElements.define("expression-input", ExpressionInput);
