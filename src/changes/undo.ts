import type { ResourceType, ScimDocument, ScimResource } from "../scim/resource.ts";
import { elementsOf, property } from "../scim/values.ts";
import { valueAt, withValueAt } from "./attributePath.ts";
import { makeCreate, makeDelete, makeUpdate, resourceName, type ChangeContext, type ChangeOrigin } from "./build.ts";
import type { Change } from "./change.ts";
import { mergeChange, type Merge } from "./conflict.ts";
import { wasSent, type PushedChange, type PushRecord } from "./history.ts";
import { placeholder, referenceName } from "./reference.ts";
import { createdSince, findCreated, inverseOf, nameAttribute } from "./undoImages.ts";
import { UndoFindings, type UndoPlan } from "./undoFindings.ts";
import { UndoReads, type UndoClient } from "./undoReads.ts";
import { UndoReferences } from "./undoReferences.ts";

export interface UndoOptions {
  readonly client: UndoClient;
  readonly contextOf: (type: ResourceType) => ChangeContext;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Plans the inverse of a push from the before-images of its journal: what was created is deleted, what was changed gets its
 * earlier values again, exactly the members that were added or removed are taken out or put back, and what was deleted is
 * created anew. Nothing that is not as the push left it is touched: it is kept and listed. Writes nothing.
 *
 * A deleted resource comes back under a new id, unless the service still knows it elsewhere. The plan says so for each.
 *
 * @throws HttpError, ScimError when the service cannot be read
 */
export async function planUndo(push: PushRecord, options: UndoOptions): Promise<UndoPlan> {
  const planner = new UndoPlanner(push, options);
  return planner.plan();
}

interface Edited {
  readonly type: ResourceType;
  readonly current: ScimResource;
  readonly sourceId: string | undefined;
  readonly reason: string;
  wanted: ScimDocument;
}

class UndoPlanner {
  readonly #push: PushRecord;
  readonly #contextOf: UndoOptions["contextOf"];
  readonly #reads: UndoReads;
  readonly #found = new UndoFindings();
  readonly #edited = new Map<string, Edited>();
  readonly #references: UndoReferences;

  constructor(push: PushRecord, { client, contextOf, signal }: UndoOptions) {
    this.#push = push;
    this.#contextOf = contextOf;
    this.#reads = new UndoReads(client, signal);
    this.#references = new UndoReferences(this.#reads);
  }

  async plan(): Promise<UndoPlan> {
    // The last change of an object is undone first.
    const sent = this.#push.changes.filter(wasSent).toReversed();
    await this.#reads.prefetch(
      sent.flatMap(({ change, targetId }) =>
        targetId === undefined ? [] : [{ type: change.resourceType, id: targetId }],
      ),
    );
    const deleted: PushedChange[] = [];
    for (const pushed of sent) {
      if (pushed.change.action === "delete") {
        if (await this.#isToBeReborn(pushed)) deleted.push(pushed);
      } else if (pushed.change.action === "create") await this.#undoCreate(pushed);
      else await this.#undoUpdate(pushed);
    }
    for (const pushed of deleted) await this.#recreate(pushed);
    for (const edited of this.#edited.values()) await this.#finishEdited(edited);
    return this.#found;
  }

  async #undoCreate(pushed: PushedChange): Promise<void> {
    const { change } = pushed;
    const context = this.#contextOf(change.resourceType);
    const current =
      pushed.targetId === undefined
        ? await this.#findCreated(pushed, context)
        : await this.#reads.current(change.resourceType, pushed.targetId);
    if (current === undefined) return;
    const moved = createdSince(pushed, current, context);
    if (moved.length > 0) {
      const message = `${change.name} was changed by others since it was created (${moved.join(", ")}); it is not deleted.`;
      this.#found.keep(change, "changedSince", message, moved, current.id);
      return;
    }
    try {
      this.#found.changes.push(makeDelete(current, context, this.#origin(change)));
    } catch (error) {
      this.#found.keepForError(error, change, current.id);
    }
  }

  /** The outcome of a create was never learned: what was created is looked for by its name. */
  async #findCreated(pushed: PushedChange, context: ChangeContext): Promise<ScimResource | undefined> {
    const { change } = pushed;
    const named = await this.#reads.named(change.resourceType, nameAttribute(change.resourceType), change.name);
    const found = findCreated(pushed, named, this.#push.startedAt, context);
    if (found === undefined && named.length > 0) {
      const message = `Whether this push created ${change.name} cannot be told; it is not deleted. If it did, delete it by hand.`;
      this.#found.keep(change, "unsure", message, [], named[0]?.id);
    }
    return found;
  }

