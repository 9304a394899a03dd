import { html, nothing, type TemplateResult } from "lit";
import type { ClauseGroup } from "../../extension/jobEditor/messages/job.ts";
import type { ScopeCounts } from "../../extension/jobEditor/messages/previews.ts";
import type { Kind, View } from "../../extension/jobEditor/messages/view.ts";
import type { Announcer } from "../common/announcer.ts";
import { icon } from "../common/icon.ts";
import { LightElement } from "../common/lightElement.ts";
import type { TypedInput } from "../common/typedInput.ts";
import { clauseGroup } from "./clauseGroup.ts";
import { addGroup } from "./clauses.ts";
import { problemsAt } from "./field.ts";
import { scopeFunnel } from "./scopeFunnel.ts";
import { liveScopeMode, scopeModes } from "./scopeModes.ts";
import "./scopeSample.ts";
import type { Store } from "./store.ts";
import { count, counted } from "./words.ts";

/** The page Scope: who is provisioned, counted over the directory while it is edited. */
export class ScopePage extends LightElement {
  static override properties = {
    store: { attribute: false },
    state: { attribute: false },
    announcer: { attribute: false },
  };

  declare store: Store;
  declare state: Store["state"];
  declare announcer: Announcer;
  #stopFlushing: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopFlushing = this.store.onFlush(() => {
      for (const input of this.querySelectorAll<TypedInput>("typed-input")) input.flush();
    });
  }

  override disconnectedCallback(): void {
    this.#stopFlushing?.();
    super.disconnectedCallback();
  }

  get #kind(): Kind {
    return this.state.view.scope.kind;
  }

  get #groups(): readonly ClauseGroup[] {
    return this.state.snapshot?.job?.scope[this.#kind] ?? [];
  }

  protected override updated(): void {
    const { scope, snapshot } = this.state;
    if (scope === undefined || scope.version !== snapshot?.version || !this.contains(document.activeElement)) return;
    this.announcer.say(`${count(scope.passed)} of ${count(scope.total)} are in scope`);
  }

  protected override render(): TemplateResult {
    const { snapshot, scope } = this.state;
    const rules = snapshot?.job?.scope;
    if (snapshot === undefined || rules === undefined) return html``;
    const counts = scope?.table === this.#kind ? scope : undefined;
    const isStale = counts !== undefined && counts.version !== snapshot.version;
    const disabled = !this.store.isEditable;
    return html`<div class="scope-page">
      <div class="scope-main">
        ${scopeFunnel(this.store, counts, isStale)}
        ${snapshot.live ? liveScopeMode(this.store, rules.mode) : scopeModes(this.store, rules, counts, disabled)}
        ${problemsAt(snapshot, "scope")} ${this.#filters(counts, isStale, disabled)} ${this.#compared(counts)}
      </div>
      <scope-sample class="scope-side" .store=${this.store} .state=${this.state}></scope-sample>
    </div>`;
  }

  #filters(counts: ScopeCounts | undefined, isStale: boolean, disabled: boolean): TemplateResult {
    const kind = this.#kind;
    const other: Kind = kind === "users" ? "groups" : "users";
    const otherCount = this.state.snapshot?.job?.scope[other].length ?? 0;
    const groups = this.#groups;
    const attribute = this.state.offers?.attributes[kind].find((name) => name !== "id") ?? "displayName";
    return html`<section class="filters" aria-label="Filters for ${kind}">
      <div class="row">
        <h2>Filters for ${kind}</h2>
        <span class="second"
          >${groups.length === 0 ? "no filter: everybody passes" : "in scope when any group passes"}</span
        >
        <span class="spacer"></span>
        <button type="button" class="link" @click=${() => this.#show({ kind: other, selected: null })}>
          Filters for ${other}: ${otherCount === 0 ? "none" : counted(otherCount, "group")}
        </button>
      </div>
      ${groups.map(
        (group, index) =>
          html`${index === 0 ? nothing : html`<div class="or">or</div>`}${clauseGroup({ store: this.store, group, index, counts, isStale })}`,
      )}
      <div class="row">
        <button
          type="button"
          class="link"
          ?disabled=${disabled}
          @click=${() => this.store.edit(addGroup(kind, groups, attribute))}
        >
          ${icon("add")} Add group
        </button>
        <span class="spacer"></span>
        ${
          counts === undefined || groups.length < 2
            ? nothing
            : html`<span class="second${isStale ? " stale" : ""}"
                >${count(counts.passSeveral)} pass several groups</span
              >`
        }
      </div>
    </section>`;
  }

  #compared(counts: ScopeCounts | undefined): TemplateResult | typeof nothing {
    const settings = this.state.snapshot?.job?.settings;
    if (counts === undefined || settings === undefined || counts.enters + counts.leaves === 0) return nothing;
    const { enters, leaves } = counts;
    const fate = { deactivate: "is deactivated", delete: "is deleted", keep: "is kept as is" }[settings.leavingScope];
    const { deletionGuard: guard } = settings;
    const held = guard.enabled && leaves > guard.count ? ` The deletion guard holds at ${count(guard.count)}.` : "";
    return html`<div class="compared" role="status">
      <span class="tone-change">${icon("diff-modified")}</span>
      <span
        ><strong>Compared with the saved file:</strong> ${count(enters)} enter, ${count(leaves)} leave.
        <span class="second">${leaves > 0 ? `Who leaves ${fate} in the next cycle.${held}` : ""}</span></span
      >
      <span class="spacer"></span>
      <button
        type="button"
        class="link"
        @click=${() => this.#show({ tab: leaves > 0 ? "leaves" : "enters", search: "" })}
      >
        Show who ${leaves > 0 ? "leaves" : "enters"}
      </button>
    </div>`;
  }

  #show(change: Partial<View["scope"]>): void {
    this.store.show({ scope: { ...this.state.view.scope, ...change } });
  }
}

customElements.define("scope-page", ScopePage);
