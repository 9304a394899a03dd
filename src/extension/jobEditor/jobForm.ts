import * as vscode from "vscode";
import type { JobEdit, TextEdit } from "../../job/jobEdit.ts";
import { type JobReading, readJob } from "../../job/load.ts";
import type { Releasable } from "../platform/disposable.ts";
import { textEditsOf } from "./textEdits.ts";

/** How a document holds a job: as a job file, or in another form that says the same. */
export interface JobForm {
  read(text: string): JobReading;
  /**
   * The text edits of one gesture.
   * @throws JobEditError when a place is not there, or the form cannot say it
   */
  edit(text: string, edits: readonly JobEdit[]): readonly TextEdit[];
  /** The text that edits are counted against. */
  saved(): Promise<string>;
  /** That text is another one now, beyond what saving and the file system tell. */
  readonly onDidChangeSaved?: (listener: () => void) => Releasable;
  /** Set for the mappings of a live provisioning job: what can be done with them. */
  readonly live?: LiveCommands;
}

/** What can be done with the edited mappings of a live job: predict the cycle, look at the diff, write, change who is in. */
export type LiveCommands = Readonly<Record<"preview" | "review" | "write" | "setScope", () => Thenable<unknown>>>;

/** A job file: comments and layout stay as they are. */
export const jobFileForm = (uri: vscode.Uri): JobForm => ({
  read: readJob,
  edit: textEditsOf,
  // The text of the document will not do, even while it is not dirty: an edit reaches the extension before the news that it
  // made the document dirty.
  saved: async () => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)),
});
