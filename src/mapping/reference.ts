import { findAttribute } from "../scim/schemaLookup.ts";
import type { CompiledRow } from "./compileRow.ts";
import type { Attributes, EvaluationContext } from "./expression/context.ts";
import type { TargetPath } from "./targetPath.ts";

/** What a reference row points to: the members of a group, or the manager of a user. */
export type ReferenceKind = "members" | "manager";

/**
 * A row whose value is the id of another directory object. It is exported as the id of the linked object at the target, after
 * the objects themselves.
 */
export interface ReferenceRow {
  readonly row: CompiledRow;
  readonly kind: ReferenceKind;
  /**
   * Ids of directory objects as the source attribute names them. The members of a DirectoryGroup stand in its `members`, not
   * in its attributes.
   */
  sourceIds(attributes: Attributes, context?: EvaluationContext): readonly string[];
}

/** Which kind of reference a target is, `undefined` for an ordinary attribute (RFC 7643 section 2.3.7: it holds a `$ref`). */
export function referenceKind({ attribute, sub }: TargetPath): ReferenceKind | undefined {
  if (attribute === undefined || findAttribute(attribute.subAttributes ?? [], "$ref") === undefined) return undefined;
  if (sub !== undefined && sub.name !== "value") return undefined;
  return attribute.multiValued ? "members" : "manager";
}
