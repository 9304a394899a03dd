import type { Change } from "../changes/change.ts";
import type { DirectoryGroup, DirectoryUser } from "../directory/source.ts";
import type { RowTrace } from "../mapping/rowTrace.ts";
import { describeClause } from "../scope/clause.ts";
import type { ScopeExplanation } from "../scope/scope.ts";
import type { AcceptedDeviation } from "./deviation.ts";
import { describeDeviation } from "./deviation.ts";
import type { ExplainDetail, ExplainStep } from "./explanation.ts";
import type { LogRecord } from "./logRecord.ts";
import type { Skip } from "./plan.ts";
import { showValue } from "./planText.ts";
import { scopeThen } from "./scopeThen.ts";

const titles: Readonly<Record<ExplainStep["id"], string>> = {
  connection: "Test connection",
  import: "Import from the directory",
  scope: "Determine if in scope",
  match: "Match between directory and target",
  action: "Perform action",
};

/** What the directory says of an object. */
export function attributesOf(source: DirectoryUser | DirectoryGroup): ExplainDetail[] {
  const { id: _id, ...attributes } = source.attributes;
  const details = Object.entries(attributes).map(([name, value]) => ({ name, value: showValue(value) }));
  if ("members" in source) details.push({ name: "members", value: String(source.members.length) });
  return [{ name: "id", value: source.id }, ...details];
}

/**
 * Who is in, by rule and clause, with the data that decided.
 *
 * @param last what the log last says of the object: what its cycle decided stands beside
 */
export function scopeStep(scope: ScopeExplanation, last: LogRecord | undefined): ExplainStep {
  const then = last && scopeThen(last);
  const rules = scope.rules.map(({ name, value, passed }) => {
    const before = then?.(name);
    return { name, value, passed, ...(before && { before }) };
  });
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

/** What would be done: what each mapping row gives, and what is left out. */
export function actionStep(
  traces: readonly RowTrace[],
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
  const details = [...traces.map(mapped), ...left];
  const failures = traces.filter(({ outcome }) => outcome === "failed").length;
  if (failures > 0) return step("action", "failure", `${failures} of ${traces.length} mappings failed.`, details);
  if (change) return step("action", "success", `${verbs[change.action]}. ${change.reason}`, details);
  if (skip) return step("action", "skipped", `${skip.reason}: ${skip.detail}`, details);
  if (kept.length > 0)
    return step("action", "skipped", "RedundantExport: the target differs only where that is accepted.", details);
  return step("action", "skipped", "RedundantExport: the target agrees already; nothing is sent.", details);
}

/** What one mapping row gives. */
function mapped({ row, outcome, value, error }: RowTrace): ExplainDetail {
  const name = row.target.path;
  if (error !== undefined) return { name, value: error.message, passed: false };
  if (value === undefined) return { name, value: withoutValue[outcome] ?? "no value, nothing is sent" };
  const remark = outcome === "default" ? " (default)" : row.mapping.apply === "create" ? " (only during creation)" : "";
  return { name, value: `${showValue(value)}${remark}` };
}

const withoutValue: Readonly<Partial<Record<RowTrace["outcome"], string>>> = {
  notOnUpdate: "only during creation",
  dropped: "dropped, nothing is sent",
};

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

const order = ["connection", "import", "scope", "match", "action"] as const;

/** The steps from one on, as not reached. */
export function notReached(from: ExplainStep["id"]): ExplainStep[] {
  return order.slice(order.indexOf(from)).map((id) => step(id, "notReached", "Not reached.", []));
}
