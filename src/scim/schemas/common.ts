import type { AttributeDefinition } from "../schema.ts";
import { attribute, complex } from "./attribute.ts";

const readOnly = { mutability: "readOnly" } as const;

/** The attributes that every resource has, whatever its schema (RFC 7643 section 3.1). */
export const commonAttributes: readonly AttributeDefinition[] = [
  attribute("schemas", "The URN of every schema that appears in the resource.", {
    type: "reference",
    multiValued: true,
    required: true,
    caseExact: true,
    returned: "always",
    referenceTypes: ["uri"],
  }),
  attribute("id", "The identifier that the service issued; never reused.", {
    ...readOnly,
    caseExact: true,
    returned: "always",
    uniqueness: "server",
  }),
  attribute("externalId", "The identifier that the provisioning client gave the resource.", { caseExact: true }),
  complex(
    "meta",
    "What the service knows about the resource itself.",
    [
      attribute("resourceType", "The name of the resource type.", { ...readOnly, caseExact: true }),
      attribute("created", "When the resource was added.", { ...readOnly, type: "dateTime" }),
      attribute("lastModified", "When the resource last changed.", { ...readOnly, type: "dateTime" }),
      attribute("location", "The URL of the resource.", {
        ...readOnly,
        type: "reference",
        caseExact: true,
        referenceTypes: ["uri"],
      }),
      attribute("version", "The version of the resource, as in the ETag header.", { ...readOnly, caseExact: true }),
    ],
    readOnly,
  ),
];
