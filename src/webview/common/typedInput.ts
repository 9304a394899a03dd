import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { LightElement } from "./lightElement.ts";

/** How long typing may pause before the text goes to the document. */
const pauseMs = 200;

/** A text field that tells its text once typing pauses, so that a word is one step of undo. Fires `commit`. */
export class TypedInput extends LightElement {
  static override properties = {
    value: {},
    label: {},
    placeholder: {},
    mono: { type: Boolean },
    numeric: { type: Boolean },
    disabled: { type: Boolean },
    text: { state: true },
  };

  declare value: string;
  declare label: string;
  declare placeholder: string;
  declare mono: boolean;
  declare numeric: boolean;
  declare disabled: boolean;
  /** What was typed and is not in the document yet. */
  declare text: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.value = "";
    this.label = "";
    this.placeholder = "";
    this.mono = false;
    this.numeric = false;
    this.disabled = false;
  }

  /** Sends what was typed at once. */
  flush(): void {
    clearTimeout(this.#timer);
    if (this.text !== undefined && this.text !== this.value) this.tell("commit", this.text);
  }

  override disconnectedCallback(): void {
    clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("value") && this.text === this.value) this.text = undefined;
  }

  protected override render(): TemplateResult {
    return html`<input
      class="field${this.mono ? " mono" : ""}"
      type="text"
      inputmode=${this.numeric ? "numeric" : nothing}
      spellcheck="false"
      aria-label=${this.label}
      placeholder=${this.placeholder}
      ?disabled=${this.disabled}
      .value=${this.text ?? this.value}
      @input=${(event: Event) => {
        this.text = (event.target as HTMLInputElement).value;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.flush(), pauseMs);
      }}
      @blur=${() => this.flush()}
    />`;
  }
}

customElements.define("typed-input", TypedInput);
