import type { Connection } from "../../../src/extension/connections/connection.ts";
import { PendingChanges } from "../../../src/extension/changes/pendingChanges.ts";
import type { PendingStorage } from "../../../src/extension/changes/pendingChanges.ts";
import type { Editable } from "../../../src/extension/changes/edits.ts";
import { dialectFor } from "../../../src/scim/dialects/dialects.ts";
import type { ResourceType, ScimResource } from "../../../src/scim/resource.ts";
import { urns } from "../../../src/scim/resource.ts";
import { builtinSchema } from "../../../src/scim/schemas/builtin.ts";

export const baseUrl = "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2";

export const connection: Connection = {
  name: "Databricks production",
  baseUrl,
  dialect: "databricks",
  auth: "token",
  origin: "settings",
};

export const contextOf = (resourceType: ResourceType, dialect: "databricks" | "generic" = "databricks") => ({
  resourceType,
  schema: builtinSchema(resourceType),
  dialect: dialectFor(dialect, dialect === "databricks" ? baseUrl : "https://scim.example.com/v2"),
});

export const ada: ScimResource = {
  schemas: [urns.user],
  id: "42",
  userName: "ada@contoso.com",
  displayName: "Ada Okafor",
  name: { givenName: "Ada", familyName: "Okafor" },
  active: true,
  emails: [{ value: "ada@contoso.com", type: "work", primary: true }],
  groups: [
    { value: "7", display: "data" },
    { value: "3", display: "all" },
  ],
};

export const team: ScimResource = {
  schemas: [urns.group],
  id: "7",
  displayName: "data",
  members: [{ value: "42", display: "Ada Okafor", $ref: "Users/42" }],
};

/** Storage in memory that shows what was kept. */
export function memory(start?: unknown): PendingStorage & { readonly kept: () => unknown } {
  let value = start;
  return {
    read: () => value,
    // What storage of VS Code gives back has gone through JSON.
    write: async (next) => void (value = JSON.parse(JSON.stringify(next))),
    kept: () => value,
  };
}

export const pendingChanges = (): PendingChanges => new PendingChanges(memory());

export const editable = (stored: ScimResource, type: ResourceType = "User"): Editable => ({
  baseUrl,
  key: `${type}/${stored.id}`,
  context: contextOf(type),
  stored,
});

export const draft = (id = "d1", type: ResourceType = "User"): Editable => ({
  baseUrl,
  key: `${type}/new:${id}`,
  context: contextOf(type),
});

/** Names that a hostile service could give: markup, bidirectional text, command links, control characters, great length. */
export const hostileNames = [
  "<img src=x onerror=alert(1)>",
  "[click](command:workbench.action.quit)",
  "$(flame) **bold** `code`",
  "ada\u202emoc.osotnoc",
  "a\u0000b\u001b[31m\nsecond line",
  "../../../etc/passwd",
  "%2e%2e%2f?id=1#x",
  "\ud800 lone",
  "x".repeat(10_000),
  "   ",
  ".",
  "..",
];
