import type {
  AttributeDefinition,
  AttributeMapping,
  ObjectMapping,
  SynchronizationSchema,
  SynchronizationTemplate,
} from "@microsoft/microsoft-graph-types";
import { defaultMappings } from "../../mapping/defaults.ts";
import { constantSource, expressionToTree } from "../../mapping/entra/expressionTree.ts";
import type { Mapping } from "../../mapping/mapping.ts";
import { urns } from "../../scim/resource.ts";

/** One application of the gallery and the synchronization template that it brings. */
export interface GalleryApplication {
  readonly id: string;
  readonly displayName: string;
  readonly publisher: string;
  readonly synchronizationTemplateId: "dataBricks" | "scim";
}

/** Template GUIDs of gallery applications are not published; the first one here is made up, the second is documented. */
export const gallery: readonly GalleryApplication[] = [
  {
    id: "2f6a3b51-9f0f-4b44-9d4b-0f7d5c0d6a11",
    displayName: "Azure Databricks SCIM Provisioning Connector",
    publisher: "Databricks",
    synchronizationTemplateId: "dataBricks",
  },
  {
    id: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
    displayName: "Custom",
    publisher: "",
    synchronizationTemplateId: "scim",
  },
];

/** The rule id that many SCIM templates share, as third parties have seen it (inferred). */
const ruleId = "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8";

/** The template as Graph lists it. `ConfigurationFields` names the inputs of the credential form. */
export function synchronizationTemplate(application: GalleryApplication): SynchronizationTemplate {
  const fields = [
    { name: "baseaddress", displayName: "Tenant URL", required: true, secret: false },
    { name: "secrettoken", displayName: "Secret Token", required: true, secret: true },
  ];
  return {
    id: application.synchronizationTemplateId,
    applicationId: application.id,
    default: true,
    description: null,
    discoverable: true,
    factoryTag: application.synchronizationTemplateId,
    metadata: [
      { key: "GalleryApplicationIdentifier", value: application.id },
      { key: "ConfigurationFields", value: JSON.stringify(fields) },
      { key: "IsOAuthEnabled", value: "False" },
    ],
  };
}

/**
 * The schema that a new job begins with. The rows of the Databricks connector are not published; those of the tutorial stand
 * here (inferred), the generic ones follow the documentation.
 */
export function templateSchema(application: GalleryApplication): SynchronizationSchema {
  const databricks = application.synchronizationTemplateId === "dataBricks";
  const rows = defaultMappings[databricks ? "databricks" : "generic"];
  const target = databricks ? "dataBricks" : "customappsso";
  return {
    id: application.synchronizationTemplateId,
    version: "v1.0",
    synchronizationRules: [
      {
        id: ruleId,
        name: "USERGROUP_OUTBOUND_USERGROUP",
        priority: 1,
        editable: true,
        sourceDirectoryName: "Azure Active Directory",
        targetDirectoryName: target,
        metadata: [
          { key: "defaultSourceObjectMappings", value: "True" },
          { key: "supportsProvisionOnDemand", value: "True" },
        ],
        groupFilter: null,
        containerFilter: null,
        objectMappings: [
          objectMapping("Provision Azure Active Directory Groups", "Group", urns.group, rows.groups),
          objectMapping("Provision Azure Active Directory Users", "User", urns.enterpriseUser, rows.users),
        ],
      },
    ],
    directories: [
      directory("Azure Active Directory", "AzureActiveDirectory", {
        User: sources(rows.users),
        Group: sources(rows.groups),
      }),
      directory(target, target, { [urns.enterpriseUser]: targets(rows.users), [urns.group]: targets(rows.groups) }),
    ],
  };
}

function objectMapping(name: string, source: string, target: string, rows: readonly Mapping[]): ObjectMapping {
  return {
    name,
    enabled: true,
    flowTypes: "Add, Update, Delete" as ObjectMapping["flowTypes"] & string,
    sourceObjectName: source,
    targetObjectName: target,
    scope: null,
    metadata: [{ key: "EscrowBehavior", value: '"Normal"' }],
    attributeMappings: rows.map(attributeMapping),
  };
}

function attributeMapping(row: Mapping): AttributeMapping {
  return {
    targetAttributeName: row.target,
    source: sourceOf(row) as NonNullable<AttributeMapping["source"]>,
    defaultValue: row.default ?? null,
    matchingPriority: row.matching ?? 0,
    flowType: row.apply === "create" ? "ObjectAddOnly" : "Always",
    flowBehavior: "FlowWhenChanged",
    exportMissingReferences: false,
  };
}

function sourceOf({ source }: Mapping) {
  if ("attribute" in source)
    return { type: "Attribute", name: source.attribute, expression: `[${source.attribute}]`, parameters: [] };
  if ("constant" in source) return constantSource(source.constant);
  return expressionToTree(source.expression);
}

function sources(rows: readonly Mapping[]): string[] {
  return ["objectId", ...rows.flatMap(({ source }) => ("attribute" in source ? [source.attribute] : []))];
}

function targets(rows: readonly Mapping[]): string[] {
  return ["id", ...rows.map(({ target }) => target)];
}

function directory(name: string, id: string, objects: Readonly<Record<string, readonly string[]>>) {
  return {
    id,
    name,
    readOnly: name === "Azure Active Directory",
    version: "1",
    discoveryDateTime: null,
    discoverabilities: name === "Azure Active Directory" ? ("AttributeNames" as const) : ("None" as const),
    objects: Object.entries(objects).map(([object, attributes]) => ({
      name: object,
      supportedApis: [],
      metadata: [],
      attributes: [...new Set(attributes)].map((attribute, at) => attributeDefinition(attribute, at === 0)),
    })),
  };
}

/** An attribute as the schema defines it. */
export function attributeDefinition(name: string, anchor: boolean): AttributeDefinition {
  const reference = name === "members" || /(^|:)manager$/.test(name);
  return {
    name,
    type: reference ? "Reference" : "String",
    anchor,
    required: false,
    multivalued: name === "members",
    caseExact: false,
    flowNullValues: false,
    mutability: "ReadWrite",
    defaultValue: null,
    referencedObjects: [],
    apiExpressions: [],
    metadata: [],
  };
}
