import { requestText } from "../changes/requestText.ts";
import type { Change } from "../changes/change.ts";
import type { DirectoryGroup, DirectoryUser } from "../directory/source.ts";
import { describeDirectoryProblem } from "../directory/source.ts";
import type { RowTrace } from "../mapping/rowTrace.ts";
import { lookupValue } from "../scim/dialects/dialects.ts";
import { describeClause } from "../scope/clause.ts";
import type { ScopeExplanation } from "../scope/scope.ts";
import { compileScope } from "../scope/scope.ts";
import { sourceName } from "./consider.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState } from "./jobState.ts";
import { makePlan } from "./makePlan.ts";
import type { Skip } from "./plan.ts";
import { showValue } from "./planText.ts";

/** One of the five steps of on-demand provisioning, with the service's names for them. */
export interface ExplainStep {
  readonly id: "import" | "scope" | "match" | "map" | "action";
  readonly title: string;
  readonly status: "success" | "skipped" | "failure" | "notReached";
  /** What came out, in one sentence. */
  readonly summary: string;
  /** The data that decided, in order. */
  readonly details: readonly ExplainDetail[];
}

export interface ExplainDetail {
  readonly name: string;
  readonly value: string;
  /** Only of rules: whether it holds. */
  readonly passed?: boolean;
}

/** Why one user or group is, or is not, provisioned. */
export interface Explanation {
  readonly job: string;
  readonly object?: { readonly type: "User" | "Group"; readonly sourceId: string; readonly name: string };
  /** The answer in one sentence. */
  readonly answer: string;
  readonly steps: readonly ExplainStep[];
  /** What would be done; absent when nothing would. */
  readonly change?: Change;
  readonly skip?: Skip;
}

const titles: Readonly<Record<ExplainStep["id"], string>> = {
  import: "Import from the directory",
  scope: "Determine if in scope",
  match: "Match between directory and target",
  map: "Map attributes",
  action: "Perform action",
};

/**
 * Explains what a cycle would do for one user or group, by the same functions that a cycle runs. Read-only.
 *
 * @param who an id, a user name, a display name or a mail address; letter case does not count
 */
export async function explain(
  context: JobContext,
  state: JobState,
  who: string,
  options: { readonly now: Date; readonly signal?: AbortSignal },
): Promise<Explanation> {
  const found = await findObject(context, who, options.signal);
  const job = context.job.name;
  if (found.kind === "none") {
    const answer = `Nobody called "${who}" is in the directory, so there is nothing to provision.`;
    return { job, answer, steps: [step("import", "failure", answer, found.problems), ...notReached("scope")] };
  }
  if (found.kind === "many") {
    const answer = `${found.names.length} objects of the directory are called "${who}"; name one by its id.`;
    const names = found.names.map(({ id, name }) => ({ name: id, value: name }));
    return { job, answer, steps: [step("import", "failure", answer, names), ...notReached("scope")] };
  }
  const { type, source, scope } = found;
  const name = sourceName(source);
  const mappings = context.mappings[type];
  const { plan } = await makePlan(context, state, {
    now: options.now,
    focus: source.id,
    ...(options.signal && { signal: options.signal }),
  });
  const change = plan.changes[0];
  // A provisioned group can have notes about members beside the decision about itself.
  const skip = plan.skips.find(({ reason }) => reason !== "MemberNotProvisioned");
  const isSoftDeleted = type === "User" && !scope.active;
  const linked = state.links(type).get(source.id);
  const mode = change?.action === "create" ? "create" : "update";
  const traces = mappings?.trace(source.attributes, { mode, isSoftDeleted }) ?? [];

  const steps: ExplainStep[] = [
    step("import", "success", `${type} ${name} was read from ${context.directory.description}.`, attributesOf(source)),
    scopeStep(scope),
  ];
  if (mappings === undefined) {
    const summary = `The job does not provision ${type === "User" ? "users" : "groups"}.`;
    return {
      job,
      object: { type, sourceId: source.id, name },
      answer: `${name}: ${summary}`,
      steps: [...steps, ...notReached("match")],
    };
  }
  const stopped = skip !== undefined && !change;
  const stopsAtScope = stopped && (!scope.inScope || !scope.active) && linked === undefined;
  if (stopsAtScope) steps.push(...notReached("match"));
  else {
    const queries = mappings.matching.flatMap(({ row, value }) => {
      const wanted = value(source.attributes, { isSoftDeleted });
      if (wanted === null) return [{ name: row.target.path, value: "no value" }];
      const sent = lookupValue(context.client.dialect, type, row.target.path, wanted);
      return [{ name: "query", value: `${row.target.path} eq ${JSON.stringify(sent)}` }];
    });
    steps.push(
      matchStep(linked?.targetId, change, skip, queries),
      mapStep(traces),
      actionStep(change, skip, plan.skips),
    );
  }
  const answer = answerOf(name, change, skip);
  return {
    job,
    object: { type, sourceId: source.id, name },
    answer,
    steps,
    ...(change && { change }),
    ...(skip && { skip }),
  };
}

