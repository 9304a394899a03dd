import * as vscode from "vscode";
import type { Releasable } from "../platform/disposable.ts";
import type { Schemes } from "./schemes.ts";

/** What serves documents. */
export interface DocumentProviders {
  /** The documents as they are to be. */
  readonly pending: vscode.FileSystemProvider;
  /** The documents as the service stored them. */
  readonly stored: vscode.TextDocumentContentProvider;
}

/**
 * Registers the documents before what serves them is loaded: a window that opens with one of them asks at once, and is
 * answered when it is there.
 */
export class LazyDocuments implements vscode.FileSystemProvider, vscode.TextDocumentContentProvider, Releasable {
  readonly #providers: Promise<DocumentProviders>;
  readonly #files = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #texts = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChangeFile = this.#files.event;
  readonly onDidChange = this.#texts.event;
  readonly #held: Releasable[];

  constructor(schemes: Schemes, providers: Promise<DocumentProviders>) {
    this.#providers = providers;
    this.#held = [
      this.#files,
      this.#texts,
      vscode.workspace.registerFileSystemProvider(schemes.pending, this, { isCaseSensitive: true }),
      vscode.workspace.registerTextDocumentContentProvider(schemes.stored, this),
    ];
    void this.#follow();
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return await (await this.#fileSystem()).stat(uri);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return await (await this.#fileSystem()).readDirectory(uri);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await (await this.#fileSystem()).createDirectory(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return await (await this.#fileSystem()).readFile(uri);
  }

  async writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    await (await this.#fileSystem()).writeFile(uri, content, options);
  }

  async delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    await (await this.#fileSystem()).delete(uri, options);
  }

  async rename(from: vscode.Uri, to: vscode.Uri, options: { readonly overwrite: boolean }): Promise<void> {
    await (await this.#fileSystem()).rename(from, to, options);
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const { stored } = await this.#providers;
    return (await stored.provideTextDocumentContent(uri, token)) ?? "";
  }

  dispose(): void {
    for (const held of this.#held) held.dispose();
  }

  async #fileSystem(): Promise<vscode.FileSystemProvider> {
    return (await this.#providers).pending;
  }

  async #follow(): Promise<void> {
    const { pending, stored } = await this.#providers;
    this.#held.push(pending.onDidChangeFile((events) => this.#files.fire([...events])));
    const listening = stored.onDidChange?.((uri) => this.#texts.fire(uri));
    if (listening !== undefined) this.#held.push(listening);
  }
}
