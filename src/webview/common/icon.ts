import { html, type TemplateResult } from "lit";

/** A codicon. With a label it is an image of that name; without one it only repeats what words say. */
export function icon(name: string, label?: string): TemplateResult {
  return label === undefined
    ? html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`
    : html`<span class="codicon codicon-${name}" role="img" aria-label=${label} title=${label}></span>`;
}
