import { html, type TemplateResult } from "lit";
import type { Person } from "../../extension/jobEditor/messages/previews.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import { icon } from "../common/icon.ts";
import "../common/suggestBox.ts";
import type { Store } from "./store.ts";
import { oneOf } from "./words.ts";

/** Chooses the person whose results are shown: type to search, or step through the directory. */
export function personPicker(store: Store, kind: Kind, chosen: Person | undefined): TemplateResult {
  const { people, directory } = store.state;
  const isReady = directory?.state === "ready";
  const who = oneOf(kind);
  const choose = (id: string) => store.show({ sample: { ...store.state.view.sample, [kind]: id } });
  const step = (by: 1 | -1) => store.post({ kind: "step", table: kind, from: chosen?.id ?? null, by });
  // The mappings of a live job have no page of their directory.
  if (directory?.state === "unread" || (directory?.state === "failed" && store.state.snapshot?.live === true))
    return html`<button
      type="button"
      class="link"
      title="Reads users, groups and assignments of the tenant with the account that you sign in with, to show what the mappings give."
      @click=${() => store.post({ kind: "run", action: "reloadDirectory" })}
    >
      ${icon("cloud-download")} Read Microsoft Entra ID
    </button>`;
  const known = people?.people ?? [];
  const suggestions = known.map(({ id, name, detail }) => ({ value: id, label: name, detail }));
  const own =
    chosen === undefined || known.some(({ id }) => id === chosen.id)
      ? []
      : [{ value: chosen.id, label: chosen.name, detail: chosen.detail }];
  return html`<div class="picker">
    <span class="second" aria-hidden="true">${who}</span>
    <suggest-box
      strict
      prefiltered
      label=${who}
      placeholder=${isReady ? `Choose a ${who.toLowerCase()}` : "No directory"}
      ?disabled=${!isReady}
      .value=${chosen?.id ?? ""}
      .suggestions=${[...suggestions, ...own]}
      @focusin=${() => store.search(kind, "")}
      @typed=${(event: CustomEvent<string>) => store.search(kind, event.detail)}
      @commit=${(event: CustomEvent<string>) => choose(event.detail)}
    ></suggest-box>
    <button
      type="button"
      class="icon-button"
      aria-label="Previous ${who.toLowerCase()}"
      title="Previous (Alt+Page Up)"
      ?disabled=${!isReady}
      @click=${() => step(-1)}
    >
      ${icon("chevron-up")}
    </button>
    <button
      type="button"
      class="icon-button"
      aria-label="Next ${who.toLowerCase()}"
      title="Next (Alt+Page Down)"
      ?disabled=${!isReady}
      @click=${() => step(1)}
    >
      ${icon("chevron-down")}
    </button>
  </div>`;
}
