import type { PatchForms } from "../dialects/dialect.ts";
import { type PatchOperation, urns } from "../resource.ts";

/** The body of a PATCH request (RFC 7644 section 3.5.2). */
export interface PatchRequestBody {
  readonly schemas: readonly [typeof urns.patchOp];
  readonly Operations: readonly (Omit<PatchOperation, "op"> & { readonly op: string })[];
}

/**
 * The request bodies that send operations in the forms of a service: operation names spelled its way, at most
 * `operationsPerRequest` in each body, in the given order. No operations, no bodies.
 */
export function serializeOperations(
  operations: readonly PatchOperation[],
  forms: Pick<PatchForms, "operationCase" | "operationsPerRequest">,
): PatchRequestBody[] {
  const size = Math.max(1, forms.operationsPerRequest);
  const bodies: PatchRequestBody[] = [];
  for (let start = 0; start < operations.length; start += size) {
    const portion = operations.slice(start, start + size).map((operation) => ({
      ...operation,
      op: forms.operationCase === "capital" ? capital(operation.op) : operation.op,
    }));
    bodies.push({ schemas: [urns.patchOp], Operations: portion });
  }
  return bodies;
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
