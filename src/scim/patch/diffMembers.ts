import type { PatchForms } from "../dialects/dialect.ts";
import type { PatchOperation, ScimDocument } from "../resource.ts";
import { elementsOf, property } from "../values.ts";

/** Operations to send, and operations of the same effect that are quicker to prove for thousands of members. */
export interface Edits {
  readonly operations: readonly PatchOperation[];
  readonly proof: readonly PatchOperation[];
}

/**
 * The operations that add and remove exactly the members that differ, in portions of `membersPerOperation`. A filtered
 * remove names one member, the form that every service with filters takes; a group that ends empty takes one remove.
 */
export function diffMembers(
  path: string,
  before: unknown,
  after: unknown,
  document: Readonly<ScimDocument>,
  forms: PatchForms,
): Edits {
  const [old, wanted] = [valuesOf(before), valuesOf(after)];
  if (wanted.size === 0) {
    const operations: PatchOperation[] = [{ op: "remove", path }];
    return { operations, proof: operations };
  }
  const removed = [...old].filter((value) => !wanted.has(value));
  const added = new Set([...wanted].filter((value) => !old.has(value)));
  const fresh = newMembers(path, document, added);
  const add = (value: readonly unknown[]): PatchOperation => ({ op: "add", path, value });
  const adds = portions(fresh, forms.membersPerOperation).map(add);
  const listed = removed.map((value) => ({ value }));
  const removes: PatchOperation[] =
    forms.removeMember === "filter"
      ? removed.map((value) => ({ op: "remove", path: `${path}[value eq ${JSON.stringify(value)}]` }))
      : portions(listed, forms.membersPerOperation).map((value) => ({ op: "remove", path, value }));
  const proof: PatchOperation[] = listed.length > 0 ? [{ op: "remove", path, value: listed }] : [];
  if (fresh.length > 0) proof.push(add(fresh));
  return { operations: [...removes, ...adds], proof };
}

/** New members as the document gives them, without what the service derives. */
function newMembers(path: string, document: Readonly<ScimDocument>, added: ReadonlySet<string>): unknown[] {
  const types = new Map<string, unknown>();
  for (const element of elementsOf(property(document, path))) {
    const value = property(element, "value");
    if (typeof value === "string" && added.has(value)) types.set(value, property(element, "type"));
  }
  return [...added].map((value) => {
    const type = types.get(value);
    return typeof type === "string" && type !== "" ? { value, type } : { value };
  });
}

function valuesOf(elements: unknown): ReadonlySet<string> {
  return new Set(
    elementsOf(elements)
      .map((element) => property(element, "value"))
      .filter((value) => typeof value === "string"),
  );
}

function portions<T>(items: readonly T[], size: number): T[][] {
  const step = Math.max(1, size);
  return Array.from({ length: Math.ceil(items.length / step) }, (_, index) =>
    items.slice(index * step, (index + 1) * step),
  );
}
