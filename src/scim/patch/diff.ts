import type { PatchForms } from "../dialects/dialect.ts";
import { ScimError } from "../errors.ts";
import type { PatchOperation, ScimDocument } from "../resource.ts";
import type { ResourceSchema } from "../schema.ts";
import { isComplex, sameJson } from "../values.ts";
import { applyPatch } from "./apply.ts";
import { diffElements } from "./diffElements.ts";
import { diffMembers, type Edits } from "./diffMembers.ts";
import { sameValues, valueOnly, writableValues } from "./meaning.ts";

/**
 * The fewest operations that turn one document into the other, in the forms that a service takes: removes first, then
 * replaces, then adds, so that unique values are free before they are taken again. `[]` when both mean the same
 * (`sameMeaning`). Operation names are in lower case; `serializeOperations` spells them the service's way.
 * @throws ScimError 400 when no PATCH can do it, for example `mutability` when a required attribute would be removed.
 */
export function diffDocuments(
  before: Readonly<ScimDocument>,
  after: Readonly<ScimDocument>,
  schema: ResourceSchema,
  forms: PatchForms,
): PatchOperation[] {
  if (sameJson(before, after)) return [];
  const [old, wanted] = [writableValues(before, schema), writableValues(after, schema)];
  const edits: Edits[] = [];
  for (const path of new Set([...wanted.keys(), ...old.keys()])) {
    const [from, to] = [old.get(path), wanted.get(path)];
    const attribute = from?.attribute ?? to?.attribute;
    if (sameJson(from?.value, to?.value)) continue;
    if (attribute?.multiValued !== true) {
      edits.push(proven(diffSingle(path, from?.value, to?.value, attribute === undefined ? "replace" : "add")));
    } else if (valueOnly.has(attribute.name)) {
      edits.push(diffMembers(path, from?.value, to?.value, after, forms));
    } else {
      edits.push(proven(diffElements(path, attribute, from?.value, to?.value, forms)));
    }
  }
  if (edits.length === 0) return [];
  const proof = ordered(edits.flatMap((each) => each.proof));
  const result = applyPatch(before, proof, schema, { unknownAttributes: "keep" });
  // A PATCH that does not lead to `after` is never sent.
  if (!sameValues(writableValues(result, schema), wanted)) {
    const what = `No PATCH leads from the one ${schema.resourceType} to the other; replace it as a whole.`;
    throw new ScimError(400, what, "invalidValue");
  }
  return ordered(edits.flatMap((each) => each.operations)).map((operation) => withBoolean(operation, forms));
}

function proven(operations: readonly PatchOperation[]): Edits {
  return { operations, proof: operations };
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
