import { hash } from "node:crypto";
import * as vscode from "vscode";
import { connectionSegment } from "./address.ts";
import { Disposable } from "../platform/disposable.ts";

const scheme = "scim-text";

/** Two states of one thing, as text; an empty one stands for none. */
export interface DiffSides {
  /** With the extension that gives the language. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

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
        if (document.uri.scheme === scheme) this.#texts.delete(keyOf(document.uri));
      }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(keyOf(uri)) ?? "";
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

  /** Opens two texts side by side as a diff. */
  async showDiff(title: string, sides: DiffSides): Promise<void> {
    const [before, after] = this.#putSides(sides);
    await vscode.commands.executeCommand("vscode.diff", before, after, title, { preview: true });
  }

  /** Opens many diffs in one editor. */
  async showDiffs(title: string, all: readonly DiffSides[]): Promise<void> {
    const files = all.map((sides) => {
      const [before, after] = this.#putSides(sides);
      return [after, sides.before === "" ? undefined : before, sides.after === "" ? undefined : after];
    });
    await vscode.commands.executeCommand("vscode.changes", title, files);
  }

  /** Both under one path, so that the diff does not read as a renamed file. */
  #putSides({ name, before, after }: DiffSides): [vscode.Uri, vscode.Uri] {
    const uri = uriOf(name);
    // What a text is kept by tells it from another state of the same object.
    const [left, right] = [before, after].map((text) => {
      const side = uri.with({ query: hash("sha256", text).slice(0, 16) });
      this.#texts.set(keyOf(side), text);
      return side;
    });
    return [left as vscode.Uri, right as vscode.Uri];
  }

  #put(name: string, text: string): vscode.Uri {
    const uri = uriOf(name);
    const known = this.#texts.has(keyOf(uri));
    this.#texts.set(keyOf(uri), text);
    if (known) this.#changed.fire(uri);
    return uri;
  }
}

function uriOf(name: string): vscode.Uri {
  const at = name.lastIndexOf(".");
  return vscode.Uri.from({ scheme, path: `/${connectionSegment(name.slice(0, at))}${name.slice(at)}` });
}

const keyOf = ({ path, query }: vscode.Uri): string => `${path}?${query}`;