  async #undoUpdate(pushed: PushedChange): Promise<void> {
    const { change, earlier, targetId } = pushed;
    if (targetId === undefined) return;
    const { resourceType: type } = change;
    const edited = await this.#edit(type, targetId, change);
    if (edited === undefined) {
      this.#found.keep(
        change,
        "gone",
        `${change.name} (${targetId}) no longer exists; its ${change.action} cannot be undone.`,
      );
      return;
    }
    const context = this.#contextOf(type);
    for (const intent of [change, ...earlier.toReversed()]) {
      const inverse = inverseOf(intent, intent === change ? pushed.stored : undefined, context);
      const merge = mergeChange(inverse, { ...edited.wanted, id: targetId }, context);
      edited.wanted = merge.document;
      this.#tell(change, merge);
    }
  }

  #tell(change: Change, { clashing, alsoMoved }: Merge): void {
    if (clashing.length > 0) {
      const paths = clashing.map(({ path }) => path);
      const message = `${change.name}: ${paths.join(", ")} was changed by others since; it stays as it is.`;
      this.#found.keep(change, "changedSince", message, paths);
    }
    for (const { path } of alsoMoved) {
      const message = `${change.name}: what others added to ${path}, or took out of it, since stays so.`;
      this.#found.keep(change, "changedSince", message, [path]);
    }
  }

  async #isToBeReborn(pushed: PushedChange): Promise<boolean> {
    const { change, targetId } = pushed;
    if (targetId === undefined || change.before === undefined) return false;
    // Its deletion was never learned of, and did not happen.
    if ((await this.#reads.current(change.resourceType, targetId)) !== undefined) return false;
    const attribute = nameAttribute(change.resourceType);
    const value = valueAt(change.before, attribute);
    const taken = typeof value === "string" ? await this.#reads.named(change.resourceType, attribute, value) : [];
    if (taken.length > 0) {
      const message = `${change.name} was deleted, and there is a new ${change.resourceType} of that name (${taken[0]?.id ?? ""}); it stays as it is.`;
      this.#found.keep(change, "exists", message, [], taken[0]?.id);
      return false;
    }
    const { change: draft } = makeCreate(change.before, this.#contextOf(change.resourceType), this.#origin(change));
    if (draft) this.#references.rebear(targetId, placeholder(referenceName(draft)));
    return draft !== undefined;
  }

  async #recreate({ change, targetId }: PushedChange): Promise<void> {
    let document = change.before ?? {};
    if (change.resourceType === "Group") document = await this.#withMembers(document, {}, change);
    document = this.#references.withManager(document);
    const built = makeCreate(document, this.#contextOf(change.resourceType), this.#origin(change));
    if (built.change) this.#found.changes.push(built.change);
    this.#found.notes.push(
      ...built.notes.map((note) => `${change.name}: ${note}`),
      `${change.name}: the id ${targetId ?? ""} does not come back as a rule: it is created anew, and what refers to the old id (permissions, ownership, tokens, passwords) stays lost.`,
    );
    await this.#rejoinGroups(change, targetId ?? "");
  }

  /** A deletion takes a resource out of its groups: it is put back into those that are still there. */
  async #rejoinGroups(change: Change, oldId: string): Promise<void> {
    for (const group of elementsOf(valueAt(change.before ?? {}, "groups"))) {
      const [id, display, type] = ["value", "display", "type"].map((part) => property(group, part));
      if (typeof id !== "string" || type === "indirect") continue;
      const name = typeof display === "string" ? display : id;
      if (this.#contextOf("Group").dialect.systemGroups.includes(name)) {
        this.#found.notes.push(
          `${change.name} was in the group "${name}" of the service; if that was given by hand, give it again.`,
        );
        continue;
      }
      if (this.#references.isReborn(id)) continue;
      const edited = await this.#edit("Group", id, undefined);
      if (edited === undefined) {
        this.#found.notes.push(`${change.name} was a member of the group "${name}", which no longer exists.`);
        continue;
      }
      const members = elementsOf(valueAt(edited.wanted, "members"));
      if (members.some((member) => property(member, "value") === oldId)) continue;
      edited.wanted = withValueAt(edited.wanted, "members", [...members, { value: oldId, type: change.resourceType }]);
    }
  }

  async #edit(type: ResourceType, id: string, change: Change | undefined): Promise<Edited | undefined> {
    const known = this.#edited.get(`${type}\n${id}`);
    if (known) return known;
    const current = await this.#reads.current(type, id);
    if (current === undefined) return undefined;
    const reason = change ? this.#origin(change).reason : this.#reason("deletion of its members");
    const edited: Edited = { type, current, sourceId: change?.sourceId, reason, wanted: current };
    this.#edited.set(`${type}\n${id}`, edited);
    return edited;
  }

  async #finishEdited({ type, current, sourceId, reason, wanted }: Edited): Promise<void> {
    const context = this.#contextOf(type);
    const subject = { resourceType: type, name: resourceName(current, type) ?? current.id };
    const restored = type === "Group" ? await this.#withMembers(wanted, current, subject) : wanted;
    try {
      const origin = { reason, ...(sourceId !== undefined && { sourceId }) };
      const { change, notes } = makeUpdate(current, this.#references.withManager(restored), context, origin);
      if (change) this.#found.changes.push(change);
      this.#found.notes.push(...notes.map((note) => `${subject.name}: ${note}`));
    } catch (error) {
      this.#found.keepForError(error, subject, current.id);
    }
  }

  async #withMembers(
    wanted: ScimDocument,
    current: ScimDocument,
    subject: Pick<Change, "resourceType" | "name">,
  ): Promise<ScimDocument> {
    const { document, lost } = await this.#references.restoreMembers(wanted, current);
    if (lost.length > 0) {
      const names = lost.length > 5 ? `${lost.slice(0, 5).join(", ")} and ${lost.length - 5} more` : lost.join(", ");
      const message = `${subject.name}: ${names} no longer ${lost.length === 1 ? "exists and is" : "exist and are"} not put back.`;
      this.#found.keep(subject, "gone", message, ["members"]);
    }
    return document;
  }

  #origin(change: Change): ChangeOrigin {
    const nouns = { create: "creation", update: "update", deactivate: "deactivation", delete: "deletion" } as const;
    return {
      reason: this.#reason(nouns[change.action]),
      ...(change.sourceId !== undefined && { sourceId: change.sourceId }),
    };
  }

  #reason(what: string): string {
    return `Undoes the ${what} of ${this.#push.startedAt}.`;
  }
}
