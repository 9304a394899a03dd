import { canonicalDocument } from "../scim/patch/normalize.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";
import type { ScimDocument } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { attributeDeltas, type AttributeDelta } from "./attributeDelta.ts";
import type { Change } from "./change.ts";

/** The attributes that a change touches, as paths, members among them. A delete touches none: it removes the resource. */
export function changedAttributes(change: Change, schema?: ResourceSchema): readonly string[] {
  return deltasOf(change, schema).map(({ path }) => path);
}

/** Members that a change adds and removes: the elements of `Group.members`. */
export function changedMembers(
  change: Change,
  schema?: ResourceSchema,
): { readonly added: readonly unknown[]; readonly removed: readonly unknown[] } {
  return deltasOf(change, schema).find(({ path }) => path === "members")?.elements ?? { added: [], removed: [] };
}

/**
 * What a change does, in a few words for a row of a list: `displayName`, `3 attributes`, `+1 member −1 member`,
 * `displayName, +2 members`.
 */
export function changeSummary(change: Change, schema?: ResourceSchema): string {
  if (change.action === "delete") return "delete";
  const deltas = deltasOf(change, schema);
  const attributes = deltas.filter(({ path }) => path !== "members").map(({ path }) => path);
  const { added, removed } = deltas.find(({ path }) => path === "members")?.elements ?? { added: [], removed: [] };
  const members = [
    ...(added.length > 0 ? [`+${count(added.length, "member")}`] : []),
    ...(removed.length > 0 ? [`−${count(removed.length, "member")}`] : []),
  ].join(" ");
  const named =
    attributes.length > 2
      ? count(attributes.length, "attribute")
      : attributes.map((path) => shortPath(path)).join(", ");
  return [named, members].filter((text) => text !== "").join(", ");
}

/** A change in one line: `Update user ada@contoso.com: displayName, title`. */
export function describeChange(change: Change, schema?: ResourceSchema): string {
  const title = `${verbs[change.action]} ${nouns[change.resourceType]} ${change.name}`;
  return change.action === "update" ? `${title}: ${changeSummary(change, schema)}` : title;
}

/** Both sides of a change as text for a diff: indented JSON in canonical form, without `meta`. Empty where there is none. */
export function changeDocuments(
  change: Change,
  schema: ResourceSchema = builtinSchema(change.resourceType),
): { readonly before: string; readonly after: string } {
  return { before: documentText(change.before, schema), after: documentText(change.after, schema) };
}

/** A person's last part of a path: `department` of `urn:…:User:department`. */
export function shortPath(path: string): string {
  return path.toLowerCase().startsWith("urn:") ? path.slice(path.lastIndexOf(":") + 1) : path;
}

const verbs = { create: "Create", update: "Update", deactivate: "Deactivate", delete: "Delete" } as const;
const nouns = { User: "user", Group: "group", ServicePrincipal: "service principal" } as const;

function deltasOf(change: Change, schema = builtinSchema(change.resourceType)): readonly AttributeDelta[] {
  if (change.after === undefined) return [];
  return attributeDeltas(change.before ?? {}, change.after, schema);
}

function documentText(document: ScimDocument | undefined, schema: ResourceSchema): string {
  return document === undefined
    ? ""
    : `${JSON.stringify(canonicalDocument(document, schema, { meta: false }), undefined, 2)}\n`;
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
