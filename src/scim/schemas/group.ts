import { urns } from "../resource.ts";
import type { SchemaDefinition } from "../schema.ts";
import { attribute, complex } from "./attribute.ts";

/**
 * The core schema of groups (RFC 7643 sections 4.2 and 8.7.1). `displayName` is required as the prose of section 4.2 says,
 * and `members.display` is here because services send it, though the formal schema leaves both out.
 */
export const groupCore: SchemaDefinition = {
  id: urns.group,
  name: "Group",
  description: "Group",
  attributes: [
    attribute("displayName", "The name of the group.", { required: true }),
    complex(
      "members",
      "Who belongs to the group.",
      [
        attribute("value", "The id of the member.", { mutability: "immutable", caseExact: true }),
        attribute("$ref", "The URL of the member.", {
          type: "reference",
          mutability: "immutable",
          caseExact: true,
          referenceTypes: ["User", "Group"],
        }),
        attribute("type", "The resource type of the member.", {
          mutability: "immutable",
          canonicalValues: ["User", "Group"],
        }),
        attribute("display", "The name of the member.", { mutability: "immutable" }),
      ],
      { multiValued: true },
    ),
  ],
};
