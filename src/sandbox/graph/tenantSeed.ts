import type { ScimDocument } from "../../scim/resource.ts";
import { urns } from "../../scim/resource.ts";
import { generate } from "../generate.ts";
import { Tenant } from "./tenant.ts";

export interface TenantSeed {
  readonly users?: number;
  readonly groups?: number;
  /** The same number gives the same tenant. */
  readonly seedNumber?: number;
}

/** A tenant of believable people and groups, the same as the SCIM sandbox makes up for the same numbers. */
export function generateTenant({ users = 50, groups = 5, seedNumber = 1 }: TenantSeed): Tenant {
  const tenant = new Tenant(seedNumber);
  const seed = generate({ users, groups, seedNumber });
  const ids = new Map<string, string>();
  for (const person of seed.users ?? []) {
    const name = (person["name"] ?? {}) as ScimDocument;
    const work = (person[urns.enterpriseUser] ?? {}) as ScimDocument;
    const id = tenant.addUser({
      userPrincipalName: person.userName,
      mail: person.userName,
      mailNickname: person.userName.replace(/@.*$/, ""),
      displayName: String(person["displayName"]),
      givenName: String(name["givenName"]),
      surname: String(name["familyName"]),
      jobTitle: String(person["title"]),
      department: String(work["department"]),
      employeeId: String(work["employeeNumber"]),
      accountEnabled: person["active"] !== false,
    });
    ids.set(person.userName, id);
  }
  for (const group of seed.groups ?? []) {
    const members = (group.members ?? []).flatMap((name) => ids.get(name) ?? []);
    ids.set(group.displayName, tenant.addGroup({ displayName: group.displayName }, members));
  }
  return tenant;
}
