import type { Change } from "../changes/change.ts";
import { describeDirectoryProblem } from "../directory/source.ts";
import type { DirectoryPass, Leaver } from "./directoryPass.ts";
import { passDirectory } from "./directoryPass.ts";
import type { Considered } from "./consider.ts";
import { isDue } from "./escrow.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState } from "./jobState.ts";
import { planLeaver } from "./leavers.ts";
import type { Matched } from "./match.ts";
import { matchObjects } from "./match.ts";
import type { CycleKind, Plan, Skip } from "./plan.ts";
import { summarize } from "./plan.ts";
import type { ObjectPlan } from "./planObject.ts";
import { ObjectPlanner } from "./planObject.ts";
import type { Protected } from "./protection.ts";
import { findProtected } from "./protection.ts";
import { readMembers, readTarget } from "./readTarget.ts";
import { References } from "./references.ts";
import type { Place } from "./references.ts";
import { TargetIndex } from "./targetIndex.ts";

/** How far planning has come. */
export interface PlanProgress {
  readonly step: "directory" | "users" | "groups";
  readonly done: number;
  readonly total: number | undefined;
}

export interface PlanOptions {
  readonly now: Date;
  /** Evaluate everyone, as an initial cycle does; otherwise who moved since the last cycle. */
  readonly initial?: boolean;
  /** Leave objects in escrow alone until their next try, as a cycle does. */
  readonly respectEscrow?: boolean;
  /** Only this object (and, of a group, its members as references): for on-demand provisioning. */
  readonly focus?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined;
}

/** A plan, and what a cycle needs to know to keep its state. */
export interface PlannedJob {
  readonly plan: Plan;
  /** What was compared, by source id, with its counterpart when there is one. */
  readonly compared: readonly Matched[];
  readonly leaving: readonly Leaver[];
  /** Source ids of objects with references that wait for others. */
  readonly deferred: ReadonlySet<string>;
  /** Source ids of objects that could not be planned: their links stay as they are. */
  readonly unplanned: ReadonlySet<string>;
}

/** Whether the next cycle is an initial one, and why, in words. */
export function cycleKind(state: JobState, fingerprint: string): { readonly kind: CycleKind; readonly why: string } {
  if (state.record.watermark === undefined) return { kind: "initial", why: "No cycle has run whole yet." };
  if (state.record.fingerprint !== fingerprint) {
    return { kind: "initial", why: "Mapping, scope, directory or connection changed since the last cycle." };
  }
  return { kind: "incremental", why: "Only who moved since the last cycle is evaluated." };
}

/**
 * Plans what a job would do now. Writes nothing. The same directory, target and state give the same plan, byte for byte.
 *
 * @throws DirectoryError when nobody can be read, IncompleteTargetError, HttpError, ScimError
 */
export async function makePlan(context: JobContext, state: JobState, options: PlanOptions): Promise<PlannedJob> {
  const { signal, onProgress } = options;
  const kind: CycleKind = options.initial ? "initial" : cycleKind(state, context.fingerprint).kind;
  onProgress?.({ step: "directory", done: 0, total: undefined });
  const everyone = kind === "initial" || options.focus !== undefined;
  const pass = await passDirectory(context, state, { everyone, focus: options.focus, signal });

  const run = new PlanRun(context, state, pass, kind, options);
  await run.planType("User");
  await run.planType("Group");
  await run.protect();
  return run.finish();
}

class PlanRun {
  readonly #context: JobContext;
  readonly #state: JobState;
  readonly #pass: DirectoryPass;
  readonly #kind: CycleKind;
  readonly #options: PlanOptions;
  readonly #index: TargetIndex;
  readonly #withheld: string | undefined;
  #changes: Change[] = [];
  readonly #skips: Skip[];
  readonly #notes: string[] = [];
  readonly #compared: Matched[] = [];
  readonly #deferred = new Set<string>();
  readonly #unplanned = new Set<string>();
  #unchanged: number;
  /** Where each provisioned user is, and which user of the target belongs to whom. */
  readonly #places = new Map<string, Place>();
  readonly #sources = new Map<string, string>();

