import * as l10n from "@vscode/l10n";
import type { ScimDocument } from "../../scim/resource.ts";
import { currentDocument, edit, editDelete } from "../changes/edits.ts";
import type { PendingChanges } from "../changes/pendingChanges.ts";
import type { Connection } from "../connections/connection.ts";
import type { ResourceAddress } from "../documents/address.ts";
import type { Resources } from "../documents/resources.ts";
import { UserError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { count, displayText } from "../platform/text.ts";

/** A resource that is to be edited, and how it is called in messages. */
export type EditTarget = Pick<ResourceAddress, "resourceType" | "id" | "draft"> & { readonly name: string };

export interface BatchServices {
  readonly resources: Resources;
  readonly pending: PendingChanges;
  /** Tells what the service will not do of an edit. */
  tell(notes: readonly string[]): void;
}

/** Gives the document as it should be; the same document when nothing is to change. */
export type Revise = (current: ScimDocument, target: EditTarget) => ScimDocument;

/** More resources than this are read with progress in a notification. */
const quietly = 3;

/** Makes pending changes of many resources at once; each is read whole first, since the change needs what it starts from. */
export async function reviseMany(
  services: BatchServices,
  connection: Connection,
  targets: readonly EditTarget[],
  revise: Revise | "delete",
): Promise<void> {
  refuseReadOnly(connection);
  const notes = new Set<string>();
  const failures: string[] = [];
  let done = 0;
  const one = async (target: EditTarget): Promise<void> => {
    try {
      const editable = await services.resources.editable(connection, target);
      const current = currentDocument(services.pending, editable) ?? {};
      const outcome =
        revise === "delete"
          ? editDelete(services.pending, editable)
          : edit(services.pending, editable, revise(current, target));
      for (const note of outcome.notes) notes.add(note);
    } catch (error) {
      failures.push(`${displayText(target.name)}: ${error instanceof Error ? error.message : String(error)}`);
      if (failures.length === targets.length && error instanceof Error && targets.length === 1) throw error;
    } finally {
      done++;
    }
  };
  if (targets.length <= quietly) for (const target of targets) await one(target);
  else
    await withProgress(
      l10n.t("Reading {0} from {1}", count(targets.length), displayText(connection.name)),
      async (signal, report) => {
        const queue = [...targets];
        const worker = async (): Promise<void> => {
          for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
            await one(next);
            report(l10n.t("{0} of {1}", count(done), count(targets.length)), done / targets.length);
          }
        };
        await Promise.all([worker(), worker(), worker(), worker()]);
      },
    );
  services.tell([...notes]);
  if (failures.length > 0)
    throw new UserError(
      failures.length === 1
        ? (failures[0] ?? "")
        : l10n.t(
            "{0} of {1} could not be changed. The first: {2}",
            count(failures.length),
            count(targets.length),
            failures[0] ?? "",
          ),
    );
}

/** @throws UserError when the connection is read-only */
export function refuseReadOnly(connection: Connection): void {
  if (connection.readOnly === true)
    throw new UserError(l10n.t("The connection {0} is read-only. Allow changes first.", connection.name));
}
