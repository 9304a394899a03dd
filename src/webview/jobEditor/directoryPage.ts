import "@vscode-elements/elements/dist/vscode-button/index.js";
import { html, nothing, type TemplateResult } from "lit";
import type { EditMessage } from "../../extension/jobEditor/messages.ts";
import type { DirectoryState } from "../../extension/jobEditor/messages/previews.ts";
import { icon } from "../common/icon.ts";
import { choices, problemsAt, textField } from "./field.ts";
import type { Store } from "./store.ts";
import { count, counted, timeOf } from "./words.ts";

const types = [
  { id: "csv", label: "CSV files", detail: "One file each for users, groups, members and assignments." },
  { id: "json", label: "JSON file", detail: "One file with users, groups and assignments." },
  { id: "scim", label: "SCIM service", detail: "Another service that is read over SCIM 2.0." },
  { id: "graph", label: "Microsoft Entra ID", detail: "Read over Microsoft Graph." },
] as const;

type DirectoryType = (typeof types)[number]["id"];

/** What a directory of another type begins with. */
const beginnings: Readonly<Record<DirectoryType, Readonly<Record<string, string>>>> = {
  csv: {
    type: "csv",
    users: "users.csv",
    groups: "groups.csv",
    members: "members.csv",
    assignments: "assignments.csv",
  },
  json: { type: "json", file: "directory.json" },
  scim: { type: "scim", baseUrl: "https://example.com/scim/v2" },
  graph: { type: "graph", tenantId: "contoso.onmicrosoft.com" },
};

interface FieldOf {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  readonly required?: true;
}

const fields: Readonly<Record<DirectoryType, readonly FieldOf[]>> = {
  csv: [
    {
      key: "users",
      label: "Users",
      help: "With the header id,userPrincipalName,displayName,accountEnabled and any others.",
      required: true,
    },
    { key: "groups", label: "Groups", help: "With the header id,displayName and any others." },
    { key: "members", label: "Members", help: "Direct members of groups, with the header groupId,memberId." },
    {
      key: "assignments",
      label: "Assignments",
      help: "App role assignments, with the header principalId,principalType,appRole.",
    },
  ],
  json: [
    { key: "file", label: "File", help: 'A file { "users": [], "groups": [], "assignments": [] }.', required: true },
  ],
  scim: [
    { key: "baseUrl", label: "Tenant URL", help: "The SCIM base URL of the service to read from.", required: true },
  ],
  graph: [
    { key: "tenantId", label: "Tenant", help: "The Microsoft Entra tenant: its id or a domain name.", required: true },
    {
      key: "servicePrincipalId",
      label: "Enterprise application",
      help: "The object id of the application whose assignments decide who is in scope.",
    },
  ],
};

/** Where people come from, and what was wrong with it when it was last read. */
export function directoryPage(store: Store): TemplateResult {
  const { snapshot, directory } = store.state;
  const settings = snapshot?.job?.directory;
  if (settings === undefined) return html``;
  const type = types.find(({ id }) => id === settings["type"])?.id ?? "csv";
  const disabled = !store.isEditable;
  const change = (key: string, value: string, required: boolean): EditMessage | undefined => {
    if (value === (settings[key] ?? "")) return undefined;
    if (value !== "") return { kind: "set", path: ["directory", key], value };
    return required ? undefined : { kind: "remove", path: ["directory", key] };
  };
  return html`<div class="form">
    <section class="form-section" aria-labelledby="directory-source">
      <h2 id="directory-source">Directory</h2>
      ${choices("Type", "directory-type", types, type, disabled, (id) =>
        store.edit({ kind: "set", path: ["directory"], value: { ...beginnings[id] } }),
      )}
      ${fields[type].map(({ key, label, help, required = false }) =>
        textField({
          label,
          value: settings[key] ?? "",
          disabled,
          help: required ? help : `${help} Optional.`,
          change: (value) => {
            const edit = change(key, value, required);
            if (edit !== undefined) store.edit(edit);
          },
        }),
      )}
      ${type === "graph" ? cloudField(store, settings["baseUrl"], disabled) : nothing}
      ${type === "csv" || type === "json" ? html`<p class="second">Paths are relative to the job file.</p>` : nothing}
      ${problemsAt(snapshot, "directory")}
    </section>
    <section class="form-section" aria-labelledby="directory-status">
      <h2 id="directory-status">Status</h2>
      ${directory === undefined ? nothing : status(store, directory)}
    </section>
  </div>`;
}

