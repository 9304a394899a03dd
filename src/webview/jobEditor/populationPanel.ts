import { html, nothing, type TemplateResult } from "lit";
import type { TargetState } from "../../extension/jobEditor/messages/previews.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import { icon } from "../common/icon.ts";
import type { Store } from "./store.ts";
import { count, timeOf } from "./words.ts";

/** What one mapping gives over everyone in scope, and how many of them it would change in the target. */
export function populationPanel(store: Store, kind: Kind, target: string, row: number): TemplateResult {
  const { population: all, snapshot, target: targets } = store.state;
  const population = all[kind];
  const version = snapshot?.version ?? 0;
  const title = html`<h2>Everyone in scope</h2>`;
  const who = kind === "users" ? "people" : "groups";
  if (population === undefined)
    return html`<div class="panel-head">${title}</div>
      <p class="second">Not counted yet.</p>`;
  const isStale = population.version !== version;
  const isCounting = population.done < population.total;
  const total = isCounting
    ? `counting ${count(population.done)} of ${count(population.total)}`
    : `${count(population.total)} ${who}`;
  const head = html`<div class="panel-head">${title}<span class="second figures">${total}</span></div>`;
  if (population.total === 0)
    return html`${head}
      <p class="second">Nobody is in scope.</p>`;
  const counts = population.rows[row];
  if (counts == null)
    return html`${head}
      <p class="second">This row is not counted: it is a reference, or has an error.</p>`;
  const line = (label: string, value: string, tone = "") =>
    html`<div class="figure-line">
      <dt>${label}</dt>
      <dd class="figures ${tone}">${value}</dd>
    </div>`;
  const shared = counts.unique ? counts.shared : Math.max(0, counts.filled - counts.distinct);
  return html`${head}
    <dl class="figures-list${isStale || isCounting ? " stale" : ""}">
      ${line("Distinct values", `${counts.atLeast ? "at least " : ""}${count(counts.distinct)}`)}
      ${line("Empty", count(counts.empty))} ${line(counts.unique ? "Share a value" : "Repeat a value", count(shared))}
      ${counts.failed > 0 ? line("Failed", count(counts.failed), "tone-error") : nothing}
      ${
        counts.changed === null
          ? line("Will change", "not compared")
          : line("Will change", count(counts.changed), counts.changed > 0 ? "strong" : "")
      }
      ${(population.absent ?? 0) > 0 ? line("Not in the target yet", count(population.absent ?? 0)) : nothing}
    </dl>
    ${comparison(store, kind, targets[kind])}
    <p class="second">
      ${
        counts.unique
          ? shared > 0
            ? html`<span class="tone-warning">${icon("warning")}</span> ${target} must be unique. Shared:
                ${counts.sharedExamples.join(", ")}.`
            : `${target} must be unique, and it is.`
          : `${target} need not be unique, so sharing a value is allowed.`
      }
      ${counts.empty > 0 ? "Empty: nothing is sent, the old value stays." : ""}
      ${counts.longest > 0 ? `The longest value has ${count(counts.longest)} characters.` : ""}
    </p>
    ${counts.errors.map(
      ({ message, count: times }) =>
        html`<p class="second"><span class="tone-error">${icon("error")}</span> ${count(times)}: ${message}</p>`,
    )}
    ${
      population.row !== row || population.examples.length === 0 || counts.changed === null
        ? nothing
        : html`<h3>First of ${count(counts.changed)}</h3>
            <ul class="examples">
              ${population.examples.map(
                ({ name, before, after }) =>
                  html`<li title=${name}>
                    <span class="before mono clip" title=${before}>${before === "" ? "empty" : before}</span>
                    ${icon("arrow-small-right", "becomes")}
                    <span class="after mono clip" title=${after}>${after === "" ? "empty" : after}</span>
                  </li>`,
              )}
            </ul>`
    }`;
}

/** What changes are counted against, and the way to read it anew. */
function comparison(store: Store, kind: Kind, target: TargetState | undefined): TemplateResult | typeof nothing {
  if (target === undefined) return nothing;
  const { state, done, total, readAt, why } = target;
  if (state === "reading") {
    const progress = done === 0 ? "" : `: ${count(done)}${total === null ? "" : ` of ${count(total)}`}`;
    return html`<p class="second" role="status">${icon("sync")} Reading the target${progress}</p>`;
  }
  const button = html`<button
    type="button"
    class="link"
    @click=${() => store.post({ kind: "readTarget", table: kind })}
  >
    ${state === "read" ? "Read again" : "Read the target"}
  </button>`;
  return state === "read"
    ? html`<p class="second">Compared with the target as read at ${timeOf(readAt)}. ${button}</p>`
    : html`<p class="second">
        <span class="tone-warning">${icon("warning")}</span> Not compared: the target was not read. ${why} ${button}
      </p>`;
}
