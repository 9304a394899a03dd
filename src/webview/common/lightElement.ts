import { LitElement } from "lit";

/**
 * A lit element without a shadow: one stylesheet serves the page, labels and ARIA ids reach across elements.
 */
export abstract class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Tells a parent; the detail is what happened. */
  protected tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
