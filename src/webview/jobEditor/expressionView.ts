import { html, nothing, type TemplateResult } from "lit";
import type { RowProblem } from "../../extension/jobEditor/messages/job.ts";
import { piecesOf } from "../common/expressionText.ts";

/** An expression in its colours, the part at fault underlined. */
export function coloured(text: string, fault?: Pick<RowProblem, "position" | "length">, mark?: Marked): TemplateResult {
  const cuts = new Set<number>();
  const from = fault?.position;
  const to = from === undefined ? undefined : Math.max(from + 1, from + (fault?.length ?? 1));
  for (const cut of [from, to, mark?.start, mark?.end]) if (cut !== undefined) cuts.add(cut);
  const parts: TemplateResult[] = [];
  for (const { kind, start, end } of piecesOf(text)) {
    const edges = [start, ...[...cuts].filter((cut) => cut > start && cut < end).sort((a, b) => a - b), end];
    for (let index = 0; index + 1 < edges.length; index++) {
      const a = edges[index] ?? start;
      const b = edges[index + 1] ?? end;
      const isFault = from !== undefined && to !== undefined && a >= from && b <= to;
      const isMarked = mark !== undefined && a >= mark.start && b <= mark.end;
      parts.push(
        html`<span class="ex-${kind}${isFault ? " squiggle" : ""}${isMarked ? " marked" : ""}"
          >${text.slice(a, b)}</span
        >`,
      );
    }
  }
  return html`${parts.length === 0 ? nothing : parts}`;
}

/** A part of an expression that is pointed out. */
export interface Marked {
  readonly start: number;
  readonly end: number;
}
