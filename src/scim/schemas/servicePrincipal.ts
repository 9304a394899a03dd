import { urns } from "../resource.ts";
import type { SchemaDefinition } from "../schema.ts";
import { attribute, complex, plural } from "./attribute.ts";

/** Service principals, a resource type of Databricks (its SCIM API reference, ServicePrincipals). */
export const servicePrincipalCore: SchemaDefinition = {
  id: urns.servicePrincipal,
  name: "ServicePrincipal",
  description: "An identity for automation",
  attributes: [
    attribute("applicationId", "The application (client) id, a UUID; set once.", {
      mutability: "immutable",
      uniqueness: "server",
    }),
    attribute("displayName", "The name shown to others."),
    attribute("active", "Whether the service principal may sign in.", { type: "boolean" }),
    complex(
      "groups",
      "The groups it belongs to; changed only through the group.",
      ["value", "$ref", "display", "type"].map((name) =>
        attribute(name, `The ${name} of the group.`, { mutability: "readOnly", caseExact: name !== "display" }),
      ),
      { multiValued: true, mutability: "readOnly" },
    ),
    plural("entitlements", "What it may do in a workspace.", { description: "An entitlement." }),
    plural("roles", "The roles it holds.", { description: "A role." }),
  ],
};
