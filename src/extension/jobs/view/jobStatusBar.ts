import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { Disposable } from "../../platform/disposable.ts";
import { displayText } from "../../platform/text.ts";
import { worstOf } from "../jobHealth.ts";
import type { JobState } from "../jobHealth.ts";
import type { JobView } from "./jobRows.ts";

/** The worst state of all jobs in the status bar; a click opens the Jobs view. */
export class JobStatusBar extends Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    super();
    this.#item = this.register(vscode.window.createStatusBarItem("scim.jobs", vscode.StatusBarAlignment.Left, 10));
    this.#item.name = l10n.t("SCIM Provisioning Jobs");
    this.#item.command = "scim.jobs.focus";
  }

  show(views: readonly JobView[]): void {
    const worst = worstOf(views, new Date());
    if (worst === undefined) {
      this.#item.hide();
      return;
    }
    const { text, icon, background } = statusOf(worst.state, displayText(worst.view.model.name, 40));
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.tooltip =
      views.length === 1
        ? l10n.t("1 provisioning job. Click to see it.")
        : l10n.t("{0} provisioning jobs. Click to see them.", views.length);
    this.#item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
    this.#item.accessibilityInformation = { label: text };
    this.#item.show();
  }
}

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
