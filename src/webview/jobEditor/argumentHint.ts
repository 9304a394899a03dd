import { html, nothing, type TemplateResult } from "lit";
import type { FunctionOffer } from "../../extension/jobEditor/messages/job.ts";
import { callAt, parameterIndex } from "../common/expressionText.ts";

/**
 * What the call around the caret takes: the function with its parameters, the present one pointed out.
 * @param isOpen whether every parameter is explained, and not the present one alone
 */
export function argumentHint(
  text: string,
  caret: number,
  functions: readonly FunctionOffer[],
  isOpen: boolean,
): TemplateResult {
  if (text.trim() === "")
    return html`<span class="second">An expression is needed, such as Join(" ", [givenName], [surname]).</span>`;
  const call = callAt(text, caret);
  const found = call && functions.find(({ name }) => name.toLowerCase() === call.name.toLowerCase());
  if (found === undefined || call === undefined) {
    return html`<span class="second">Within a function, its arguments are explained here.</span>`;
  }
  const { name, parameters, repeated, doc, example } = found;
  const at = parameterIndex(call.argument, parameters.length, repeated);
  const current = parameters[at];
  return html`<span class="mono"
      ><span class="ex-function">${name}</span>(${parameters.map(
        (parameter, index) =>
          html`${index === 0 ? "" : ", "}<span class=${index === at ? "current" : ""}
              >${parameter.name}${parameter.optional ? "?" : ""}</span
            >`,
      )}${repeated > 0 ? ", …" : ""})</span
    >${
      isOpen
        ? html`<span class="second">${doc} Example: <span class="mono">${example}</span></span>
            <dl class="parameters">
              ${parameters.map(
                (parameter, index) =>
                  html`<dt class="mono ${index === at ? "current" : ""}">${parameter.name}</dt>
                    <dd class="second">${parameter.doc}${parameter.optional ? " Optional." : nothing}</dd>`,
              )}
            </dl>`
        : html`<span class="second">${current === undefined ? doc : `${current.name}: ${current.doc}`}</span>`
    }`;
}
