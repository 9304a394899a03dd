import { html, nothing, type TemplateResult } from "lit";
import type { MappingRow } from "../../extension/jobEditor/messages/job.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";
import { icon } from "../common/icon.ts";
import "../common/suggestBox.ts";
import "./expressionInput.ts";
import type { Marked } from "./expressionView.ts";
import { mappingProperties } from "./mappingProperties.ts";
import { setSourceText, shortTarget, sourceText, sourceType } from "./mappings.ts";
import type { Store } from "./store.ts";
import "./subResults.ts";
import { count, oneOf } from "./words.ts";

/** The mapping whose detail is shown. */
export interface ShownDetail {
  readonly store: Store;
  readonly kind: Kind;
  readonly mapping: MappingRow;
  readonly row: number;
  /** A part of the expression that is pointed out. */
  readonly mark: Marked | undefined;
  readonly pointOut: (part: Marked | undefined) => void;
  /** The focus goes back to the table. */
  readonly leave: () => void;
}

/** The source of a mapping in full: its field, what is wrong with it, and the properties of the row. */
export function sourcePanel({ store, kind, mapping, row, mark, leave }: ShownDetail): TemplateResult {
  const text = sourceText(mapping);
  const type = sourceType(mapping);
  const editable = store.isEditable;
  const offers = store.state.offers;
  const problems = store.state.snapshot?.tables[kind].rows[row]?.problems ?? [];
  const error = problems.find(({ field, severity }) => field === "source" && severity === "error");
  const others = problems.filter((problem) => problem !== error || type !== "expression");
  const sourceNames = [...(offers?.attributes[kind] ?? []), "IsSoftDeleted", "appRoleAssignments"];
  const label = type === "direct" ? "Source attribute" : type === "constant" ? "Constant" : "Expression";
  const editor =
    type === "expression"
      ? html`<expression-input
          label="Expression of ${mapping.target}"
          .value=${text}
          .functions=${offers?.functions ?? []}
          .sourceNames=${sourceNames}
          .error=${error}
          .mark=${mark}
          .editable=${editable}
          @change=${(event: CustomEvent<string | undefined>) => {
            // The text area's own event passes here too; it has no detail.
            if (typeof event.detail === "string") store.edit(setSourceText(kind, row, mapping, event.detail));
          }}
          @leave=${leave}
        ></expression-input>`
      : html`<suggest-box
          label=${label}
          .value=${text}
          .suggestions=${type === "direct" ? sourceNames.map((name) => ({ value: name, label: name })) : []}
          ?disabled=${!editable}
          @commit=${(event: CustomEvent<string>) => {
            if (event.detail !== text && (type === "constant" || event.detail !== ""))
              store.edit(setSourceText(kind, row, mapping, event.detail));
          }}
        ></suggest-box>`;
  return html`<div class="panel-head">
      <h2>${label}</h2>
      <span class="mono second clip" title=${mapping.target}>${shortTarget(mapping.target)}</span>
      <span class="spacer"></span>
      ${type === "expression" ? html`<span class="second figures">${count(text.length)} of 10,000 characters</span>` : nothing}
    </div>
    ${editor}
    ${
      type === "expression" && error !== undefined
        ? html`<p class="problem">
            <span class="tone-error">${icon("error")}</span> ${
              error.position === undefined ? "" : `Character ${error.position + 1}: `
            }${error.message}
          </p>`
        : nothing
    }
    ${others.map(
      ({ severity, message }) =>
        html`<p class="problem"><span class="tone-${severity}">${icon(severity)}</span> ${message}</p>`,
    )}
    ${mappingProperties(store, kind, store.state.snapshot?.job?.[kind].mappings ?? [], row)}`;
}

/** What the parts of an expression give for the person that is shown. */
export function subResultsPanel({ store, kind, mapping, row, pointOut }: ShownDetail): TemplateResult {
  const results = store.state.results[kind];
  const result = results?.rows[row];
  const isStale = results !== undefined && results.version !== store.state.snapshot?.version;
  const body =
    result === undefined
      ? html`<p class="second">${noResult(store, kind)}</p>`
      : result.trace === undefined
        ? html`<p class="second">
            ${
              result.outcome === "invalid"
                ? "No result until the error is fixed."
                : sourceType(mapping) === "expression"
                  ? "No sub-results."
                  : "A direct or constant value has no sub-results."
            }
          </p>`
        : html`<sub-results
            class=${isStale ? "stale" : ""}
            .trace=${result.trace}
            @mark=${(event: CustomEvent<Marked | undefined>) => pointOut(event.detail)}
          ></sub-results>`;
  return html`<div class="panel-head">
      <h2>Sub-results</h2>
      <span class="second clip">${results?.person.name ?? ""}</span>
    </div>
    ${body}`;
}

/** What stands in the place of results while there are none. */
export function noResult(store: Store, kind: Kind): string {
  const { directory } = store.state;
  switch (directory?.state) {
    case undefined:
    case "loading":
      return "Reading the directory";
    case "restricted":
      return "Shown once the workspace is trusted";
    case "unread":
      return "Read the directory to see results";
    case "failed":
      return "The directory could not be read";
    case "ready":
      return (kind === "users" ? directory.users : directory.groups) === 0
        ? `The directory has no ${kind}`
        : `Choose a ${oneOf(kind).toLowerCase()} to see results`;
  }
}
