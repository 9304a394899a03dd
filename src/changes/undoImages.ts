import type { ResourceType, ScimDocument, ScimResource } from "../scim/resource.ts";
import { instantOf, keyOf } from "../scim/values.ts";
import { attributeDeltas, type AttributeDelta } from "./attributeDelta.ts";
import { pathKeys, valueAt, withValueAt } from "./attributePath.ts";
import type { ChangeContext } from "./build.ts";
import type { Change } from "./change.ts";
import { isMeant } from "./conflict.ts";
import type { PushedChange } from "./history.ts";

/** What names a resource of a type. */
export function nameAttribute(type: ResourceType): string {
  return type === "User" ? "userName" : "displayName";
}

/**
 * The change from what a push left to what was there before it, over the attributes that the push changed and no others.
 *
 * @param stored the resource as the service had stored it, where that differs from what was sent
 */
export function inverseOf(change: Change, stored: ScimDocument | undefined, context: ChangeContext): Change {
  const { before = {}, after = {} } = change;
  const touched = attributeDeltas(before, after, context.schema).map(({ path }) => path);
  const left = stored === undefined ? after : withValuesOf(after, stored, touched);
  const original = withValuesOf(left, before, touched);
  return { ...change, action: "update", before: left, after: original };
}

/** The attributes in which a created resource is not as the push, and the service with it, left it. */
export function createdSince(pushed: PushedChange, current: ScimResource, context: ChangeContext): readonly string[] {
  const left = asLeft(pushed);
  return attributeDeltas(left, current, context.schema)
    .filter((delta) => !isCaseOnly(delta))
    .map(({ path }) => path)
    .filter((path) => {
      if (pushed.added !== undefined) return true;
      // What the service added on creation is not known: only what was sent tells.
      return keyOf(left, pathKeys(path)[0] ?? path) !== undefined;
    });
}

/** The resource of that name that is what a create meant to make, and is no older than the push. */
export function findCreated(
  pushed: PushedChange,
  named: readonly ScimResource[],
  startedAt: string,
  context: ChangeContext,
): ScimResource | undefined {
  const { after = {} } = pushed.change;
  const found = named.filter((resource) => {
    const created = instantOf(valueAt(resource, "meta.created"));
    return isMeant(after, resource, context) && Math.floor(created / 1000) >= Math.floor(Date.parse(startedAt) / 1000);
  });
  return found.length === 1 ? found[0] : undefined;
}

/** A created resource as the push left it. */
function asLeft({ change, stored, added }: PushedChange): ScimDocument {
  const { after = {} } = change;
  const left = { ...added, ...after };
  return stored === undefined ? left : withValuesOf(left, stored, Object.keys(after));
}

function withValuesOf(document: ScimDocument, other: ScimDocument, paths: readonly string[]): ScimDocument {
  return paths.reduce<ScimDocument>((result, path) => withValueAt(result, path, valueAt(other, path)), document);
}

function isCaseOnly({ before, after }: AttributeDelta): boolean {
  return typeof before === "string" && typeof after === "string" && before.toLowerCase() === after.toLowerCase();
}