/** What a person's words name in the directory. */
export type Found =
  | {
      readonly kind: "one";
      readonly type: "User" | "Group";
      readonly source: DirectoryUser | DirectoryGroup;
      readonly scope: ScopeExplanation;
    }
  | { readonly kind: "many"; readonly names: readonly { readonly id: string; readonly name: string }[] }
  | { readonly kind: "none"; readonly problems: readonly ExplainDetail[] };

/** Finds the one user or group that is meant, with what decides its scope. */
export async function findObject(context: JobContext, who: string, signal: AbortSignal | undefined): Promise<Found> {
  const read = context.directory.read(signal ? { signal } : {});
  const assignments = [];
  for await (const batch of read.assignments()) assignments.push(...batch);
  const groups = new Map<string, DirectoryGroup>();
  for await (const batch of read.groups()) for (const group of batch) groups.set(group.id, group);
  const wanted = who.trim().toLowerCase();
  const users: DirectoryUser[] = [];
  for await (const batch of read.users()) for (const user of batch) if (isCalled(user, wanted)) users.push(user);
  const named = [...groups.values()].filter((group) => isCalled(group, wanted));
  // An id names one object, whatever else bears the same text as its name.
  const exact = [...users, ...named].filter(({ id }) => id.toLowerCase() === wanted);
  const all = exact.length > 0 ? exact : [...users, ...named];
  const only = all[0];
  if (only === undefined) {
    const problems = read.problems().map((problem) => ({ name: "problem", value: describeDirectoryProblem(problem) }));
    return { kind: "none", problems };
  }
  if (all.length > 1) return { kind: "many", names: all.map((each) => ({ id: each.id, name: sourceName(each) })) };
  const scope = compileScope(context.job.scope, { assignments, groups });
  return isGroup(only)
    ? { kind: "one", type: "Group", source: only, scope: scope.explainGroup(only) }
    : { kind: "one", type: "User", source: only, scope: scope.explainUser(only) };
}

function isGroup(source: DirectoryUser | DirectoryGroup): source is DirectoryGroup {
  return "members" in source;
}

const names = ["userPrincipalName", "userName", "displayName", "mail"];

function isCalled({ id, attributes }: DirectoryUser | DirectoryGroup, wanted: string): boolean {
  if (id.toLowerCase() === wanted) return true;
  return names.some((name) => String(attributes[name] ?? "").toLowerCase() === wanted);
}

function attributesOf(source: DirectoryUser | DirectoryGroup): ExplainDetail[] {
  const details = Object.entries(source.attributes).map(([name, value]) => ({ name, value: showValue(value) }));
  if (isGroup(source)) details.push({ name: "members", value: String(source.members.length) });
  return [{ name: "id", value: source.id }, ...details];
}

function scopeStep(scope: ScopeExplanation): ExplainStep {
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

function matchStep(
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

function mapStep(traces: readonly RowTrace[]): ExplainStep {
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

function actionStep(change: Change | undefined, skip: Skip | undefined, skips: readonly Skip[]): ExplainStep {
  const members = skips.filter(({ reason }) => reason === "MemberNotProvisioned");
  const left = members.map(({ detail }) => ({ name: "member left out", value: detail }));
  if (change) {
    const requests = change.requests.map((request, at) => ({ name: `request ${at + 1}`, value: requestText(request) }));
    return step("action", "success", `${verbs[change.action]}. ${change.reason}`, [...requests, ...left]);
  }
  if (skip) return step("action", "skipped", `${skip.reason}: ${skip.detail}`, left);
  return step("action", "skipped", "RedundantExport: the target agrees already; nothing is sent.", left);
}

const verbs = { create: "Create", update: "Update", deactivate: "Deactivate", delete: "Delete" } as const;

function answerOf(name: string, change: Change | undefined, skip: Skip | undefined): string {
  if (change)
    return `${name} would be ${{ create: "created", update: "updated", deactivate: "deactivated", delete: "deleted" }[change.action]}. ${change.reason}`;
  if (skip) return `${name} is skipped (${skip.reason}): ${skip.detail}`;
  return `${name} is provisioned, and the target agrees with the directory.`;
}

function step(
  id: ExplainStep["id"],
  status: ExplainStep["status"],
  summary: string,
  details: readonly ExplainDetail[],
): ExplainStep {
  return { id, title: titles[id], status, summary, details };
}

const order = ["import", "scope", "match", "map", "action"] as const;

function notReached(from: ExplainStep["id"]): ExplainStep[] {
  return order.slice(order.indexOf(from)).map((id) => step(id, "notReached", "Not reached.", []));
}
