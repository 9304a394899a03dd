import { html, nothing, type TemplateResult } from "lit";
import type { SubResult } from "../../extension/jobEditor/messages/previews.ts";
import { LightElement } from "../common/lightElement.ts";
import { coloured } from "./expressionView.ts";

interface Line {
  readonly node: SubResult;
  readonly key: string;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
}

/**
 * The parts of an expression with what each gave: a tree with one tab stop. Fires `mark` with the part that the arrows are on,
 * so that it can be pointed out in the expression.
 */
export class SubResults extends LightElement {
  static override properties = {
    trace: { attribute: false },
    selected: { state: true },
    closed: { state: true },
  };

  declare trace: SubResult | undefined;
  /** Key of the node that has the focus: its place in the tree. */
  declare selected: string;
  declare closed: ReadonlySet<string>;

  constructor() {
    super();
    this.selected = "0";
    this.closed = new Set();
  }

  override focus(): void {
    this.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.trace === undefined) return nothing;
    const lines = [...this.#lines(this.trace, "0", 1, 1, 1)];
    const current = lines.some(({ key }) => key === this.selected) ? this.selected : "0";
    return html`<div
      class="tree"
      role="tree"
      aria-label="Sub-results"
      @keydown=${(event: KeyboardEvent) => this.#key(event, lines)}
    >
      ${lines.map((line) => this.#line(line, line.key === current))}
    </div>`;
  }

  #line({ node, key, level, position, siblings }: Line, isCurrent: boolean): TemplateResult {
    const hasChildren = node.children.length > 0;
    const isOpen = !this.closed.has(key);
    const result = resultWords(node);
    const name = /^[\p{L}_][\p{L}\p{N}_]*(?=\s*\()/u.exec(node.text)?.[0] ?? node.text;
    return html`<div
      class="tree-line"
      role="treeitem"
      tabindex=${isCurrent ? 0 : -1}
      aria-level=${level}
      aria-posinset=${position}
      aria-setsize=${siblings}
      aria-expanded=${hasChildren ? (isOpen ? "true" : "false") : nothing}
      aria-selected=${isCurrent ? "true" : "false"}
      aria-label="${name}: ${result.text}"
      @click=${() => this.#select(key, node, hasChildren && isCurrent)}
      @focus=${() => this.tell("mark", { start: node.start, end: node.end })}
      @blur=${() => this.tell("mark", undefined)}
    >
      ${Array.from({ length: level - 1 }, () => html`<span class="guide"></span>`)}
      <span
        class="codicon ${hasChildren ? (isOpen ? "codicon-chevron-down" : "codicon-chevron-right") : "blank"}"
        aria-hidden="true"
      ></span>
      <span class="mono clip" title=${node.text}
        >${node.text === name ? coloured(name) : html`<span class="ex-function">${name}</span>`}</span
      >
      <span class="mono clip result ${result.tone}" title=${result.text}>${result.text}</span>
    </div>`;
  }

  *#lines(node: SubResult, key: string, level: number, position: number, siblings: number): Generator<Line> {
    yield { node, key, level, position, siblings };
    if (this.closed.has(key)) return;
    for (const [index, child] of node.children.entries()) {
      yield* this.#lines(child, `${key}.${index}`, level + 1, index + 1, node.children.length);
    }
  }

  #select(key: string, node: SubResult, toggle: boolean): void {
    this.selected = key;
    if (toggle) this.#toggle(key);
    this.tell("mark", { start: node.start, end: node.end });
    void this.updateComplete.then(() => this.focus());
  }

  #toggle(key: string): void {
    const closed = new Set(this.closed);
    if (!closed.delete(key)) closed.add(key);
    this.closed = closed;
  }

  #key(event: KeyboardEvent, lines: readonly Line[]): void {
    const at = Math.max(
      0,
      lines.findIndex(({ key }) => key === this.selected),
    );
    const line = lines[at];
    if (line === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const hasChildren = line.node.children.length > 0;
    const isOpen = !this.closed.has(line.key);
    let to: number | undefined;
    if (event.key === "ArrowDown") to = at + 1;
    else if (event.key === "ArrowUp") to = at - 1;
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = lines.length - 1;
    else if (event.key === "ArrowRight" && hasChildren) {
      if (isOpen) to = at + 1;
      else this.#toggle(line.key);
    } else if (event.key === "ArrowLeft") {
      if (hasChildren && isOpen) this.#toggle(line.key);
      else to = lines.findIndex(({ key }) => key === line.key.replace(/\.\d+$/, ""));
    } else return;
    event.preventDefault();
    const target = to === undefined ? undefined : lines[to];
    if (target !== undefined) this.#select(target.key, target.node, false);
  }
}

function resultWords({ outcome, result }: SubResult): { text: string; tone: string } {
  switch (outcome) {
    case "value":
      return result === "" ? { text: "empty text", tone: "second" } : { text: result, tone: "" };
    case "absent":
      return { text: "empty", tone: "second" };
    case "dropped":
      return { text: "left out", tone: "second" };
    case "failed":
      return { text: "failed", tone: "tone-error" };
  }
}

customElements.define("sub-results", SubResults);
