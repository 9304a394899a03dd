import * as z from "zod";
import { ScimError } from "../errors.ts";
import { forbiddenNames, sameName } from "../names.ts";
import { type PatchOperation, urns } from "../resource.ts";
import { isComplex } from "../values.ts";

/** How deep the value of an operation may nest; a resource needs five levels. */
const maxValueDepth = 16;

const operationSchema = z.object({
  op: z
    .string("op must be add, replace or remove")
    .toLowerCase()
    .pipe(z.enum(["add", "replace", "remove"], "op must be add, replace or remove")),
  path: z.string("path must be text").optional(),
  value: z.unknown(),
});

const requestSchema = z.object({
  schemas: z
    .array(z.string(), "schemas must be a list")
    .refine((list) => list.some((urn) => sameName(urn, urns.patchOp)), `schemas must hold ${urns.patchOp}`),
  Operations: z.array(operationSchema, "Operations must be a list").min(1, "Operations must not be empty"),
});

/**
 * Reads the body of a PATCH request (RFC 7644 section 3.5.2). `op` may have any letter case, since Entra sends `Add`.
 * @throws ScimError 400 `invalidSyntax` that names every problem.
 */
export function parsePatchRequest(body: unknown): PatchOperation[] {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    const problems = parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
    throw new ScimError(400, `The PATCH request cannot be read. ${problems.join("; ")}.`, "invalidSyntax");
  }
  return parsed.data.Operations.map(({ op, path, value }) => ({
    op,
    ...(path !== undefined && { path }),
    ...(value !== undefined && { value }),
  }));
}

/** The name of an operation in lower case. @throws ScimError 400 `invalidSyntax` when it is no operation of PATCH. */
export function operationName(op: string): PatchOperation["op"] {
  const parsed = operationSchema.shape.op.safeParse(op);
  if (!parsed.success) throw new ScimError(400, "op must be add, replace or remove.", "invalidSyntax");
  return parsed.data;
}

/**
 * Refuses a value that no resource can hold: nested too deep, or with a key that reaches a prototype.
 * @throws ScimError 400 `invalidValue`
 */
export function checkPatchValue(value: unknown): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (!isComplex(next.value) && !Array.isArray(next.value)) continue;
    if (next.depth >= maxValueDepth) {
      throw new ScimError(400, `The value nests deeper than ${maxValueDepth} levels.`, "invalidValue");
    }
    for (const [key, child] of Object.entries(next.value)) {
      if (forbiddenNames.has(key))
        throw new ScimError(400, `The value holds the key ${key}, which no attribute has.`, "invalidValue");
      open.push({ value: child, depth: next.depth + 1 });
    }
  }
}
