import type { ScimDocument, ScimResource } from "../scim/resource.ts";
import { elementsOf, isComplex, sameJson } from "../scim/values.ts";
import { attributeDeltas, type AttributeDelta } from "./attributeDelta.ts";
import { valueAt, withValueAt } from "./attributePath.ts";
import { makeUpdate, type BuiltChange, type ChangeContext } from "./build.ts";
import type { Change } from "./change.ts";

/** One attribute that we and somebody else changed to different values. */
export interface ConflictingAttribute {
  readonly path: string;
  readonly base: unknown;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** A change whose resource moved since it was read, so that it is not sent. */
export interface Conflict {
  readonly change: Change;
  /** The resource as the service has it now; absent when it is gone. */
  readonly theirs?: ScimResource;
  /** What differs; empty when the resource is gone. */
  readonly attributes: readonly ConflictingAttribute[];
  /** One sentence for the person. */
  readonly message: string;
}

/** How a change stands against the resource as it is now. */
export type Standing =
  /** What the change touches is as it was: its requests can go as they are. */
  | { readonly kind: "clean" }
  /** Everything is as wanted already: nothing to send. */
  | { readonly kind: "redundant" }
  /** Part of it was done, or members moved that the change does not touch: this change, on the fresh document, is left. */
  | { readonly kind: "rebased"; readonly change: Change }
  | { readonly kind: "conflict"; readonly conflict: Conflict };

/**
 * Compares a change with the resource as it is now, attribute by attribute, over the attributes that the change touches.
 * A delete touches every attribute that was known when it was reviewed. Members, roles and entitlements are compared value
 * by value: two people who add different members do not conflict.
 *
 * @param current the resource as just read; `undefined` when the service has none of that id
 */
export function checkStanding(change: Change, current: ScimResource | undefined, context: ChangeContext): Standing {
  if (change.action === "delete") return checkDelete(change, current, context);
  if (current === undefined) return { kind: "conflict", conflict: goneConflict(change) };
  const { schema } = context;
  const touched = attributeDeltas(change.before ?? {}, change.after ?? {}, schema);
  const theirs = attributeDeltas(change.before ?? {}, current, schema);
  const moved = touched.filter(({ path }) => theirs.some((other) => overlaps(path, other.path)));
  if (moved.length === 0) return { kind: "clean" };
  const left = attributeDeltas(current, change.after ?? {}, schema);
  const clashing = moved.filter((delta) => !isSet(delta) && left.some(({ path }) => overlaps(path, delta.path)));
  if (clashing.length > 0) return { kind: "conflict", conflict: clash(change, current, clashing) };
  const rebuilt = rebase(change, touched, current, context).change;
  return rebuilt === undefined ? { kind: "redundant" } : { kind: "rebased", change: rebuilt };
}

/** What becomes of a resource when a change is laid over it as it is now. */
export interface Merge {
  readonly document: ScimDocument;
  /** Attributes that somebody else has changed too: they stay as they are. */
  readonly clashing: readonly AttributeDelta[];
  /** Sets of values of which others changed elements that the change does not touch. */
  readonly alsoMoved: readonly AttributeDelta[];
}

/** Lays a change over a resource as it is now: what nobody else touched becomes what the change wants, the rest is kept. */
export function mergeChange(change: Change, current: ScimResource, context: ChangeContext): Merge {
  const { schema } = context;
  const touched = attributeDeltas(change.before ?? {}, change.after ?? {}, schema);
  const theirs = attributeDeltas(change.before ?? {}, current, schema);
  const left = attributeDeltas(current, change.after ?? {}, schema);
  const meets = (others: readonly AttributeDelta[], { path }: AttributeDelta) =>
    others.some((other) => overlaps(path, other.path));
  const clashing = touched.filter((delta) => !isSet(delta) && meets(theirs, delta) && meets(left, delta));
  const document = touched
    .filter((delta) => !clashing.includes(delta))
    .reduce<ScimDocument>((merged, delta) => applyDelta(merged, delta), current);
  const own = new Map(touched.filter(isSet).map((delta) => [delta.path, deltaIds(delta)]));
  const alsoMoved = theirs.filter((delta) => {
    const ours = own.get(delta.path);
    return ours !== undefined && [...deltaIds(delta)].some((id) => !ours.has(id));
  });
  return { document, clashing, alsoMoved };
}

function deltaIds({ elements }: AttributeDelta): ReadonlySet<unknown> {
  return new Set([...(elements?.added ?? []), ...(elements?.removed ?? [])].map(elementId));
}

/** What to keep of an attribute in conflict. */
export type Keep = "ours" | "theirs";

/**
 * Rebuilds a change that is in conflict on the resource as it is now: what nobody else touched stays, and each attribute in
 * conflict becomes what the person keeps. No change when nothing of ours is left, or when the resource is gone.
 *
 * @param keep by path; `theirs` where a path is not named
 */
export function resolveConflict(
  conflict: Conflict,
  keep: ReadonlyMap<string, Keep>,
  context: ChangeContext,
): BuiltChange {
  const { change, theirs } = conflict;
  if (theirs === undefined) return { notes: [] };
  if (change.action === "delete") {
    const wanted = [...keep.values()].includes("ours");
    return wanted ? { change: { ...change, before: theirs }, notes: [] } : { notes: [] };
  }
  const lost = new Set(conflict.attributes.filter(({ path }) => keep.get(path) !== "ours").map(({ path }) => path));
  const touched = attributeDeltas(change.before ?? {}, change.after ?? {}, context.schema);
  return rebase(
    change,
    touched.filter(({ path }) => !lost.has(path)),
    theirs,
    context,
  );
}

/**
 * Where what the service stored differs from what was sent.
 *
 * @param sent the attributes that were sent; others do not count
 */
export function storedDifferences(sent: ScimDocument, stored: ScimDocument, context: ChangeContext): AttributeDelta[] {
  // Mostly the service stores what it got, to the letter; only then is meaning asked for.
  const suspects = Object.keys(sent).filter((key) => key !== "schemas" && !sameJson(sent[key], stored[key]));
  if (suspects.length === 0) return [];
  const part = Object.fromEntries(suspects.map((key) => [key, sent[key]]));
  return attributeDeltas(part, stored, context.schema).filter(({ path, before, elements }) => {
    // A password never comes back (RFC 7643 section 4.1.1).
    if (before === undefined || path === "password") return false;
    if (elements === undefined) return true;
    // A service adds parts to elements (`type`, `primary`, `display`); what was sent of them has to be there.
    return elements.removed.some((was) => !elements.added.some((is) => holds(is, was)));
  });
}

/** Whether an element has every part that another one has. */
function holds(element: unknown, parts: unknown): boolean {
  if (!isComplex(element) || !isComplex(parts)) return false;
  return Object.entries(parts).every(([name, value]) => sameJson(element[name], value));
}

/** Whether a stored resource is the one that a create meant to make: everything that was sent is there, in any letter case. */
export function isMeant(sent: ScimDocument, stored: ScimDocument, context: ChangeContext): boolean {
  return storedDifferences(sent, stored, context).every(
    ({ before, after }) =>
      typeof before === "string" && typeof after === "string" && before.toLowerCase() === after.toLowerCase(),
  );
}

function checkDelete(change: Change, current: ScimResource | undefined, context: ChangeContext): Standing {
  if (current === undefined) return { kind: "redundant" };
  const before = change.before ?? {};
  // A group without members has no such attribute; who joined it since is of importance all the same.
  const known = [...Object.keys(before), ...(change.resourceType === "Group" ? ["members"] : [])];
  const moved = attributeDeltas(before, current, context.schema).filter(
    (delta) =>
      !hasOnlyLost(delta) &&
      known.some((key) => overlaps(delta.path, key) || delta.path.toLowerCase().startsWith(`${key.toLowerCase()}:`)),
  );
  if (moved.length === 0) return { kind: "clean" };
  return { kind: "conflict", conflict: clash(change, current, moved) };
}

function rebase(
  change: Change,
  touched: readonly AttributeDelta[],
  current: ScimResource,
  context: ChangeContext,
): BuiltChange {
  const merged = touched.reduce<ScimDocument>((document, delta) => applyDelta(document, delta), current);
  const built = makeUpdate(current, merged, context, {
    reason: change.reason,
    ...(change.sourceId !== undefined && { sourceId: change.sourceId }),
  });
  return built.change === undefined
    ? built
    : { ...built, change: { ...built.change, id: change.id, action: change.action } };
}

function applyDelta(document: ScimDocument, delta: AttributeDelta): ScimDocument {
  if (!isSet(delta)) return withValueAt(document, delta.path, delta.after);
  const removed = new Set(delta.elements?.removed.map(elementId));
  const kept = elementsOf(valueAt(document, delta.path)).filter((element) => !removed.has(elementId(element)));
  const there = new Set(kept.map(elementId));
  const wanted = new Set(delta.elements?.added.map(elementId));
  const added = elementsOf(delta.after).filter((element) => {
    const id = elementId(element);
    return wanted.has(id) && !there.has(id);
  });
  const list = [...kept, ...added];
  return withValueAt(document, delta.path, list.length === 0 ? undefined : list);
}

/** Attributes that are sets of values: adding one and removing another never disturb each other. */
const sets: ReadonlySet<string> = new Set(["members", "roles", "entitlements"]);

function isSet(delta: AttributeDelta): boolean {
  return delta.elements !== undefined && sets.has(delta.path);
}

/** A group that lost members, as when a push deletes both, is still the one that was to be deleted. */
function hasOnlyLost(delta: AttributeDelta): boolean {
  return isSet(delta) && delta.elements?.added.length === 0;
}

function elementId(element: unknown): unknown {
  return isComplex(element) && typeof element["value"] === "string" ? element["value"] : JSON.stringify(element);
}

/** Whether two paths name the same attribute, or one of them a part of the other. */
function overlaps(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return (
    long.toLowerCase().startsWith(short.toLowerCase()) && (long.length === short.length || long[short.length] === ".")
  );
}

function clash(change: Change, theirs: ScimResource, deltas: readonly AttributeDelta[]): Conflict {
  const attributes = deltas.map(({ path }) => ({
    path,
    base: change.before && valueAt(change.before, path),
    ours: change.after && valueAt(change.after, path),
    theirs: valueAt(theirs, path),
  }));
  const names = attributes.map(({ path }) => path).join(", ");
  const message = `${change.name} was changed by someone else since it was read (${names}); nothing was sent.`;
  return { change, theirs, attributes, message };
}

/** The conflict of a change whose resource is not there any more. */
export function goneConflict(change: Change): Conflict {
  const message = `${change.name} (${change.targetId ?? "no id"}) no longer exists; nothing was sent.`;
  return { change, attributes: [], message };
}
