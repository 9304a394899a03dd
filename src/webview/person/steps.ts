import { html, nothing, type TemplateResult } from "lit";
import type { ExplanationPage, PageHead } from "../../extension/explain/messages.ts";
import { icon } from "../common/icon.ts";

type Step = ExplanationPage["steps"][number];

const marks: Readonly<Record<Step["status"], readonly [icon: string, words: string]>> = {
  success: ["pass", "passed"],
  skipped: ["circle-slash", "skipped"],
  failure: ["error", "failed"],
  notReached: ["circle-large-outline", "not reached"],
};

/** So many details of a step are shown at once. */
const shownDetails = 12;

/** The five steps with the data that decided. The step that decided is open. */
export function stepList({ steps, then }: Pick<ExplanationPage, "steps" | "then">): TemplateResult {
  return html`<ol class="steps">
    ${steps.map((step, at) => {
      const [mark, words] = marks[step.status];
      const heading = html`<span class=${step.status}>${icon(mark, words)}</span>
        <h2>${at + 1}. ${step.title}</h2>
        <span class="faint cut" title=${step.summary}>${step.summary}</span
        ><span class="faint small figures">${step.durationMs === null ? "" : `${step.durationMs} ms`}</span>`;
      if (step.details.length === 0) return html`<li class="step">${heading}</li>`;
      return html`<li>
        <details ?open=${step.status !== "notReached" && (step.id !== "connection" || step.status === "failure")}>
          <summary class="step">${heading}${icon("chevron-down")}</summary>
          ${step.id === "scope" && step.details.some(({ before }) => before !== null) ? ruleTable(step, then) : detailTable(step)}
        </details>
      </li>`;
    })}
  </ol>`;
}

function detailTable({ details, id }: Step): TemplateResult {
  const ruled = details.some(({ passed }) => passed !== null) && id === "scope";
  const row = ({ name, value, passed }: Step["details"][number]) =>
    html`<div class="pair" role="row">
      <span role="rowheader" class=${ruled ? "small" : "code"}>${name}</span>
      <span role="cell" class="code value"
        >${passed === null ? nothing : html`<span class=${passed ? "success" : "failure"}>${icon(passed ? "pass" : "error", passed ? "passed" : "not passed")}</span> `}${value === "" ? html`<span class="faint">empty</span>` : value}</span
      >
    </div>`;
  const [shown, more] = [details.slice(0, shownDetails), details.slice(shownDetails)];
  return html`<div class=${ruled ? "table boxed" : "table"} role="table" aria-label="Data">
    ${shown.map(row)}
    ${
      more.length === 0
        ? nothing
        : html`<details class="more">
            <summary>${more.length} more</summary>
            ${more.map(row)}
          </details>`
    }
  </div>`;
}

/** The rules of the scope: what they say now, and what they said in the last cycle. */
function ruleTable({ details }: Step, then: string): TemplateResult {
  const outcome = (passed: boolean | null, value: string) =>
    html`${
      passed === null
        ? nothing
        : html`<span class=${passed ? "success" : "failure"}
            >${icon(passed ? "pass" : "error", passed ? "passed" : "not passed")}</span
          >`
    }
    ${value === "" ? html`<span class="faint">empty</span>` : value}`;
  return html`<table class="rules">
    <thead>
      <tr>
        <th>Rule</th>
        <th>Now</th>
        <th>${then}</th>
      </tr>
    </thead>
    <tbody>
      ${details.map(
        ({ name, value, passed, before }) =>
          html`<tr class=${before !== null && before.passed !== null && before.passed !== passed ? "strong" : ""}>
            <th scope="row">${name}</th>
            <td>${outcome(passed, value)}</td>
            <td class=${before?.passed === null ? "faint" : ""}>
              ${before === null ? nothing : outcome(before.passed, before.value)}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The exact requests, without the token. */
export function requestList(requests: PageHead["requests"]): TemplateResult {
  if (requests.length === 0)
    return html`<h2>What would be sent</h2>
      <p class="faint">Nothing.</p>`;
  return html`<h2>
      What would be sent
      <span class="faint">${requests.length === 1 ? "1 request" : `${requests.length} requests`}</span>
    </h2>
    ${requests.map(
      ({ method, path, body }) =>
        html`<section class="request">
          <p class="code"><span class="method">${method}</span> <span class="path">${path}</span></p>
          ${body === null ? nothing : html`<pre class="code" tabindex="0">${body}</pre>`}
        </section>`,
    )}
    <p class="faint small">Authorization is added when a request is sent and is never shown.</p>`;
}
