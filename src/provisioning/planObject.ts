import type { ChangeContext } from "../changes/build.ts";
import { makeCreate, makeUpdate } from "../changes/build.ts";
import type { Change } from "../changes/change.ts";
import { shortPath } from "../changes/describe.ts";
import { ChangeError } from "../changes/changeError.ts";
import type { JobMapping, JobObject } from "../job/job.ts";
import type { CompiledMappings, MappedObject } from "../mapping/compileMappings.ts";
import { ScimError } from "../scim/errors.ts";
import type { ScimDocument, ScimResource } from "../scim/resource.ts";
import type { MayDiffer } from "./compare.ts";
import { compileMayDiffer, withAttribute } from "./compare.ts";
import type { Considered } from "./consider.ts";
import type { AcceptedDeviation } from "./deviation.ts";
import { settleAccepted } from "./deviation.ts";
import type { JobContext } from "./jobContext.ts";
import type { Matched } from "./match.ts";
import type { Skip, SkipReason } from "./plan.ts";
import type { References } from "./references.ts";

/** What is to be done for one matched object. */
export interface ObjectPlan {
  readonly change?: Change;
  readonly skip?: Skip;
  readonly notes: readonly string[];
  /** References that wait for an object that is not in the target yet. */
  readonly deferred: boolean;
  /** The change puts right what was changed in the target behind the job's back. */
  readonly drift?: boolean;
  /** Accepted deviations of the object that are left as they are. */
  readonly kept?: readonly AcceptedDeviation[];
  /** Accepted deviations of the object that are no longer so. */
  readonly ended?: readonly AcceptedDeviation[];
}

/** What the planner knows of earlier: whether the mapping is that of the last cycle, and what a person lets be. */
export interface PlanMemory {
  readonly sameMapping: boolean;
  readonly accepted: (type: "User" | "Group", sourceId: string) => readonly AcceptedDeviation[];
}

/** Plans one kind of object: attribute by attribute, over mapped attributes only. */
export class ObjectPlanner {
  readonly #type: "User" | "Group";
  readonly #mappings: CompiledMappings;
  readonly #mayDiffer: MayDiffer;
  readonly #changes: ChangeContext;
  readonly #actions: ReadonlySet<JobObject["actions"][number]>;
  readonly #references: References;
  readonly #mapsActive: boolean;
  readonly #memory: PlanMemory;

  constructor(
    type: "User" | "Group",
    mappings: CompiledMappings,
    context: JobContext,
    references: References,
    memory: PlanMemory,
  ) {
    this.#type = type;
    this.#mappings = mappings;
    this.#mayDiffer = compileMayDiffer(mappings, context.client.dialect);
    this.#changes = changeContext(type, context);
    const part = type === "User" ? context.job.users : context.job.groups;
    this.#actions = new Set(part.actions);
    this.#references = references;
    this.#memory = memory;
    this.#mapsActive = part.mappings.some(isActiveRow);
  }

  /** Whether what is planned depends on where other objects are. */
  get hasReferences(): boolean {
    return this.#mappings.references.length > 0;
  }

  plan({ object, target }: Matched): ObjectPlan {
    try {
      return target === undefined ? this.#create(object) : this.#update(object, target);
    } catch (error) {
      // A value that no request can carry concerns this object alone; the plan of all others stands.
      if (error instanceof ScimError) return this.#skipped(object, "MappingFailed", error.message);
      if (!(error instanceof ChangeError)) throw error;
      return this.#skipped(object, error.code === "systemGroup" ? "RemovalWithheld" : "MappingFailed", error.message);
    }
  }

