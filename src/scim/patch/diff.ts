import type { PatchForms } from "../dialects/dialect.ts";
import { ScimError } from "../errors.ts";
import type { PatchOperation, ScimDocument } from "../resource.ts";
import type { ResourceSchema } from "../schema.ts";
import { isComplex, sameJson } from "../values.ts";
import { applyPatch } from "./apply.ts";
import { diffElements } from "./diffElements.ts";
import { diffMembers } from "./diffMembers.ts";
import { sameMeaning, valueOnly, writableValues } from "./meaning.ts";

/**
 * The fewest operations that turn one document into the other, in the forms that a service takes: removes first, then
 * replaces, then adds, so that unique values are free before they are taken again. `[]` when both mean the same
 * ({@link sameMeaning}). Operation names are in lower case; `serializeOperations` spells them the service's way.
 * @throws ScimError 400 when no PATCH can do it, for example `mutability` when a required attribute would be removed.
 */
export function diffDocuments(
  before: Readonly<ScimDocument>,
  after: Readonly<ScimDocument>,
  schema: ResourceSchema,
  forms: PatchForms,
): PatchOperation[] {
  const [old, wanted] = [writableValues(before, schema), writableValues(after, schema)];
  const operations: PatchOperation[] = [];
  const proof: PatchOperation[] = [];
  for (const path of new Set([...wanted.keys(), ...old.keys()])) {
    const [from, to] = [old.get(path), wanted.get(path)];
    const attribute = from?.attribute ?? to?.attribute;
    if (sameJson(from?.value, to?.value)) continue;
    if (attribute?.multiValued === true && valueOnly.has(attribute.name)) {
      const edits = diffMembers(path, from?.value, to?.value, after, forms);
      operations.push(...edits.operations);
      proof.push(...edits.proof);
      continue;
    }
    const edits =
      attribute?.multiValued === true
        ? diffElements(path, attribute, from?.value, to?.value, forms)
        : diffSingle(path, from?.value, to?.value, attribute === undefined ? "replace" : "add");
    operations.push(...edits);
    proof.push(...edits);
  }
  verify(before, after, ordered(proof), schema);
  return ordered(operations).map((operation) => withBoolean(operation, forms));
}

function diffSingle(path: string, before: unknown, after: unknown, first: "replace" | "add"): PatchOperation[] {
  if (after === undefined) return [{ op: "remove", path }];
  if (!isComplex(after)) return [{ op: "replace", path, value: after }];
  if (before === undefined) return [{ op: first, path, value: after }];
  if (!isComplex(before)) return [{ op: "replace", path, value: after }];
  // One path for each part: services differ in what `replace` of a whole complex attribute leaves standing.
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .filter((name) => !sameJson(before[name], after[name]))
    .map((name) => {
      const part = `${path}.${name}`;
      return after[name] === undefined
        ? { op: "remove", path: part }
        : { op: "replace", path: part, value: after[name] };
    });
}

const rank = { remove: 0, replace: 1, add: 2 } as const;

/** Removes, replaces, adds; what makes an element primary comes last of its kind, since it changes the others. */
function ordered(operations: readonly PatchOperation[]): PatchOperation[] {
  const last = ({ op, path }: PatchOperation): number =>
    op !== "remove" && path?.endsWith("].primary") === true ? 1 : 0;
  return operations.toSorted((a, b) => rank[a.op] - rank[b.op] || last(a) - last(b));
}

/** Entra's default client sends the value of a boolean attribute as text. */
function withBoolean(operation: PatchOperation, forms: PatchForms): PatchOperation {
  if (forms.booleans === "json" || typeof operation.value !== "boolean") return operation;
  return { ...operation, value: operation.value ? "True" : "False" };
}

/** Applies the operations as the service would, so that a PATCH which does not lead to `after` is never sent. */
function verify(
  before: Readonly<ScimDocument>,
  after: Readonly<ScimDocument>,
  operations: readonly PatchOperation[],
  schema: ResourceSchema,
): void {
  const result = applyPatch(before, operations, schema, { unknownAttributes: "keep" });
  if (!sameMeaning(result, after, schema)) {
    throw new ScimError(
      400,
      `No PATCH leads from the one ${schema.resourceType} to the other; replace it as a whole.`,
      "invalidValue",
    );
  }
}
