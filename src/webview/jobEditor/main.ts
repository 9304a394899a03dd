import "@vscode/codicons/dist/codicon.css";
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import { html, nothing, type TemplateResult } from "lit";
import type { Snapshot } from "../../extension/jobEditor/messages/job.ts";
import { livePageIds, type PageId, pageIds } from "../../extension/jobEditor/messages/view.ts";
import { Announcer } from "../common/announcer.ts";
import { icon } from "../common/icon.ts";
import { LightElement } from "../common/lightElement.ts";
import { type Tab, tabList } from "../common/tabList.ts";
import "../common/base.css";
import { connectionPage } from "./connectionPage.ts";
import { directoryPage } from "./directoryPage.ts";
import { editedText, editorHead } from "./head.ts";
import "./jobEditor.css";
import "./mappingPage.ts";
import "./scopePage.ts";
import { settingsPage } from "./settingsPage.ts";
import { Store } from "./store.ts";

const titles: Readonly<Record<PageId, string>> = {
  connection: "Connection",
  directory: "Directory",
  scope: "Scope",
  users: "Users",
  groups: "Groups",
  settings: "Settings",
};

/** Below this width the detail of a mapping becomes tabs and the side pane moves below. */
const narrow = "(max-width: 1099px)";

/** The job editor: head, tabs, and the page that is shown. */
class JobEditor extends LightElement {
  static override properties = { isNarrow: { state: true } };

  declare isNarrow: boolean;
  readonly #store: Store;
  readonly #announcer = new Announcer(document.body);
  #wasBroken = false;

  constructor() {
    super();
    const query = window.matchMedia(narrow);
    this.isNarrow = query.matches;
    query.addEventListener("change", ({ matches }) => (this.isNarrow = matches));
    this.#store = new Store(() => this.#changed());
    // A save follows the key at once: what was typed must be in the document before it.
    window.addEventListener(
      "keydown",
      (event) => {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") this.#store.flush();
      },
      { capture: true },
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#store.start();
  }

  protected override render(): TemplateResult {
    const { snapshot, view } = this.#store.state;
    if (snapshot === undefined) return html``;
    const page = pagesOf(snapshot).includes(view.page) ? view.page : "users";
    return html`<div class="editor${snapshot.broken === undefined ? "" : " broken"}">
      ${editorHead(this.#store, snapshot)} ${this.#banners(snapshot)}
      ${
        snapshot.job === null
          ? nothing
          : html`${tabList("Pages of the job", this.#tabs(snapshot), page, "page", (chosen) => this.#store.show({ page: chosen }))}
              <div id="page" class="page" role="tabpanel" aria-labelledby="tab-${page}" tabindex="-1">
                ${this.#page(page)}
              </div>`
      }
    </div>`;
  }

  #banners({ broken, locked, job, fileName, live }: Snapshot): TemplateResult {
    const { trouble } = this.#store;
    const asText = html`<button
      type="button"
      class="link"
      @click=${() => this.#store.post({ kind: "run", action: "openAsText" })}
    >
      Open as text
    </button>`;
    return html`${
      broken === undefined
        ? nothing
        : html`<div class="banner" role="alert">
            <span class="tone-error">${icon("error")}</span>
            <span
              ><strong>${fileName} cannot be read as a ${live ? "schema" : "job"}.</strong> Line ${broken.line}, column
              ${broken.column}: ${broken.message}
              ${job === null ? "" : "Below is the job as it was before; it can be edited again once the text is mended."}</span
            >
            ${asText}
          </div>`
    }
    ${
      locked === "restricted"
        ? html`<div class="banner">
            <span class="tone-warning">${icon("shield")}</span>
            <span
              ><strong>Restricted Mode: for viewing only.</strong> Nothing is sent, no token and no directory is read
              until you trust this workspace.</span
            >
            <button type="button" class="link" @click=${() => this.#store.post({ kind: "run", action: "manageTrust" })}>
              Manage workspace trust
            </button>
          </div>`
        : locked === "readOnlyFile"
          ? html`<div class="banner">
              ${icon("lock")}<span>This version of the file is read-only, so it is shown for viewing only.</span>
            </div>`
          : nothing
    }
    ${
      trouble === undefined
        ? nothing
        : html`<div class="banner" role="alert">
            <span class="tone-warning">${icon("warning")}</span
            ><span><strong>Not in the document:</strong> ${trouble}</span>
          </div>`
    }`;
  }

  #tabs(snapshot: Snapshot): readonly Tab<PageId>[] {
    const { test } = this.#store.state;
    return pagesOf(snapshot).map((id) => {
      const problems = problemsOf(snapshot, id);
      const badge =
        problems === 0
          ? nothing
          : html`<vscode-badge class="badge" title="${problems} ${problems === 1 ? "problem" : "problems"}"
              >${problems}</vscode-badge
            >`;
      const edited = snapshot.edited.includes(id)
        ? html`<span class="modified" title=${editedText(snapshot)} role="img" aria-label=${editedText(snapshot)}
            >M</span
          >`
        : nothing;
      const tested =
        id !== "connection" || test === undefined || test.state === "running"
          ? nothing
          : test.state === "healthy"
            ? html`<span class="tone-passed">${icon("pass", "Tested")}</span>`
            : html`<span class="tone-error">${icon("error", "The test failed")}</span>`;
      return { id, label: titles[id], mark: html`${edited}${badge}${tested}` };
    });
  }

  #page(page: PageId): TemplateResult {
    const { state } = this.#store;
    switch (page) {
      case "connection":
        return connectionPage(this.#store);
      case "directory":
        return directoryPage(this.#store);
      case "scope":
        return html`<scope-page .store=${this.#store} .state=${state} .announcer=${this.#announcer}></scope-page>`;
      case "users":
      case "groups":
        return html`<mapping-page
          .store=${this.#store}
          .state=${state}
          .announcer=${this.#announcer}
          .kind=${page}
          ?isNarrow=${this.isNarrow}
        ></mapping-page>`;
      case "settings":
        return settingsPage(this.#store);
    }
  }

  #changed(): void {
    const { snapshot } = this.#store.state;
    const isBroken = snapshot?.broken !== undefined;
    if (this.#wasBroken && !isBroken) this.#announcer.say("The file is a job again.");
    this.#wasBroken = isBroken;
    this.requestUpdate();
  }
}

const pagesOf = ({ live }: Snapshot): readonly PageId[] => (live ? livePageIds : pageIds);

/** How many things are wrong or doubtful on a page. */
function problemsOf(snapshot: Snapshot, page: PageId): number {
  if (page === "users" || page === "groups") {
    if (snapshot.job?.[page].enabled !== true) return 0;
    const { rows, problems } = snapshot.tables[page];
    return rows.reduce((sum, row) => sum + row.problems.length, problems.length);
  }
  return snapshot.problems.filter(({ path }) => path === page || new RegExp(`^${page}[.[]`).test(path)).length;
}

customElements.define("job-editor", JobEditor);
