import type { ScimDocument } from "../scim/resource.ts";
import { elementsOf, isComplex, keyOf, property } from "../scim/values.ts";
import type { TargetValue } from "./coerce.ts";

/**
 * A copy of a target document in which the named parts may be written to without touching the original. Everything else is
 * shared.
 *
 * @param parts attribute names and extension URNs, as the schema spells them; the copy takes over this spelling.
 */
export function copyForWriting(current: Readonly<ScimDocument>, parts: ReadonlySet<string>): ScimDocument {
  const copy: ScimDocument = { ...current };
  for (const part of parts) {
    const key = keyOf(copy, part);
    if (key === undefined) continue;
    const value = copy[key];
    if (key !== part) Reflect.deleteProperty(copy, key);
    copy[part] = typeof value === "object" && value !== null ? structuredClone(value) : value;
  }
  return copy;
}

/** The roles that stand at the target, and those of the value that are not among them yet. */
export function addRoles(current: unknown, value: TargetValue): TargetValue {
  const present = elementsOf(current).filter(isComplex);
  const roles = elementsOf(value).filter(isComplex);
  const isNew = (role: unknown) => !present.some((each) => property(each, "value") === property(role, "value"));
  return [...present, ...roles.filter(isNew)] as unknown as TargetValue;
}
