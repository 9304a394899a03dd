import { urns } from "../resource.ts";
import type { SchemaDefinition } from "../schema.ts";
import { attribute, complex, plural } from "./attribute.ts";

/** The core schema of users (RFC 7643 sections 4.1 and 8.7.1). */
export const userCore: SchemaDefinition = {
  id: urns.user,
  name: "User",
  description: "User Account",
  attributes: [
    attribute("userName", "The name the user signs in with; unique in the service, letter case does not matter.", {
      required: true,
      uniqueness: "server",
    }),
    complex("name", "The parts of the user's real name.", [
      attribute("formatted", "The full name, ready for display."),
      attribute("familyName", "The family name, or last name."),
      attribute("givenName", "The given name, or first name."),
      attribute("middleName", "The middle names."),
      attribute("honorificPrefix", "The title before the name, for example Ms."),
      attribute("honorificSuffix", "The suffix after the name, for example III."),
    ]),
    attribute("displayName", "The name shown to others, best the full name."),
    attribute("nickName", "The casual way to address the user."),
    attribute("profileUrl", "The page of the user's online profile.", {
      type: "reference",
      referenceTypes: ["external"],
    }),
    attribute("title", "The user's title, for example Vice President."),
    attribute("userType", "How the user relates to the organization, for example Employee or Contractor."),
    attribute("preferredLanguage", "The preferred written or spoken language, as in an Accept-Language header."),
    attribute("locale", "The default location for currency, dates and numbers, for example en-US."),
    attribute("timezone", "The time zone in the Olson format, for example America/Los_Angeles."),
    attribute("active", "Whether the user may sign in.", { type: "boolean" }),
    attribute("password", "A clear-text password, written and never read.", {
      mutability: "writeOnly",
      returned: "never",
    }),
    plural("emails", "E-mail addresses.", { description: "An e-mail address." }, ["work", "home", "other"]),
    plural("phoneNumbers", "Telephone numbers.", { description: "A telephone number." }, [
      "work",
      "home",
      "mobile",
      "fax",
      "pager",
      "other",
    ]),
    plural("ims", "Instant messaging addresses.", { description: "An instant messaging address." }, [
      "aim",
      "gtalk",
      "icq",
      "xmpp",
      "msn",
      "skype",
      "qq",
      "yahoo",
    ]),
    plural(
      "photos",
      "URLs of photos of the user.",
      { description: "The URL of a photo.", type: "reference", referenceTypes: ["external"] },
      ["photo", "thumbnail"],
    ),
    complex(
      "addresses",
      "Postal addresses.",
      [
        attribute("formatted", "The full mailing address, ready for display or a label."),
        attribute("streetAddress", "The street, house number and the like; may hold line breaks."),
        attribute("locality", "The city or locality."),
        attribute("region", "The state or region."),
        attribute("postalCode", "The postal code."),
        attribute("country", "The country, as an ISO 3166-1 alpha-2 code."),
        attribute("type", "What the address is used for.", { canonicalValues: ["work", "home", "other"] }),
        attribute("primary", "Whether this is the preferred address; true at most once.", { type: "boolean" }),
      ],
      { multiValued: true },
    ),
    complex(
      "groups",
      "The groups the user belongs to; changed only through the group.",
      [
        attribute("value", "The id of the group.", { mutability: "readOnly", caseExact: true }),
        attribute("$ref", "The URL of the group.", {
          type: "reference",
          mutability: "readOnly",
          caseExact: true,
          referenceTypes: ["User", "Group"],
        }),
        attribute("display", "The name of the group.", { mutability: "readOnly" }),
        attribute("type", "Whether the membership is direct or by another group.", {
          mutability: "readOnly",
          canonicalValues: ["direct", "indirect"],
        }),
      ],
      { multiValued: true, mutability: "readOnly" },
    ),
    plural("entitlements", "Things that the user has.", { description: "An entitlement." }),
    plural("roles", "Who the user is, for example Student or Faculty.", { description: "A role." }),
    plural("x509Certificates", "Certificates issued to the user.", {
      description: "A DER certificate in base64.",
      type: "binary",
      caseExact: true,
    }),
  ],
};
