import * as l10n from "@vscode/l10n";
import type { PreviewCall, Step } from "../../entra/step.ts";
import { displayLines, displayText } from "../platform/text.ts";

/** How much of the calls a question shows; the rest is in the text of all calls. */
const questionLimit = 1_200;

/** A call as it goes over the wire, without the token. */
function callText({ method, path, body }: PreviewCall, graphUrl: string): string {
  const head = `${method} ${graphUrl}/v1.0${path}`;
  return body === undefined ? head : `${head}\n${JSON.stringify(body, undefined, 2)}`;
}

/** What a question says of a step: what it costs, what to know, and the exact calls as far as there is room. */
export function questionDetail(step: Pick<Step<unknown>, "calls" | "warnings" | "confirm">): string {
  const calls = step.calls.map(({ method, path, body }) => {
    const text = body === undefined ? "" : ` ${JSON.stringify(body)}`;
    return displayText(`${method} ${path}${text}`, 600);
  });
  const text = calls.join("\n");
  const shown = text.length > questionLimit ? `${text.slice(0, questionLimit)}…` : text;
  const heading = calls.length === 1 ? l10n.t("It sends:") : l10n.t("It sends {0} requests:", calls.length);
  return [...(step.confirm === undefined ? [] : [step.confirm]), ...step.warnings, "", heading, shown]
    .join("\n")
    .trim();
}

/** Every call of a step in full, for a document. */
export function stepText(
  step: Pick<Step<unknown>, "title" | "calls" | "warnings" | "confirm">,
  graphUrl: string,
): string {
  const notes = [...(step.confirm === undefined ? [] : [step.confirm]), ...step.warnings].map((note) => `# ${note}`);
  const calls = step.calls.map((call) => `${callText(call, graphUrl)}\n# ${l10n.t("Needs {0}", call.needs)}`);
  return `${[`# ${displayText(step.title, 300)}`, ...notes, ...calls.map((call) => displayLines(call, 200_000))].join("\n\n")}\n`;
}
