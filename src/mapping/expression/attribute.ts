import type { Evaluator } from "./functions/definition.ts";
import type { ExpressionValue } from "./value.ts";

/** The computed attribute of the service: whether the object is disabled, deleted or no longer in scope. */
export const softDeletedAttribute = "IsSoftDeleted";

/** The attribute that only the role functions read. */
export const rolesAttribute = "appRoleAssignments";

/**
 * Makes the reader of one attribute. Names that every JavaScript object has (`constructor`, `__proto__`) are looked up as own
 * properties only.
 */
export function readAttribute(name: string): Evaluator<ExpressionValue> {
  if (name === softDeletedAttribute) {
    return (attributes, context) => context.isSoftDeleted ?? attributes[name] ?? null;
  }
  // The service calls the id of an object objectId; directories of ours call it id.
  if (name === "objectId") return (attributes) => attributes["objectId"] ?? attributes["id"] ?? null;
  if (name in Object.prototype) {
    return (attributes) => (Object.hasOwn(attributes, name) ? (attributes[name] ?? null) : null);
  }
  return (attributes) => attributes[name] ?? null;
}