function readButton(store: Store, label: string): TemplateResult {
  return html`<vscode-button secondary @click=${() => store.post({ kind: "run", action: "reloadDirectory" })}
    >${label}</vscode-button
  >`;
}

/** The cloud that the tenant is in. An address that is none of Microsoft's stays as the file has it. */
function cloudField(store: Store, baseUrl: string | undefined, disabled: boolean): TemplateResult {
  const clouds = store.state.offers?.clouds ?? [];
  const [global] = clouds;
  const chosen = baseUrl ?? global?.graphUrl;
  const shown = clouds.some(({ graphUrl }) => graphUrl === chosen)
    ? clouds
    : [...clouds, { name: "Other", graphUrl: chosen ?? "" }];
  return html`<label class="form-field"
    ><span class="form-label">Cloud</span
    ><select
      class="field"
      ?disabled=${disabled}
      @change=${(event: Event) => {
        const value = (event.target as HTMLSelectElement).value;
        const path = ["directory", "baseUrl"];
        store.edit(value === global?.graphUrl ? { kind: "remove", path } : { kind: "set", path, value });
      }}
    >
      ${shown.map(
        ({ name, graphUrl }) =>
          html`<option value=${graphUrl} .selected=${graphUrl === chosen}>${name}: ${graphUrl}</option>`,
      )}</select
    ><span class="second">Where Microsoft Graph is asked. You sign in to it in the Microsoft Entra view.</span></label
  >`;
}

function status(store: Store, directory: DirectoryState): TemplateResult {
  const { state, users, groups, assignments, readAt, problems, problemCount } = directory;
  if (state === "unread")
    return html`<p>
        People are read from Microsoft Entra ID when you ask for it, with the account that you sign in with. Then the
        mappings and the scope show what they give.
      </p>
      <div class="row">${readButton(store, "Read Microsoft Entra ID")}</div>`;
  if (state === "restricted") return html`<p>The directory is not read until you trust this workspace.</p>`;
  const figures = html`<dl class="figures-list wide${state === "loading" ? " stale" : ""}">
    <div class="figure-line">
      <dt>Users</dt>
      <dd class="figures">${count(users)}</dd>
    </div>
    <div class="figure-line">
      <dt>Groups</dt>
      <dd class="figures">${count(groups)}</dd>
    </div>
    <div class="figure-line">
      <dt>Assignments</dt>
      <dd class="figures">${count(assignments)}</dd>
    </div>
  </dl>`;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return html`<div role="status">
      ${
        state === "failed"
          ? html`<p>
              <span class="tone-error">${icon("error")}</span> <strong>The directory could not be read.</strong>
            </p>`
          : html`<p>
                <span class="tone-passed">${icon(state === "loading" ? "sync" : "pass")}</span>
                ${state === "loading" ? "Reading…" : `Read at ${timeOf(readAt)}. ${directory.description}`}
              </p>
              ${figures}`
      }
    </div>
    <div class="row">${readButton(store, "Read again")}</div>
    ${
      problemCount === 0
        ? nothing
        : html`<h3>
              ${counted(problemCount, "problem")}${errors > 0 ? ": no removal is planned from an incomplete read" : ""}
            </h3>
            <ul class="problems">
              ${problems.map(
                ({ message, severity, file, line }) =>
                  html`<li>
                    <span class="tone-${severity}">${icon(severity, severity)}</span>
                    <span>${message}</span>
                    ${
                      file === undefined || state === "failed"
                        ? nothing
                        : html`<button
                            type="button"
                            class="link"
                            @click=${() => store.post({ kind: "openFile", file, line: line ?? null })}
                          >
                            Open file
                          </button>`
                    }
                  </li>`,
              )}
            </ul>
            ${
              problemCount > problems.length
                ? html`<p class="second">The first ${problems.length} are shown.</p>`
                : nothing
            }`
    }`;
}
