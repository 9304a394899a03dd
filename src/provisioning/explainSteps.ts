import type { Change } from "../changes/change.ts";
import { requestText } from "../changes/requestText.ts";
import type { DirectoryGroup, DirectoryUser } from "../directory/source.ts";
import type { RowTrace } from "../mapping/rowTrace.ts";
import { describeClause } from "../scope/clause.ts";
import type { ScopeExplanation } from "../scope/scope.ts";
import type { AcceptedDeviation } from "./deviation.ts";
import { describeDeviation } from "./deviation.ts";
import type { ExplainDetail, ExplainStep } from "./explanation.ts";
import type { Skip } from "./plan.ts";
import { showValue } from "./planText.ts";

const titles: Readonly<Record<ExplainStep["id"], string>> = {
  import: "Import from the directory",
  scope: "Determine if in scope",
  match: "Match between directory and target",
  map: "Map attributes",
  action: "Perform action",
};

/** What the directory says of an object. */
export function attributesOf(source: DirectoryUser | DirectoryGroup): ExplainDetail[] {
  const { id: _id, ...attributes } = source.attributes;
  const details = Object.entries(attributes).map(([name, value]) => ({ name, value: showValue(value) }));
  if ("members" in source) details.push({ name: "members", value: String(source.members.length) });
  return [{ name: "id", value: source.id }, ...details];
}

/** Who is in, by rule and clause, with the data that decided. */
export function scopeStep(scope: ScopeExplanation): ExplainStep {
  const rules = scope.rules.map(({ name, value, passed }) => ({ name, value, passed }));
  const clauses = scope.clauses.map(({ title, clause, value, passed }) => ({
    name: `${title}: ${describeClause(clause)}`,
    value: value === undefined ? "no value" : showValue(value),
    passed,
  }));
  const isIn = scope.inScope && scope.active;
  return step("scope", isIn ? "success" : "skipped", isIn ? "In scope." : `${scope.reason ?? ""}: ${scope.detail}`, [
    ...rules,
    ...clauses,
  ]);
}

/** How the counterpart was found, with the queries that are sent. */
export function matchStep(
  linked: string | undefined,
  change: Change | undefined,
  skip: Skip | undefined,
  queries: readonly ExplainDetail[],
): ExplainStep {
  const failed = ["DuplicateTargetEntries", "DuplicateSourceEntries", "InvalidAnchor", "ImportSkipped"];
  if (skip && failed.includes(skip.reason)) return step("match", "failure", `${skip.reason}: ${skip.detail}`, queries);
  if (change?.action === "create") return step("match", "success", "No counterpart in the target.", queries);
  const id = change?.targetId ?? linked;
  const how = linked === undefined ? "Matched" : "Linked to";
  return step("match", "success", id === undefined ? "Matched." : `${how} ${id} of the target.`, queries);
}

/** What each mapping row gives. */
export function mapStep(traces: readonly RowTrace[]): ExplainStep {
  const failures = traces.filter(({ outcome }) => outcome === "failed").length;
  const details = traces.map(({ row, outcome, value, error }) => ({
    name: row.target.path,
    value:
      error !== undefined
        ? error.message
        : value !== undefined
          ? `${showValue(value)}${outcome === "default" ? " (default)" : ""}`
          : ({ notOnUpdate: "only during creation", dropped: "dropped, nothing is sent" }[outcome as string] ??
            "no value, nothing is sent"),
    passed: error === undefined,
  }));
  const summary =
    failures === 0 ? `${traces.length} mappings evaluated.` : `${failures} of ${traces.length} mappings failed.`;
  return step("map", failures === 0 ? "success" : "failure", summary, details);
}

/** What would be done, request by request. */
export function actionStep(
  change: Change | undefined,
  skip: Skip | undefined,
  skips: readonly Skip[],
  kept: readonly AcceptedDeviation[] = [],
): ExplainStep {
  const members = skips.filter(({ reason }) => reason === "MemberNotProvisioned");
  const left = [
    ...kept.map((deviation) => ({ name: "accepted", value: describeDeviation(deviation) })),
    ...members.map(({ detail }) => ({ name: "member left out", value: detail })),
  ];
  if (change) {
    const requests = change.requests.map((request, at) => ({ name: `request ${at + 1}`, value: requestText(request) }));
    return step("action", "success", `${verbs[change.action]}. ${change.reason}`, [...requests, ...left]);
  }
  if (skip) return step("action", "skipped", `${skip.reason}: ${skip.detail}`, left);
  if (kept.length > 0)
    return step("action", "skipped", "RedundantExport: the target differs only where that is accepted.", left);
  return step("action", "skipped", "RedundantExport: the target agrees already; nothing is sent.", left);
}

const verbs = { create: "Create", update: "Update", deactivate: "Deactivate", delete: "Delete" } as const;

/** The answer in one sentence. */
export function answerOf(
  name: string,
  change: Change | undefined,
  skip: Skip | undefined,
  kept: readonly AcceptedDeviation[] = [],
): string {
  if (change)
    return `${name} would be ${{ create: "created", update: "updated", deactivate: "deactivated", delete: "deleted" }[change.action]}. ${change.reason}`;
  if (skip) return `${name} is skipped (${skip.reason}): ${skip.detail}`;
  if (kept.length > 0)
    return `${name} is provisioned, and left as it is where that was accepted: ${kept.map(describeDeviation).join("; ")}.`;
  return `${name} is provisioned, and the target agrees with the directory.`;
}

/** One step. */
export function step(
  id: ExplainStep["id"],
  status: ExplainStep["status"],
  summary: string,
  details: readonly ExplainDetail[],
): ExplainStep {
  return { id, title: titles[id], status, summary, details };
}

const order = ["import", "scope", "match", "map", "action"] as const;

/** The steps from one on, as not reached. */
export function notReached(from: ExplainStep["id"]): ExplainStep[] {
  return order.slice(order.indexOf(from)).map((id) => step(id, "notReached", "Not reached.", []));
}
