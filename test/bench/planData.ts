/** How large a directory is. */
export interface Size {
  readonly users: number;
  readonly groups: number;
  readonly memberships: number;
}

const departments = ["Data Platform", "Finance", "Sales", "Research", "Operations"];
const first = ["Ada", "Grace", "Łukasz", "María", "Zoë", "Nguyễn", "Øystein", "Linh", "Priya", "Tomáš"];
const last = ["Okafor", "Hopper", "Wójcik", "Fernández", "Larsson", "Hương", "Håkonsen", "Trần", "Natarajan", "Dvořák"];

function person(at: number) {
  const givenName = first[at % first.length] ?? "";
  const surname = last[Math.floor(at / 10) % last.length] ?? "";
  return { givenName, surname, displayName: `${givenName} ${surname}`, upn: `Person.${at}@Contoso.com` };
}

/** Ids of the members of each group: every user is in about five. */
function membersOf(group: number, { users, groups, memberships }: Size): number[] {
  const count = Math.floor(memberships / groups);
  const step = Math.max(1, Math.floor(users / count));
  return Array.from({ length: count }, (_, at) => (group * 37 + at * step) % users);
}

/** The directory as a JSON file. `changed` users, evenly spread, have another display name. */
export function directoryJson(size: Size, changed = 0): string {
  const every = changed === 0 ? undefined : Math.floor(size.users / changed);
  const users = Array.from({ length: size.users }, (_, at) => {
    const { givenName, surname, displayName, upn } = person(at);
    return {
      id: `5f0c7e1a-93d2-4b7e-8a41-${String(at).padStart(12, "0")}`,
      userPrincipalName: upn,
      displayName: every !== undefined && at % every === 0 ? `${displayName} (changed)` : displayName,
      givenName,
      surname,
      mail: upn.toLowerCase(),
      department: departments[at % departments.length],
      accountEnabled: true,
    };
  });
  const groups = Array.from({ length: size.groups }, (_, at) => ({
    id: `9a1b7e1a-93d2-4b7e-8a41-${String(at).padStart(12, "0")}`,
    displayName: `group-${at}`,
    members: [...new Set(membersOf(at, size))].map((user) => users[user]?.id),
  }));
  return JSON.stringify({ users, groups, assignments: [] });
}

/** The pages of a target that agrees with the directory, 100 resources each. */
export function targetPages(size: Size): Readonly<Record<"Users" | "Groups", readonly string[]>> {
  const users = Array.from({ length: size.users }, (_, at) => {
    const { displayName, upn } = person(at);
    const userName = upn.toLowerCase();
    return {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      id: String(7_000_000_000_000_000 + at),
      userName,
      displayName,
      active: true,
      emails: [{ type: "work", value: userName, primary: true }],
    };
  });
  const groups = Array.from({ length: size.groups }, (_, at) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    id: String(8_000_000_000_000_000 + at),
    displayName: `group-${at}`,
    members: [...new Set(membersOf(at, size))].map((user) => {
      const value = String(7_000_000_000_000_000 + user);
      return { value, display: person(user).displayName, $ref: `Users/${value}` };
    }),
    meta: { resourceType: "WorkspaceGroup" },
  }));
  return { Users: pagesOf(users), Groups: pagesOf(groups) };
}

function pagesOf(resources: readonly unknown[]): string[] {
  const pages: string[] = [];
  for (let at = 0; at < resources.length; at += 100) {
    const page = resources.slice(at, at + 100);
    pages.push(
      JSON.stringify({
        schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        totalResults: resources.length,
        startIndex: at + 1,
        itemsPerPage: page.length,
        Resources: page,
      }),
    );
  }
  return pages;
}
