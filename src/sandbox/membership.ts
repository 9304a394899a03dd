import { ScimError } from "../scim/errors.ts";
import { isComplex } from "../scim/values.ts";
import type { Entry } from "./entry.ts";
import type { Limits } from "./options.ts";

/**
 * The members of a group while a write is worked out. Nothing is stored before the whole write is known to be good, and a
 * write costs what it names, not what the group holds.
 */
export class MembershipDraft {
  readonly #group: Entry | undefined;
  readonly #resolve: (id: string) => Entry | undefined;
  readonly #added = new Map<string, Entry>();
  readonly #removed = new Set<string>();

  /**
   * @param group Absent for a group that is about to be created.
   * @param resolve Gives the entry of a member id; `undefined` to pass the member over.
   */
  constructor(group: Entry | undefined, resolve: (id: string) => Entry | undefined) {
    this.#group = group;
    this.#resolve = resolve;
  }

  /** @throws ScimError 400 when an element names no member, or one that does not exist. */
  add(elements: readonly unknown[]): void {
    for (const element of elements) {
      const entry = this.#resolve(memberId(element));
      if (!entry) continue;
      this.#removed.delete(entry.id);
      if (this.#group?.members?.has(entry.id) !== true) this.#added.set(entry.id, entry);
    }
  }

  remove(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#added.delete(id);
      if (this.#group?.members?.has(id) === true) this.#removed.add(id);
    }
  }

  clear(): void {
    this.#added.clear();
    for (const id of this.#group?.members?.keys() ?? []) this.#removed.add(id);
  }

  replace(elements: readonly unknown[]): void {
    this.clear();
    this.add(elements);
  }

  /** Everyone who would be in the group, in order. */
  current(): readonly Entry[] {
    const kept = [...(this.#group?.members?.values() ?? [])].filter(({ id }) => !this.#removed.has(id));
    return [...kept, ...this.#added.values()];
  }

  changes(): { readonly add: readonly Entry[]; readonly remove: readonly Entry[] } {
    const remove: Entry[] = [];
    for (const id of this.#removed) {
      const entry = this.#group?.members?.get(id);
      if (entry) remove.push(entry);
    }
    return { add: [...this.#added.values()], remove };
  }

  /** @throws ScimError 400 invalidValue when groups would form a circle, stand too deep, or a member has too many groups. */
  check(limits: Limits): void {
    const ancestors = this.#group ? ancestorsOf(this.#group) : new Map<Entry, number>();
    const above = Math.max(0, ...ancestors.values());
    for (const member of this.#added.values()) {
      if (countParents(member) >= limits.parents) {
        throw refused(`${member.id} is a direct member of ${limits.parents} groups already, which is the most`);
      }
      if (member.type !== "Group") continue;
      if (member === this.#group || ancestors.has(member)) {
        throw refused(`group ${member.id} contains this group already, so the groups would form a circle`);
      }
      if (above + 1 + heightOf(member) > limits.nesting) {
        throw refused(`groups can be nested ${limits.nesting} levels deep at most`);
      }
    }
  }
}

function refused(reason: string): ScimError {
  return new ScimError(400, `The members cannot be changed: ${reason}.`, "invalidValue");
}

/** The id that an element of `members` names. */
function memberId(element: unknown): string {
  if (isComplex(element) && typeof element.value === "string" && element.value !== "") return element.value;
  throw new ScimError(
    400,
    "Request is unparsable, syntactically incorrect, or violates schema.",
    isComplex(element) ? "invalidValue" : "invalidSyntax",
  );
}

/** How many groups hold an entry directly; those that the service puts everyone into do not count. */
function countParents({ parents }: Entry): number {
  let count = 0;
  for (const { system } of parents) if (!system) count += 1;
  return count;
}

/** Every group above a group, with how far above it is at most. */
function ancestorsOf(group: Entry): Map<Entry, number> {
  const distances = new Map<Entry, number>();
  let level: readonly Entry[] = [group];
  for (let distance = 1; level.length > 0; distance += 1) {
    level = [...new Set(level.flatMap(({ parents }) => [...parents]))];
    for (const parent of level) distances.set(parent, distance);
  }
  return distances;
}

/** How many levels of groups stand below a group. */
function heightOf(group: Entry, known = new Map<Entry, number>()): number {
  const seen = known.get(group);
  if (seen !== undefined) return seen;
  let height = 0;
  for (const member of group.members?.values() ?? []) {
    if (member.type === "Group") height = Math.max(height, 1 + heightOf(member, known));
  }
  known.set(group, height);
  return height;
}
