import { newAttributes, type MutableAttributes } from "../attributes.ts";

/**
 * Names of the provisioning engine whose Microsoft Graph property is called otherwise, in lower case. The engine's names come
 * from an older directory API; the correspondence is not published (inferred).
 */
const properties: Readonly<Record<string, string>> = {
  objectid: "id",
  physicaldeliveryofficename: "officeLocation",
  telephonenumber: "businessPhones",
  mobile: "mobilePhone",
  facsimiletelephonenumber: "faxNumber",
  originaluserprincipalname: "userPrincipalName",
};

/**
 * The source attributes that the documentation names, and that every tenant has: what a preview reads, so that an edit can map
 * any of them. Directory extensions differ from tenant to tenant.
 */
export const commonAttributes: Readonly<Record<"users" | "groups", readonly string[]>> = {
  users: [
    ...["accountEnabled", "city", "companyName", "country", "department", "displayName", "employeeId"],
    ...["facsimileTelephoneNumber", "givenName", "jobTitle", "mail", "mailNickname", "manager", "mobile"],
    ...["onPremisesSecurityIdentifier", "otherMails", "physicalDeliveryOfficeName", "postalCode", "preferredLanguage"],
    ...["proxyAddresses", "state", "streetAddress", "surname", "telephoneNumber", "usageLocation", "userPrincipalName"],
    ...Array.from({ length: 15 }, (_, at) => `extensionAttribute${at + 1}`),
  ],
  groups: ["description", "displayName", "mail", "mailEnabled", "mailNickname", "securityEnabled"],
};

/** Engine attributes that the directory does not hold: they are computed, or read elsewhere. */
const computed = new Set(["issoftdeleted", "approleassignments", "members", "id", "passwordprofile.password"]);

/** How one mapped attribute is read from a Graph object. */
interface Reading {
  /** What $select names. */
  readonly property: string;
  readonly value: (object: Readonly<Record<string, unknown>>) => unknown;
}

function readingOf(name: string): Reading | undefined {
  const folded = name.toLowerCase();
  if (computed.has(folded)) return undefined;
  if (folded === "manager") return { property: "manager", value: () => undefined };
  if (/^extensionattribute([1-9]|1[0-5])$/.test(folded)) {
    const property = "onPremisesExtensionAttributes";
    const own = `extensionAttribute${folded.slice("extensionattribute".length)}`;
    return { property, value: (object) => partOf(object[property], own) };
  }
  const property = properties[folded] ?? name;
  if (property === "businessPhones") return { property, value: (object) => first(object[property]) };
  return { property, value: (object) => object[property] };
}

/** Reads directory objects of Graph into attributes under the names that the mappings use. */
export class GraphAttributes {
  /** The properties that a delta query selects: the mapped ones and what scope and names need. */
  readonly select: readonly string[];
  readonly wantsManager: boolean;
  readonly #readings: ReadonlyMap<string, Reading>;

  /**
   * @param names the attributes that the job reads, by the engine's names
   * @param always properties that are read whatever is mapped
   */
  constructor(names: Iterable<string>, always: readonly string[]) {
    const readings = new Map<string, Reading>();
    for (const name of [...always, ...names]) {
      const reading = readingOf(name);
      if (reading !== undefined) readings.set(name, reading);
    }
    this.#readings = readings;
    this.wantsManager = [...readings.values()].some(({ property }) => property === "manager");
    this.select = [...new Set([...readings.values()].map(({ property }) => property))]
      .filter((name) => name !== "id")
      .sort();
  }

  /** Takes over what an object of a delta round says; a property that it does not name stays as it was. */
  apply(attributes: MutableAttributes, object: Readonly<Record<string, unknown>>): void {
    for (const [name, { property, value }] of this.#readings) {
      if (property === "manager" || !(property in object)) continue;
      const read = sourceValue(value(object));
      if (read === undefined) Reflect.deleteProperty(attributes, name);
      else attributes[name] = read;
    }
  }

  /** Attributes of an object that was not known before. */
  create(): MutableAttributes {
    return newAttributes();
  }
}

/** Lists of texts stay lists; objects have no form that a mapping could read. */
function sourceValue(value: unknown): MutableAttributes[string] | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((each): each is string => typeof each === "string");
  return texts.length === 0 ? undefined : texts;
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? (value as readonly unknown[])[0] : value;
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
