import { hash } from "node:crypto";
import { diffDocuments } from "../scim/patch/diff.ts";
import { serializeOperations } from "../scim/patch/serialize.ts";
import type { Dialect } from "../scim/dialects/dialect.ts";
import type { ResourceType, ScimDocument, ScimResource } from "../scim/resource.ts";
import { endpoints, urns } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { isComplex } from "../scim/values.ts";
import { valueAt, withValueAt } from "./attributePath.ts";
import type { Change, ChangeAction, ChangeRequest } from "./change.ts";
import { ChangeError } from "./changeError.ts";
import { placeholder, placeholderName, resourcePath } from "./reference.ts";
import { whatSticks } from "./stick.ts";
import { writableDocument } from "./writable.ts";

/** What a change is made for: the kind of resource and the service that will take it. */
export interface ChangeContext {
  readonly resourceType: ResourceType;
  readonly schema: ResourceSchema;
  readonly dialect: Dialect;
  /** `false` when the service has no PATCH (`ServiceProviderConfig.patch.supported`): the merged document is PUT. */
  readonly patchSupported?: boolean;
}

export interface ChangeOrigin {
  /** Why, in one sentence. */
  readonly reason: string;
  /** The directory object that the change comes from; absent for a manual edit. */
  readonly sourceId?: string;
}

/** A change, or none when there is nothing to do, and what the service will not do of what was wanted. */
export interface BuiltChange {
  readonly change?: Change;
  readonly notes: readonly string[];
}

/**
 * The change that creates a resource. Members go along in the POST while they fit in one operation of the dialect; else,
 * and for references to groups or managers that an earlier change creates, they follow in PATCH requests of their own,
 * since the object that they name must be there first.
 *
 * @throws ChangeError `missingAttribute` when the document has no name (RFC 7643 sections 4.1 and 4.2)
 */
export function makeCreate(document: ScimDocument, context: ChangeContext, origin: ChangeOrigin): BuiltChange {
  const { resourceType, schema, dialect } = context;
  const sticking = whatSticks(document, undefined, dialect, resourceType);
  const after = writableDocument(sticking.document, schema);
  const name = resourceName(after, resourceType);
  if (name === undefined) {
    throw new ChangeError(
      "missingAttribute",
      `The new ${resourceType} has no ${nameAttributes[resourceType][0]}; give it one.`,
    );
  }
  const id = changeId("create", resourceType, origin.sourceId ?? `name:${name}`);
  const first = withoutLaterReferences(after, dialect);
  const collection = `/${endpoints[resourceType]}`;
  const self = placeholder(origin.sourceId ?? id);
  const requests: ChangeRequest[] = [
    { method: "POST", path: collection, body: first },
    ...writeRequests({ ...first, id: self }, { ...after, id: self }, context, self),
  ];
  const change = finish({ id, action: "create", resourceType, name, ...origin, after, requests }, sticking.notes);
  return { change, notes: sticking.notes };
}

/**
 * The smallest change from one document to the other, as PATCH in the dialect, or as PUT of the merged document where the
 * service has no PATCH. An update that ends in `active: false` is a deactivation. No change when both mean the same.
 *
 * @param before the document as last read
 * @param wanted the whole document as it should be; an attribute that it lacks is removed
 * @throws ChangeError `idChanged`, or `systemGroup` when the group is the service's own and would be renamed or emptied
 */
export function makeUpdate(
  before: ScimResource,
  wanted: ScimDocument,
  context: ChangeContext,
  origin: ChangeOrigin,
): BuiltChange {
  const { resourceType, dialect } = context;
  if (wanted["id"] !== undefined && wanted["id"] !== before.id) {
    throw new ChangeError(
      "idChanged",
      `The id of a resource cannot be changed: this is ${before.id}, the document says ${JSON.stringify(wanted["id"])}.`,
    );
  }
  const sticking = whatSticks(wanted, before, dialect, resourceType);
  const after: ScimDocument = { ...sticking.document, id: before.id };
  refuseOnSystemGroup(before, after, context);
  const requests = writeRequests(before, after, context, before.id);
  if (requests.length === 0) return { notes: sticking.notes };
  const deactivates = valueAt(after, "active") === false && valueAt(before, "active") !== false;
  const action: ChangeAction = deactivates ? "deactivate" : "update";
  const change = finish({ ...targetOf(action, before, context, origin), before, after, requests }, sticking.notes);
  return { change, notes: sticking.notes };
}

/** The change that takes access away and keeps the account (`active: false`, RFC 7643 section 4.1.1). */
export function makeDeactivate(before: ScimResource, context: ChangeContext, origin: ChangeOrigin): BuiltChange {
  return makeUpdate(before, withValueAt(before, "active", false), context, origin);
}

