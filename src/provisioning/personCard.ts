import type { Change } from "../changes/change.ts";
import type { DirectoryGroup } from "../directory/source.ts";
import type { RowTrace } from "../mapping/rowTrace.ts";
import { ScimError } from "../scim/errors.ts";
import type { ScimDocument } from "../scim/resource.ts";
import { elementsOf, property, sameJson } from "../scim/values.ts";
import { sourceName } from "./sourceName.ts";
import type { AcceptedDeviation } from "./deviation.ts";
import { describeDeviation } from "./deviation.ts";
import { findObject } from "./explain.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState } from "./jobState.ts";
import type { LogRecord } from "./logRecord.ts";
import { makePlan } from "./makePlan.ts";
import { lastOperations } from "./operations.ts";
import type { Skip } from "./plan.ts";
import { showValue } from "./planText.ts";

/** One mapped attribute of a person, from the directory to the target. */
export interface CardAttribute {
  /** Target path. */
  readonly path: string;
  /** What the mapping reads, for example `[mail] = ada@contoso.com`. */
  readonly source: string;
  /** Absent where the mapping gives no value. */
  readonly mapped?: string;
  /** Absent where the target has no value. */
  readonly target?: string;
  /**
   * `accepted`: it differs, and a person lets it be. `cannotChange`: it differs, and the next cycle does not change it, since
   * the service would not store it.
   */
  readonly state: "same" | "willChange" | "accepted" | "cannotChange" | "onlyDuringCreation" | "noValue" | "failed";
}

/** One group of a person, on either side. */
export interface CardGroup {
  readonly name: string;
  readonly inDirectory: boolean;
  readonly inTarget: boolean;
  /** Whether the job has linked the group to one of the target. */
  readonly provisioned: boolean;
}

/** One person or group across directory, mapping, target and log. */
export interface PersonCard {
  readonly job: string;
  readonly name: string;
  /** Absent when nobody, or more than one, is called so; `answer` says which. */
  readonly object?: { readonly type: "User" | "Group"; readonly sourceId: string; readonly targetId?: string };
  /** The next action in one sentence. */
  readonly answer: string;
  readonly attributes: readonly CardAttribute[];
  readonly groups: readonly CardGroup[];
  /** Newest first. */
  readonly operations: readonly LogRecord[];
  readonly change?: Change;
  readonly skip?: Skip;
  /** Why the target could not be read. */
  readonly trouble?: string;
}

const mostOperations = 10;
/** How far back the log is searched for operations, in lines. */
const linesSearched = 100_000;

/**
 * Puts together what is known of one user or group. Read-only; by the functions that a cycle runs.
 *
 * @param who as of `explain`
 */
export async function personCard(
  context: JobContext,
  state: JobState,
  who: string,
  options: { readonly now: Date; readonly signal?: AbortSignal },
): Promise<PersonCard> {
  const job = context.job.name;
  const found = await findObject(context, who, options.signal);
  if (found.kind !== "one") {
    const answer =
      found.kind === "none"
        ? `Nobody called "${who}" is in the directory.`
        : `${found.names.length} objects of the directory are called "${who}"; name one by its id.`;
    return { job, name: who, answer, attributes: [], groups: [], operations: [] };
  }
  const { type, source, computed } = found;
  const operations = await lastOperations(context.files.log, source.id, {
    most: mostOperations,
    within: linesSearched,
  });
  const planned = await makePlan(context, state, { ...options, focus: source.id });
  const change = planned.plan.changes[0];
  const skip = planned.plan.skips.find(({ reason }) => reason !== "MemberNotProvisioned");
  const matched = planned.compared.find(({ object }) => object.sourceId === source.id)?.target;
  const targetId = change?.targetId ?? matched?.id ?? state.links(type).get(source.id)?.targetId;
  const target = matched ?? change?.before ?? (await readTargetObject(context, type, targetId, options.signal));
  const mode = targetId === undefined ? "create" : "update";
  const traces = context.mappings[type]?.trace(source.attributes, { mode, ...computed }) ?? [];
  return {
    job,
    name: sourceName(source),
    object: { type, sourceId: source.id, ...(targetId !== undefined && { targetId }) },
    answer: nextAction(sourceName(source), change, skip, planned.keptDeviations),
    attributes: traces.map((trace) => {
      const card = attributeOf(trace, source.attributes, target, change);
      const { path, topLevel } = trace.row.target;
      const accepted = planned.keptDeviations.some((kept) => kept.path === path || kept.path === topLevel);
      return card.state === "cannotChange" && accepted ? { ...card, state: "accepted" } : card;
    }),
    groups: type === "User" ? await groupsOf(context, state, source.id, target, options.signal) : [],
    operations,
    ...(change && { change }),
    ...(skip && { skip }),
  };
}

