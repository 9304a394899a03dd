import type { DirectoryGroup } from "../directory/source.ts";

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
