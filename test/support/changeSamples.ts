import type { ChangeContext } from "../../src/changes/build.ts";
import { databricks } from "../../src/scim/dialects/databricks.ts";
import { generic } from "../../src/scim/dialects/generic.ts";
import type { ResourceType, ScimResource } from "../../src/scim/resource.ts";
import { urns } from "../../src/scim/resource.ts";
import { builtinSchema } from "../../src/scim/schemas/builtin.ts";

export const reason = { reason: "The test wants it." };

export function inGeneric(resourceType: ResourceType): ChangeContext {
  return { resourceType, schema: builtinSchema(resourceType), dialect: generic };
}

export function inDatabricks(resourceType: ResourceType): ChangeContext {
  return { resourceType, schema: builtinSchema(resourceType), dialect: databricks("workspace") };
}

export const ada: ScimResource = {
  schemas: [urns.user],
  id: "42",
  userName: "ada@contoso.com",
  displayName: "Ada Lovelace",
  name: { givenName: "Ada", familyName: "Lovelace" },
  emails: [{ value: "ada@contoso.com", type: "work", primary: true }],
  active: true,
  groups: [{ value: "7", display: "Engineers" }],
  meta: { resourceType: "User", version: 'W/"1"' },
};

export const engineers: ScimResource = {
  schemas: [urns.group],
  id: "7",
  displayName: "Engineers",
  members: [
    { value: "1", display: "One", $ref: "Users/1" },
    { value: "2", display: "Two", $ref: "Users/2" },
  ],
};
