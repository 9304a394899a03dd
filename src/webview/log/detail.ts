import { html, nothing, type TemplateResult } from "lit";
import type { LogDetail } from "../../extension/log/messages.ts";
import { icon } from "../common/icon.ts";
import { statusIcons } from "./lines.ts";

export interface DetailActions {
  readonly close: () => void;
  readonly explain: (sourceId: string) => void;
  readonly card: (sourceId: string) => void;
  readonly copy: (index: number) => void;
}

/** One record: cause and fix first, then the steps, then before and after. */
export function detailPane(record: LogDetail, act: DetailActions): TemplateResult {
  return html`<aside aria-label="Record" @keydown=${(event: KeyboardEvent) => event.key === "Escape" && act.close()}>
    <header class="title">
      <span class=${record.status}>${icon(statusIcons[record.status], record.status)}</span>
      <h1 title=${record.name}>${record.name}</h1>
      <button
        class="icon"
        title="Copy record as JSON"
        aria-label="Copy record as JSON"
        @click=${() => act.copy(record.index)}
      >
        ${icon("copy")}
      </button>
      <button class="icon" title="Close" aria-label="Close" @click=${act.close}>${icon("close")}</button>
    </header>
    <p class="faint small">${record.headline}</p>
    ${
      record.error === null
        ? html`<div class="buttons">${buttons(record, act, "primary")}</div>`
        : html`<section class="box">
            <h2>Cause</h2>
            <p>${record.error.code}: ${record.error.cause}</p>
            ${
              record.error.fix === null
                ? nothing
                : html`<h2>Fix</h2>
                    <p>${record.error.fix}</p>`
            }
            <div class="buttons">${buttons(record, act, "primary")}</div>
          </section>`
    }
    ${steps(record)} ${modified(record)}
    <section>
      <h2>Identity</h2>
      <dl class="pairs small">
        <dt>Source id</dt>
        <dd class="code">${record.sourceId}</dd>
        <dt>Target id</dt>
        <dd class="code">${record.targetId ?? "not in the target"}</dd>
        <dt>Initiated by</dt>
        <dd>${record.by}</dd>
        ${
          record.note === null
            ? nothing
            : html`<dt>Note</dt>
                <dd>${record.note}</dd>`
        }
      </dl>
    </section>
  </aside>`;
}

function buttons({ sourceId }: LogDetail, act: DetailActions, kind: string): TemplateResult | typeof nothing {
  if (sourceId === "") return nothing;
  return html`<button class=${kind} @click=${() => act.explain(sourceId)}>Explain</button>
    <button @click=${() => act.card(sourceId)}>Person card</button>`;
}

function steps({ steps: all }: LogDetail): TemplateResult {
  return html`<section>
    <h2>Steps</h2>
    <ol class="steps">
      ${all.map(
        ({ title, status, description, details }) =>
          html`<li>
            <span class=${status}>${icon(statusIcons[status], status)}</span>
            <b>${title}</b>
            <p class="small">${description}</p>
            ${details.map(
              ({ name, value }) =>
                html`<div class="small evidence">
                  <span class="faint">${name}</span>
                  <pre class="code" tabindex="0">${value}</pre>
                </div>`,
            )}
          </li>`,
      )}
    </ol>
  </section>`;
}

function modified({ modified: all, status }: LogDetail): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  return html`<section>
    <h2>
      Modified properties ${status === "failure" ? html`<span class="faint">attempted, not stored</span>` : nothing}
    </h2>
    <table class="small">
      <thead>
        <tr>
          <th>Attribute</th>
          <th>Before</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(
          ({ name, before, after }) =>
            html`<tr>
              <th scope="row" class="code">${name}</th>
              <td>
                ${before === null ? html`<span class="faint">none</span>` : html`<span class="removed">${before}</span>`}
              </td>
              <td>
                ${after === null ? html`<span class="faint">none</span>` : html`<span class="added">${after}</span>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
