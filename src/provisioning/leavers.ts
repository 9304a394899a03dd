import { makeDeactivate, makeDelete } from "../changes/build.ts";
import type { Change } from "../changes/change.ts";
import { ChangeError } from "../changes/changeError.ts";
import type { ScimResource } from "../scim/resource.ts";
import type { Leaver } from "./decided.ts";
import type { JobContext } from "./jobContext.ts";
import { changeContext } from "./planObject.ts";
import type { Skip, SkipReason } from "./plan.ts";

/** What is to be done for an object that leaves: a change, a skip, or nothing when it is gone or inactive already. */
export interface LeaverPlan {
  readonly change?: Change;
  readonly skip?: Skip;
}

/**
 * Plans what becomes of an object that left the scope, by `settings.leavingScope`. Deactivating is an update, so it needs
 * that action; groups have no `active`, so that a group that leaves is deleted when the job may delete groups.
 *
 * @param target its counterpart; absent when it is gone from the target
 * @param withheld why nothing may be removed, when that is so
 */
export function planLeaver(
  leaver: Leaver,
  target: ScimResource | undefined,
  context: JobContext,
  withheld: string | undefined,
): LeaverPlan {
  const { type, sourceId, reason } = leaver;
  const { leavingScope } = context.job.settings;
  const actions = new Set(type === "User" ? context.job.users.actions : context.job.groups.actions);
  const name = nameOf(target) ?? leaver.name;
  const skip = (why: SkipReason, detail: string): LeaverPlan => ({
    skip: { sourceId, resourceType: type, name, reason: why, detail },
  });
  if (leavingScope === "keep") return skip("SkipOutOfScopeDeletions", `${reason} The job keeps who leaves.`);
  if (target === undefined) return {};
  const deletes = leavingScope === "delete" || type === "Group";
  if (!deletes && target["active"] === false) return {};
  if (withheld !== undefined) return skip("RemovalWithheld", withheld);
  const needed = deletes ? "delete" : "update";
  if (!actions.has(needed)) {
    return skip(
      "ActionNotEnabled",
      `${reason} It would be ${deletes ? "deleted" : "deactivated"}, and the job does not ${needed}.`,
    );
  }
  const origin = { sourceId, reason };
  try {
    const change = deletes
      ? makeDelete(target, changeContext(type, context), origin)
      : makeDeactivate(target, changeContext(type, context), origin).change;
    return change ? { change } : {};
  } catch (error) {
    if (!(error instanceof ChangeError)) throw error;
    return skip("RemovalWithheld", error.message);
  }
}

function nameOf(target: ScimResource | undefined): string | undefined {
  const name = target?.["userName"] ?? target?.["displayName"];
  return typeof name === "string" ? name : undefined;
}
