import * as vscode from "vscode";
import { applySchemaEdit } from "../../job/schemaEdit.ts";
import { readSchemaJob } from "../../job/schemaReading.ts";
import type { JobForm } from "../jobEditor/jobForm.ts";
import { difference } from "../jobEditor/textEdits.ts";
import { indented, type SchemaDocuments } from "./schemaDocuments.ts";
import { placeOfText, placeText } from "./schemaDrafts.ts";

/**
 * The schema of a live job as the job editor shows it: rows and clauses at their places in the schema, everything else kept
 * byte for byte, and counted against what the service has.
 *
 * @throws FileSystemError when nothing is known of the job
 */
export async function schemaForm(schemas: SchemaDocuments, uri: vscode.Uri): Promise<JobForm> {
  const place = placeOfText(uri.query);
  let { settings } = await schemas.draft(place, uri);
  const run = (command: string) => () => vscode.commands.executeCommand(command, place);
  return {
    read: (text) => readSchemaJob(text, settings),
    edit: (text, edits) => {
      const edit = difference(text, edits.reduce(applySchemaEdit, text));
      return edit.length === 0 && edit.content === "" ? [] : [edit];
    },
    saved: async () => {
      const draft = await schemas.draft(place, uri);
      ({ settings } = draft);
      return indented(draft.raw);
    },
    onDidChangeSaved: (listener) =>
      schemas.onDidChangeBase((changed) => {
        if (placeText(changed) === uri.query) listener();
      }),
    live: {
      preview: run("scim.entra.whatIf"),
      review: () => schemas.review(uri),
      write: run("scim.entra.writeSchema"),
      setScope: run("scim.entra.setScope"),
    },
  };
}
