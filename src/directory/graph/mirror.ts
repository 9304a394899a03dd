import type { DeltaGroup, DeltaUser } from "../../graph/types/directory.ts";
import type { MutableAttributes } from "../attributes.ts";
import { batchSize, type DirectoryGroup, type DirectoryUser } from "../source.ts";
import type { GraphAttributes } from "./attributes.ts";

/** One object as the last rounds left it. */
export interface MirroredObject {
  readonly attributes: MutableAttributes;
  /** Of a group: ids of direct members. */
  readonly members?: Set<string>;
  /** In the recycle bin: can be restored, and counts as `IsSoftDeleted`. */
  softDeleted?: true;
  /** Of a group: its members cannot be seen. */
  hidden?: true;
}

/**
 * What delta queries have told of a tenant so far: each round is applied to it, and the whole of it is what a read gives. Kept
 * between reads, so that a later read asks only for what changed.
 */
export class DirectoryMirror {
  readonly users = new Map<string, MirroredObject>();
  readonly groups = new Map<string, MirroredObject>();
  usersLink: string | undefined;
  groupsLink: string | undefined;

  /** A token is no longer known, so that everything of the kind comes again. */
  forget(kind: "users" | "groups"): void {
    this[kind].clear();
    if (kind === "users") this.usersLink = undefined;
    else this.groupsLink = undefined;
  }

  applyUsers(items: readonly DeltaUser[], attributes: GraphAttributes): void {
    for (const item of items) {
      const known = applied(this.users, item, attributes, () => ({ attributes: attributes.create() }));
      if (known === undefined || !attributes.wantsManager) continue;
      const change = item["manager@delta"]?.at(-1);
      if (change !== undefined) setManager(known.attributes, change["@removed"] === undefined ? change.id : undefined);
      else if (item.manager !== undefined) setManager(known.attributes, item.manager?.id);
    }
  }

  applyGroups(items: readonly DeltaGroup[], attributes: GraphAttributes): void {
    for (const item of items) {
      const known = applied(this.groups, item, attributes, () => ({
        attributes: attributes.create(),
        members: new Set<string>(),
      }));
      if (known === undefined) continue;
      if (item["visibility"] === "HiddenMembership") known.hidden = true;
      for (const member of item["members@delta"] ?? []) {
        const type = member["@odata.type"];
        // Devices, contacts and service principals are never provisioned.
        if (type !== undefined && !/\.(user|group)$/i.test(type)) continue;
        if (member["@removed"] === undefined) known.members?.add(member.id);
        else known.members?.delete(member.id);
      }
    }
  }

  *directoryUsers(): Generator<readonly DirectoryUser[]> {
    let batch: DirectoryUser[] = [];
    for (const [id, { attributes, softDeleted }] of this.users) {
      batch.push({ id, attributes: withId(attributes, id, softDeleted), location: `/users/${id}` });
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  *directoryGroups(): Generator<readonly DirectoryGroup[]> {
    let batch: DirectoryGroup[] = [];
    for (const [id, { attributes, members, softDeleted }] of this.groups) {
      // A deleted group is out of the directory for the service: it has no disabled state.
      if (softDeleted) continue;
      const ids = [...(members ?? [])];
      batch.push({ id, attributes: withId(attributes, id, undefined), members: ids, location: `/groups/${id}` });
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
}

/** Applies one object; gives it when there is more of it to apply, `undefined` when it went. */
function applied(
  objects: Map<string, MirroredObject>,
  item: DeltaUser | DeltaGroup,
  attributes: GraphAttributes,
  create: () => MirroredObject,
): MirroredObject | undefined {
  const { id } = item;
  const removed = item["@removed"];
  const known = objects.get(id);
  if (removed !== undefined) {
    // Nobody who was never seen can be restored from here: only what is known is kept as deleted.
    if (removed.reason === "changed" && known !== undefined) known.softDeleted = true;
    else objects.delete(id);
    return undefined;
  }
  const object = known ?? create();
  delete object.softDeleted;
  if (known === undefined) objects.set(id, object);
  attributes.apply(object.attributes, item);
  return object;
}

function setManager(attributes: MutableAttributes, id: string | undefined): void {
  if (id === undefined) Reflect.deleteProperty(attributes, "manager");
  else attributes["manager"] = id;
}

function withId(attributes: MutableAttributes, id: string, softDeleted: true | undefined): MutableAttributes {
  attributes["id"] = id;
  if (softDeleted) attributes["IsSoftDeleted"] = true;
  else Reflect.deleteProperty(attributes, "IsSoftDeleted");
  return attributes;
}
