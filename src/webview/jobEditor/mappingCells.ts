import { html, nothing, type TemplateResult } from "lit";
import type { MappingRow, RowProblem } from "../../extension/jobEditor/messages/job.ts";
import type { Result } from "../../extension/jobEditor/messages/previews.ts";
import { icon } from "../common/icon.ts";
import { applyWords, type Column } from "./columns.ts";
import { coloured } from "./expressionView.ts";
import { shortTarget, sourceText, sourceType, sourceTypes } from "./mappings.ts";

/** One mapping with all that its cells show. */
export interface ShownMapping {
  readonly mapping: MappingRow;
  readonly isEdited: boolean;
  readonly problems: readonly RowProblem[];
  readonly result: Result | undefined;
  /** The result belongs to an older version of the text. */
  readonly isStale: boolean;
  /** What stands in the place of a result while there is none. */
  readonly noResult: string;
}

/** What a cell of the table shows while it is not edited. */
export function cellContent(shown: ShownMapping, column: Column): TemplateResult | string | typeof nothing {
  const { mapping, problems } = shown;
  switch (column) {
    case "mark":
      return markCell(shown);
    case "target":
      return html`<span class="mono clip" title=${mapping.target}>${shortTarget(mapping.target)}</span
        >${problemIcon(problems, "target")}`;
    case "type":
      return sourceTypes.find(({ id }) => id === sourceType(mapping))?.label ?? "";
    case "source":
      return sourceCell(mapping, problems);
    case "matching":
      return html`<span class="figures">${mapping.matching ?? ""}</span>${problemIcon(problems, "matching")}`;
    case "default":
      return html`<span class="clip" title=${mapping.default ?? ""}>${mapping.default ?? ""}</span
        >${problemIcon(problems, "default")}`;
    case "apply":
      return applyWords[mapping.apply];
    case "result":
      return resultCell(shown);
  }
}

function markCell({ problems, isEdited }: ShownMapping): TemplateResult | typeof nothing {
  const error = problems.find(({ severity }) => severity === "error");
  if (error !== undefined) return html`<span class="tone-error">${icon("error", error.message)}</span>`;
  if (!isEdited) return nothing;
  return html`<span class="modified" title="Edited, not saved" role="img" aria-label="Edited, not saved">M</span>`;
}

function problemIcon(problems: readonly RowProblem[], field: RowProblem["field"]): TemplateResult | typeof nothing {
  const found = problems.find((problem) => problem.field === field);
  if (found === undefined) return nothing;
  return html`<span class="tone-${found.severity}">${icon(found.severity, found.message)}</span>`;
}

function sourceCell(mapping: MappingRow, problems: readonly RowProblem[]): TemplateResult {
  const own = problems.filter(({ field }) => field === "source");
  const error = own.find(({ severity }) => severity === "error");
  const warning = own.find(({ severity }) => severity === "warning");
  const text = sourceText(mapping);
  const type = sourceType(mapping);
  const shown =
    type === "direct"
      ? html`<span class="ex-attribute">${text}</span>`
      : type === "constant"
        ? html`<span class="ex-string">${JSON.stringify(text)}</span>`
        : coloured(text, error);
  return html`<span class="source">
    <span class="row"
      ><span class="mono clip" title=${text}>${shown}</span>${
        error === undefined && warning !== undefined
          ? html`<span class="tone-warning">${icon("warning", warning.message)}</span>`
          : nothing
      }</span
    >
    ${
      error === undefined
        ? nothing
        : html`<span class="fault clip" title=${error.message}
            ><span class="mono caret" aria-hidden="true">${caretLine(text, error.position)}</span>${error.message}</span
          >`
    }
  </span>`;
}

/** A caret under the position at fault, where it is in sight. */
function caretLine(text: string, position: number | undefined): string {
  if (position === undefined || position > 44 || text.slice(0, position).includes("\n")) return "";
  return `${" ".repeat(position)}^ `;
}

function resultCell({ result, isStale, noResult }: ShownMapping): TemplateResult {
  if (result === undefined) return html`<span class="second clip">${noResult}</span>`;
  const stale = isStale ? " stale" : "";
  switch (result.outcome) {
    case "invalid":
      return html`<span class="second clip${stale}">No result until the error is fixed</span>`;
    case "failed":
      return html`<span class="tone-error">${icon("error")}</span
        ><span class="clip${stale}" title=${result.text}>${result.text}</span>`;
    case "empty":
      return html`<span class="second clip${stale}">Empty, nothing is sent</span>${note(result)}`;
    case "value":
      return html`<span class="mono clip${stale}" title=${result.text}>${result.text}</span>${note(result)}`;
  }
}

const noteIcons = { info: "info", change: "diff-modified", warning: "warning" } as const;

function note({ note: found }: Result): TemplateResult | typeof nothing {
  if (found === undefined) return nothing;
  return html`<span class="note tone-${found.tone}" title=${found.detail}
    ><span class="second">${found.word}</span>${icon(noteIcons[found.tone], found.detail)}</span
  >`;
}
