import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { JobEdit } from "../../job/jobEdit.ts";
import type { Job } from "../../job/job.ts";
import { type JobReading, readJob } from "../../job/load.ts";
import { UserError } from "../platform/errors.ts";
import { textEditsOf } from "./textEdits.ts";

/**
 * A job file that is open. Everything that the editor knows of its text, and every change that it makes to it, goes through
 * here: a gesture becomes one minimal edit, so that undo takes back exactly that.
 */
export class JobDocument {
  readonly document: vscode.TextDocument;
  #reading: { readonly version: number; readonly reading: JobReading } | undefined;
  #lastGood: Job | undefined;
  #saved: Job | undefined;

  constructor(document: vscode.TextDocument) {
    this.document = document;
  }

  get version(): number {
    return this.document.version;
  }

  /** What the text holds now, read once for each version. */
  reading(): JobReading {
    const { version } = this.document;
    if (this.#reading?.version !== version) {
      const reading = readJob(this.document.getText());
      this.#reading = { version, reading };
      this.#lastGood = reading.draft ?? this.#lastGood;
    }
    return this.#reading.reading;
  }

  /** The job as the text has it; while the text is broken, as it was before that. */
  get job(): Job | undefined {
    return this.reading().draft ?? this.#lastGood;
  }

  /** The job as the file on disk has it; undefined when that is none. */
  get saved(): Job | undefined {
    return this.#saved;
  }

  /**
   * Reads the file on disk again, after a save or when something else wrote it. The text of the document will not do, even
   * while it is not dirty: an edit reaches the extension before the news that it made the document dirty.
   */
  async readSaved(): Promise<void> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.document.uri);
      this.#saved = readJob(new TextDecoder().decode(bytes)).draft;
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
    const changes = textEditsOf(this.document.getText(), edits);
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
