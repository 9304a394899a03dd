import type { ResourceType, ScimDocument } from "../scim/resource.ts";
import { AttributeIndex } from "./attributeIndex.ts";
import type { Entry, Level } from "./entry.ts";
import { OrderedEntries } from "./orderedEntries.ts";
import type { Random } from "./random.ts";

/** Attributes that a filter `… eq "…"` finds in constant time. */
export const indexedAttributes = ["userName", "displayName", "externalId", "applicationId"] as const;
export type IndexedAttribute = (typeof indexedAttributes)[number];

const resourceTypes = ["User", "Group", "ServicePrincipal"] as const satisfies readonly ResourceType[];
const levels = ["workspace", "account", "rfc"] as const satisfies readonly Level[];

/** What a new entry starts with. */
export interface NewEntry {
  readonly type: ResourceType;
  readonly home: Level;
  readonly levels: readonly Level[];
  readonly shared: ScimDocument;
  readonly own?: Partial<Record<Level, ScimDocument>>;
  readonly system?: boolean;
}

/** How ids are made: numbers as text, as Databricks does, or UUIDs. */
export type IdStyle = "decimal" | "uuid";

/**
 * Every resource of a sandbox in memory. Look-ups by id and by an indexed attribute take constant time, membership is
 * known in both directions, and a delete costs what the deleted entry itself holds.
 */
export class Store {
  readonly #byId = new Map<string, Entry>();
  readonly #indexes: Record<ResourceType, Record<IndexedAttribute, AttributeIndex>>;
  readonly #lists: Record<Level, Record<ResourceType, OrderedEntries>>;
  readonly #idStyle: IdStyle;
  readonly #random: Random;
  readonly #now: () => number;
  #sequence = 0;
  #revision = 0;
  /** Called before an entry changes, so that its past can be kept. */
  onChange: ((entry: Entry) => void) | undefined;

  constructor(idStyle: IdStyle, random: Random, now: () => number) {
    this.#idStyle = idStyle;
    this.#random = random;
    this.#now = now;
    this.#indexes = record(resourceTypes, () => record(indexedAttributes, () => new AttributeIndex()));
    this.#lists = record(levels, () => record(resourceTypes, () => new OrderedEntries()));
  }

  /** Grows with every change; equal revisions mean equal contents. */
  get revision(): number {
    return this.#revision;
  }

  /** The entry with this id where the level can see it. */
  get(level: Level, id: string): Entry | undefined {
    const entry = this.#byId.get(id);
    return entry?.levels.has(level) === true ? entry : undefined;
  }

  /** The entry with this id at whatever level. */
  getAnywhere(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  /** All entries of a type that a level sees, in a stable order. */
  list(level: Level, type: ResourceType): readonly Entry[] {
    return this.#lists[level][type].all;
  }

  /** Entries of a type, at any level, whose attribute has this value in any letter case. */
  find(type: ResourceType, attribute: IndexedAttribute, value: string): readonly Entry[] {
    return this.#indexes[type][attribute].find(value);
  }

  add(fresh: NewEntry): Entry {
    const now = this.#now();
    this.#sequence += 1;
    const entry: Entry = {
      id: this.#newId(),
      type: fresh.type,
      home: fresh.home,
      sequence: this.#sequence,
      system: fresh.system ?? false,
      shared: fresh.shared,
      own: { ...fresh.own },
      levels: new Set(fresh.levels),
      ...(fresh.type === "Group" && { members: new Map<string, Entry>() }),
      parents: new Set(),
      created: now,
      modified: now,
      version: 1,
    };
    this.#byId.set(entry.id, entry);
    this.#index(entry);
    for (const level of entry.levels) this.#lists[level][entry.type].add(entry);
    this.#revision += 1;
    return entry;
  }

  /** Puts new documents in place of those of an entry. */
  update(entry: Entry, shared: ScimDocument, own: Partial<Record<Level, ScimDocument>> = {}): void {
    this.#changing(entry);
    const renamed = entry.shared.displayName !== shared.displayName || entry.shared.userName !== shared.userName;
    this.#unindex(entry);
    entry.shared = shared;
    Object.assign(entry.own, own);
    this.#index(entry);
    this.#changed(entry);
    if (!renamed) return;
    entry.memberText = undefined;
    for (const parent of entry.parents) this.#forgetText(parent);
    for (const member of entry.members?.values() ?? []) this.#forgetText(member);
  }

  /** Lets a level see an entry, as assigning a principal to a workspace does. */
  show(entry: Entry, level: Level): void {
    entry.levels.add(level);
    this.#lists[level][entry.type].add(entry);
    this.#forgetText(entry);
    for (const member of entry.members?.values() ?? []) this.#forgetText(member);
  }

  /** Hides an entry from a level: it leaves the groups of that level, and is gone when no level sees it any more. */
  hide(entry: Entry, level: Level): void {
    this.#lists[level][entry.type].delete(entry);
    entry.levels.delete(level);
    Reflect.deleteProperty(entry.own, level);
    for (const parent of entry.parents) if (parent.home === level) this.changeMembers(parent, { remove: [entry] });
    this.#forgetText(entry);
    if (entry.levels.size === 0) this.#forget(entry);
  }

  /** Removes an entry from every level. */
  remove(entry: Entry): void {
    for (const level of [...entry.levels]) this.hide(entry, level);
  }

  /** Changes the direct members of a group, as one change; members that are there already, or are not, are passed over. */
  changeMembers(group: Entry, change: { readonly add?: readonly Entry[]; readonly remove?: readonly Entry[] }): void {
    const { members } = group;
    if (members === undefined) return;
    const gone = (change.remove ?? []).filter(({ id }) => members.has(id));
    const come = (change.add ?? []).filter(({ id }) => !members.has(id));
    if (gone.length + come.length === 0) return;
    this.#changing(group);
    for (const member of gone) {
      members.delete(member.id);
      member.parents.delete(group);
      this.#forgetText(member);
    }
    for (const member of come) {
      members.set(member.id, member);
      member.parents.add(group);
      this.#forgetText(member);
    }
    this.#changed(group);
  }

  #forget(entry: Entry): void {
    this.#byId.delete(entry.id);
    this.#unindex(entry);
    for (const parent of entry.parents) this.changeMembers(parent, { remove: [entry] });
    for (const member of entry.members?.values() ?? []) {
      member.parents.delete(entry);
      this.#forgetText(member);
    }
  }

  #changing(entry: Entry): void {
    this.onChange?.(entry);
  }

  #changed(entry: Entry): void {
    entry.version += 1;
    entry.modified = Math.max(this.#now(), entry.modified);
    this.#forgetText(entry);
  }

  #forgetText(entry: Entry): void {
    entry.texts = undefined;
    this.#revision += 1;
  }

  #index(entry: Entry): void {
    for (const attribute of indexedAttributes) {
      const value = entry.shared[attribute];
      if (typeof value === "string") this.#indexes[entry.type][attribute].add(value, entry);
    }
  }

  #unindex(entry: Entry): void {
    for (const attribute of indexedAttributes) {
      const value = entry.shared[attribute];
      if (typeof value === "string") this.#indexes[entry.type][attribute].delete(value, entry);
    }
  }

  /** Databricks' ids are 64-bit integers as text; 16 digits stay exact as a JavaScript number. */
  #newId(): string {
    if (this.#idStyle === "uuid") return this.#random.uuid();
    let id: string;
    do id = String(this.#random.integer(1_000_000_000_000_000, 9_000_000_000_000_000));
    while (this.#byId.has(id));
    return id;
  }
}

function record<K extends string, V>(keys: readonly K[], make: () => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make()])) as Record<K, V>;
}
