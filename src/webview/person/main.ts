import { html, nothing, type TemplateResult } from "lit";
import type { CardPage, ExplanationPage, Kept, PageHead, ToHost, ToWebview } from "../../extension/explain/messages.ts";
import { keptSchema, toWebviewSchema } from "../../extension/explain/messages.ts";
import { Announcer } from "../common/announcer.ts";
import { connectHost } from "../common/host.ts";
import { icon } from "../common/icon.ts";
import { LightElement } from "../common/lightElement.ts";
import { attributeTable, groupTable, operationList } from "./card.ts";
import { requestList, stepList } from "./steps.ts";
import "./person.css";

type Action = Extract<ToHost, { kind: "run" }>["action"];

/** Why one user or group is (not) provisioned, and its card: two pages of one editor. */
class PersonPage extends LightElement {
  static override properties = { shown: { state: true } };
  declare shown: ToWebview | undefined;
  readonly #announcer = new Announcer(document.body);
  readonly #host = connectHost<ToHost, ToWebview, Kept>(toWebviewSchema, keptSchema, (message) => this.#show(message));

  constructor() {
    super();
    this.shown = undefined;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#run("push");
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#host.post({ kind: "ready" });
  }

  protected override render(): TemplateResult {
    const { shown } = this;
    if (shown === undefined || shown.kind === "loading") {
      const name = shown?.name ?? "";
      return html`<main class="waiting">
        <p>${icon("loading codicon-modifier-spin")} Reading the directory and the target for ${name}</p>
      </main>`;
    }
    if (shown.kind === "error") {
      return html`<main class="waiting">
        <h1>It could not be read</h1>
        <p role="alert">${shown.message}</p>
        <button class="primary" @click=${() => this.#run("refresh")}>Read again</button>
      </main>`;
    }
    return shown.kind === "explanation" ? this.#explanation(shown.page) : this.#card(shown.page);
  }

  #explanation(page: ExplanationPage): TemplateResult {
    const { head } = page;
    return html`<div class="columns">
      <main>${this.#head(head, "explain")} ${this.#answer(head)} ${stepList(page)}</main>
      ${this.#side(head)}
    </div>`;
  }

  #card({ head, attributes, groups, operations, identity }: CardPage): TemplateResult {
    return html`<div class="columns">
      <main>
        ${this.#head(head, "card")} ${this.#answer(head)} ${attributeTable(attributes)}
        ${groups.length === 0 ? nothing : groupTable(groups)}
      </main>
      ${this.#side(
        head,
        html`${operationList(operations, () => this.#run("log"))}
          <h2>Identity</h2>
          <dl class="pairs small">
            ${identity.map(
              ({ name, value }) =>
                html`<dt>${name}</dt>
                  <dd class="cut" title=${value}>${value}</dd>`,
            )}
          </dl>`,
      )}
    </div>`;
  }

  #head(head: PageHead, page: "explain" | "card"): TemplateResult {
    const tab = (id: "explain" | "card", label: string) =>
      html`<button
        role="tab"
        aria-selected=${page === id ? "true" : "false"}
        tabindex=${page === id ? "0" : "-1"}
        @click=${() => page !== id && this.#run(id)}
        @keydown=${(event: KeyboardEvent) => (event.key === "ArrowLeft" || event.key === "ArrowRight") && this.#run(page === "explain" ? "card" : "explain")}
      >
        ${label}
      </button>`;
    return html`<header>
      <div class="line">
        <h1>${head.name}</h1>
        <div class="tools">
          <button class="icon" title="Read again" aria-label="Read again" @click=${() => this.#run("refresh")}>
            ${icon("refresh")}
          </button>
          <button class="icon" title="Copy as text" aria-label="Copy as text" @click=${() => this.#run("copy")}>
            ${icon("copy")}
          </button>
          <button class="icon" title="Show log" aria-label="Show log" @click=${() => this.#run("log")}>
            ${icon("history")}
          </button>
        </div>
      </div>
      <p class="faint small">
        ${head.production ? icon("lock", "production") : nothing} ${head.connection}, job ${head.job}. Read
        <span class="figures">${head.readAt}</span> in
        <span class="figures">${(head.tookMs / 1000).toFixed(1)}</span> s. Nothing was sent.
      </p>
      ${head.found ? html`<div role="tablist" aria-label="Pages">${tab("explain", "Why")} ${tab("card", "Person card")}</div>` : nothing}
    </header>`;
  }

  #answer({ answer, cycles }: PageHead): TemplateResult {
    const at = answer.indexOf(". ");
    const [first, rest] = at === -1 ? [answer, ""] : [answer.slice(0, at + 1), answer.slice(at + 2)];
    return html`<section class="answer">
      <p class="first">${first}</p>
      ${rest === "" ? nothing : html`<p>${rest}</p>`} ${cycles === "" ? nothing : html`<p class="faint">${cycles}</p>`}
    </section>`;
  }

  #side(head: PageHead, more: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<aside aria-label="What would be sent">
      ${requestList(head.requests)} ${more}
      ${
        head.push === null && !head.pend
          ? nothing
          : html`<footer>
              ${
                head.production && head.push !== null
                  ? html`<p class="box small">
                      ${icon("warning")} This is a production connection. You are asked once more before anything is
                      sent.
                    </p>`
                  : nothing
              }
              ${
                head.push === null
                  ? nothing
                  : html`<button class="primary" title="Ctrl+Enter" @click=${() => this.#run("push")}>
                      ${head.push}
                    </button>`
              }
              ${
                head.pend
                  ? html`<button
                      title="Puts the change up for review in Source Control. Nothing is sent."
                      @click=${() => this.#run("pend")}
                    >
                      Add to Pending Changes
                    </button>`
                  : nothing
              }
            </footer>`
      }
    </aside>`;
  }

  #show(message: ToWebview): void {
    this.shown = message;
    if (message.kind === "loading") this.#host.keep(message.kept);
    if (message.kind === "explanation" || message.kind === "card") this.#announcer.say(message.page.head.answer);
    if (message.kind === "error") this.#announcer.say(message.message);
  }

  #run(action: Action): void {
    const head = this.shown?.kind === "explanation" || this.shown?.kind === "card" ? this.shown.page.head : undefined;
    if (action === "push" && (head?.push ?? null) === null) return;
    this.#host.post({ kind: "run", action });
  }
}

customElements.define("person-page", PersonPage);
