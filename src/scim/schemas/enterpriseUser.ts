import { urns } from "../resource.ts";
import type { SchemaDefinition } from "../schema.ts";
import { attribute, complex } from "./attribute.ts";

/** The enterprise extension of users (RFC 7643 sections 4.3 and 8.7.1). */
export const enterpriseUser: SchemaDefinition = {
  id: urns.enterpriseUser,
  name: "EnterpriseUser",
  description: "Enterprise User",
  attributes: [
    attribute("employeeNumber", "The number or text that the organization gave the user."),
    attribute("costCenter", "The cost center."),
    attribute("organization", "The organization."),
    attribute("division", "The division."),
    attribute("department", "The department."),
    complex("manager", "The user's manager.", [
      attribute("value", "The id of the manager's user.", { caseExact: true }),
      attribute("$ref", "The URL of the manager's user.", {
        type: "reference",
        caseExact: true,
        referenceTypes: ["User"],
      }),
      attribute("displayName", "The manager's display name.", { mutability: "readOnly" }),
    ]),
  ],
};
