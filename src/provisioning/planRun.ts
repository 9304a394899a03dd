import type { Change } from "../changes/change.ts";
import { describeDirectoryProblem } from "../directory/source.ts";
import type { Decided, Leaver } from "./decided.ts";
import type { DirectoryPass } from "./directoryPass.ts";
import type { Considered } from "./consider.ts";
import type { AcceptedDeviation } from "./deviation.ts";
import { settleAccepted } from "./deviation.ts";
import { EscrowIndex } from "./escrowIndex.ts";
import type { JobContext } from "./jobContext.ts";
import type { JobState } from "./jobState.ts";
import { planLeaver } from "./leavers.ts";
import type { Matched } from "./match.ts";
import { matchObjects } from "./match.ts";
import { Places } from "./places.ts";
import type { CycleKind, Plan, Skip } from "./plan.ts";
import { summarize } from "./plan.ts";
import type { ObjectPlan } from "./planObject.ts";
import { NoteBook } from "./noteBook.ts";
import { ObjectPlanner } from "./planObject.ts";
import { Owners } from "./owners.ts";
import { objectKey } from "./plannedJob.ts";
import type { PlannedJob, PlanOptions } from "./plannedJob.ts";
import { byOrder, bySkipOrder } from "./planOrder.ts";
import { findProtected } from "./protection.ts";
import { References } from "./references.ts";
import { TargetIndex } from "./targetIndex.ts";
import { TargetReader } from "./targetReader.ts";

/** One plan in the making: users first, then groups, since groups refer to users. */
export class PlanRun {
  readonly #context: JobContext;
  readonly #state: JobState;
  readonly #pass: DirectoryPass;
  readonly #kind: CycleKind;
  readonly #options: PlanOptions;
  readonly #index: TargetIndex;
  readonly #reader: TargetReader;
  readonly #places: Places;
  readonly #escrows: EscrowIndex | undefined;
  /** Why nothing may be removed, when that is so. */
  readonly #withheld: string | undefined;
  #changes: Change[] = [];
  readonly #skips: Skip[] = [];
  readonly #notes = new NoteBook();
  readonly #compared: Matched[] = [];
  readonly #leaving: Leaver[] = [];
  readonly #deferred = new Set<string>();
  readonly #unplanned = new Set<string>();
  readonly #unconfirmed = new Map<string, "absent" | "inactive">();
  readonly #replaced = new Set<string>();
  readonly #drift = new Set<string>();
  readonly #accepted = new Map<string, AcceptedDeviation[]>();
  readonly #kept: AcceptedDeviation[] = [];
  readonly #ended: AcceptedDeviation[] = [];
  #unchanged = 0;

