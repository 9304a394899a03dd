import "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import { html, type TemplateResult } from "lit";
import type { EditMessage } from "../../extension/jobEditor/messages.ts";
import { choices, problemsAt, textField } from "./field.ts";
import type { Store } from "./store.ts";

/** How often the job runs, what leaving means, what is held for a person, and who is told. */
export function settingsPage(store: Store): TemplateResult {
  const { snapshot } = store.state;
  const job = snapshot?.job;
  if (snapshot === undefined || job == null) return html``;
  const { settings } = job;
  const { deletionGuard: guard, notify } = settings;
  const disabled = !store.isEditable;
  const set = (path: EditMessage["path"], value: string | number | boolean) => store.edit({ kind: "set", path, value });
  const number = (path: EditMessage["path"], before: number) => (text: string) => {
    const value = Number(text);
    if (text !== "" && Number.isFinite(value) && value !== before) set(path, value);
  };
  const text = (key: "email" | "webhook") => (value: string) => {
    const before = notify?.[key] ?? "";
    if (value === before) return;
    if (value === "") store.edit({ kind: "remove", path: ["settings", "notify", key] });
    else set(["settings", "notify", key], value);
  };
  const box = (label: string, checked: boolean, path: EditMessage["path"]) =>
    html`<vscode-checkbox
      label=${label}
      .checked=${checked}
      .disabled=${disabled}
      @change=${(event: Event) => set(path, (event.target as HTMLInputElement).checked)}
    ></vscode-checkbox>`;
  return html`<div class="form">
    <section class="form-section" aria-labelledby="settings-job">
      <h2 id="settings-job">Job</h2>
      ${textField({
        label: "Name",
        value: job.name,
        disabled,
        change: (value) => {
          if (value !== "" && value !== job.name) set(["name"], value);
        },
      })}
      ${textField({
        label: "Minutes from one cycle to the next",
        type: "number",
        least: 1,
        most: 1440,
        value: String(settings.intervalMinutes),
        disabled,
        help: "The provisioning service runs about every 40 minutes.",
        change: number(["settings", "intervalMinutes"], settings.intervalMinutes),
      })}
    </section>
    <section class="form-section" aria-labelledby="settings-leaving">
      <h2 id="settings-leaving">Leaving scope</h2>
      ${choices(
        "Who leaves the scope is",
        "leaving",
        [
          { id: "deactivate", label: "Deactivated", detail: "The account stays and cannot sign in." },
          { id: "delete", label: "Deleted", detail: "The account is removed. This cannot be undone." },
          { id: "keep", label: "Kept as is", detail: "Nothing is sent." },
        ],
        settings.leavingScope,
        disabled,
        (value) => set(["settings", "leavingScope"], value),
      )}
    </section>
    <section class="form-section" aria-labelledby="settings-guard">
      <h2 id="settings-guard">Deletion guard</h2>
      <p class="second">Holds a push that would remove more than expected, until a person accepts it.</p>
      ${box("Hold many removals at once", guard.enabled, ["settings", "deletionGuard", "enabled"])}
      <div class="properties">
        ${textField({
          label: "More than this many",
          type: "number",
          least: 0,
          value: String(guard.count),
          disabled: disabled || !guard.enabled,
          change: (value) => number(["settings", "deletionGuard", "count"], guard.count)(value.replace(/[.,].*$/, "")),
        })}
        ${textField({
          label: "Or more than this percentage",
          type: "number",
          least: 0,
          most: 100,
          value: String(guard.percent),
          disabled: disabled || !guard.enabled,
          change: number(["settings", "deletionGuard", "percent"], guard.percent),
        })}
      </div>
    </section>
    <section class="form-section" aria-labelledby="settings-notify">
      <h2 id="settings-notify">Notification</h2>
      ${textField({
        label: "Email",
        type: "email",
        placeholder: "None",
        value: notify?.email ?? "",
        disabled,
        help: "Sent through the SMTP server of the environment.",
        change: text("email"),
        error: problemsAt(snapshot, "settings.notify.email"),
      })}
      ${textField({
        label: "Webhook",
        type: "url",
        placeholder: "None",
        value: notify?.webhook ?? "",
        disabled,
        help: "A URL that gets a JSON message.",
        change: text("webhook"),
        error: problemsAt(snapshot, "settings.notify.webhook"),
      })}
      ${box(
        "Tell once when the job is quarantined or held, and once when it is healthy again",
        notify?.onFailure ?? true,
        ["settings", "notify", "onFailure"],
      )}
    </section>
  </div>`;
}
