import { html, nothing, type TemplateResult } from "lit";
import type { Snapshot } from "../../extension/jobEditor/messages/job.ts";
import { icon } from "../common/icon.ts";

/** The problems at a path of the job file or within it. */
export function problemsAt(snapshot: Snapshot | undefined, path: string): TemplateResult | typeof nothing {
  const found =
    snapshot?.problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`)) ?? [];
  if (found.length === 0) return nothing;
  return html`${found.map(
    ({ message }) => html`<p class="problem"><span class="tone-error">${icon("error")}</span> ${message}</p>`,
  )}`;
}

export interface TextFieldOptions {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly disabled: boolean;
  readonly help?: string;
  readonly placeholder?: string;
  readonly type?: "text" | "number" | "url" | "email";
  /** Of numbers. */
  readonly least?: number;
  readonly most?: number;
  readonly error?: TemplateResult | typeof nothing;
}

/** One labelled text field of a form; its value goes to the document when the field is left or Enter is pressed. */
export function textField(options: TextFieldOptions): TemplateResult {
  const { label, value, change, disabled, help, placeholder = "", type = "text", least, most, error } = options;
  return html`<label class="form-field"
      ><span class="form-label">${label}</span
      ><input
        class="field"
        type=${type}
        min=${least ?? nothing}
        max=${most ?? nothing}
        step=${type === "number" ? "any" : nothing}
        placeholder=${placeholder}
        spellcheck="false"
        ?disabled=${disabled}
        .value=${value}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          if (!input.reportValidity()) return;
          change(input.value.trim());
        }}
      />${help === undefined ? nothing : html`<span class="second">${help}</span>`}</label
    >${error ?? nothing}`;
}

export interface Choice<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly detail?: string | TemplateResult;
}

/** One of several, with an explanation each. */
export function choices<Id extends string>(
  label: string,
  name: string,
  options: readonly Choice<Id>[],
  chosen: Id,
  disabled: boolean,
  change: (id: Id) => void,
): TemplateResult {
  return html`<fieldset class="choices" ?disabled=${disabled}>
    <legend>${label}</legend>
    ${options.map(
      ({ id, label: text, detail }) =>
        html`<label class="choice"
          ><input type="radio" name=${name} .checked=${id === chosen} @change=${() => change(id)} /><span
            >${text}${detail === undefined ? nothing : html`<span class="second">${detail}</span>`}</span
          ></label
        >`,
    )}
  </fieldset>`;
}
