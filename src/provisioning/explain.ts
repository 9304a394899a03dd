import type { DirectoryGroup, DirectoryUser } from "../directory/source.ts";
import { describeDirectoryProblem } from "../directory/source.ts";
import type { MatchingRow } from "../mapping/compileMappings.ts";
import { lookupValue } from "../scim/dialects/dialects.ts";
import type { ScopeExplanation } from "../scope/scope.ts";
import { compileScope } from "../scope/scope.ts";
import { RoleIndex } from "../scope/roles.ts";
import { computedAttributes, type ComputedAttributes } from "./consider.ts";
import { nameAttributes, sourceName } from "./sourceName.ts";
import type { ExplainDetail, ExplainStep, Explanation } from "./explanation.ts";
import { connectionStep } from "./connectionStep.ts";
import { actionStep, answerOf, attributesOf, matchStep, notReached, scopeStep, step } from "./explainSteps.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState } from "./jobState.ts";
import { makePlan } from "./makePlan.ts";
import { lastOperations } from "./operations.ts";
import { searchDirectory } from "./search.ts";

export type { ExplainDetail, ExplainStep, Explanation } from "./explanation.ts";

/** How many names are offered where nobody is called as asked. */
const mostNear = 5;
/** How far back the log is searched for what it last says of the object, in lines: an answer takes no second. */
const linesSearched = 20_000;

/**
 * Explains what a cycle would do for one user or group, by the same functions that a cycle runs. Read-only.
 *
 * @param who an id, a user name, a display name or a mail address; letter case does not count
 */
export async function explain(
  context: JobContext,
  state: JobState,
  who: string,
  { now, signal }: { readonly now: Date; readonly signal?: AbortSignal },
): Promise<Explanation> {
  const job = context.job.name;
  const cancel = signal ? { signal } : {};
  const [connection, imported] = await Promise.all([
    timed(() => connectionStep(context, cancel)),
    timed(() => findObject(context, who, signal)),
  ]);
  const found = imported.result;
  const connected: ExplainStep = { ...connection.result, durationMs: connection.ms };
  const notFound = (answer: string, details: readonly ExplainDetail[]): Explanation => {
    const step1 = { ...step("import", "failure", answer, details), durationMs: imported.ms };
    return { job, answer, steps: [connected, step1, ...notReached("scope")] };
  };
  if (found.kind === "none") {
    const near = await searchDirectory(context, who, { limit: mostNear, ...cancel });
    const answer =
      `Nobody called "${who}" is in the directory, so there is nothing to provision.` +
      (near.length === 0 ? "" : ` Did you mean ${near.map(({ name }) => name).join(", ")}?`);
    return notFound(answer, [...near.map(({ id, name }) => ({ name: id, value: name })), ...found.problems]);
  }
  if (found.kind === "many") {
    const answer = `${found.names.length} objects of the directory are called "${who}"; name one by its id.`;
    return notFound(
      answer,
      found.names.map(({ id, name }) => ({ name: id, value: name })),
    );
  }
  const { type, source, scope, computed } = found;
  const name = sourceName(source);
  const mappings = context.mappings[type];
  const [last] = await lastOperations(context.files.log, source.id, { most: 1, within: linesSearched });
  const read = `${type} ${name} was read from ${context.directory.description}.`;
  const steps: ExplainStep[] = [
    connected,
    { ...step("import", "success", read, attributesOf(source)), durationMs: imported.ms },
    scopeStep(scope, last),
  ];
  const explanation = { job, object: { type, sourceId: source.id, name }, ...(last && { last }) };
  if (mappings === undefined) {
    const answer = `${name}: The job does not provision ${type === "User" ? "users" : "groups"}.`;
    return { ...explanation, answer, steps: [...steps, ...notReached("match")] };
  }
  const linked = state.links(type).get(source.id);
  const isOut = !scope.inScope || !scope.active;
  if (connected.status === "failure") {
    // Who is out and was never provisioned is skipped whatever the target says.
    const answer =
      isOut && linked === undefined
        ? `${name} is skipped (${scope.reason ?? ""}): ${scope.detail}`
        : `What is done for ${name} cannot be told, since the target was not reached. ${connected.summary}`;
    return { ...explanation, answer, steps: [...steps, ...notReached("match")] };
  }
  const planned = await timed(() => makePlan(context, state, { now, focus: source.id, ...cancel }));
  const { plan, keptDeviations } = planned.result;
  const change = plan.changes[0];
  // A provisioned group can have notes about members beside the decision about itself.
  const skip = plan.skips.find(({ reason }) => reason !== "MemberNotProvisioned");
  if (skip !== undefined && !change && isOut && linked === undefined) steps.push(...notReached("match"));
  else {
    const mode = change?.action === "create" ? "create" : "update";
    const queries = mappings.matching.map((row) => queryOf(row, type, source, computed, context));
    steps.push(
      { ...matchStep(linked?.targetId, change, skip, queries), durationMs: planned.ms },
      actionStep(mappings.trace(source.attributes, { mode, ...computed }), change, skip, plan.skips, keptDeviations),
    );
  }
  return {
    ...explanation,
    answer: answerOf(name, change, skip, keptDeviations),
    steps,
    ...(change && { change }),
    ...(skip && { skip }),
  };
}

/** What came of something, and how long it took. */
async function timed<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const started = performance.now();
  const result = await run();
  return { result, ms: Math.round(performance.now() - started) };
}

/** The query by which a cycle looks for the counterpart, as it is sent. */
function queryOf(
  { row, value }: MatchingRow,
  type: "User" | "Group",
  { attributes }: DirectoryUser | DirectoryGroup,
  computed: ComputedAttributes,
  { client }: JobContext,
): ExplainDetail {
  const { path } = row.target;
  try {
    const wanted = value(attributes, computed);
    if (wanted === null) return { name: path, value: "no value" };
    const sent = lookupValue(client.dialect, type, path, wanted);
    return { name: "query", value: `${path} eq ${JSON.stringify(sent)}` };
  } catch (error) {
    return { name: path, value: error instanceof Error ? error.message : String(error), passed: false };
  }
}

/** What a person's words name in the directory. */
export type Found =
  | {
      readonly kind: "one";
      readonly type: "User" | "Group";
      readonly source: DirectoryUser | DirectoryGroup;
      readonly scope: ScopeExplanation;
      readonly computed: ComputedAttributes;
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
  const rules = compileScope(context.job.scope, { assignments, groups });
  const type = isGroup(only) ? "Group" : "User";
  const scope = isGroup(only) ? rules.explainGroup(only) : rules.explainUser(only);
  const roles = context.mappings.User?.readsRoles ? new RoleIndex(assignments, groups) : undefined;
  return { kind: "one", type, source: only, scope, computed: computedAttributes(type, only.id, scope, roles) };
}

function isGroup(source: DirectoryUser | DirectoryGroup): source is DirectoryGroup {
  return "members" in source;
}

function isCalled({ id, attributes }: DirectoryUser | DirectoryGroup, wanted: string): boolean {
  if (id.toLowerCase() === wanted) return true;
  return nameAttributes.some((name) => String(attributes[name] ?? "").toLowerCase() === wanted);
}
