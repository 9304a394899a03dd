import type { ResourceType, ScimDocument } from "../scim/resource.ts";
import { urns } from "../scim/resource.ts";
import { elementsOf, isComplex, property } from "../scim/values.ts";
import { valueAt, withValueAt } from "./attributePath.ts";
import type { UndoReads } from "./undoReads.ts";

/** Members and managers of an undo: those who were deleted are gone, or come back under another id. */
export class UndoReferences {
  readonly #reads: UndoReads;
  /** By the old id: how changes refer to the resource that is created anew. */
  readonly #reborn = new Map<string, string>();

  constructor(reads: UndoReads) {
    this.#reads = reads;
  }

  /** Takes note that a deleted resource is created anew. @param name its placeholder */
  rebear(oldId: string, name: string): void {
    this.#reborn.set(oldId, name);
  }

  isReborn(oldId: string): boolean {
    return this.#reborn.has(oldId);
  }

  /**
   * The group with the members that are to be put back: those that were deleted meanwhile left out, those that are created
   * anew by their new id.
   *
   * @param current the group as it is now; empty for one that is created anew
   * @returns the group, and what a person calls those who are lost
   */
  async restoreMembers(
    wanted: ScimDocument,
    current: ScimDocument,
  ): Promise<{ readonly document: ScimDocument; readonly lost: readonly string[] }> {
    const there = new Set(elementsOf(valueAt(current, "members")).map(idOf));
    const members = elementsOf(valueAt(wanted, "members"));
    const back = new Set(members.filter((member) => !there.has(idOf(member)) && !this.#reborn.has(idOf(member))));
    if (back.size === 0 && this.#reborn.size === 0) return { document: wanted, lost: [] };
    await this.#reads.prefetch([...back].map((member) => ({ type: memberTypes(member)[0], id: idOf(member) })));
    const kept: unknown[] = [];
    const lost: string[] = [];
    for (const member of members) {
      const reborn = this.#reborn.get(idOf(member));
      if (reborn !== undefined) kept.push({ value: reborn, type: memberTypes(member)[0] });
      else if (!back.has(member) || (await this.#exists(member))) kept.push(member);
      else lost.push(nameOf(member));
    }
    return { document: withValueAt(wanted, "members", kept.length === 0 ? undefined : kept), lost };
  }

  /** The document with the new id of a manager who is created anew. */
  withManager(document: ScimDocument): ScimDocument {
    const path = `${urns.enterpriseUser}:manager`;
    const manager = valueAt(document, path);
    const id = isComplex(manager) ? property(manager, "value") : manager;
    const reborn = typeof id === "string" ? this.#reborn.get(id) : undefined;
    return reborn === undefined ? document : withValueAt(document, path, { value: reborn });
  }

  async #exists(member: unknown): Promise<boolean> {
    for (const type of memberTypes(member)) if (await this.#reads.current(type, idOf(member))) return true;
    return false;
  }
}

function idOf(member: unknown): string {
  return String(property(member, "value"));
}

function nameOf(member: unknown): string {
  const display = property(member, "display");
  return typeof display === "string" ? display : idOf(member);
}

/** What kinds of resource a member can be: by its `type`, else by its `$ref` (RFC 7643 section 4.2), else any, users first. */
function memberTypes(member: unknown): readonly [ResourceType, ...ResourceType[]] {
  const [type, reference] = [property(member, "type"), property(member, "$ref")];
  if (type === "User" || type === "Group" || type === "ServicePrincipal") return [type];
  const endpoint = typeof reference === "string" ? /(?:^|\/)(User|Group|ServicePrincipal)s\//.exec(reference) : null;
  return endpoint ? [endpoint[1] as ResourceType] : ["User", "Group", "ServicePrincipal"];
}
