import * as vscode from "vscode";
import { connectionSegment } from "./address.ts";
import { Disposable } from "../platform/disposable.ts";

const scheme = "scim-text";

/** Shows texts that are made here, such as reports and requests: read-only, without a file. */
export class ReadOnlyDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor() {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.register(
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document.uri.scheme === scheme) this.#texts.delete(document.uri.path);
      }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  /** Opens a text, or brings the one of the same name up to date. The extension of the name gives the language. */
  async show(name: string, text: string): Promise<void> {
    const uri = this.#put(name, text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** Opens Markdown as a person reads it. Values of a service must stand in it escaped. */
  async showMarkdown(name: string, text: string): Promise<void> {
    const uri = this.#put(name, text);
    await vscode.workspace.openTextDocument(uri);
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  }

  #put(name: string, text: string): vscode.Uri {
    const at = name.lastIndexOf(".");
    const uri = vscode.Uri.from({ scheme, path: `/${connectionSegment(name.slice(0, at))}${name.slice(at)}` });
    const known = this.#texts.has(uri.path);
    this.#texts.set(uri.path, text);
    if (known) this.#changed.fire(uri);
    return uri;
  }
}
