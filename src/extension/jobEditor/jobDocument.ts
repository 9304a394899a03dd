import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { JobEdit } from "../../job/jobEdit.ts";
import type { Job } from "../../job/job.ts";
import type { JobReading } from "../../job/load.ts";
import { UserError } from "../platform/errors.ts";
import type { JobForm } from "./jobForm.ts";

/**
 * A job that is open. Everything that the editor knows of its text, and every change that it makes to it, goes through
 * here: a gesture becomes one minimal edit, so that undo takes back exactly that.
 */
export class JobDocument {
  readonly document: vscode.TextDocument;
  readonly #form: JobForm;
  #reading: { readonly version: number; readonly reading: JobReading } | undefined;
  #lastGood: Job | undefined;
  #saved: Job | undefined;

  constructor(document: vscode.TextDocument, form: JobForm) {
    this.document = document;
    this.#form = form;
  }

  get version(): number {
    return this.document.version;
  }

  /** What the text holds now, read once for each version. */
  reading(): JobReading {
    const { version } = this.document;
    if (this.#reading?.version !== version) {
      const reading = this.#form.read(this.document.getText());
      this.#reading = { version, reading };
      this.#lastGood = reading.draft ?? this.#lastGood;
    }
    return this.#reading.reading;
  }

  /** The job as the text has it; while the text is broken, as it was before that. */
  get job(): Job | undefined {
    return this.reading().draft ?? this.#lastGood;
  }

  /** The job that edits are counted against; undefined when that is none. */
  get saved(): Job | undefined {
    return this.#saved;
  }

  /** Reads again what edits are counted against, after a save or when something else wrote it. */
  async readSaved(): Promise<void> {
    try {
      this.#saved = this.#form.read(await this.#form.saved()).draft;
    } catch {
      this.#saved = undefined;
    }
  }

  /**
   * Makes the changes of one gesture.
   * @param version the version of the text that they were made for.
   * @throws UserError when the text has moved on or the edit is refused; JobEditError when a place is not there.
   */
  async apply(edits: readonly JobEdit[], version: number): Promise<void> {
    if (this.document.version !== version) {
      throw new UserError(l10n.t("The file changed meanwhile, so this edit was not made. Make it again."));
    }
    const changes = this.#form.edit(this.document.getText(), edits);
    if (changes.length === 0) return;
    const edit = new vscode.WorkspaceEdit();
    for (const { offset, length, content } of changes) {
      const range = new vscode.Range(this.document.positionAt(offset), this.document.positionAt(offset + length));
      edit.replace(this.document.uri, range, content);
    }
    if (!(await vscode.workspace.applyEdit(edit))) {
      throw new UserError(l10n.t("VS Code refused the edit. Is the file read-only?"));
    }
  }
}
