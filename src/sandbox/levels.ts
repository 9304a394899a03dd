import { urns, type ResourceType } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { attribute, complex, plural } from "../scim/schemas/attribute.ts";
import { groupSchema, servicePrincipalSchema, userSchema } from "../scim/schemas/builtin.ts";
import type { Level } from "./entry.ts";

/** What a level serves, as data: which types, which attributes, how references and errors look. */
export interface LevelRules {
  readonly level: Level;
  readonly schemas: Readonly<Partial<Record<ResourceType, ResourceSchema>>>;
  /** `relative`: `Users/42`, without meta but on groups; `absolute`: full meta and full URLs. */
  readonly references: "relative" | "absolute";
  /** Members carry their type. */
  readonly memberTypes: boolean;
  /** Databricks: simple filters, ignored updates, derived attributes, its own errors. */
  readonly databricks: boolean;
}

const userAttributes = ["userName", "name", "displayName", "active", "emails", "groups", "entitlements", "roles"];

/** Databricks keeps a few attributes of users and knows no extension (its SCIM API reference, Users). */
const databricksUser: ResourceSchema = {
  resourceType: "User",
  core: {
    ...userSchema.core,
    attributes: userSchema.core.attributes
      .filter(({ name }) => userAttributes.includes(name))
      .map((definition) =>
        definition.name === "name"
          ? {
              ...definition,
              subAttributes: (definition.subAttributes ?? []).filter(({ name }) =>
                ["givenName", "familyName"].includes(name),
              ),
            }
          : definition,
      ),
  },
  extensions: [],
};

/** Groups of Databricks also hold entitlements and roles, and tell which groups hold them. */
const databricksGroup: ResourceSchema = {
  resourceType: "Group",
  core: {
    ...groupSchema.core,
    attributes: [
      ...groupSchema.core.attributes,
      complex(
        "groups",
        "The groups it belongs to; changed only through the group.",
        ["value", "$ref", "display", "type"].map((name) =>
          attribute(name, `The ${name} of the group.`, { mutability: "readOnly" }),
        ),
        { multiValued: true, mutability: "readOnly" },
      ),
      plural("entitlements", "What its members may do in a workspace.", { description: "An entitlement." }),
      plural("roles", "The roles its members hold.", { description: "A role." }),
    ],
  },
  extensions: [],
};

const databricksSchemas = {
  User: databricksUser,
  Group: databricksGroup,
  ServicePrincipal: servicePrincipalSchema,
} as const;

export const levelRules: Readonly<Record<Level, LevelRules>> = {
  workspace: {
    level: "workspace",
    schemas: databricksSchemas,
    references: "relative",
    memberTypes: false,
    databricks: true,
  },
  account: {
    level: "account",
    schemas: databricksSchemas,
    references: "relative",
    memberTypes: false,
    databricks: true,
  },
  rfc: {
    level: "rfc",
    schemas: { User: userSchema, Group: groupSchema },
    references: "absolute",
    memberTypes: true,
    databricks: false,
  },
};

/** The extension that Databricks lists in `schemas` of workspace users. */
export const workspaceUserExtension = "urn:ietf:params:scim:schemas:extension:workspace:2.0:User";

/** The core URN of each resource type. */
export const coreUrns: Readonly<Record<ResourceType, string>> = {
  User: urns.user,
  Group: urns.group,
  ServicePrincipal: urns.servicePrincipal,
};
