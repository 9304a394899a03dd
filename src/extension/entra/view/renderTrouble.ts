import * as l10n from "@vscode/l10n";
import { leaf, type RenderedJobRow } from "../../jobs/view/renderedRow.ts";
import { displayText } from "../../platform/text.ts";

/** An error as a row: what is missing stands in it, the whole message in the tooltip. */
export function renderTrouble(error: unknown): RenderedJobRow {
  const message = error instanceof Error ? error.message : String(error);
  const missing = missingPermission(error);
  const label = missing === undefined ? displayText(message, 160) : l10n.t("Missing permission: {0}", missing);
  return {
    ...leaf(
      "warning",
      label,
      undefined,
      "trouble",
      { id: "scim.entra.signIn", title: l10n.t("Sign In…") },
      "list.warningForeground",
    ),
    tooltip: displayText(message, 2000),
  };
}

function missingPermission(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("permissions" in error) || !Array.isArray(error.permissions)) return undefined;
  const [least] = error.permissions as readonly unknown[];
  return typeof least === "string" ? least : undefined;
}
