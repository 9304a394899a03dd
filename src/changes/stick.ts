import type { AttributeDeparture, Dialect } from "../scim/dialects/dialect.ts";
import type { ResourceType, ScimDocument } from "../scim/resource.ts";
import { isDeepStrictEqual } from "node:util";
import { isUnassigned } from "../scim/values.ts";
import { valueAt, withValueAt } from "./attributePath.ts";

/** What a service will make of a document, and what it will not do of it. */
export interface Sticking {
  readonly document: ScimDocument;
  /** One sentence for each attribute that cannot become what was wanted. */
  readonly notes: readonly string[];
}

/**
 * Brings a wanted document to what the service can store, by the departures of its dialect: attributes that are never
 * written, or only on creation, keep the value they have; a folded attribute takes the stored letter case, so that a
 * case-only change is no change. Nothing is proposed that cannot stick.
 *
 * @param before the document as the service has it; absent for a create
 */
export function whatSticks(
  wanted: ScimDocument,
  before: ScimDocument | undefined,
  dialect: Dialect,
  resourceType: ResourceType,
): Sticking {
  let document = wanted;
  const notes: string[] = [];
  for (const departure of dialect.departures) {
    if (departure.resourceType !== resourceType) continue;
    const value = valueAt(document, departure.path);
    const kept = before && valueAt(before, departure.path);
    if (isDeepStrictEqual(value, kept)) continue;
    const stored = storable(departure, value, kept, before !== undefined);
    if (isDeepStrictEqual(value, stored)) continue;
    document = withValueAt(document, departure.path, stored);
    // Nobody is told of a folded letter case that the service has anyway, nor that it keeps what was not mentioned.
    const lost = !isDeepStrictEqual(fold(value), fold(stored));
    if (value === undefined ? departure.derived === true : lost || before === undefined) notes.push(departure.note);
  }
  return { document, notes };
}

function storable(departure: AttributeDeparture, value: unknown, kept: unknown, exists: boolean): unknown {
  if (departure.writable === "never") return kept;
  if (departure.stored === "lower" && isDeepStrictEqual(fold(value), fold(kept))) return kept;
  if (departure.writable === "create" && exists) return kept;
  if (departure.derived === true && isUnassigned(value)) return kept;
  return departure.stored === "lower" ? fold(value) : value;
}

function fold(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}
