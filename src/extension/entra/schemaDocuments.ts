import { applyEdits, format } from "jsonc-parser";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { mergeJson } from "../../entra/mergeJson.ts";
import { connectionSegment } from "../documents/address.ts";
import { Disposable } from "../platform/disposable.ts";
import { UserError } from "../platform/errors.ts";
import type { EntraJobPlace } from "./model.ts";

const schemes = { draft: "scim-entra", base: "scim-entra-base" } as const;

/** An edit of a job's schema that is not written yet. */
interface Draft {
  /** As the service sent it, byte for byte. */
  readonly raw: string;
  /** The same, indented: what the edit began from. */
  readonly base: string;
  text: string;
  mtime: number;
}

/**
 * The live schema of a provisioning job as a document: indented, editable, beside what the service has. Saving keeps the edit in
 * this window; it is sent by a command of its own.
 */
export class SchemaDocuments
  extends Disposable
  implements vscode.FileSystemProvider, vscode.TextDocumentContentProvider
{
  readonly #drafts = new Map<string, Draft>();
  readonly #files = this.register(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly #texts = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChangeFile = this.#files.event;
  readonly onDidChange = this.#texts.event;

  constructor() {
    super();
    this.register(vscode.workspace.registerFileSystemProvider(schemes.draft, this, { isCaseSensitive: true }));
    this.register(vscode.workspace.registerTextDocumentContentProvider(schemes.base, this));
  }

  /**
   * Opens the schema beside an edit of it.
   *
   * @param raw as the service has it
   * @param edited the edit to begin with; the schema itself when absent
   */
  async open(name: string, place: EntraJobPlace, raw: string, edited = raw): Promise<void> {
    const uri = uriOf(name, place);
    const text = indented(edited);
    this.#drafts.set(keyOf(uri), { raw, base: indented(raw), text, mtime: Date.now() });
    this.#files.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    const base = uri.with({ scheme: schemes.base });
    this.#texts.fire(base);
    const title = l10n.t("{0}: schema (Microsoft Entra ↔ edit)", connectionSegment(name));
    await vscode.commands.executeCommand("vscode.diff", base, uri, title, { preview: false });
  }

  /**
   * The edit of a job's schema, when there is one that differs from the service's.
   * @throws UserError when it is no JSON
   */
  edit(place: EntraJobPlace): { readonly base: string; readonly edited: string } | undefined {
    const draft = this.#drafts.get(placeText(place));
    if (draft === undefined || draft.text === draft.base) return undefined;
    try {
      JSON.parse(draft.text);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new UserError(l10n.t("The edited schema is no valid JSON: {0}. Mend it; nothing was sent.", what));
    }
    // Into the service's own bytes, so that only what was edited changes.
    return { base: draft.raw, edited: mergeJson(draft.base, draft.text, draft.raw).text };
  }

  /** The job whose schema is in front. */
  get active(): EntraJobPlace | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    return uri?.scheme === schemes.draft || uri?.scheme === schemes.base ? placeOf(uri) : undefined;
  }

  /** Saves the edit that is open in an editor. */
  async save(name: string, place: EntraJobPlace): Promise<void> {
    const uri = uriOf(name, place).toString();
    await vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri)?.save();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#drafts.get(keyOf(uri))?.base ?? "";
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const draft = this.#draft(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: draft.mtime, size: Buffer.byteLength(draft.text) };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return new TextEncoder().encode(this.#draft(uri).text);
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const draft = this.#draft(uri);
    draft.text = new TextDecoder().decode(content);
    draft.mtime = Date.now();
    this.#files.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  #draft(uri: vscode.Uri): Draft {
    const draft = this.#drafts.get(keyOf(uri));
    // After a restart the edit is gone, and the live schema has to be read again by the command.
    if (draft === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return draft;
  }
}

const indented = (text: string): string =>
  applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true, eol: "\n" }));

const placeText = ({ tenant, servicePrincipalId, jobId }: EntraJobPlace): string =>
  new URLSearchParams({ tenant, servicePrincipalId, jobId }).toString();

const uriOf = (name: string, place: EntraJobPlace): vscode.Uri =>
  vscode.Uri.from({ scheme: schemes.draft, path: `/${connectionSegment(name)}/schema.json`, query: placeText(place) });

const keyOf = (uri: vscode.Uri): string => uri.query;

function placeOf(uri: vscode.Uri): EntraJobPlace {
  const query = new URLSearchParams(uri.query);
  const text = (name: string): string => query.get(name) ?? "";
  return { tenant: text("tenant"), servicePrincipalId: text("servicePrincipalId"), jobId: text("jobId") };
}
