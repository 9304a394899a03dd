import * as l10n from "@vscode/l10n";
import type { JobState } from "../jobHealth.ts";

/** What the status bar says of the worst state. */
export function statusOf(
  state: JobState,
  job: string,
): { readonly text: string; readonly icon: string; readonly background?: string } {
  const error = "statusBarItem.errorBackground";
  const warning = "statusBarItem.warningBackground";
  switch (state) {
    case "broken":
      return { text: l10n.t("SCIM: {0} cannot be read", job), icon: "error", background: error };
    case "disabled":
      return { text: l10n.t("SCIM: {0} is turned off", job), icon: "circle-slash", background: error };
    case "quarantined":
      return { text: l10n.t("SCIM: {0} in quarantine", job), icon: "error", background: error };
    case "held":
      return { text: l10n.t("SCIM: {0} held", job), icon: "debug-pause", background: warning };
    case "failing":
      return { text: l10n.t("SCIM: {0} failing", job), icon: "warning", background: warning };
    case "running":
      return { text: l10n.t("SCIM: {0} running", job), icon: "sync~spin" };
    case "elsewhere":
    case "on":
      return { text: l10n.t("SCIM: provisioning on"), icon: "pass" };
    case "off":
      return { text: l10n.t("SCIM: provisioning off"), icon: "circle-large-outline" };
  }
}
