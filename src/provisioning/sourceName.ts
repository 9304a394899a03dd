import type { DirectoryGroup, DirectoryUser } from "../directory/source.ts";

/** What a directory object is called by, the first that it has before the others. */
export const nameAttributes: readonly string[] = ["userPrincipalName", "userName", "displayName", "mail"];

/** What a person calls a directory object: user name before display name before id. */
export function sourceName(source: DirectoryUser | DirectoryGroup): string {
  for (const name of nameAttributes) {
    const value = Object.hasOwn(source.attributes, name) ? source.attributes[name] : undefined;
    if (typeof value === "string" && value !== "") return value;
  }
  return source.id;
}
