import { html, nothing, type TemplateResult } from "lit";
import type { Kept, LogDetail, LogFilter, LogRow, ToHost, ToWebview } from "../../extension/log/messages.ts";
import { keptSchema, noFilter, toWebviewSchema } from "../../extension/log/messages.ts";
import { Announcer } from "../common/announcer.ts";
import { connectHost } from "../common/host.ts";
import { icon } from "../common/icon.ts";
import { LightElement } from "../common/lightElement.ts";
import { detailPane } from "./detail.ts";
import { countText, filterBar, type LogView } from "./filterBar.ts";
import { cycleLine, recordLine } from "./lines.ts";
import { foldKey, RowLayout } from "./rowLayout.ts";
import "./log.css";
import { lineHeight, Viewport } from "./viewport.ts";

/** Rows are asked for in pages of this size, so that scrolling asks rarely. */
const pageSize = 100;
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
  declare view: LogView | undefined;
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
    this.#host.post({ kind: "ready", filter: this.#host.state?.filter ?? null });
  }

  protected override render(): TemplateResult {
    return html`<div class=${this.record === undefined ? "page" : "page open"}>
      ${filterBar(this.filter, this.view, {
        narrow: (change, after) => this.#narrow(change, after),
        clear: () => this.#clear(),
        exportAll: () => this.#host.post({ kind: "export" }),
      })}
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
    const viewport = this.#viewport;
    const head = (name: string, label: string) => html`<span role="columnheader" class=${name}>${label}</span>`;
    return html`${
        view !== undefined && view.damaged > 0
          ? html`<p class="notice small">
              ${icon("warning")} ${view.damaged.toLocaleString("en-US")} lines of the log could not be read. The others
              are shown.
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
          <div class="space" .style=${`height:${viewport.space}px`}>
            <div class="window" .style=${`transform:translateY(${viewport.offset}px)`}>
              ${viewport.shown.map((line) => this.#line(line))}
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

  get #viewport(): Viewport {
    return new Viewport(this.#layout.lines, this.#height, this.top);
  }

  #askForRows(): void {
    const { view } = this;
    if (view === undefined) return;
    for (const line of this.#viewport.shown) {
      const what = this.#layout.at(line);
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
        this.#keep();
        if (!message.reading) this.#announcer.say(countText(message));
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
    this.#host.keep({ file: this.view?.file ?? null, filter: this.filter });
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
    const top = this.#viewport.scrollTo(this.focused);
    if (top !== undefined) scroll.scrollTop = top;
    this.top = scroll.scrollTop;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus({ preventScroll: true }),
    );
  }
}

customElements.define("log-page", LogPage);
