import { html, nothing, type TemplateResult } from "lit";
import type { Kept, LogDetail, LogFilter, LogRow, ToHost, ToWebview } from "../../extension/log/messages.ts";
import { actions, keptSchema, noFilter, spans, statuses, toWebviewSchema } from "../../extension/log/messages.ts";
import { Announcer } from "../common/announcer.ts";
import { connectHost } from "../common/host.ts";
import { icon } from "../common/icon.ts";
import { LightElement } from "../common/lightElement.ts";
import { detailPane } from "./detail.ts";
import { cycleLine, lineHeight, recordLine } from "./lines.ts";
import { foldKey, RowLayout } from "./rowLayout.ts";
import "./log.css";

type View = Extract<ToWebview, { kind: "view" }>;

/** Rows are asked for in pages of this size, so that scrolling asks rarely. */
const pageSize = 100;
/** Browsers draw nothing taller; a longer table scrolls in proportion. */
const tallest = 15_000_000;
/** A query begins this long after the last keystroke, in milliseconds. */
const queryAfter = 150;

/** The provisioning log of a job: a filter bar, a table that draws only what is in sight, and one record. */
class LogPage extends LightElement {
  static override properties = {
    view: { state: true },
    filter: { state: true },
    record: { state: true },
    focused: { state: true },
    top: { state: true },
    trouble: { state: true },
  };
  declare view: View | undefined;
  declare filter: LogFilter;
  declare record: LogDetail | undefined;
  declare focused: number;
  declare top: number;
  declare trouble: string | undefined;
  readonly #announcer = new Announcer(document.body);
  readonly #host = connectHost<ToHost, ToWebview, Kept>(toWebviewSchema, keptSchema, (message) =>
    this.#received(message),
  );
  readonly #rows = new Map<number, LogRow>();
  readonly #asked = new Set<number>();
  readonly #folded = new Set<string>();
  #layout = new RowLayout([], new Set());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.filter = this.#host.state?.filter ?? noFilter;
    this.focused = 0;
    this.top = 0;
    window.addEventListener("resize", () => this.requestUpdate());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
        this.querySelector<HTMLInputElement>("input")?.focus();
        event.preventDefault();
      }
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#host.post({ kind: "ready" });
    if (this.#host.state !== undefined) this.#host.post({ kind: "query", filter: this.filter });
  }

  protected override render(): TemplateResult {
    return html`<div class=${this.record === undefined ? "page" : "page open"}>
      ${this.#bar()}
      <div class="body">${this.#table()}</div>
      ${
        this.record === undefined
          ? nothing
          : detailPane(this.record, {
              close: () => this.#close(),
              explain: (sourceId) => this.#host.post({ kind: "explain", sourceId }),
              card: (sourceId) => this.#host.post({ kind: "card", sourceId }),
              copy: (index) => this.#host.post({ kind: "copy", index, seq: this.view?.seq ?? 0 }),
            })
      }
    </div>`;
  }

  protected override updated(): void {
    this.#askForRows();
  }

  #bar(): TemplateResult {
    const { filter, view } = this;
    const choose = (
      key: "status" | "action" | "reason" | "span",
      label: string,
      all: string,
      values: readonly (readonly [value: string, words: string])[],
    ) =>
      html`<label>
        <span class="faint">${label}:</span>
        <select
          @change=${(event: Event) => this.#narrow({ [key]: (event.target as HTMLSelectElement).value || (key === "span" ? "any" : null) })}
        >
          <option value="" ?selected=${filter[key] === null || filter[key] === "any"}>${all}</option>
          ${values.map(([value, words]) => html`<option value=${value} ?selected=${filter[key] === value}>${words}</option>`)}
        </select>
      </label>`;
    const filtered = JSON.stringify(filter) !== JSON.stringify(noFilter);
    return html`<div class="bar" role="toolbar" aria-label="Filters">
      <label class="search">
        ${icon("search")}<span class="sr-only">Search</span>
        <input
          type="search"
          placeholder="Name, id or reason"
          .value=${filter.text}
          @input=${(event: Event) => this.#narrow({ text: (event.target as HTMLInputElement).value }, queryAfter)}
        />
      </label>
      ${choose(
        "status",
        "Status",
        "any",
        statuses.map((each) => [each, words[each]]),
      )}
      ${choose(
        "action",
        "Action",
        "any",
        actions.map((each) => [each, words[each]]),
      )}
      ${choose(
        "reason",
        "Reason",
        "any",
        (view?.reasons ?? []).map(({ name, records }) => [name, `${name} (${number(records)})`]),
      )}
      ${choose(
        "span",
        "Time",
        "all",
        spans.filter((each) => each !== "any").map((each) => [each, spanWords[each]]),
      )}
      <span class="count figures" aria-live="off">${this.#count()}</span>
      ${filtered ? html`<button class="link" @click=${() => this.#clear()}>Clear filters</button>` : nothing}
      <button
        class="icon"
        title="Export as CSV or JSON"
        aria-label="Export as CSV or JSON"
        @click=${() => this.#host.post({ kind: "export" })}
      >
        ${icon("export")}
      </button>
    </div>`;
  }

  #count(): string {
    const { view } = this;
    if (view === undefined) return "";
    const all = view.total === 1 ? "1 record" : `${number(view.total)} records`;
    const shown = view.matched === view.total ? all : `${number(view.matched)} of ${all}`;
    return view.reading ? `${shown}, reading older ones` : shown;
  }

  #table(): TemplateResult {
    const { view } = this;
    if (this.trouble !== undefined) return html`<p class="empty" role="alert">${this.trouble}</p>`;
    if (view !== undefined && view.total === 0 && !view.reading)
      return html`<div class="empty">
        <p>No cycle has run.</p>
        <button class="primary" @click=${() => this.#host.post({ kind: "preview" })}>Preview provisioning</button>
      </div>`;
    if (view !== undefined && view.matched === 0 && !view.reading)
      return html`<div class="empty">
        <p>No record matches.</p>
        <button class="primary" @click=${() => this.#clear()}>Clear filters</button>
      </div>`;
    const layout = this.#layout;
    const height = this.#height;
    const space = Math.min(tallest, layout.lines * lineHeight);
    const first = this.#firstLine(space, height);
    const inSight = Math.min(layout.lines - first, Math.ceil(height / lineHeight) + 2);
    const offset = space < layout.lines * lineHeight ? this.top : first * lineHeight;
    const lines = Array.from({ length: Math.max(0, inSight) }, (_, at) => first + at);
    const head = (name: string, label: string) => html`<span role="columnheader" class=${name}>${label}</span>`;
    return html`${
        view !== undefined && view.damaged > 0
          ? html`<p class="notice small">
              ${icon("warning")} ${number(view.damaged)} lines of the log could not be read. The others are shown.
            </p>`
          : nothing
      }
      <div
        class="grid"
        role="grid"
        aria-label="Provisioning log"
        aria-rowcount=${layout.lines + 1}
        aria-busy=${view?.reading === true ? "true" : "false"}
      >
        <div class="head" role="row" aria-rowindex="1">
          ${head("at", "Time")}${head("name", "Person or group")}${head("action", "Action")}${head("status", "Status")}${head("reason", "Reason")}${head("duration", "Duration")}
        </div>
        <div
          class="scroll"
          role="rowgroup"
          tabindex="-1"
          @scroll=${(event: Event) => (this.top = (event.target as HTMLElement).scrollTop)}
          @keydown=${(event: KeyboardEvent) => this.#key(event)}
        >
          <div class="space" .style=${`height:${space}px`}>
            <div class="window" .style=${`transform:translateY(${offset}px)`}>
              ${lines.map((line) => this.#line(line))}
            </div>
          </div>
        </div>
      </div>`;
  }

  #line(line: number): TemplateResult | typeof nothing {
    const what = this.#layout.at(line);
    if (what === undefined) return nothing;
    const focused = line === this.focused;
    if (what.kind === "cycle")
      return cycleLine(what.cycle, {
        line,
        focused,
        folded: this.#folded.has(foldKey(what.cycle)),
        toggle: () => this.#fold(line),
      });
    return recordLine(this.#rows.get(what.index), {
      line,
      focused,
      selected: this.record?.index === what.index,
      open: () => this.#open(line),
    });
  }

  get #height(): number {
    return this.querySelector(".scroll")?.clientHeight ?? window.innerHeight;
  }

  /** Which line stands on top. A table taller than a browser can draw scrolls in proportion. */
  #firstLine(space: number, height: number): number {
    const { lines } = this.#layout;
    if (space === lines * lineHeight) return Math.max(0, Math.min(Math.floor(this.top / lineHeight), lines - 1));
    const last = Math.max(0, lines - Math.floor(height / lineHeight));
    return Math.round((this.top / Math.max(1, space - height)) * last);
  }

  #askForRows(): void {
    const { view } = this;
    if (view === undefined) return;
    const layout = this.#layout;
    const height = this.#height;
    const first = this.#firstLine(Math.min(tallest, layout.lines * lineHeight), height);
    for (let line = first; line < first + Math.ceil(height / lineHeight) + 2; line += 1) {
      const what = layout.at(line);
      if (what?.kind !== "record" || this.#rows.has(what.index)) continue;
      const from = Math.floor(what.index / pageSize) * pageSize;
      if (this.#asked.has(from)) continue;
      this.#asked.add(from);
      this.#host.post({ kind: "rows", seq: view.seq, from, to: from + pageSize });
    }
  }

  #received(message: ToWebview): void {
    switch (message.kind) {
      case "view": {
        // Rows that are known stay while older records are still read.
        if (message.since > (this.view?.seq ?? 0)) {
          this.#rows.clear();
          this.#asked.clear();
        }
        this.#layout = new RowLayout(message.cycles, this.#folded);
        this.focused = Math.min(this.focused, Math.max(0, this.#layout.lines - 1));
        this.view = message;
        if (!message.reading) this.#announcer.say(this.#count());
        return;
      }
      case "rows":
        if (this.view === undefined || message.seq < this.view.since) return;
        message.rows.forEach((row, at) => this.#rows.set(message.from + at, row));
        {
          this.requestUpdate();
          return;
        }
      case "record":
        this.record = message.record ?? undefined;
        if (message.record !== null) this.#announcer.say(message.record.headline);
        return;
      case "filter":
        this.filter = message.filter;
        this.#keep();
        return;
      case "error":
        this.trouble = message.message;
    }
  }

  #narrow(change: Partial<LogFilter>, after = 0): void {
    this.filter = { ...this.filter, ...change };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#host.post({ kind: "query", filter: this.filter });
      this.#keep();
      const scroll = this.querySelector(".scroll");
      if (scroll !== null) scroll.scrollTop = 0;
      this.focused = 0;
    }, after);
  }

  #clear(): void {
    this.#narrow(noFilter);
  }

  #keep(): void {
    this.#host.keep({ filter: this.filter, scroll: this.top });
  }

  #fold(line: number): void {
    const what = this.#layout.at(line);
    if (what?.kind !== "cycle" || this.view === undefined) return;
    const key = foldKey(what.cycle);
    if (!this.#folded.delete(key)) this.#folded.add(key);
    this.#layout = new RowLayout(this.view.cycles, this.#folded);
    this.focused = line;
    this.requestUpdate();
    this.#focusLine();
  }

  #open(line: number): void {
    const what = this.#layout.at(line);
    this.focused = line;
    if (what?.kind === "cycle") this.#fold(line);
    else if (what !== undefined && this.view !== undefined)
      this.#host.post({ kind: "record", seq: this.view.seq, index: what.index });
    this.#focusLine();
  }

  #close(): void {
    this.record = undefined;
    this.#focusLine();
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.#height / lineHeight) - 1);
    const steps: Partial<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.focused = Math.max(0, Math.min(this.#layout.lines - 1, this.focused + step));
      this.#focusLine();
      return;
    }
    const what = this.#layout.at(this.focused);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#open(this.focused);
    } else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && what?.kind === "cycle") {
      if (this.#folded.has(foldKey(what.cycle)) === (event.key === "ArrowRight")) this.#fold(this.focused);
    } else if (event.key === "Escape" && this.record !== undefined) this.#close();
    else if (event.key.toLowerCase() === "e" && !event.ctrlKey && !event.metaKey && this.record !== undefined)
      this.#host.post({ kind: "explain", sourceId: this.record.sourceId });
  }

  /** Brings the focused line into sight and gives it the focus. */
  #focusLine(): void {
    const scroll = this.querySelector(".scroll");
    if (scroll === null) return;
    const space = Math.min(tallest, this.#layout.lines * lineHeight);
    const first = this.#firstLine(space, this.#height);
    const inSight = Math.floor(this.#height / lineHeight);
    const exact = space === this.#layout.lines * lineHeight;
    const top = (line: number) =>
      exact ? line * lineHeight : (line / Math.max(1, this.#layout.lines - inSight)) * (space - this.#height);
    if (this.focused <= first) scroll.scrollTop = top(this.focused);
    else if (this.focused >= first + inSight) scroll.scrollTop = top(this.focused - inSight + 1);
    this.top = scroll.scrollTop;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus({ preventScroll: true }),
    );
  }
}

const words: Readonly<Record<(typeof statuses)[number] | (typeof actions)[number], string>> = {
  success: "Success",
  failure: "Failure",
  skipped: "Skipped",
  warning: "Warning",
  create: "Create",
  update: "Update",
  delete: "Delete",
  disable: "Disable",
  stagedDelete: "Staged delete",
  other: "Other",
};

const spanWords = {
  any: "all",
  hour: "last hour",
  day: "last 24 hours",
  week: "last 7 days",
  month: "last 30 days",
} as const;

const number = (value: number): string => value.toLocaleString("en-US");

customElements.define("log-page", LogPage);
