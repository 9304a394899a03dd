import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { Disposable } from "../../platform/disposable.ts";
import { labelText } from "../../platform/text.ts";
import { worstOf } from "../jobHealth.ts";
import type { JobView } from "./jobRows.ts";
import { statusOf } from "./jobStatus.ts";

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
    const { text, icon, background } = statusOf(worst.state, labelText(worst.view.model.name, 40));
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
