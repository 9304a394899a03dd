import { placeholder } from "../changes/reference.ts";
import type { CompiledMappings } from "../mapping/compileMappings.ts";
import type { ScimDocument, ScimResource } from "../scim/resource.ts";
import { elementsOf, isComplex, property } from "../scim/values.ts";
import type { Considered } from "./consider.ts";
import type { Known, Place } from "./known.ts";

/** What members and managers are resolved with. */
export interface ReferenceIndex {
  /** A user or group of the directory; `undefined` when it holds none of that id. */
  readonly known: (sourceId: string) => Known | undefined;
  /** The counterpart of a directory user: its id, `created` by this plan, or `absent`. */
  readonly placeOf: (user: Known) => Place;
  /** The directory user that a user of the target belongs, or belonged, to; `undefined` for a stranger. */
  readonly sourceOf: (targetId: string) => string | undefined;
  /** Whether members may be removed: only when the directory was read to its end. */
  readonly mayRemove: boolean;
}

/** A document with its references set. The same document when nothing differs. */
interface Resolved<Document> {
  readonly document: Document | ScimDocument;
  readonly deferred: boolean;
}

/**
 * Puts members and managers into documents. A reference to an object that this plan creates is a placeholder, one to an
 * object that is nowhere yet is left out and taken up again in later cycles. Members without a directory object behind
 * them are kept; members that the directory knows and no longer lists are removed.
 */
export class References {
  readonly #index: ReferenceIndex;

  constructor(index: ReferenceIndex) {
    this.#index = index;
  }

  /** For an object that is about to be created. */
  intoNew(document: ScimDocument, object: Considered, mappings: CompiledMappings): Resolved<ScimDocument> {
    return this.#resolve(document, undefined, object, mappings);
  }

  /** For an object that exists: `target` itself when its references are as they should be. */
  into(target: ScimResource, object: Considered, mappings: CompiledMappings): Resolved<ScimResource> {
    return this.#resolve(target, target, object, mappings);
  }

  #resolve<Document extends ScimDocument>(
    document: Document,
    target: ScimResource | undefined,
    object: Considered,
    mappings: CompiledMappings,
  ): Resolved<Document> {
    let result: Document | ScimDocument = document;
    let deferred = false;
    for (const { row, kind, sourceIds } of mappings.references) {
      if (target !== undefined && row.mapping.apply === "create") continue;
      const referents = kind === "members" ? (object.members ?? []) : this.#managers(sourceIds(object.attributes));
      const wanted: string[] = [];
      for (const referent of referents) {
        const place = referent === undefined ? "absent" : this.#index.placeOf(referent);
        if (place === "absent") deferred = true;
        else wanted.push(place === "created" ? placeholder(referent?.id ?? "") : place.id);
      }
      const current = row.target.read(result);
      const { value, held } = kind === "members" ? this.#members(current, wanted) : manager(current, wanted);
      deferred ||= held;
      if (value === undefined) continue;
      // The copy is shallow along the path that is written, so that the document as read stays as it was.
      const copy: ScimDocument = { ...result, [row.target.topLevel]: copyOf(result[row.target.topLevel]) };
      if (kind === "members") copy[row.target.topLevel] = value;
      else row.target.write(copy, value[0] as string);
      result = copy;
    }
    return { document: result, deferred };
  }

  #managers(sourceIds: readonly string[]): readonly (Known | undefined)[] {
    return sourceIds.slice(0, 1).map((id) => this.#index.known(id));
  }

  #members(current: unknown, wanted: readonly string[]): Wanted {
    const elements = elementsOf(current);
    if (isSameList(elements, wanted)) return { held: false };
    const want = new Set(wanted);
    const present = new Set<string>();
    const { sourceOf, mayRemove } = this.#index;
    let held = false;
    const kept = elements.filter((element) => {
      const id = property(element, "value");
      if (typeof id !== "string") return true;
      present.add(id);
      if (want.has(id) || sourceOf(id) === undefined) return true;
      held ||= !mayRemove;
      return !mayRemove;
    });
    const added = [...want].filter((id) => !present.has(id)).map((value) => ({ value }));
    const same = added.length === 0 && kept.length === elements.length;
    return same ? { held } : { value: [...kept, ...added], held };
  }
}

/** Most groups are as they should be, and most services list members in the order in which they were added. */
function isSameList(elements: readonly unknown[], wanted: readonly string[]): boolean {
  return (
    elements.length === wanted.length && elements.every((element, at) => property(element, "value") === wanted[at])
  );
}

/** What a reference should become; no value when it is as it should be. */
interface Wanted {
  readonly value?: readonly unknown[];
  /** Members stay only because nothing may be removed now: they are looked at again in the next cycle. */
  readonly held: boolean;
}

function manager(current: unknown, wanted: readonly string[]): Wanted {
  const id = wanted[0];
  const now = isComplex(current) ? property(current, "value") : current;
  return id === undefined || now === id ? { held: false } : { value: [id], held: false };
}

function copyOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? structuredClone(value) : value;
}
