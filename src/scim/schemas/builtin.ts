import type { ResourceType } from "../resource.ts";
import type { ResourceSchema } from "../schema.ts";
import { enterpriseUser } from "./enterpriseUser.ts";
import { groupCore } from "./group.ts";
import { servicePrincipalCore } from "./servicePrincipal.ts";
import { userCore } from "./user.ts";

/** Users with the enterprise extension (RFC 7643 sections 4.1 and 4.3). */
export const userSchema: ResourceSchema = { resourceType: "User", core: userCore, extensions: [enterpriseUser] };

/** Groups (RFC 7643 section 4.2). */
export const groupSchema: ResourceSchema = { resourceType: "Group", core: groupCore, extensions: [] };

/** Service principals as Databricks serves them. */
export const servicePrincipalSchema: ResourceSchema = {
  resourceType: "ServicePrincipal",
  core: servicePrincipalCore,
  extensions: [],
};

/** The schema to go by where a service has no /Schemas endpoint. */
export function builtinSchema(type: ResourceType): ResourceSchema {
  switch (type) {
    case "User":
      return userSchema;
    case "Group":
      return groupSchema;
    case "ServicePrincipal":
      return servicePrincipalSchema;
  }
}