function nextAction(
  name: string,
  change: Change | undefined,
  skip: Skip | undefined,
  kept: readonly AcceptedDeviation[],
): string {
  if (change) return `The next cycle ${nextVerbs[change.action]} ${name}. ${change.reason}`;
  if (skip) return `Nothing is done: ${skip.reason}. ${skip.detail}`;
  if (kept.length > 0) return `Nothing to do. Accepted: ${kept.map(describeDeviation).join("; ")}.`;
  return "Nothing to do: the target agrees with the directory.";
}

const nextVerbs = { create: "creates", update: "updates", deactivate: "deactivates", delete: "deletes" } as const;

function attributeOf(
  { row, outcome, value, error }: RowTrace,
  attributes: Readonly<Record<string, unknown>>,
  target: ScimDocument | undefined,
  change: Change | undefined,
): CardAttribute {
  const { source } = row.mapping;
  const read = row.attributes.map((name) => `[${name}] = ${text(attributes[name]) ?? "empty"}`).join(", ");
  const stored = target && row.target.read(target);
  const shown = text(stored);
  const mapped = error?.message ?? text(value);
  const base = {
    path: row.target.path,
    source: "constant" in source ? `constant ${source.constant}` : read === "" ? "computed" : read,
    ...(mapped !== undefined && { mapped }),
    ...(shown !== undefined && { target: shown }),
  };
  if (outcome === "failed") return { ...base, state: "failed" };
  const after = change?.after && row.target.read(change.after);
  if (change?.after && !sameJson(after, change.before && row.target.read(change.before))) {
    return { ...base, state: "willChange" };
  }
  if (outcome === "notOnUpdate") return { ...base, state: "onlyDuringCreation" };
  if (value === undefined) return { ...base, state: "noValue" };
  return { ...base, state: sameJson(value, stored) ? "same" : "cannotChange" };
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  return showValue(value);
}

async function readTargetObject(
  context: JobContext,
  type: "User" | "Group",
  id: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ScimDocument | undefined> {
  if (id === undefined) return undefined;
  try {
    return await context.client.get(type, id, signal ? { signal } : {});
  } catch (error) {
    if (error instanceof ScimError && error.status === 404) return undefined;
    throw error;
  }
}

/** Groups that hold the person directly, in the directory or, by what the service says, in the target. */
async function groupsOf(
  context: JobContext,
  state: JobState,
  sourceId: string,
  target: ScimDocument | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly CardGroup[]> {
  const left = new Map(
    elementsOf(target && property(target, "groups")).map((group) => [String(property(group, "value")), group]),
  );
  const groups: CardGroup[] = [];
  const add = (group: DirectoryGroup, inDirectory: boolean) => {
    const targetId = state.groups.get(group.id)?.targetId;
    const inTarget = targetId !== undefined && left.delete(targetId);
    if (inDirectory || inTarget)
      groups.push({ name: sourceName(group), inDirectory, inTarget, provisioned: targetId !== undefined });
  };
  for await (const batch of context.directory.read(signal ? { signal } : {}).groups())
    for (const group of batch) add(group, group.members.includes(sourceId));
  for (const [id, group] of left) {
    const name = property(group, "display");
    groups.push({ name: typeof name === "string" ? name : id, inDirectory: false, inTarget: true, provisioned: false });
  }
  return groups;
}
