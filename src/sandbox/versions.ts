import { ScimError } from "../scim/errors.ts";

/**
 * Refuses a write that was made for another version (RFC 7644 section 3.14, RFC 9110 section 13.1.1). Weak tags compare by
 * their text.
 * @throws ScimError 412.
 */
export function refuseStale(ifMatch: string | undefined, version: string): void {
  if (ifMatch === undefined || ifMatch.trim() === "*") return;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  if (ifMatch.split(",").map(opaque).includes(opaque(version))) return;
  throw new ScimError(412, `The resource has changed: its version is ${version} now.`);
}
