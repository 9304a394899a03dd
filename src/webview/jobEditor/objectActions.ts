import "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import { html, type TemplateResult } from "lit";
import type { JobView } from "../../extension/jobEditor/messages/job.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import type { Store } from "./store.ts";

const actions = [
  { id: "create", label: "Create" },
  { id: "update", label: "Update" },
  { id: "delete", label: "Delete" },
] as const;

/** What the job may do with one kind of object: whether it is provisioned at all, and which actions are allowed. */
export function objectActions(
  store: Store,
  kind: Kind,
  { enabled, actions: allowed }: JobView["users"],
): TemplateResult {
  const toggle = (id: string, on: boolean) => {
    const value = actions.map((each) => each.id).filter((each) => (each === id ? on : allowed.includes(each)));
    store.edit({ kind: "set", path: [kind, "actions"], value });
  };
  const box = (label: string, checked: boolean, change: (on: boolean) => void, disabled = false) =>
    html`<vscode-checkbox
      .checked=${checked}
      .disabled=${!store.isEditable || disabled}
      label=${label}
      @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
    ></vscode-checkbox>`;
  const without = !enabled
    ? `${kind === "users" ? "Users" : "Groups"} are not provisioned.`
    : !allowed.includes("delete")
      ? "Delete is off: a hard delete in the directory is not sent on. Leaving scope still deactivates."
      : !allowed.includes("update")
        ? "Update is off: nobody is deactivated either, since that is an update."
        : !allowed.includes("create")
          ? "Create is off: who is not in the service yet stays out."
          : "";
  return html`<div class="row" role="group" aria-label="Target object actions">
      ${box("Provision", enabled, (on) => store.edit({ kind: "set", path: [kind, "enabled"], value: on }))}
      <span class="divider" aria-hidden="true"></span>
      ${actions.map(({ id, label }) => box(label, allowed.includes(id), (on) => toggle(id, on), !enabled))}
    </div>
    <span class="second clip" title=${without}>${without}</span>`;
}
