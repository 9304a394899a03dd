/** Synchronization schemas as Graph answers them, with parts that a job has no words for. */

const source = (name: string) => ({ expression: `[${name}]`, name, type: "Attribute", parameters: [] });
const row = (targetAttributeName: string, from: unknown, more: object = {}) => ({
  defaultValue: null,
  exportMissingReferences: false,
  flowBehavior: "FlowWhenChanged",
  flowType: "Always",
  matchingPriority: 0,
  targetAttributeName,
  source: from,
  ...more,
});

const switchActive = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")';

export const synchronizationSchema = {
  "@odata.context": "https://graph.microsoft.com/beta/$metadata#schema",
  id: "dataBricks.1",
  version: "Date:2026-11-24T00:00:00Z",
  provisioningTaskIdentifier: null,
  synchronizationRules: [
    {
      id: "locked",
      editable: false,
      name: "INBOUND",
      objectMappings: [{ sourceObjectName: "User", attributeMappings: [] }],
    },
    {
      editable: true,
      id: "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8",
      name: "USERGROUP_OUTBOUND_USERGROUP",
      priority: 1,
      containerFilter: null,
      metadata: [{ key: "supportsProvisionOnDemand", value: "true" }],
      objectMappings: [
        {
          enabled: true,
          flowTypes: "Add, Update, Delete",
          name: "Provision Azure Active Directory Users",
          sourceObjectName: "User",
          targetObjectName: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
          metadata: [{ key: "EscrowBehavior", value: '"Default"' }],
          scope: {
            groups: [
              {
                name: "Analysts in Lyon",
                clauses: [
                  { sourceOperandName: "city", operatorName: "EQUALS", targetOperand: { values: ["Lyon"] } },
                  { sourceOperandName: "jobTitle", operatorName: "IS NOT NULL", targetOperand: { values: [] } },
                ],
              },
            ],
            inputFilterGroups: [],
            categoryFilterGroups: [],
          },
          attributeMappings: [
            row("userName", source("userPrincipalName"), { matchingPriority: 1 }),
            row("active", {
              expression: switchActive,
              name: "Switch",
              type: "Function",
              parameters: [{ key: "source", value: { ...source("IsSoftDeleted"), future: true } }],
            }),
            row(
              "title",
              { expression: '"Guest"', name: "Guest", type: "Constant", parameters: [] },
              { flowType: "ObjectAddOnly" },
            ),
            row("nickName", null, { defaultValue: "none" }),
            row("name.givenName", source("givenName"), {
              defaultValue: "Unknown",
              flowType: "AttributeAddOnly",
              future: { deep: [1] },
            }),
          ],
        },
        {
          enabled: false,
          flowTypes: "Add, Update",
          sourceObjectName: "Group",
          targetObjectName: "urn:ietf:params:scim:schemas:core:2.0:Group",
          scope: null,
          attributeMappings: [
            row("displayName", source("displayName"), { matchingPriority: 1 }),
            row("members", source("members")),
          ],
        },
      ],
    },
  ],
  directories: [
    { id: "1", name: "Azure Active Directory", objects: [], discoverabilities: "None", unknown: "ünïcode \u0001" },
  ],
};

/** The same schema in several layouts; the last one mixes them, with spaces that no formatter would leave. */
export const layouts: Readonly<Record<string, string>> = {
  minified: JSON.stringify(synchronizationSchema),
  pretty: JSON.stringify(synchronizationSchema, undefined, 2),
  "tabs and CRLF": `${JSON.stringify(synchronizationSchema, undefined, "\t").replaceAll("\n", "\r\n")}\r\n`,
  "mixed by hand": JSON.stringify(synchronizationSchema, undefined, 4)
    .replaceAll(/\{\n\s+"expression"/g, '{  "expression"')
    .replaceAll('"matchingPriority": 0', '"matchingPriority" :0')
    .replaceAll("null,\n", "null ,\n"),
};
