import { HttpError } from "../http/errors.ts";
import { isComplex, keyOf } from "../scim/values.ts";
import { pathKeys, valueAt } from "./attributePath.ts";
import type { Change } from "./change.ts";
import { checkStanding, goneConflict, storedDifferences } from "./conflict.ts";
import { faultOf, judge } from "./pushFault.ts";
import { PushHalt, resourceIn, type Sender, type Tally } from "./sender.ts";
import type { StepOutcome } from "./stepOutcome.ts";
import type { PatchOperation, ScimDocument, ScimResource } from "../scim/resource.ts";

export interface ExistingOptions {
  /** Read the resource and compare before writing. */
  readonly verify: boolean;
  /** Read the resource after writing. */
  readonly readBack: boolean;
  /** An earlier attempt may have sent it. */
  readonly unsure: boolean;
  /** The resource was created by this push, so a 404 only means that the service has not caught up. */
  readonly justCreated: boolean;
  /** Keeps a change that was rebuilt on the fresh document, before it is sent; `continues` when a part may have been done. */
  readonly keepIntent: (change: Change, continues: boolean) => Promise<void>;
  readonly tally: Tally;
}

/** Attempts after an answer that was lost, and after an error of the service itself. */
const lostAttempts = 8;
const failedAttempts = 4;

/**
 * Sends a change of a resource that exists: update, deactivation, deletion, or what follows a create. Whenever it is not
 * certain what became of a request, the resource is read and compared before anything is sent again.
 */
export async function sendExisting(sender: Sender, given: Change, options: ExistingOptions): Promise<StepOutcome> {
  const context = sender.options.contextOf(given.resourceType);
  const { dialect } = sender.options;
  const { tally } = options;
  const id = given.targetId ?? "";
  let change = given;
  let check = options.verify || options.unsure;
  /** Something of ours may stand in the service already. */
  let touched = options.unsure;
  let version = dialect.etags ? versionOf(change.before) : undefined;
  let last: unknown;
  try {
    for (let attempt = 0; ; attempt++) {
      if (check) {
        const current = await sender.read(change.resourceType, id, tally);
        if (current === undefined && options.justCreated && attempt < lostAttempts) {
          await sender.wait(backoff(attempt));
          continue;
        }
        const standing = checkStanding(change, current, context);
        if (standing.kind === "redundant") {
          return { outcome: touched ? "pushed" : "redundant", targetId: id, ...(current && { stored: current }) };
        }
        if (standing.kind === "conflict") {
          const { conflict } = standing;
          const error = { code: current === undefined ? "gone" : "conflict", message: conflict.message };
          return { outcome: "conflict", targetId: id, conflict, error };
        }
        const begun = touched;
        // The read has told that what is left was not done.
        touched = false;
        if (last !== undefined && attempt >= attemptsFor(last))
          return { outcome: "failed", targetId: id, error: faultOf(last) };
        if (standing.kind === "rebased") {
          change = standing.change;
          await options.keepIntent(change, begun);
        }
        version = dialect.etags ? versionOf(current) : undefined;
      }
      try {
        let stored: ScimResource | undefined;
        for (const [at, request] of change.requests.entries()) {
          const answer = await sender.write(request, at === 0 ? version : undefined, tally);
          touched = true;
          stored = resourceIn(answer);
        }
        return { outcome: "pushed", targetId: id, ...(await whatWasStored(sender, change, stored, options)) };
      } catch (error) {
        if (error instanceof PushHalt) throw error;
        const verdict = judge(error, change.requests[0]?.method ?? "PATCH");
        if (verdict === "gone") {
          if (change.action === "delete") return { outcome: touched ? "pushed" : "redundant", targetId: id };
          if (!options.justCreated) {
            const conflict = goneConflict(change);
            return { outcome: "conflict", targetId: id, conflict, error: { code: "gone", message: conflict.message } };
          }
        } else if (verdict !== "unsure" && verdict !== "moved") {
          return { outcome: "failed", targetId: id, error: faultOf(error) };
        }
        touched ||= verdict === "unsure";
        last = error;
        check = true;
        if (attempt > lostAttempts)
          return { outcome: touched ? "unknown" : "failed", targetId: id, error: faultOf(error) };
        await sender.wait(backoff(attempt));
      }
    }
  } catch (error) {
    if (error instanceof PushHalt) {
      return { outcome: touched ? "unknown" : "notSent", targetId: id, error: error.fault, halt: error.fault };
    }
    // The read that would have told failed.
    return { outcome: touched ? "unknown" : "failed", targetId: id, error: faultOf(error) };
  }
}

/** What the service made of the write: from its answer, or read back while older states may still be served. */
async function whatWasStored(
  sender: Sender,
  change: Change,
  answered: ScimResource | undefined,
  options: ExistingOptions,
): Promise<Pick<StepOutcome, "stored" | "differences">> {
  const { dialect, contextOf } = sender.options;
  if (change.after === undefined) return {};
  const context = contextOf(change.resourceType);
  const sent = sentAttributes(change, change.after);
  let stored = answered;
  const deadline = Date.now() + (change.resourceType === "Group" ? dialect.settleMs : 0);
  if (options.readBack && (answered === undefined || dialect.readBackAfterWrite)) {
    for (let attempt = 0; ; attempt++) {
      // The write has been accepted; a read that fails takes nothing from that.
      stored = await sender.read(change.resourceType, change.targetId ?? "", options.tally).catch(() => undefined);
      const settled = stored !== undefined && storedDifferences(sent, stored, context).length === 0;
      if (settled || Date.now() >= deadline) break;
      await sender.wait(Math.min(1000 * 2 ** attempt, 8000)).catch(() => undefined);
      if (sender.options.stop.aborted) break;
    }
  }
  if (stored === undefined) return {};
  const differences = storedDifferences(sent, stored, context);
  return { stored, ...(differences.length > 0 && { differences }) };
}

/** The top-level attributes that the requests of a change touch, as the change wants them. */
function sentAttributes(change: Change, after: ScimDocument): ScimDocument {
  const sent: ScimDocument = {};
  const take = (name: string) => {
    const key = keyOf(after, name);
    if (key !== undefined) sent[key] = after[key];
  };
  for (const { body } of change.requests) {
    const operations = isComplex(body) ? body["Operations"] : undefined;
    if (!Array.isArray(operations)) return after;
    for (const operation of operations as readonly PatchOperation[]) {
      if (operation.path !== undefined) take(rootOf(operation.path));
      else if (isComplex(operation.value)) Object.keys(operation.value).forEach(take);
    }
  }
  return sent;
}

/** The top-level attribute or extension that a PATCH path leads into. */
function rootOf(path: string): string {
  const bare = path.split("[", 1)[0] ?? path;
  return pathKeys(bare)[0] ?? bare;
}

function attemptsFor(error: unknown): number {
  return error instanceof HttpError ? lostAttempts : failedAttempts;
}

/** 100 ms, doubled each time, at most 5 s. */
export function backoff(attempt: number): number {
  return Math.min(100 * 2 ** attempt, 5000);
}

function versionOf(document: Change["before"]): string | undefined {
  const version = document && valueAt(document, "meta.version");
  return typeof version === "string" ? version : undefined;
}