  constructor(context: JobContext, state: JobState, pass: DirectoryPass, kind: CycleKind, options: PlanOptions) {
    this.#context = context;
    this.#state = state;
    this.#pass = pass;
    this.#kind = kind;
    this.#options = options;
    this.#withheld = pass.completeness.complete ? undefined : pass.completeness.reason;
    this.#skips = [...pass.skips];
    this.#unchanged = pass.unchanged;
    const paths = (type: "User" | "Group") => context.mappings[type]?.matching.map(({ row }) => row.target.path) ?? [];
    this.#index = new TargetIndex(
      { User: paths("User"), Group: paths("Group") },
      context.schemas,
      context.client.dialect,
    );
    for (const [sourceId, { targetId }] of state.users) this.#sources.set(targetId, sourceId);
  }

  async planType(type: "User" | "Group"): Promise<void> {
    const mappings = this.#context.mappings[type];
    if (mappings === undefined) return;
    const objects = this.#due(this.#pass.compare[type]);
    const leaving = this.#pass.leaving.filter((leaver) => leaver.type === type);
    await this.#read(type, objects, leaving);
    const { matched, skips } = matchObjects(objects, this.#index, this.#claimed(type), this.#kind === "initial");
    for (const skip of skips) this.#leaveOut(skip);
    if (type === "User") this.#placeUsers(matched);
    else await this.#readGroupMembers(matched);

    const references = new References({
      placeOf: (sourceId) => this.#placeOf(sourceId),
      sourceOf: (targetId) => this.#sources.get(targetId),
      mayRemove: this.#withheld === undefined,
    });
    const planner = new ObjectPlanner(type, mappings, this.#context, references);
    const plans = this.#planAll(type, matched, planner);
    for (const [at, match] of matched.entries()) this.#take(match, plans[at] as ObjectPlan);
    for (const leaver of leaving) this.#takeLeaver(leaver);
  }

  /**
   * Plans every object. A new user counts as one that others may refer to; where it turns out that one is not created
   * after all, everything is planned once more without it, so that nothing refers to someone who will not be there.
   */
  #planAll(type: "User" | "Group", matched: readonly Matched[], planner: ObjectPlanner): readonly ObjectPlan[] {
    if (type === "User") {
      for (const { object, target } of matched) if (!target) this.#places.set(object.sourceId, "created");
    }
    const plans = matched.map((match) => planner.plan(match));
    const absent = matched.filter(({ target }, at) => !target && plans[at]?.change === undefined);
    if (type === "Group" || absent.length === 0) return plans;
    for (const { object } of absent) this.#places.set(object.sourceId, "absent");
    return matched.map((match) => planner.plan(match));
  }

  /** Objects that are tried now; those in escrow wait for their time, unless they changed in the directory since. */
  #due(objects: readonly Considered[]): readonly Considered[] {
    if (!this.#options.respectEscrow || this.#kind === "initial") return objects;
    const escrows = new Map(
      this.#state.record.escrows.map((escrow) => [`${escrow.resourceType}\n${escrow.sourceId}`, escrow]),
    );
    return objects.filter((object) => {
      const escrow = escrows.get(`${object.type}\n${object.sourceId}`);
      if (escrow === undefined || escrow.hash !== object.hash || isDue(escrow, this.#options.now)) return true;
      const detail = `${escrow.code}: ${escrow.message} Next try ${escrow.nextTryAt}.`;
      this.#leaveOut({
        sourceId: object.sourceId,
        resourceType: object.type,
        name: object.name,
        reason: "Escrowed",
        detail,
      });
      return false;
    });
  }

  #leaveOut(skip: Skip): void {
    this.#skips.push(skip);
    this.#unplanned.add(`${skip.resourceType}\n${skip.sourceId}`);
  }

  #read(type: "User" | "Group", objects: readonly Considered[], leaving: readonly Leaver[]): Promise<void> {
    const { onProgress, signal } = this.#options;
    const linked = objects.flatMap(({ link }) => (link === undefined ? [] : [link.targetId]));
    // An initial cycle may have to match anew what is gone, so it needs the values of linked objects as well.
    const unlinked = objects.filter(({ link }) => link === undefined || this.#kind === "initial");
    return readTarget(
      {
        type,
        ids: [...linked, ...leaving.map(({ targetId }) => targetId)],
        values: unlinked.map(({ matching }) => matching),
      },
      {
        client: this.#context.client,
        index: this.#index,
        signal,
        onProgress: (done, total) => onProgress?.({ step: type === "User" ? "users" : "groups", done, total }),
      },
    );
  }

  /** Who owns which object of the target: links of all directory objects, compared or not. */
  #claimed(type: "User" | "Group"): Map<string, string> {
    const claimed = new Map<string, string>();
    for (const [sourceId, { targetId }] of this.#state.links(type)) claimed.set(targetId, sourceId);
    return claimed;
  }

  #placeUsers(matched: readonly Matched[]): void {
    for (const { object, target } of matched) {
      if (target === undefined) continue;
      this.#places.set(object.sourceId, { id: target.id });
      this.#sources.set(target.id, object.sourceId);
    }
  }

  #placeOf(sourceId: string): Place {
    const place = this.#places.get(sourceId);
    if (place !== undefined) return place;
    const link = this.#state.users.get(sourceId);
    return link === undefined || this.#unplanned.has(`User\n${sourceId}`) ? "absent" : { id: link.targetId };
  }

  /** A group whose members were not in the answer is read whole: a missing list is never taken for an empty one. */
  async #readGroupMembers(matched: readonly Matched[]): Promise<void> {
    const { client } = this.#context;
    if (client.dialect.page.listHasMembers) return;
    const ids = matched.flatMap(({ target }) => (target === undefined ? [] : [target.id]));
    await readMembers(ids, { client, index: this.#index, signal: this.#options.signal });
    for (const [at, match] of matched.entries()) {
      const target = match.target && this.#index.get("Group", match.target.id);
      if (target) (matched as Matched[])[at] = { ...match, target };
    }
  }

  #take(match: Matched, planned: ObjectPlan): void {
    const { object } = match;
    if (planned.skip) {
      this.#leaveOut(planned.skip);
      return;
    }
    this.#notes.push(...planned.notes);
    if (planned.deferred) this.#deferred.add(`${object.type}\n${object.sourceId}`);
    const { change } = planned;
    if (change?.action === "deactivate" && this.#withheld !== undefined) {
      this.#leaveOut({
        sourceId: object.sourceId,
        resourceType: object.type,
        name: object.name,
        reason: "RemovalWithheld",
        detail: this.#withheld,
      });
      return;
    }
    this.#compared.push(match);
    if (change === undefined) this.#unchanged += 1;
    else this.#changes.push(change);
  }

  #takeLeaver(leaver: Leaver): void {
    const target = this.#index.get(leaver.type, leaver.targetId);
    const { change, skip } = planLeaver(leaver, target, this.#context, this.#withheld);
    if (change) this.#changes.push(change);
    if (skip === undefined) return;
    if (skip.reason === "SkipOutOfScopeDeletions") this.#skips.push(skip);
    else this.#leaveOut(skip);
  }

  /** Takes back the removals of who must keep access. */
  async protect(): Promise<void> {
    const removals = this.#changes.filter(({ action }) => action === "deactivate" || action === "delete");
    const kept: Protected = await findProtected(this.#context.client, removals, this.#options.signal);
    if (kept.size === 0) return;
    this.#changes = this.#changes.filter((change) => {
      const why = change.targetId === undefined ? undefined : kept.get(change.targetId);
      if (why === undefined || !removals.includes(change)) return true;
      this.#leaveOut({
        sourceId: change.sourceId ?? "",
        resourceType: "User",
        name: change.name,
        reason: "RemovalWithheld",
        detail: `${change.reason} ${why}`,
      });
      return false;
    });
  }

  finish(): PlannedJob {
    const { problems } = this.#pass;
    const { focus } = this.#options;
    const isAsked = ({ sourceId }: { readonly sourceId?: string }) => focus === undefined || sourceId === focus;
    const changes = this.#changes.filter(isAsked).sort(byOrder);
    const skips = this.#skips.filter(isAsked).sort(bySkipOrder);
    const notes = [...problems.map(describeDirectoryProblem), ...this.#notes.sort()];
    const plan: Plan = {
      job: this.#context.job.name,
      cycle: this.#kind,
      createdAt: this.#options.now.toISOString(),
      summary: summarize(changes, skips, this.#unchanged),
      changes,
      skips,
      ...(this.#withheld !== undefined && { removalsWithheld: this.#withheld }),
      ...(notes.length > 0 && { notes }),
    };
    return {
      plan,
      compared: this.#compared,
      leaving: this.#pass.leaving,
      deferred: this.#deferred,
      unplanned: this.#unplanned,
    };
  }
}

const actionOrder = { create: 0, update: 1, deactivate: 2, delete: 3 } as const;

/** Users before groups, additions before removals, then by name: the order of a review and of the push. */
function byOrder(a: Change, b: Change): number {
  return (
    actionOrder[a.action] - actionOrder[b.action] ||
    compareText(b.resourceType, a.resourceType) ||
    compareText(a.name, b.name) ||
    compareText(a.id, b.id)
  );
}

function bySkipOrder(a: Skip, b: Skip): number {
  return (
    compareText(b.resourceType, a.resourceType) ||
    compareText(a.name, b.name) ||
    compareText(a.sourceId, b.sourceId) ||
    compareText(a.reason, b.reason) ||
    compareText(a.detail, b.detail)
  );
}

/** By code unit: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
