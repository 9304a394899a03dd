import { randomUUID } from "node:crypto";
import { ScimError } from "../scim/errors.ts";
import type { ResourceType, ScimDocument } from "../scim/resource.ts";
import { elementsOf, isComplex, property } from "../scim/values.ts";
import { ownAttributes, type Entry, type Level } from "./entry.ts";
import type { Switches } from "./options.ts";
import { PlatformError } from "./reply.ts";

/** Entitlements that the group `admins` cannot lose. */
const adminEntitlements = ["workspace-access", "allow-cluster-create"];

/** What Databricks adds to a new resource: user names in lower case, derived names and addresses, generated ids. */
export function completeNew(type: ResourceType, document: ScimDocument, switches: Switches): ScimDocument {
  switch (type) {
    case "User": {
      const userName = String(document.userName).toLowerCase();
      const name = ["givenName", "familyName"]
        .map((part) => property(document.name, part))
        .filter((part) => typeof part === "string");
      return {
        ...document,
        userName,
        displayName: document.displayName ?? (name.length > 0 ? name.join(" ") : userName),
        emails: document.emails ?? [{ type: "work", primary: true, value: userName }],
        active: document.active ?? true,
      };
    }
    case "ServicePrincipal":
      if (switches.azure && document.applicationId === undefined) throw missingApplicationId();
      return { ...document, applicationId: document.applicationId ?? randomUUID(), active: document.active ?? true };
    case "Group":
      return document;
  }
}

/** Attributes whose later changes are accepted and ignored. */
export function ignoredUpdates(type: ResourceType, level: Level, switches: Switches): readonly string[] {
  if (type !== "User") return [];
  const always = ["userName", "emails"];
  return switches.federated && level === "workspace" ? [...always, "displayName"] : always;
}

/** @throws ScimError or PlatformError when a level cannot store the document. */
export function refuseDocument(level: Level, type: ResourceType, next: ScimDocument, entry?: Entry): void {
  if (level === "account" && next.entitlements !== undefined) {
    throw new ScimError(400, "Entitlements can only be managed at the workspace level.", "invalidValue");
  }
  if (type === "Group") {
    refuseLonger(next, "displayName", 255);
    refuseLonger(next, "externalId", 64);
  }
  if (entry?.type === "ServicePrincipal" && next.applicationId !== entry.shared.applicationId) {
    throw new ScimError(400, "applicationId cannot be changed.", "mutability");
  }
  if (entry?.system && next.displayName !== entry.shared.displayName) {
    throw new ScimError(
      400,
      `Group ${String(entry.shared.displayName)} belongs to the service and keeps its name.`,
      "mutability",
    );
  }
  if (entry?.system && entry.shared.displayName === "admins" && level === "workspace") {
    const kept = elementsOf(next.entitlements).map((element) => property(element, "value"));
    const had = elementsOf(entry.own.workspace?.entitlements).map((element) => property(element, "value"));
    const lost = adminEntitlements.find((value) => had.includes(value) && !kept.includes(value));
    if (lost !== undefined) throw new ScimError(400, `${lost} cannot be removed from group admins.`, "invalidValue");
  }
}

function refuseLonger(document: ScimDocument, attribute: string, length: number): void {
  const value = document[attribute];
  if (typeof value !== "string" || value.length <= length) return;
  throw new ScimError(
    400,
    `${attribute} has ${value.length} characters; at most ${length} are allowed.`,
    "invalidValue",
  );
}

/** @throws ScimError or PlatformError when a group cannot be changed from this level at all. */
export function refuseEdit(level: Level, entry: Entry, switches: Switches): void {
  if (entry.type !== "Group") return;
  if (level === "workspace" && entry.home !== "workspace") {
    throw new ScimError(400, `Group ${entry.id} is an account group; it cannot be changed through the workspace.`);
  }
  if (switches.immutableExternalGroups && entry.shared.externalId !== undefined) {
    throw new PlatformError(
      500,
      "INTERNAL_ERROR",
      `Group ${entry.id} is managed by an identity provider and immutable.`,
    );
  }
}

/** @throws PlatformError 504 when a group write names more members than the service manages in time. */
export function refuseManyMembers(count: number, { maxMembersPerWrite }: Switches): void {
  if (maxMembersPerWrite === undefined || count <= maxMembersPerWrite) return;
  throw new PlatformError(
    504,
    "TEMPORARILY_UNAVAILABLE",
    "The service at this path is taking too long to process your request. Please try again later or try a faster operation.",
  );
}

export function missingApplicationId(): ScimError {
  return new ScimError(400, "Required attribute applicationID is missing in the SCIM Object", "invalidValue");
}

/** What a write at one level leaves in the part that all levels see, and in the level's own part. */
export function splitByLevel(
  level: Level,
  document: ScimDocument,
  entry: Entry | undefined,
  type: ResourceType,
): { readonly shared: ScimDocument; readonly own: Partial<Record<Level, ScimDocument>> } {
  if (level === "rfc") return { shared: document, own: {} };
  const shared: ScimDocument = { ...document };
  const own: ScimDocument = {};
  for (const name of ownAttributes) {
    Reflect.deleteProperty(shared, name);
    if (document[name] !== undefined) own[name] = document[name];
  }
  if (level === "workspace" && type !== "Group") {
    if (document.active === false) own.active = false;
    shared.active = entry?.shared.active ?? true;
  }
  return { shared, own: { [level]: own } };
}

/** Whether a filter or a projection of a member counts as one for Databricks: only numeric ids do. */
export function isDatabricksId(id: string): boolean {
  return /^\d{1,19}$/.test(id);
}

/** How many members a body names, wherever it names them. */
export function countNamedMembers(body: unknown): number {
  if (!isComplex(body)) return 0;
  const operations = elementsOf(body.Operations).filter(isComplex);
  return operations.reduce(
    (sum, { value }) => sum + elementsOf(isComplex(value) && "members" in value ? value.members : value).length,
    elementsOf(body.members).length,
  );
}
