import type { Filter } from "../scim/filter/filter.ts";
import { parsePath } from "../scim/filter/parse.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import { urns, type PatchOperation, type ScimDocument } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { sameName } from "../scim/names.ts";
import { elementsOf, isComplex } from "../scim/values.ts";
import type { Entry } from "./entry.ts";
import type { MembershipDraft } from "./membership.ts";

/**
 * Applies PATCH operations to a group in order. Those on `members` in their usual forms go to the draft, which costs only what
 * they name; any other form goes through {@link applyPatch} with the members written out, so the outcome is the same.
 * @param document The group without its members.
 * @param describe How an entry stands in `members`.
 * @returns the document without members.
 * @throws ScimError as {@link applyPatch} does.
 */
export function patchGroup(
  document: ScimDocument,
  operations: readonly PatchOperation[],
  schema: ResourceSchema,
  draft: MembershipDraft,
  describe: (entry: Entry) => ScimDocument,
): ScimDocument {
  let current = document;
  for (const operation of operations.flatMap(splitMembers)) {
    if (!touchesMembers(operation)) current = applyPatch(current, [operation], schema);
    else if (!applyToDraft(operation, draft)) {
      const whole = { ...current, members: draft.current().map(describe) };
      const { members, ...rest } = applyPatch(whole, [operation], schema);
      draft.replace(elementsOf(members));
      current = rest;
    }
  }
  return current;
}

/** Takes `members` out of the value of an operation without a path. */
function splitMembers(operation: PatchOperation): readonly PatchOperation[] {
  if (operation.path !== undefined || !isComplex(operation.value)) return [operation];
  const entries = Object.entries(operation.value);
  const mine = entries.filter(([name]) => isMembers(name));
  if (mine.length === 0) return [operation];
  const rest = entries.filter(([name]) => !isMembers(name));
  return [
    ...(rest.length > 0 ? [{ op: operation.op, value: Object.fromEntries(rest) }] : []),
    ...mine.map(([, value]) => ({ op: operation.op, path: "members", value })),
  ];
}

function isMembers(name: string): boolean {
  return sameName(name, "members") || sameName(name, `${urns.group}:members`);
}

function touchesMembers({ path }: PatchOperation): boolean {
  if (path === undefined) return false;
  if (isMembers(path)) return true;
  const parsed = parsePath(path);
  return sameName(parsed.name, "members");
}

/** Whether the operation had one of the usual forms and is done. */
function applyToDraft({ op, path = "", value }: PatchOperation, draft: MembershipDraft): boolean {
  if (op === "remove" && value === undefined) {
    const { filter, sub } = parsePath(path);
    if (sub !== undefined) return false;
    if (filter === undefined) {
      draft.clear();
      return true;
    }
    const ids = idsOf(filter);
    if (ids === undefined) return false;
    draft.remove(ids);
    return true;
  }
  if (!isMembers(path) || value === undefined || value === null) return false;
  const elements = elementsOf(value);
  switch (op) {
    case "add":
      draft.add(elements);
      return true;
    case "replace":
      draft.replace(elements);
      return true;
    case "remove": {
      const ids = elements.map((element) => (isComplex(element) ? element.value : element));
      if (!ids.every((id) => typeof id === "string")) return false;
      draft.remove(ids);
      return true;
    }
  }
}

/** The ids of `value eq "1"`, or of several of them joined by `or`. */
function idsOf(filter: Filter): readonly string[] | undefined {
  if (filter.kind === "or") {
    const ids = filter.filters.map(idsOf);
    return ids.every((each) => each !== undefined) ? ids.flat() : undefined;
  }
  if (filter.kind !== "compare" || filter.operator !== "eq" || typeof filter.value !== "string") return undefined;
  const { schema, name, sub } = filter.path;
  return schema === undefined && sub === undefined && sameName(name, "value") ? [filter.value] : undefined;
}