  #create(object: Considered): ObjectPlan {
    if (object.computed.isSoftDeleted) {
      return this.#skipped(object, "NotEffectivelyEntitled", "Disabled in the directory, and not in the target.");
    }
    const accepted = this.#memory.accepted(this.#type, object.sourceId);
    const gone = accepted.find(({ kind, wanted }) => kind === "gone" && wanted === object.hash);
    if (gone !== undefined) {
      const detail = `Gone from the target, which was accepted ${gone.acceptedAt}.`;
      return this.#skipped(object, "DeviationAccepted", detail);
    }
    if (!this.#actions.has("create")) {
      return this.#skipped(object, "ActionNotEnabled", "It would be created, and the job does not create.");
    }
    const mapped = this.#mappings.apply(object.attributes, { mode: "create", ...object.computed });
    const failed = this.#failed(object, mapped);
    if (failed) return failed;
    const { document, deferred } = this.#references.intoNew(mapped.document, object, this.#mappings);
    const drift = this.#isDrift(object);
    const { change } = makeCreate(document, this.#changes, {
      sourceId: object.sourceId,
      reason: drift ? "Deleted in the target since the last cycle." : "In scope and not in the target yet.",
    });
    return { ...(change && { change }), notes: [], deferred, drift, ended: accepted };
  }

  #update(object: Considered, target: ScimResource): ObjectPlan {
    const returning = object.link?.scope === "out" && !this.#mapsActive && this.#type === "User";
    let differs: boolean;
    try {
      differs = returning || this.#mayDiffer(object.attributes, target, object.computed);
    } catch {
      // The exact comparison names every row that fails.
      differs = true;
    }
    const references = this.#references.into(target, object, this.#mappings);
    const accepted = this.#memory.accepted(this.#type, object.sourceId);
    if (!differs && references.document === target)
      return { notes: [], deferred: references.deferred, ended: accepted };
    const mapped = this.#mappings.applyTo(references.document, object.attributes, object.computed);
    const failed = this.#failed(object, mapped);
    if (failed) return failed;
    const wanted = returning ? withAttribute(mapped.document, "active", true) : mapped.document;
    const drift = this.#isDrift(object);
    const origin = { sourceId: object.sourceId, reason: updateReason(object, target, wanted, returning, drift) };
    const whole = makeUpdate(target, wanted, this.#changes, origin);
    const settled = settleAccepted(whole.change, accepted, this.#changes.schema);
    const { change, notes } = settled?.kept.length
      ? makeUpdate(target, settled.document, this.#changes, origin)
      : whole;
    if (change && !this.#actions.has("update")) {
      return this.#skipped(object, "ActionNotEnabled", "It would be updated, and the job does not update.");
    }
    return {
      ...(change && { change }),
      notes: [...notes, ...(settled?.kept ?? []).map(keptNote)],
      deferred: references.deferred,
      drift,
      kept: settled?.kept ?? [],
      ended: settled?.ended ?? [],
    };
  }

  /** The directory and the mapping are as in the last cycle, so only the target can have moved. */
  #isDrift({ link, hash }: Considered): boolean {
    return this.#memory.sameMapping && link?.scope === "in" && link.hash === hash && link.deferred === undefined;
  }

  #failed(object: Considered, { errors }: MappedObject): ObjectPlan | undefined {
    const first = errors[0];
    if (first === undefined) return undefined;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    return this.#skipped(object, "MappingFailed", `${first.target}: ${first.message}${more}`);
  }

  #skipped(object: Considered, reason: SkipReason, detail: string): ObjectPlan {
    const skip: Skip = { sourceId: object.sourceId, resourceType: this.#type, name: object.name, reason, detail };
    return { skip, notes: [], deferred: false };
  }
}

/** What changes of one kind of object are made for. */
export function changeContext(type: "User" | "Group", context: JobContext): ChangeContext {
  return {
    resourceType: type,
    schema: context.schemas[type],
    dialect: context.client.dialect,
    patchSupported: context.patchSupported,
  };
}

/** Why an object is updated, as far as its link and its content hash tell. */
function updateReason(
  object: Considered,
  target: ScimResource,
  wanted: ScimDocument,
  returning: boolean,
  drift: boolean,
): string {
  const { link } = object;
  if (drift) return "Changed in the target since the last cycle.";
  const wasActive = target["active"] !== false;
  if (object.computed.isSoftDeleted && wasActive && wanted["active"] === false) return "Disabled in the directory.";
  if (returning || link?.scope === "out") return "Back in scope.";
  if (link === undefined) return "Matches the directory; its attributes differ.";
  if (link.hash === "") return "Differs from the directory.";
  if (link.hash !== object.hash) return "Changed in the directory.";
  if (link.deferred) return "What it refers to is in the target now.";
  return "Changed in the target, or mapped otherwise than before.";
}

/** Says of whom a deviation is left as it is; the name of the object follows. */
function keptNote({ kind, path, memberName, member = "" }: AcceptedDeviation): string {
  const what = kind === "value" ? shortPath(path) : `${path}, ${memberName ?? member}`;
  return `An accepted deviation is left as it is: ${what}.`;
}

function isActiveRow({ target }: JobMapping): boolean {
  return target.trim().toLowerCase() === "active";
}
