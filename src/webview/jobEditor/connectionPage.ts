import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import { html, nothing, type TemplateResult } from "lit";
import type { ConnectionTest } from "../../extension/jobEditor/messages/previews.ts";
import { icon } from "../common/icon.ts";
import { choices, problemsAt, textField } from "./field.ts";
import type { Store } from "./store.ts";

/** Where the job provisions to, and whether that works. */
export function connectionPage(store: Store): TemplateResult {
  const { snapshot, test } = store.state;
  const connection = snapshot?.job?.connection;
  if (snapshot === undefined || connection === undefined) return html``;
  const disabled = !store.isEditable;
  const isTrusted = snapshot.locked !== "restricted";
  const known = snapshot.connection;
  const shown = test?.baseUrl === connection.baseUrl ? test : undefined;
  return html`<div class="form">
    <section class="form-section" aria-labelledby="connection-service">
      <h2 id="connection-service">Service</h2>
      ${textField({
        label: "Tenant URL",
        type: "url",
        value: connection.baseUrl,
        disabled,
        help: "The SCIM base URL, for example https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim.",
        change: (value) => {
          if (value !== "" && value !== connection.baseUrl)
            store.edit({ kind: "set", path: ["connection", "baseUrl"], value });
        },
        error: problemsAt(snapshot, "connection.baseUrl"),
      })}
      ${choices(
        "Dialect",
        "dialect",
        [
          { id: "databricks", label: "Databricks", detail: "Stores user names in lower case, ignores some changes." },
          { id: "generic", label: "Generic SCIM 2.0", detail: "As RFC 7643 and RFC 7644 say." },
        ],
        connection.dialect,
        disabled,
        (value) => store.edit({ kind: "set", path: ["connection", "dialect"], value }),
      )}
      <vscode-checkbox
        label="Read-only: plans and explanations work, nothing is ever pushed"
        .checked=${connection.readOnly}
        .disabled=${disabled}
        @change=${(event: Event) =>
          store.edit({
            kind: "set",
            path: ["connection", "readOnly"],
            value: (event.target as HTMLInputElement).checked,
          })}
      ></vscode-checkbox>
    </section>
    <section class="form-section" aria-labelledby="connection-token">
      <h2 id="connection-token">Token</h2>
      ${
        known === undefined
          ? html`<p>There is no connection with this address, so no token is known. The job file never holds one.</p>
              <button
                type="button"
                class="link"
                ?disabled=${!isTrusted}
                @click=${() => store.post({ kind: "run", action: "connect" })}
              >
                Connect…
              </button>`
          : html`<p>
                The token is that of the connection <strong>${known.name}</strong>, kept in the secret storage of VS
                Code.
              </p>
              <button
                type="button"
                class="link"
                ?disabled=${!isTrusted}
                @click=${() => store.post({ kind: "run", action: "replaceToken" })}
              >
                Replace token…
              </button>`
      }
    </section>
    <section class="form-section" aria-labelledby="connection-test">
      <h2 id="connection-test">Test</h2>
      <div class="row">
        <vscode-button
          ?disabled=${!isTrusted || shown?.state === "running" || snapshot.broken !== undefined}
          @click=${() => store.post({ kind: "test" })}
          >${shown?.state === "running" ? "Testing…" : "Test connection"}</vscode-button
        >
        <span class="second">Read-only probes. Nothing is changed in the service.</span>
      </div>
      <div role="status">${shown === undefined ? nothing : verdict(shown)}</div>
      ${
        shown === undefined
          ? nothing
          : html`<ol class="ladder">
              ${shown.steps.map(step)}
            </ol>`
      }
    </section>
  </div>`;
}

function verdict({ state }: ConnectionTest): TemplateResult {
  switch (state) {
    case "running":
      return html`<p class="second">Testing…</p>`;
    case "healthy":
      return html`<p><span class="tone-passed">${icon("pass")}</span> <strong>Healthy.</strong> No probe failed.</p>`;
    case "unhealthy":
      return html`<p>
        <span class="tone-error">${icon("error")}</span> <strong>Not healthy.</strong> See the failed step.
      </p>`;
  }
}

const marks = {
  passed: ["pass", "passed", "Passed"],
  warned: ["warning", "warning", "Passed, with something to know"],
  failed: ["error", "error", "Failed"],
  skipped: ["circle-slash", "muted", "Skipped"],
} as const;

function step({ title, status, explanation, fix, sent, received }: ConnectionTest["steps"][number]): TemplateResult {
  const [name, tone, label] = marks[status];
  return html`<li>
    <span class="tone-${tone}">${icon(name, label)}</span>
    <div>
      <strong>${title}</strong>
      <span class="second">${explanation}</span>
      ${fix === undefined ? nothing : html`<p><strong>To mend it:</strong> ${fix}</p>`}
      ${
        sent === undefined && received === undefined
          ? nothing
          : html`<details>
              <summary>Evidence</summary>
              <pre class="mono">${[sent, received].filter((text) => text !== undefined).join("\n\n")}</pre>
            </details>`
      }
    </div>
  </li>`;
}
