import { applyEdits, format } from "jsonc-parser";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { mergeJson } from "../../entra/mergeJson.ts";
import type { ServiceSettings } from "../../job/fromSchema.ts";
import { connectionSegment } from "../documents/address.ts";
import { schemaSchemes } from "../documents/schemes.ts";
import { Disposable } from "../platform/disposable.ts";
import { UserError } from "../platform/errors.ts";
import type { EntraJobPlace } from "./model.ts";
import { placeOfText, placeText, type SchemaDraft, type SchemaDrafts } from "./schemaDrafts.ts";

/** What the service holds of a job, as it was read. */
export interface LiveSchema {
  readonly raw: string;
  readonly settings: ServiceSettings;
}

/**
 * The live schema of a provisioning job as a document: indented, editable, beside what the service has. Saving keeps the edit on
 * this machine; it is sent by a command of its own.
 */
export class SchemaDocuments
  extends Disposable
  implements vscode.FileSystemProvider, vscode.TextDocumentContentProvider
{
  readonly #drafts: SchemaDrafts;
  readonly #times = new Map<string, number>();
  readonly #files = this.register(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly #texts = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly #based = this.register(new vscode.EventEmitter<EntraJobPlace>());
  readonly onDidChangeFile = this.#files.event;
  readonly onDidChange = this.#texts.event;
  /** What an edit is counted against is another text now. */
  readonly onDidChangeBase = this.#based.event;

  constructor(drafts: SchemaDrafts) {
    super();
    this.#drafts = drafts;
  }

  /**
   * Takes what the service has now. An edit that is not written stays, with what it began from: writing it brings both together.
   */
  async take(place: EntraJobPlace, live: LiveSchema): Promise<vscode.Uri> {
    await this.save(place);
    const draft = await this.#drafts.get(place);
    const isEdited = draft !== undefined && draft.text !== indented(draft.raw);
    return await this.#put(place, isEdited ? { ...draft, settings: live.settings } : draftOf(live, live.raw));
  }

  /** Puts an edit, and what the service has now, in the place of those before. */
  async put(place: EntraJobPlace, live: LiveSchema, edited: string): Promise<vscode.Uri> {
    return await this.#put(place, draftOf(live, edited));
  }

  /** Shows what the service has beside the edit. */
  async review(uri: vscode.Uri): Promise<void> {
    const { settings } = await this.draft(placeOfText(uri.query), uri);
    const title = l10n.t("{0}: schema (Microsoft Entra ↔ edit)", connectionSegment(settings.name));
    const base = uri.with({ scheme: schemaSchemes.stored });
    await vscode.commands.executeCommand("vscode.diff", base, uri, title, { preview: false });
  }

  /**
   * The edit of a job's schema, when there is one that differs from the service's.
   * @throws UserError when it is no JSON
   */
  async edit(place: EntraJobPlace): Promise<{ readonly base: string; readonly edited: string } | undefined> {
    const draft = await this.#drafts.get(place);
    if (draft === undefined) return undefined;
    const base = indented(draft.raw);
    if (draft.text === base) return undefined;
    try {
      JSON.parse(draft.text);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new UserError(l10n.t("The edited schema is no valid JSON: {0}. Mend it; nothing was sent.", what));
    }
    // Into the service's own bytes, so that only what was edited changes; another order of rows changes nothing.
    const edited = mergeJson(base, draft.text, draft.raw).text;
    return edited === draft.raw ? undefined : { base: draft.raw, edited };
  }

  /** The job of a document, or of the one in front when a command names none. */
  place(target: unknown): EntraJobPlace | undefined {
    const uri = target instanceof vscode.Uri ? target : target === undefined ? frontUri() : undefined;
    return uri?.scheme === schemaSchemes.pending || uri?.scheme === schemaSchemes.stored
      ? placeOfText(uri.query)
      : undefined;
  }

  /** Saves the edit that is open in an editor, whatever the application was called when it was opened. */
  async save(place: EntraJobPlace): Promise<void> {
    const isOf = ({ uri }: vscode.TextDocument) =>
      uri.scheme === schemaSchemes.pending && uri.query === placeText(place);
    await vscode.workspace.textDocuments.find(isOf)?.save();
  }

  /** @throws FileSystemError when nothing is known of the job: its schema has to be read by a command first */
  async draft(place: EntraJobPlace, uri: vscode.Uri): Promise<SchemaDraft> {
    const draft = await this.#drafts.get(place);
    if (draft === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return draft;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const draft = await this.#drafts.get(placeOfText(uri.query));
    return draft === undefined ? "" : indented(draft.raw);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text } = await this.draft(placeOfText(uri.query), uri);
    const mtime = this.#times.get(uri.query) ?? 1;
    return { type: vscode.FileType.File, ctime: 0, mtime, size: Buffer.byteLength(text) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new TextEncoder().encode((await this.draft(placeOfText(uri.query), uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const place = placeOfText(uri.query);
    const draft = await this.draft(place, uri);
    await this.#drafts.set(place, { ...draft, text: new TextDecoder().decode(content) });
    this.#touch(uri);
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

  async #put(place: EntraJobPlace, draft: SchemaDraft): Promise<vscode.Uri> {
    await this.#drafts.set(place, draft);
    const uri = uriOf(draft.settings.name, place);
    this.#touch(uri);
    this.#texts.fire(uri.with({ scheme: schemaSchemes.stored }));
    this.#based.fire(place);
    return uri;
  }

  /** Tells that the text is another one. Editors compare times, so that each is later than the one before. */
  #touch(uri: vscode.Uri): void {
    this.#times.set(uri.query, Math.max(Date.now(), (this.#times.get(uri.query) ?? 0) + 1));
    this.#files.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }
}

const draftOf = ({ raw, settings }: LiveSchema, edited: string): SchemaDraft => ({
  raw,
  text: indented(edited),
  settings,
});

/** A schema as it is edited. */
export const indented = (text: string): string =>
  applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true, eol: "\n" }));

/** The tab says the last segment. */
const uriOf = (name: string, place: EntraJobPlace): vscode.Uri =>
  vscode.Uri.from({
    scheme: schemaSchemes.pending,
    path: `/${connectionSegment(name)}.entra.json`,
    query: placeText(place),
  });

function frontUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
}
