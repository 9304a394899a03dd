import * as l10n from "@vscode/l10n";
import type { BuiltChange, ChangeContext } from "../../changes/build.ts";
import { makeCreate, makeDelete, makeUpdate } from "../../changes/build.ts";
import type { Conflict, Keep } from "../../changes/conflict.ts";
import { checkStanding, resolveConflict } from "../../changes/conflict.ts";
import type { ScimDocument, ScimResource } from "../../scim/resource.ts";
import type { PendingChange } from "./pendingChange.ts";
import type { PendingChanges } from "./pendingChanges.ts";

/** A resource with the change that is pending for it, if any. */
export interface Editable {
  readonly baseUrl: string;
  readonly key: string;
  readonly context: ChangeContext;
  /** As last read from the service; absent for one that is not created yet. */
  readonly stored?: ScimResource;
}

/** What an edit came to. */
export interface EditOutcome {
  /** `pending`: a change now waits; `none`: the document is as the service has it, so none does. */
  readonly result: "pending" | "none";
  /** What the service will not do of what was wanted, a sentence each. */
  readonly notes: readonly string[];
}

const manual = () => ({ reason: l10n.t("Edited by hand.") });

/** The document that an edit starts from: the pending one, else the stored one. */
export function currentDocument(pending: PendingChanges, { baseUrl, key, stored }: Editable): ScimDocument | undefined {
  const change = pending.get(baseUrl, key);
  if (change === undefined) return stored;
  return change.wanted ?? change.change.after;
}

/**
 * Makes the wanted document the pending change of its resource. Nothing is sent. What was read when the first edit began stays
 * the base, so that a later move in the service is seen as a conflict.
 *
 * @throws ChangeError as `makeCreate` and `makeUpdate`
 */
export function edit(pending: PendingChanges, target: Editable, wanted: ScimDocument): EditOutcome {
  const { baseUrl, key } = target;
  const held = pending.get(baseUrl, key);
  const before = (held?.change.before as ScimResource | undefined) ?? target.stored;
  const built: BuiltChange =
    before === undefined
      ? makeCreate(wanted, target.context, { ...manual(), sourceId: key.slice(key.indexOf(":") + 1) })
      : makeUpdate(before, wanted, target.context, manual());
  const { change, notes } = built;
  if (change === undefined) {
    pending.discard(baseUrl, [key]);
    return { result: "none", notes };
  }
  pending.put(baseUrl, [{ key, change, wanted, excluded: held?.excluded ?? false }]);
  return { result: "pending", notes };
}

/** Makes a deletion pending; a resource that is not created yet is only forgotten. @throws ChangeError `systemGroup` */
export function editDelete(pending: PendingChanges, target: Editable): EditOutcome {
  const { baseUrl, key, stored, context } = target;
  if (stored === undefined) {
    pending.discard(baseUrl, [key]);
    return { result: "none", notes: [] };
  }
  const change = makeDelete(stored, context, manual());
  pending.put(baseUrl, [{ key, change, excluded: false }]);
  return { result: "pending", notes: [] };
}

/**
 * Settles a conflict: what nobody else touched stays, and each attribute in conflict becomes what the person keeps, on the
 * resource as the service has it now. Nothing is sent.
 */
export function settle(
  pending: PendingChanges,
  baseUrl: string,
  held: PendingChange,
  keep: ReadonlyMap<string, Keep>,
  context: ChangeContext,
): EditOutcome {
  const conflict = conflictOf(held, context);
  const built = conflict === undefined ? { change: held.change, notes: [] } : resolveConflict(conflict, keep, context);
  const { change, notes } = built;
  if (change === undefined) {
    pending.discard(baseUrl, [held.key]);
    return { result: "none", notes };
  }
  const { key, excluded } = held;
  pending.put(baseUrl, [{ key, change, excluded, ...(change.after === undefined ? {} : { wanted: change.after }) }]);
  return { result: "pending", notes };
}

/** The conflict of a pending change, against what the service had when it was noticed; `undefined` when there is none any more. */
export function conflictOf(held: PendingChange, context: ChangeContext): Conflict | undefined {
  if (held.problem?.kind !== "conflict") return undefined;
  const standing = checkStanding(held.change, held.problem.theirs as ScimResource | undefined, context);
  return standing.kind === "conflict" ? standing.conflict : undefined;
}
