import * as z from "zod";
import { ScimError } from "../scim/errors.ts";
import type { PatchOperation } from "../scim/resource.ts";

const bodySchema = z.looseObject({
  Operations: z
    .array(z.looseObject({ op: z.string(), path: z.string().nullish(), value: z.unknown().optional() }))
    .min(1),
});

const names = ["add", "replace", "remove"] as const;

/**
 * Reads the body of a PATCH (RFC 7644 section 3.5.2).
 * @param anyCase Whether `op` may be spelled in any case; Databricks takes lower case and a capital first letter.
 * @throws ScimError 400 invalidSyntax.
 */
export function readOperations(body: unknown, anyCase: boolean): readonly PatchOperation[] {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    throw new ScimError(400, "Request is unparsable, syntactically incorrect, or violates schema.", "invalidSyntax");
  }
  return parsed.data.Operations.map((operation) => {
    const op = names.find((name) => name === operation.op.toLowerCase());
    const spelled = op !== undefined && [op, `${op.charAt(0).toUpperCase()}${op.slice(1)}`].includes(operation.op);
    if (op === undefined || !(anyCase || spelled)) {
      throw new ScimError(
        400,
        `The operation ${JSON.stringify(operation.op.slice(0, 40))} is unknown.`,
        "invalidSyntax",
      );
    }
    return {
      op,
      ...(operation.path != null && operation.path !== "" && { path: operation.path }),
      ...("value" in operation && { value: operation.value }),
    };
  });
}
