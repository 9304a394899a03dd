import { hash } from "node:crypto";
import * as z from "zod";
import { attributeDeltas } from "../changes/attributeDelta.ts";
import { valueAt, withValueAt } from "../changes/attributePath.ts";
import type { Change } from "../changes/change.ts";
import { shortPath } from "../changes/describe.ts";
import { placeholderName } from "../changes/reference.ts";
import type { ScimDocument } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { elementsOf, property, sameJson } from "../scim/values.ts";
import type { Names } from "./planNames.ts";
import { showValue } from "./planText.ts";

/** One way in which the target is otherwise than the job left it, which a person lets be. */
export const acceptedDeviationSchema = z.object({
  resourceType: z.enum(["User", "Group"]),
  sourceId: z.string(),
  targetId: z.string(),
  /** What a person calls the object. */
  name: z.string(),
  /** `value`: an attribute; `missing` and `extra`: one member of a group; `gone`: the whole object. */
  kind: z.enum(["value", "missing", "extra", "gone"]),
  /** Attribute path; empty when the whole object is gone. */
  path: z.string(),
  /** The id of a member in the target, and what a person calls them. */
  member: z.string().optional(),
  memberName: z.string().optional(),
  /** What the directory gives; of an object that is gone the hash of what it gives. Absent: nothing. */
  wanted: z.unknown().optional(),
  /** What the target has. Absent: nothing. */
  actual: z.unknown().optional(),
  acceptedAt: z.iso.datetime(),
});
export type AcceptedDeviation = z.infer<typeof acceptedDeviationSchema>;
type Deviation = Omit<AcceptedDeviation, "acceptedAt">;

const membersPath = "members";

/**
 * The deviations that a change would put right: each attribute for itself, and each member, so that accepting one says nothing
 * of the others. A member that the plan creates is none: it is not in the target yet.
 *
 * @param link what is known of the object that the change is for
 * @param names what a person calls members
 */
export function deviationsOf(
  change: Change,
  link: { readonly targetId: string; readonly hash: string },
  schema: ResourceSchema,
  names: Names,
): Deviation[] {
  const { resourceType, sourceId, name, before, after } = change;
  if (resourceType === "ServicePrincipal" || sourceId === undefined || after === undefined) return [];
  const base = { resourceType, sourceId, targetId: link.targetId, name };
  if (before === undefined) return [{ ...base, kind: "gone", path: "", wanted: link.hash, actual: undefined }];
  return attributeDeltas(before, after, schema).flatMap(({ path, before: actual, after: wanted, elements }) => {
    if (path !== membersPath || elements === undefined)
      return [{ ...base, kind: "value" as const, path, wanted, actual }];
    const each = (kind: "missing" | "extra", list: readonly unknown[]) =>
      list.flatMap((element): Deviation[] => {
        const member = property(element, "value");
        if (typeof member !== "string" || placeholderName(member) !== undefined) return [];
        const memberName = names(member);
        const who = { member, ...(memberName !== undefined && { memberName }) };
        return [{ ...base, kind, path, ...who, wanted: undefined, actual: undefined }];
      });
    return [...each("missing", elements.added), ...each("extra", elements.removed)];
  });
}

/** Identifies what a deviation is about: an attribute or a member of an object, whatever its value. */
export const deviationKey = ({ resourceType, sourceId, path, member }: Omit<Deviation, "name">): string =>
  hash("sha256", JSON.stringify([resourceType, sourceId, path, member ?? null])).slice(0, 12);

/** What accepted deviations come to when their object is planned. */
export interface Settled {
  /** The document as it should be, with what is accepted left as it is. */
  readonly document: ScimDocument;
  readonly kept: readonly AcceptedDeviation[];
  /** No longer so: the directory gives another value, or the target has another one. */
  readonly ended: readonly AcceptedDeviation[];
}

/**
 * Takes out of a change what was accepted. Accepted is exactly one difference: when the directory gives another value, or the
 * target changes again, it is another difference, and the acceptance has ended.
 *
 * @param change what would be done without any acceptance; absent when the object agrees with the directory
 */
export function settleAccepted(
  change: Pick<Change, "before" | "after"> | undefined,
  accepted: readonly AcceptedDeviation[],
  schema: ResourceSchema,
): Settled | undefined {
  if (accepted.length === 0) return undefined;
  const { before, after } = change ?? {};
  if (before === undefined || after === undefined) return { document: {}, kept: [], ended: accepted };
  const deltas = new Map(attributeDeltas(before, after, schema).map((delta) => [delta.path, delta]));
  const has = (list: readonly unknown[] | undefined, member: string | undefined) =>
    list?.some((element) => property(element, "value") === member) === true;
  const holds = ({ kind, path, member, wanted, actual }: AcceptedDeviation): boolean => {
    const delta = deltas.get(path);
    if (delta === undefined) return false;
    if (kind === "missing") return has(delta.elements?.added, member);
    if (kind === "extra") return has(delta.elements?.removed, member);
    return kind === "value" && sameJson(delta.after, wanted) && sameJson(delta.before, actual);
  };
  const kept = accepted.filter(holds);
  let document = after;
  for (const { kind, path, member } of kept) {
    if (kind === "value") document = withValueAt(document, path, valueAt(before, path));
    else document = withMember(document, before, member, kind === "extra");
  }
  return { document, kept, ended: accepted.filter((each) => !kept.includes(each)) };
}

function withMember(
  document: ScimDocument,
  before: ScimDocument,
  member: string | undefined,
  present: boolean,
): ScimDocument {
  const is = (element: unknown) => property(element, "value") === member;
  const others = elementsOf(document[membersPath]).filter((element) => !is(element));
  const members = present ? [...others, ...elementsOf(before[membersPath]).filter(is)] : others;
  return { ...document, [membersPath]: members };
}

/** A deviation in words, for example `displayName is "Ada L.", the directory gives "Ada Lovelace"`. */
export function describeDeviation({
  kind,
  path,
  member = "",
  memberName = member,
  wanted,
  actual,
}: Omit<Deviation, "resourceType" | "sourceId" | "targetId" | "name">): string {
  const value = (given: unknown) => (given === undefined || given === null ? "nothing" : `"${showValue(given)}"`);
  switch (kind) {
    case "gone":
      return "is gone from the target";
    case "missing":
      return `${memberName} is no member, the directory lists them`;
    case "extra":
      return `${memberName} is a member, the directory does not list them`;
    case "value":
      return `${shortPath(path)} is ${value(actual)}, the directory gives ${value(wanted)}`;
  }
}
