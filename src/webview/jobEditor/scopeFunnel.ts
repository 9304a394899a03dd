import { html, type TemplateResult } from "lit";
import type { ScopeCounts } from "../../extension/jobEditor/messages/previews.ts";
import { icon } from "../common/icon.ts";
import type { Store } from "./store.ts";
import { count, timeOf } from "./words.ts";

/** From everybody in the directory to those who pass, or why there are no counts. */
export function scopeFunnel(store: Store, counts: ScopeCounts | undefined, isStale: boolean): TemplateResult {
  const { directory, snapshot } = store.state;
  if (directory?.state === "failed") {
    return html`<div class="funnel-message">
      <span class="tone-error">${icon("error")}</span>
      ${directory.problems[0]?.message ?? "The directory could not be read."}
      ${
        snapshot?.live === true
          ? readDirectory(store, "Read again")
          : html`<button type="button" class="link" @click=${() => store.show({ page: "directory" })}>
              Show the directory
            </button>`
      }
    </div>`;
  }
  if (directory?.state === "unread")
    return html`<div class="funnel-message">
      Counts are shown once the directory is read. ${readDirectory(store, "Read Microsoft Entra ID")}
    </div>`;
  if (directory?.state === "restricted")
    return html`<div class="funnel-message">Counts are shown once the workspace is trusted.</div>`;
  if (counts === undefined) {
    const isFaulty = snapshot?.problems.some(({ path }) => path.startsWith("scope.")) === true;
    return html`<div class="funnel-message">${isFaulty ? "No counts until the clause is mended." : "Counting…"}</div>`;
  }
  const { total, active, assigned, entitled, passed } = counts;
  const step = (label: string, value: number, detail: string, strong = false) =>
    html`<div class="funnel-step">
      <dt>${label}</dt>
      <dd class="figures${strong ? " strong" : ""}">${count(value)}</dd>
      <dd class="second">${detail}</dd>
    </div>`;
  const less = (from: number, to: number, what: string) =>
    from === to ? `none ${what}` : `−${count(from - to)} ${what}`;
  return html`<dl class="funnel${isStale ? " stale" : ""}">
    ${step("In the directory", total, directory === undefined ? "" : `read ${timeOf(directory.readAt)}`)}
    ${step("Active", active, less(total, active, "disabled"))}
    ${step("Assigned", assigned, less(active, assigned, "not assigned"))}
    ${step("Entitled", entitled, less(assigned, entitled, "Default Access only"))}
    ${step("Pass the filters", passed, less(entitled, passed, "filtered out"), true)}
  </dl>`;
}

const readDirectory = (store: Store, label: string): TemplateResult =>
  html`<button type="button" class="link" @click=${() => store.post({ kind: "run", action: "reloadDirectory" })}>
    ${label}
  </button>`;
