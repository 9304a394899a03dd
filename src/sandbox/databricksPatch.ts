import { ScimError } from "../scim/errors.ts";
import { parsePath } from "../scim/filter/parse.ts";
import type { PatchOperation } from "../scim/resource.ts";
import { sameName } from "../scim/names.ts";
import { isComplex } from "../scim/values.ts";
import type { Level } from "./entry.ts";
import type { Switches } from "./options.ts";

/** What Databricks makes of a PATCH operation before it is applied. */
export interface PatchContext {
  readonly level: Level;
  readonly switches: Switches;
  /** Attributes whose changes are accepted and ignored. */
  readonly ignored: readonly string[];
  /** Whether the resource has a value for an attribute just now. */
  readonly has: (attribute: string) => boolean;
}

/**
 * Brings an operation into the form that the RFC knows, or refuses it with the error that Databricks gives. What it ignores
 * comes back as nothing. The forms are those that its clients have been seen to send (UnboundID's parser stands behind them).
 */
export function readDatabricksOperation(operation: PatchOperation, context: PatchContext): readonly PatchOperation[] {
  const { op, path, value } = operation;
  if (path === undefined) {
    if (op === "remove" || !isComplex(value)) return [operation];
    return Object.entries(value).flatMap(([name, part]) =>
      // Okta sends the id along, which is fine as long as it is the resource's own.
      sameName(name, "id")
        ? [{ op, value: { id: part } }]
        : readDatabricksOperation({ op, path: name, value: part }, context),
    );
  }
  const { name, filter } = parsePath(path);
  if (context.ignored.some((ignored) => sameName(ignored, name))) return [];
  if (sameName(name, "members")) return readMembers(operation, filter !== undefined, context.switches);
  if (op === "remove") {
    refuseValue(operation, context.switches);
    if (sameName(name, "entitlements") && !context.has("entitlements")) {
      throw new ScimError(400, "No such attribute with the name : entitlements in the current resource", "invalidPath");
    }
    return [{ op, path }];
  }
  if (sameName(name, "active")) return [{ op, path, value: readActive(value, context) }];
  if (sameName(name, "entitlements") || sameName(name, "roles")) return [{ op, path, value: withoutEmpty(value) }];
  return [operation];
}

function readMembers(operation: PatchOperation, filtered: boolean, switches: Switches): readonly PatchOperation[] {
  const { op, path, value } = operation;
  if (op === "add" && filtered) {
    throw new ScimError(500, "None Error in performing the patch operation on group resource.");
  }
  if (op !== "remove") {
    if (Array.isArray(value) && value.some((element) => !isComplex(element))) {
      throw new ScimError(400, "Request is unparsable, syntactically incorrect, or violates schema.", "invalidSyntax");
    }
    return [operation];
  }
  refuseValue(operation, switches);
  if (path === undefined || value === undefined || value === null || filtered)
    return [{ op, ...(path !== undefined && { path }) }];
  return [{ op, path, value: isComplex(value) && "members" in value ? value.members : value }];
}

function refuseValue({ value }: PatchOperation, { strictRemove }: Switches): void {
  if (!strictRemove || value === undefined) return;
  throw new ScimError(
    400,
    'Unrecognized field "value" (class com.unboundid.scim2.common.messages.PatchOperation$RemoveOperation), not marked as ignorable',
    "invalidSyntax",
  );
}

/** `active` comes as a boolean, as its text, or as Terraform sends it: `[{"value":"false"}]`. */
function readActive(value: unknown, { level, switches }: PatchContext): unknown {
  if (typeof value === "string" && switches.textActiveFails && level === "account") {
    throw new ScimError(500, "class java.lang.String cannot be cast to class java.lang.Boolean");
  }
  const [only, ...others] = Array.isArray(value) ? (value as unknown[]) : [];
  return isComplex(only) && others.length === 0 ? only.value : value;
}

/** Terraform writes an empty set as `[{"value":""}]`. */
function withoutEmpty(value: unknown): unknown {
  return Array.isArray(value)
    ? (value as unknown[]).filter((element) => !(isComplex(element) && element.value === ""))
    : value;
}