/** The change that gives access back (`active: true`). */
export function makeActivate(before: ScimResource, context: ChangeContext, origin: ChangeOrigin): BuiltChange {
  return makeUpdate(before, withValueAt(before, "active", true), context, origin);
}

/**
 * The change that deletes a resource (RFC 7644 section 3.6).
 *
 * @throws ChangeError `systemGroup` when the group belongs to the service
 */
export function makeDelete(before: ScimResource, context: ChangeContext, origin: ChangeOrigin): Change {
  refuseOnSystemGroup(before, undefined, context);
  const requests: ChangeRequest[] = [{ method: "DELETE", path: resourcePath(context.resourceType, before.id) }];
  return { ...targetOf("delete", before, context, origin), before, requests };
}

/** What a person calls a resource: userName of a user, displayName of a group, else the application id or the id. */
export function resourceName(document: ScimDocument, resourceType: ResourceType): string | undefined {
  for (const attribute of nameAttributes[resourceType]) {
    const value = valueAt(document, attribute);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

const nameAttributes: Readonly<Record<ResourceType, readonly string[]>> = {
  User: ["userName"],
  Group: ["displayName"],
  ServicePrincipal: ["displayName", "applicationId"],
};

/** 16 hexadecimal digits, the same for the same object and action. */
function changeId(action: ChangeAction, resourceType: ResourceType, object: string): string {
  return hash("sha256", `${action}\n${resourceType}\n${object}`).slice(0, 16);
}

function targetOf(action: ChangeAction, before: ScimResource, context: ChangeContext, origin: ChangeOrigin) {
  const { resourceType } = context;
  const object = origin.sourceId === undefined ? before.id : `${before.id}\n${origin.sourceId}`;
  return {
    id: changeId(action, resourceType, object),
    action,
    resourceType,
    name: resourceName(before, resourceType) ?? before.id,
    ...(origin.sourceId !== undefined && { sourceId: origin.sourceId }),
    targetId: before.id,
    reason: origin.reason,
  };
}

function finish(change: Change, notes: readonly string[]): Change {
  return notes.length === 0 ? change : { ...change, notes };
}

/** The requests that turn one document into the other: PATCH in the dialect's portions, or one PUT. */
function writeRequests(before: ScimDocument, after: ScimDocument, context: ChangeContext, id: string): ChangeRequest[] {
  const { schema, dialect, resourceType } = context;
  const operations = diffDocuments(before, after, schema, dialect.patch);
  if (operations.length === 0) return [];
  const path = resourcePath(resourceType, id);
  if (context.patchSupported === false) {
    return [{ method: "PUT", path, body: { ...writableDocument(after, schema), id } }];
  }
  return serializeOperations(operations, dialect.patch).map((body) => ({ method: "PATCH", path, body }));
}

/** The document of the POST: without what has to follow once other objects are there. */
function withoutLaterReferences(document: ScimDocument, dialect: Dialect): ScimDocument {
  let first = document;
  const members = valueAt(first, "members");
  if (Array.isArray(members) && (members.length > dialect.patch.membersPerOperation || members.some(namesNewGroup))) {
    first = withValueAt(first, "members", undefined);
  }
  const manager = `${urns.enterpriseUser}:manager`;
  const id: unknown = valueAt(first, `${manager}.value`) ?? valueAt(first, manager);
  if (typeof id === "string" && placeholderName(id) !== undefined) first = withValueAt(first, manager, undefined);
  return first;
}

function namesNewGroup(member: unknown): boolean {
  if (!isComplex(member) || member["type"] !== "Group") return false;
  return typeof member["value"] === "string" && placeholderName(member["value"]) !== undefined;
}

function refuseOnSystemGroup(before: ScimResource, after: ScimDocument | undefined, context: ChangeContext): void {
  const { resourceType, dialect } = context;
  const name = resourceName(before, "Group");
  if (resourceType !== "Group" || name === undefined || !dialect.systemGroups.includes(name)) return;
  const what =
    after === undefined
      ? "deleted"
      : resourceName(after, "Group") !== name
        ? "renamed"
        : memberCount(before) > 0 && memberCount(after) === 0
          ? "emptied"
          : undefined;
  if (what === undefined) return;
  throw new ChangeError("systemGroup", `The group "${name}" belongs to ${dialect.name} and is never ${what}.`);
}

function memberCount(group: ScimDocument): number {
  const members = valueAt(group, "members");
  return Array.isArray(members) ? members.length : 0;
}
