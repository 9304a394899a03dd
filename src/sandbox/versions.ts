import { ScimError } from "../scim/errors.ts";
import { namesVersion } from "../scim/etag.ts";

/**
 * Refuses a write that was made for another version (RFC 7644 section 3.14, RFC 9110 section 13.1.1). Weak tags compare by
 * their text.
 * @throws ScimError 412.
 */
export function refuseStale(ifMatch: string | undefined, version: string): void {
  if (ifMatch === undefined || namesVersion(ifMatch, version) === true) return;
  throw new ScimError(412, `The resource has changed: its version is ${version} now.`);
}
