import type { ScimResource } from "../scim/resource.ts";
import type { Considered } from "./consider.ts";
import type { Skip, SkipReason } from "./plan.ts";
import type { TargetIndex } from "./targetIndex.ts";

/** A directory object and its counterpart in the target; without one it is to be created. */
export interface Matched {
  readonly object: Considered;
  readonly target: ScimResource | undefined;
}

export interface MatchResult {
  readonly matched: readonly Matched[];
  readonly skips: readonly Skip[];
}

/**
 * Finds the counterpart of every object: the linked one by id, else by the matching attributes in order of precedence; the
 * first attribute that hits decides. Several hits, and several directory objects that meet in one target, are named and
 * left alone: there are never two writes to one object.
 *
 * @param ownerOf the directory object that an object of the target is linked to, if any
 * @param relink whether an object whose linked counterpart is gone is matched anew (an initial cycle), or reported
 */
export function matchObjects(
  objects: readonly Considered[],
  index: TargetIndex,
  ownerOf: (targetId: string) => string | undefined,
  relink: boolean,
): MatchResult {
  const skips: Skip[] = [];
  const found: Matched[] = [];
  const skip = (object: Considered, reason: SkipReason, detail: string) =>
    skips.push({ sourceId: object.sourceId, resourceType: object.type, name: object.name, reason, detail });

  for (const object of objects) {
    const linked = object.link && index.get(object.type, object.link.targetId);
    if (linked !== undefined) {
      found.push({ object, target: linked });
      continue;
    }
    if (object.link !== undefined && !relink) {
      skip(
        object,
        "InvalidAnchor",
        `The linked object ${object.link.targetId} is gone from the target; restart provisioning to match anew.`,
      );
      continue;
    }
    const hits = firstHits(object, index);
    if (hits.length > 1) {
      // Pages come side by side, so that the order of what they hold says nothing.
      const ids = hits
        .map(({ id }) => id)
        .sort()
        .join(", ");
      skip(object, "DuplicateTargetEntries", `${hits.length} objects of the target match: ${ids}.`);
      continue;
    }
    const owner = hits[0] && ownerOf(hits[0].id);
    if (owner !== undefined && owner !== object.sourceId) {
      skip(
        object,
        "DuplicateSourceEntries",
        `Matches ${hits[0]?.id ?? ""} of the target, which belongs to ${owner} of the directory.`,
      );
      continue;
    }
    found.push({ object, target: hits[0] });
  }
  return { matched: withoutCollisions(found, index, skip), skips };
}

/** What the first matching attribute that hits finds in the target. */
export function firstHits(
  { type, matching }: Pick<Considered, "type" | "matching">,
  index: TargetIndex,
): readonly ScimResource[] {
  for (const { path, value } of matching) {
    const hits = index.find(type, path, value);
    if (hits.length > 0) return hits;
  }
  return [];
}

/** Takes out the objects that meet in one target, whether it exists or would be created by both. */
function withoutCollisions(
  found: readonly Matched[],
  index: TargetIndex,
  skip: (object: Considered, reason: SkipReason, detail: string) => void,
): Matched[] {
  const byPlace = new Map<Place, Matched | Matched[]>();
  for (const match of found) {
    for (const place of placesOf(match, index)) {
      const other = byPlace.get(place);
      if (other === undefined) byPlace.set(place, match);
      else if (Array.isArray(other)) other.push(match);
      else byPlace.set(place, [other, match]);
    }
  }
  const colliding = new Map<Matched, Matched[]>();
  for (const group of byPlace.values()) {
    if (!Array.isArray(group)) continue;
    // Someone linked keeps the place: only those that would come to it are in conflict.
    const comers = group.filter(({ object }) => object.link === undefined);
    for (const match of comers.length === group.length ? group : comers) colliding.set(match, group);
  }
  if (colliding.size === 0) return [...found];
  for (const [match, group] of colliding) {
    const others = group.filter((other) => other !== match).map(({ object }) => `${object.name} (${object.sourceId})`);
    const value = match.object.matching[0]?.value ?? match.object.name;
    skip(
      match.object,
      "DuplicateSourceEntries",
      `Meets ${others.join(", ")} in one object of the target, "${value}"; nothing is written.`,
    );
  }
  return found.filter((match) => !colliding.has(match));
}

/** An object of the target that exists, or the matching value that one would be created with. */
type Place = ScimResource | string;

function placesOf({ object, target }: Matched, index: TargetIndex): Place[] {
  if (target !== undefined) return [target];
  return object.matching.map(({ path, value }) => `${path}\n${index.key(object.type, path, value)}`);
}
