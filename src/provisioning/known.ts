import type { ObjectKind } from "../directory/imprint.ts";
import type { DirectoryGroup, DirectoryUser } from "../directory/source.ts";
import { sourceName } from "./sourceName.ts";

/** Where the counterpart of a directory object is: its id, `created` by this plan, or `absent`. */
export type Place = { readonly id: string } | "created" | "absent";

/**
 * A user or group of the directory, as others refer to it. Members are resolved to it once, so that half a million
 * memberships are not looked up by their ids again at every step.
 */
export interface Known {
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  /** The group that it is; absent for a user. */
  readonly group: DirectoryGroup | undefined;
  /** Whether it may be a member or a manager in the target. */
  provisioned: boolean;
  /** Where its counterpart is, as far as this plan has found out. */
  place: Place | undefined;
}

/** Notes a user or group of the directory. */
export function makeKnown(id: string, name: string, group?: DirectoryGroup): Known {
  return { id, name, group, provisioned: false, place: undefined };
}

/** How to read the objects that a pass has not looked at. */
export interface Unread {
  readonly kindOf: (id: string) => ObjectKind | undefined;
  readonly user: (id: string) => DirectoryUser | undefined;
  readonly group: (id: string) => DirectoryGroup | undefined;
  readonly usersAreProvisioned: boolean;
}

/** Everything that the directory holds, by source id. */
export class KnownObjects {
  readonly #objects = new Map<string, Known>();
  readonly #unread: Unread | undefined;

  constructor(unread?: Unread) {
    this.#unread = unread;
  }

  put(known: Known): void {
    this.#objects.set(known.id, known);
  }

  has(id: string): boolean {
    return this.#objects.has(id) || this.#unread?.kindOf(id) !== undefined;
  }

  get(id: string): Known | undefined {
    const known = this.#objects.get(id);
    if (known !== undefined || this.#unread === undefined) return known;
    const made = this.#read(id, this.#unread);
    if (made !== undefined) this.put(made);
    return made;
  }

  #read(id: string, unread: Unread): Known | undefined {
    switch (unread.kindOf(id)) {
      case undefined:
        return undefined;
      case "Group": {
        const group = unread.group(id);
        return group && makeKnown(id, sourceName(group), group);
      }
      case "User":
        return new UnreadUser(id, unread);
    }
  }
}

/** A user whom a pass has not looked at; the name is read when it is asked for. */
class UnreadUser implements Known {
  readonly id: string;
  readonly group = undefined;
  provisioned: boolean;
  place: Place | undefined;
  readonly #unread: Unread;

  constructor(id: string, unread: Unread) {
    this.id = id;
    this.provisioned = unread.usersAreProvisioned;
    this.#unread = unread;
  }

  get name(): string {
    const user = this.#unread.user(this.id);
    return user === undefined ? this.id : sourceName(user);
  }
}
