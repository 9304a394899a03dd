import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { LightElement } from "./lightElement.ts";

export interface Suggestion {
  /** What is committed. */
  readonly value: string;
  readonly label: string;
  readonly detail?: string;
}

const mostShown = 50;
let instances = 0;

/**
 * A text field with suggestions (WAI-ARIA combobox with a list). Fires `commit` with the chosen or typed text, `cancel` on
 * Escape, and `typed` with each text, for suggestions that come from elsewhere.
 */
export class SuggestBox extends LightElement {
  static override properties = {
    value: {},
    label: {},
    placeholder: {},
    suggestions: { attribute: false },
    strict: { type: Boolean },
    prefiltered: { type: Boolean },
    disabled: { type: Boolean },
    autofocus: { type: Boolean },
    text: { state: true },
    isOpen: { state: true },
    active: { state: true },
  };

  declare value: string;
  declare label: string;
  declare placeholder: string;
  declare suggestions: readonly Suggestion[];
  /** Only a suggestion can be committed. */
  declare strict: boolean;
  /** The suggestions fit the text already. */
  declare prefiltered: boolean;
  declare disabled: boolean;
  declare text: string | undefined;
  declare isOpen: boolean;
  declare active: number;
  readonly #id = `suggest-${++instances}`;

  constructor() {
    super();
    this.value = "";
    this.label = "";
    this.placeholder = "";
    this.suggestions = [];
    this.strict = false;
    this.prefiltered = false;
    this.disabled = false;
    this.isOpen = false;
    this.active = -1;
  }

  /** Commits what was typed, if it differs. */
  flush(): void {
    if (this.text !== undefined && !this.strict && this.text.trim() !== this.value) this.#commit(this.text.trim());
  }

  override focus(): void {
    this.querySelector("input")?.focus();
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    if (!this.autofocus) return;
    const input = this.querySelector("input");
    input?.focus();
    input?.select();
  }

  protected override render(): TemplateResult {
    const shown = this.#shown();
    const list = `${this.#id}-list`;
    const isOpen = this.isOpen && shown.length > 0;
    return html`<input
        class="field mono"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        aria-label=${this.label}
        aria-expanded=${isOpen ? "true" : "false"}
        aria-controls=${list}
        aria-autocomplete="list"
        aria-activedescendant=${isOpen && this.active >= 0 ? `${this.#id}-${this.active}` : nothing}
        placeholder=${this.placeholder}
        ?disabled=${this.disabled}
        .value=${this.text ?? this.#labelOf(this.value)}
        @input=${this.#typed}
        @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
        @click=${() => (this.isOpen = true)}
        @keydown=${this.#key}
        @blur=${this.#left}
      />
      <ul id=${list} class="suggestions" role="listbox" aria-label=${this.label} ?hidden=${!isOpen}>
        ${shown.map(
          ({ value, label, detail }, index) =>
            html`<li
              id="${this.#id}-${index}"
              role="option"
              aria-selected=${index === this.active ? "true" : "false"}
              @mousedown=${(event: Event) => {
                event.preventDefault();
                this.#commit(value);
              }}
            >
              <span class="mono clip">${label}</span>
              ${detail === undefined || detail === "" ? nothing : html`<span class="second clip">${detail}</span>`}
            </li>`,
        )}
      </ul>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("active")) this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #labelOf(value: string): string {
    return this.strict ? (this.suggestions.find((each) => each.value === value)?.label ?? value) : value;
  }

  #shown(): readonly Suggestion[] {
    const wanted = (this.text ?? "").trim().toLowerCase();
    if (this.prefiltered || wanted === "") return this.suggestions.slice(0, mostShown);
    const begins = (each: Suggestion) => each.label.toLowerCase().startsWith(wanted);
    const fitting = this.suggestions.filter((each) => each.label.toLowerCase().includes(wanted));
    return [...fitting.filter(begins), ...fitting.filter((each) => !begins(each))].slice(0, mostShown);
  }

  readonly #typed = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value;
    this.isOpen = true;
    this.active = this.strict ? 0 : -1;
    this.tell("typed", this.text);
  };

  readonly #key = (event: KeyboardEvent): void => {
    const shown = this.#shown();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      event.stopPropagation();
      if (!this.isOpen) this.isOpen = true;
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.active = shown.length === 0 ? -1 : (this.active + by + shown.length) % shown.length;
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      const chosen = this.isOpen ? shown[this.active] : undefined;
      if (chosen !== undefined) this.#commit(chosen.value);
      else if (!this.strict) this.#commit((this.text ?? this.value).trim());
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (this.isOpen && this.active >= 0) this.isOpen = false;
      else this.#reset("cancel");
    } else event.stopPropagation();
  };

  readonly #left = (): void => {
    this.flush();
    this.#reset("left");
  };

  #commit(value: string): void {
    this.text = undefined;
    this.isOpen = false;
    this.active = -1;
    this.tell("commit", value);
  }

  #reset(name: "cancel" | "left"): void {
    this.text = undefined;
    this.isOpen = false;
    this.active = -1;
    this.tell(name, undefined);
  }
}

customElements.define("suggest-box", SuggestBox);
