import * as l10n from "@vscode/l10n";
import { changeDigest, reviewedLine } from "../../changes/digest.ts";
import { isDone } from "../../changes/pushResult.ts";
import type { Change } from "../../changes/change.ts";
import type { GuardVerdict } from "../../provisioning/deletionGuard.ts";
import type { Plan } from "../../provisioning/plan.ts";
import { eachInSlices } from "../platform/slices.ts";
import type { PendingChange, PendingProblem } from "../changes/pendingChange.ts";
import type { CycleAnswer, PushedChange } from "./engine/protocol.ts";

/** Identifies the resource of a planned change among the pending ones. */
export const plannedKey = ({ resourceType, targetId, sourceId, id }: Change): string =>
  `${resourceType}/${targetId ?? `new:${sourceId ?? id}`}`;

/**
 * The changes of a plan as they wait for review. What the deletion guard holds waits for a person's yes.
 *
 * @param undoes the push that the plan takes back
 */
export function planned(
  job: string,
  plan: Pick<Plan, "changes" | "createdAt" | "drift">,
  guard: GuardVerdict,
  undoes?: string,
): readonly PendingChange[] {
  const held = new Set(guard.held ? guard.removals : []);
  const drift = new Set(plan.drift);
  return plan.changes.map((change) => ({
    key: plannedKey(change),
    change,
    excluded: false,
    job,
    plannedAt: plan.createdAt,
    ...(drift.has(change.id) && { drift: true as const }),
    ...(undoes !== undefined && { undoes }),
    ...(held.has(change.id) && { held: true }),
  }));
}

/** Changes as a person has reviewed them, as the text that the engine holds a fresh plan against. */
export async function reviewedOf(changes: readonly PendingChange[]): Promise<string> {
  let text = "";
  await eachInSlices(changes, ({ change }) => {
    text += reviewedLine(change);
  });
  return text;
}

/**
 * What waits after a push: what the fresh plan held and was not done, with what the push said of it. A change that is
 * another than the reviewed one is named so; decisions to exclude and to accept stay with their resource.
 *
 * @param reviewed what waited before the push
 */
export function leftAfterPush(
  job: string,
  reviewed: readonly PendingChange[],
  answer: CycleAnswer,
): readonly PendingChange[] {
  const left = new Set(answer.plan.changes.map(plannedKey));
  const before = new Map(reviewed.flatMap((held) => (left.has(held.key) ? [[held.key, held] as const] : [])));
  const results = new Map(answer.results.map((result) => [result.changeId, result]));
  return planned(job, answer.plan, answer.guard, reviewed[0]?.undoes)
    .filter(({ change }) => !isDone(results.get(change.id)?.outcome ?? "notSent"))
    .map((fresh) => {
      const old = before.get(fresh.key);
      const problem = problemOf(old, fresh, results.get(fresh.change.id));
      const { held: _held, ...rest } = fresh;
      const held = fresh.held === true && old?.held !== false;
      return { ...rest, excluded: old?.excluded ?? false, ...(held && { held }), ...(problem && { problem }) };
    });
}

function problemOf(
  old: PendingChange | undefined,
  fresh: PendingChange,
  result: PushedChange | undefined,
): PendingProblem | undefined {
  if (result !== undefined && result.outcome !== "notSent") {
    const kind = result.outcome === "unknown" ? "unknown" : "failed";
    return { kind, message: result.message ?? l10n.t("It was not applied.") };
  }
  if (old === undefined) return { kind: "replanned", message: l10n.t("Planned since the review; it was not sent.") };
  if (old.change.id === fresh.change.id && changeDigest(old.change) === changeDigest(fresh.change)) return undefined;
  return {
    kind: "replanned",
    message: l10n.t("It changed since the review, was planned anew, and was not sent. Review it again."),
  };
}

/** What a push of a plan came to, in one sentence. */
export function pushText({ outcome, message, results }: CycleAnswer, sent: number): string {
  const done = results.filter(({ outcome: each }) => isDone(each)).length;
  const failed = results.filter(({ outcome: each }) => !isDone(each) && each !== "notSent").length;
  const number = (value: number) => value.toLocaleString("en-US");
  const parts = [
    done === sent
      ? done === 1
        ? l10n.t("Pushed 1 change.")
        : l10n.t("Pushed {0} changes.", number(done))
      : l10n.t("Pushed {0} of {1} changes.", number(done), number(sent)),
  ];
  if (failed > 0) parts.push(l10n.t("{0} failed.", number(failed)));
  if (message !== undefined && outcome !== "succeeded") parts.push(message);
  const stale = sent - results.length;
  if (stale > 0 && outcome !== "held")
    parts.push(l10n.t("{0} changed since the review and were planned anew.", number(stale)));
  return parts.join(" ");
}
