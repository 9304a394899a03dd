import { ScimError } from "../errors.ts";
import { forbiddenNames } from "../names.ts";
import type { PatchOperation } from "../resource.ts";
import { nestsDeeperThan } from "../values.ts";

/** How deep the value of an operation may nest; a resource needs five levels. */
const maxValueDepth = 16;

const operationNames = ["add", "replace", "remove"] as const;

/** The name of an operation in lower case. @throws ScimError 400 `invalidSyntax` when it is no operation of PATCH. */
export function operationName(op: string): PatchOperation["op"] {
  const name = operationNames.find((each) => each === op.toLowerCase());
  if (name === undefined) throw new ScimError(400, "op must be add, replace or remove.", "invalidSyntax");
  return name;
}

/**
 * Refuses a value that no resource can hold: nested too deep, or with a key that reaches a prototype.
 * @throws ScimError 400 `invalidValue`
 */
export function checkPatchValue(value: unknown): void {
  if (nestsDeeperThan(value, maxValueDepth)) {
    throw new ScimError(400, `The value nests deeper than ${maxValueDepth} levels.`, "invalidValue");
  }
  checkKeys(value);
}

function checkKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (forbiddenNames.has(key)) {
      throw new ScimError(400, `The value holds the key ${key}, which no attribute has.`, "invalidValue");
    }
    checkKeys(child);
  }
}
