import { ScimError } from "../scim/errors.ts";
import type { ResourceType, ScimDocument } from "../scim/resource.ts";
import type { Entry, Level } from "./entry.ts";
import type { IndexedAttribute, Store } from "./store.ts";

/**
 * Refuses a resource whose name another one has. The texts are those of Databricks, which clients match on as prefixes;
 * its 409 bodies carry no scimType, those of RFC 7644 section 3.12 do.
 * @param self The entry that is about to change; absent on create.
 * @throws ScimError 409.
 */
export function refuseConflict(store: Store, level: Level, type: ResourceType, next: ScimDocument, self?: Entry): void {
  const taken = (attribute: IndexedAttribute): string | undefined => {
    const value = next[attribute];
    if (typeof value !== "string") return undefined;
    const others = store
      .find(type, attribute, value)
      .filter((entry) => entry !== self && rivals(entry, level, type, self));
    const exact = attribute === "externalId" ? others.filter((entry) => entry.shared[attribute] === value) : others;
    return exact.length > 0 ? value : undefined;
  };
  const text = conflictText(level, type, taken);
  if (text === undefined) return;
  throw level === "rfc" ? new ScimError(409, text, "uniqueness") : new ScimError(409, text);
}

function conflictText(
  level: Level,
  type: ResourceType,
  taken: (attribute: IndexedAttribute) => string | undefined,
): string | undefined {
  switch (type) {
    case "User": {
      const userName = taken("userName");
      if (userName === undefined) return undefined;
      return level === "account"
        ? `User with email ${userName} already exists in this account. Note: emails are case-insensitive.`
        : `User with username ${userName} already exists.`;
    }
    case "Group": {
      // RFC 7643 does not make group names unique.
      if (level === "rfc") return undefined;
      const displayName = taken("displayName");
      if (displayName !== undefined) return `Group with name ${displayName} already exists.`;
      const externalId = taken("externalId");
      return externalId === undefined ? undefined : `Group with external ID ${externalId} already exists.`;
    }
    case "ServicePrincipal": {
      const applicationId = taken("applicationId");
      if (applicationId === undefined) return undefined;
      return level === "account"
        ? `User with email ${applicationId} already exists in this account`
        : `Service principal with application ID ${applicationId} already exists.`;
    }
  }
}

/** Whom a name may clash with: groups with those of their own level, others with everyone whom the level sees. */
function rivals(entry: Entry, level: Level, type: ResourceType, self: Entry | undefined): boolean {
  return type === "Group" ? entry.home === (self?.home ?? level) : entry.levels.has(level);
}