  constructor(context: JobContext, state: JobState, pass: DirectoryPass, kind: CycleKind, options: PlanOptions) {
    this.#context = context;
    this.#state = state;
    this.#pass = pass;
    this.#kind = kind;
    this.#options = options;
    this.#withheld = pass.completeness.complete ? undefined : pass.completeness.reason;
    this.#places = new Places(state, pass);
    for (const accepted of state.record.accepted ?? []) {
      const key = objectKey(accepted.resourceType, accepted.sourceId);
      this.#accepted.set(key, [...(this.#accepted.get(key) ?? []), accepted]);
    }
    const respects = options.respectEscrow === true && kind === "incremental";
    this.#escrows = respects ? new EscrowIndex(state.record.escrows, options.now) : undefined;
    const paths = (type: "User" | "Group") => context.mappings[type]?.matching.map(({ row }) => row.target.path) ?? [];
    this.#index = new TargetIndex(
      { User: paths("User"), Group: paths("Group") },
      context.schemas,
      context.client.dialect,
    );
    this.#reader = new TargetReader(context.client, this.#index, kind, options);
  }

  /** Plans one kind of object. @returns what was matched */
  async plan(type: "User" | "Group", decided: Decided): Promise<readonly Matched[]> {
    const mappings = this.#context.mappings[type];
    this.#skips.push(...decided.skips);
    this.#unchanged += decided.unchanged;
    if (mappings === undefined) return [];
    const objects = decided.compare.filter((object) => this.#isDue(object));
    const leaving = decided.leaving.filter((leaver) => this.#isDue({ ...leaver, hash: "" }));
    await this.#reader.read(type, objects, leaving);
    const owners = new Owners(this.#state.links(type));
    const result = matchObjects(objects, this.#index, (id) => this.#ownerInPlace(owners, id), this.#kind === "initial");
    for (const skip of result.skips) this.#leaveOut(skip);
    const matched = type === "User" ? result.matched : await this.#reader.withMembers(result.matched, leaving);
    if (type === "User") this.#placeUsers(objects, matched);

    const references = new References({
      known: (sourceId) => this.#pass.known.get(sourceId),
      placeOf: (user) => this.#places.placeOf(user),
      sourceOf: (targetId) => this.#places.sourceOf(targetId),
      mayRemove: this.#withheld === undefined,
    });
    const memory = {
      sameMapping: this.#state.record.fingerprint === this.#context.fingerprint,
      accepted: (of: "User" | "Group", sourceId: string) => this.#accepted.get(objectKey(of, sourceId)) ?? [],
    };
    const plans = this.#planAll(type, matched, new ObjectPlanner(type, mappings, this.#context, references, memory));
    const takenOver = new Set<string>();
    for (const [at, match] of matched.entries()) {
      const before = match.target && owners.before(match.object, match.target.id);
      const replaces = before !== undefined && before !== match.object.sourceId;
      const taken = this.#take(match, plans[at] as ObjectPlan);
      if (!replaces) continue;
      takenOver.add(objectKey(type, before));
      if (taken) this.#replaced.add(objectKey(type, before));
    }
    for (const leaver of leaving) {
      if (takenOver.has(objectKey(type, leaver.sourceId))) this.#unplanned.add(objectKey(type, leaver.sourceId));
      else this.#takeLeaver(leaver);
    }
    return matched;
  }

  /** An owner that is proved to be gone from the directory gives its place up: to a new id for the same person. */
  #ownerInPlace(owners: Owners, targetId: string): string | undefined {
    const owner = owners.of(targetId);
    if (owner === undefined || this.#withheld !== undefined) return owner;
    return this.#pass.known.has(owner) ? owner : undefined;
  }

  #placeUsers(objects: readonly Considered[], matched: readonly Matched[]): void {
    const { focus } = this.#options;
    for (const { sourceId, link } of objects) {
      if (link !== undefined && this.#index.get("User", link.targetId) === undefined) {
        this.#places.put(sourceId, "absent");
      }
    }
    this.#places.found(matched);
    // On demand, only the object that is asked for is created; who is not there yet is taken up by a cycle.
    for (const { object, target } of matched) {
      if (target !== undefined) continue;
      this.#places.put(object.sourceId, focus === undefined || focus === object.sourceId ? "created" : "absent");
    }
  }

  /**
   * Plans every object. A new user counts as one that others may refer to; where it turns out that one is not created
   * after all, everything is planned once more without it, so that nothing refers to someone who will not be there.
   */
  #planAll(type: "User" | "Group", matched: readonly Matched[], planner: ObjectPlanner): readonly ObjectPlan[] {
    const plans = matched.map((match) => planner.plan(match));
    if (type === "Group") return plans;
    const absent = matched.filter(({ target }, at) => !target && plans[at]?.change === undefined);
    for (const { object } of absent) this.#places.put(object.sourceId, "absent");
    return absent.length === 0 || !planner.hasReferences ? plans : matched.map((match) => planner.plan(match));
  }

  /** Whether an object is tried now; one in escrow waits for its time, unless it changed in the directory since. */
  #isDue(object: Pick<Considered, "type" | "sourceId" | "name" | "hash">): boolean {
    const detail = this.#escrows?.waits(object.type, object.sourceId, object.hash);
    if (detail === undefined) return true;
    const { type: resourceType, sourceId, name } = object;
    this.#leaveOut({ sourceId, resourceType, name, reason: "Escrowed", detail });
    return false;
  }

  #leaveOut(skip: Skip): void {
    this.#skips.push(skip);
    this.#unplanned.add(objectKey(skip.resourceType, skip.sourceId));
  }

  /** @returns whether the object is planned, if only as unchanged */
  #take(match: Matched, planned: ObjectPlan): boolean {
    const { object } = match;
    const skip = planned.skip ?? (planned.change?.action === "deactivate" ? this.#withhold(object) : undefined);
    if (skip) {
      this.#leaveOut(skip);
      return false;
    }
    for (const note of planned.notes) this.#notes.add(note, object.name);
    this.#kept.push(...(planned.kept ?? []));
    this.#ended.push(...(planned.ended ?? []));
    if (planned.drift && planned.change) this.#drift.add(planned.change.id);
    if (planned.deferred) this.#deferred.add(objectKey(object.type, object.sourceId));
    this.#compared.push(match);
    if (planned.change === undefined) this.#unchanged += 1;
    else this.#changes.push(planned.change);
    return true;
  }

  #withhold({ sourceId, type: resourceType, name }: Considered): Skip | undefined {
    if (this.#withheld === undefined) return undefined;
    return { sourceId, resourceType, name, reason: "RemovalWithheld", detail: this.#withheld };
  }

  #takeLeaver(leaver: Leaver): void {
    const target = this.#index.get(leaver.type, leaver.targetId);
    const { change, skip } = planLeaver(leaver, target, this.#context, this.#withheld);
    if (leaver.again) {
      this.#takeLeaverAgain(leaver, change, skip);
      return;
    }
    this.#leaving.push(leaver);
    if (change) this.#changes.push(change);
    if (skip === undefined) {
      const seems = target === undefined ? "absent" : "inactive";
      if (change === undefined) this.#unconfirmed.set(objectKey(leaver.type, leaver.sourceId), seems);
      return;
    }
    if (skip.reason === "SkipOutOfScopeDeletions") this.#skips.push(skip);
    else this.#leaveOut(skip);
  }

  /** Somebody who has left before: only access that was given back in the target is of interest. */
  #takeLeaverAgain(leaver: Leaver, change: Change | undefined, skip: Skip | undefined): void {
    if (skip !== undefined) {
      this.#leaveOut(skip);
      return;
    }
    if (change === undefined) return;
    const accepted = this.#accepted.get(objectKey(leaver.type, leaver.sourceId)) ?? [];
    const settled = settleAccepted(change, accepted, this.#context.schemas[leaver.type]);
    this.#ended.push(...(settled?.ended ?? []));
    if (settled?.kept.length) return;
    this.#leaving.push(leaver);
    this.#changes.push({ ...change, reason: `${leaver.reason} Access was given back in the target.` });
    this.#drift.add(change.id);
  }

  /** Takes back the changes that would take access away from who must keep it. */
  async protect(): Promise<void> {
    const kept = await findProtected(this.#context.client, this.#changes, this.#options.signal);
    if (kept.size === 0) return;
    this.#changes = this.#changes.filter(({ id, sourceId = "", resourceType, name, reason }) => {
      const why = kept.get(id);
      if (why === undefined || resourceType === "ServicePrincipal") return true;
      this.#leaveOut({ sourceId, resourceType, name, reason: "RemovalWithheld", detail: `${reason} ${why}` });
      return false;
    });
  }

  finish(): PlannedJob {
    const { focus } = this.#options;
    const isAsked = ({ sourceId }: { readonly sourceId?: string }) => focus === undefined || sourceId === focus;
    const changes = this.#changes.filter(isAsked).sort(byOrder);
    const skips = this.#skips.filter(isAsked).sort(bySkipOrder);
    const drift = changes.filter(({ id }) => this.#drift.has(id)).map(({ id }) => id);
    const notes = [...this.#pass.problems.map(describeDirectoryProblem), ...this.#notes.lines()];
    const plan: Plan = {
      job: this.#context.job.name,
      cycle: this.#kind,
      createdAt: this.#options.now.toISOString(),
      summary: summarize(changes, skips, this.#unchanged),
      changes,
      skips,
      ...(drift.length > 0 && { drift }),
      ...(this.#withheld !== undefined && { removalsWithheld: this.#withheld }),
      ...(notes.length > 0 && { notes }),
    };
    return {
      plan,
      compared: this.#compared.filter(({ object }) => isAsked(object)),
      leaving: this.#leaving.filter(isAsked),
      deferred: this.#deferred,
      unplanned: this.#unplanned,
      unconfirmed: this.#unconfirmed,
      replaced: this.#replaced,
      keptDeviations: this.#kept,
      endedDeviations: this.#ended,
      isKnown: (sourceId) => this.#pass.known.has(sourceId),
      ...(focus === undefined && { imprint: () => this.#pass.imprint() }),
      names: (id) => {
        const sourceId = this.#places.sourceOf(id);
        return sourceId === undefined ? undefined : this.#pass.known.get(sourceId)?.name;
      },
    };
  }
}
