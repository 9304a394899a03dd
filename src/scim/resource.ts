import * as z from "zod";
import { isComplex } from "./values.ts";

/** A value as it stands in a SCIM document (RFC 7643 section 2.3). */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** The resource types that this product works with; a service may serve more (RFC 7643 section 6). */
export type ResourceType = "User" | "Group" | "ServicePrincipal";

/** The endpoint of a resource type, relative to the base URL (RFC 7644 section 3.2). */
export const endpoints: Readonly<Record<ResourceType, string>> = {
  User: "Users",
  Group: "Groups",
  ServicePrincipal: "ServicePrincipals",
};

export const metaSchema = z.looseObject({
  resourceType: z.string().optional(),
  created: z.string().optional(),
  lastModified: z.string().optional(),
  location: z.string().optional(),
  version: z.string().optional(),
});

/**
 * A resource as a service answers it: `id` is there, everything else may be; unknown attributes are kept
 * (RFC 7643 section 3).
 */
export const resourceSchema = z.looseObject({
  schemas: z.array(z.string()).optional(),
  id: z.string().min(1),
  externalId: z.string().nullish(),
  meta: metaSchema.optional(),
});

/** A resource that a service has stored: it has an id. */
export type ScimResource = z.infer<typeof resourceSchema>;

/**
 * Whether a value is a resource of the ordinary kind, which can be taken as it came, where `resourceSchema` makes a copy. What is
 * refused here is for `resourceSchema` to judge and to name.
 */
export function isOrdinaryResource(value: unknown): value is ScimResource {
  if (!isComplex(value) || Object.hasOwn(value, "__proto__")) return false;
  const { id, schemas, externalId, meta } = value;
  return (
    typeof id === "string" &&
    id !== "" &&
    (schemas === undefined || (Array.isArray(schemas) && schemas.every((urn) => typeof urn === "string"))) &&
    (externalId === undefined || externalId === null || typeof externalId === "string") &&
    (meta === undefined || metaSchema.safeParse(meta).success)
  );
}

/** A resource on its way to a service, or any part of one: attributes by name, no id needed. */
export type ScimDocument = Record<string, unknown>;

/** One element of `Group.members` (RFC 7643 section 4.2). */
export interface Member {
  readonly value: string;
  readonly display?: string;
  readonly type?: string;
  readonly $ref?: string;
}

/** One operation of a PATCH request (RFC 7644 section 3.5.2). */
export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path?: string;
  readonly value?: unknown;
}

/** Schema and message URNs (RFC 7643 section 8.7, RFC 7644 section 8.2). */
export const urns = {
  user: "urn:ietf:params:scim:schemas:core:2.0:User",
  group: "urn:ietf:params:scim:schemas:core:2.0:Group",
  /** Databricks' invention in the core name space. */
  servicePrincipal: "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal",
  enterpriseUser: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  listResponse: "urn:ietf:params:scim:api:messages:2.0:ListResponse",
  patchOp: "urn:ietf:params:scim:api:messages:2.0:PatchOp",
  searchRequest: "urn:ietf:params:scim:api:messages:2.0:SearchRequest",
  error: "urn:ietf:params:scim:api:messages:2.0:Error",
} as const;
