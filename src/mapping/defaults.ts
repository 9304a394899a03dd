import type { Dialect } from "../scim/dialects/dialect.ts";
import { urns } from "../scim/resource.ts";
import type { Mapping } from "./mapping.ts";

/** The mapping tables that a new job begins with. */
export interface DefaultMappings {
  readonly users: readonly Mapping[];
  readonly groups: readonly Mapping[];
}

const direct = (target: string, attribute: string): Mapping => ({ target, source: { attribute } });
const userName: Mapping = { ...direct("userName", "userPrincipalName"), matching: 1 };
const active: Mapping = {
  target: "active",
  source: { expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' },
};
const groupName: Mapping = { ...direct("displayName", "displayName"), matching: 1 };
const members = direct("members", "members");
const work = (attribute: string) => `addresses[type eq "work"].${attribute}`;
const phone = (type: string) => `phoneNumbers[type eq "${type}"].value`;

/**
 * The default rows per dialect: for Databricks the tutorial's three and two; for others the generic SCIM template of Entra
 * application provisioning ("Develop and plan provisioning for a SCIM endpoint", tables of default mappings).
 */
export const defaultMappings: Readonly<Record<Dialect["id"], DefaultMappings>> = {
  databricks: {
    users: [userName, direct("displayName", "displayName"), active],
    groups: [groupName, members],
  },
  generic: {
    users: [
      userName,
      active,
      direct("displayName", "displayName"),
      direct("title", "jobTitle"),
      direct('emails[type eq "work"].value', "mail"),
      direct("preferredLanguage", "preferredLanguage"),
      direct("name.givenName", "givenName"),
      direct("name.familyName", "surname"),
      { target: "name.formatted", source: { expression: 'Join(" ", [givenName], [surname])' } },
      direct('addresses[type eq "other"].formatted', "physicalDeliveryOfficeName"),
      direct(work("streetAddress"), "streetAddress"),
      direct(work("locality"), "city"),
      direct(work("region"), "state"),
      direct(work("postalCode"), "postalCode"),
      direct(work("country"), "country"),
      direct(phone("work"), "telephoneNumber"),
      direct(phone("mobile"), "mobile"),
      direct(phone("fax"), "facsimileTelephoneNumber"),
      direct("externalId", "mailNickname"),
      direct(`${urns.enterpriseUser}:employeeNumber`, "employeeId"),
      direct(`${urns.enterpriseUser}:department`, "department"),
      direct(`${urns.enterpriseUser}:manager`, "manager"),
    ],
    groups: [groupName, direct("externalId", "objectId"), members],
  },
};
