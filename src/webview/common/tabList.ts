import { html, nothing, type TemplateResult } from "lit";

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** Beside the label: a badge, a mark. */
  readonly mark?: TemplateResult | typeof nothing;
}

/**
 * Tabs with one tab stop; arrows, Home and End choose and focus.
 * @param panel the id of the panel that they control.
 */
export function tabList<Id extends string>(
  label: string,
  tabs: readonly Tab<Id>[],
  selected: Id,
  panel: string,
  choose: (id: Id) => void,
): TemplateResult {
  const key = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === selected);
    const to =
      event.key === "ArrowRight"
        ? (at + 1) % tabs.length
        : event.key === "ArrowLeft"
          ? (at - 1 + tabs.length) % tabs.length
          : event.key === "Home"
            ? 0
            : event.key === "End"
              ? tabs.length - 1
              : undefined;
    const tab = to === undefined ? undefined : tabs[to];
    if (tab === undefined) return;
    event.preventDefault();
    const list = event.currentTarget as HTMLElement;
    choose(tab.id);
    list.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${key}>
    ${tabs.map(
      ({ id, label: text, mark }) =>
        html`<button
          type="button"
          class="tab"
          role="tab"
          data-tab=${id}
          id="tab-${id}"
          aria-controls=${panel}
          aria-selected=${id === selected ? "true" : "false"}
          tabindex=${id === selected ? 0 : -1}
          @click=${() => choose(id)}
        >
          ${text}${mark ?? nothing}
        </button>`,
    )}
  </div>`;
}
