import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";

const scheme = "scim-conflict";

/** What two people made of one text, each as a diff against what both began from. */
export class ThreeSides extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor() {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /** @param name what the text is of, fit for display */
  async show(name: string, base: string, theirs: string, mine: string): Promise<void> {
    await vscode.commands.executeCommand("vscode.changes", l10n.t("{0}: Conflict", name), [
      this.#side(name, l10n.t("In the service now"), base, theirs),
      this.#side(name, l10n.t("Your change"), base, mine),
    ]);
  }

  /** Two texts under one path, so that the diff does not read as a renamed file. */
  #side(name: string, side: string, before: string, after: string): [vscode.Uri, vscode.Uri, vscode.Uri] {
    const path = `/${name.replace(/[\\/]/g, "_")}/${side}.json`;
    const [left, right] = [before, after].map((text, at) => {
      const uri = vscode.Uri.from({ scheme, path, query: at === 0 ? "base" : "" });
      this.#texts.set(uri.toString(), text);
      this.#changed.fire(uri);
      return uri;
    }) as [vscode.Uri, vscode.Uri];
    return [right, left, right];
  }
}
