import { HttpError } from "./errors.ts";

const loginPath = /\b(log-?in|sign-?in|authorize|saml2?|sso|oidc)\b/i;

/** Whether an address looks like a page where a person signs in. */
export function isLoginPage(url: URL): boolean {
  return loginPath.test(url.pathname) || /^(login|signin|sso)\./i.test(url.hostname);
}

/** Where a redirect points to, or `undefined` without a usable `Location`. */
export function redirectTarget(location: string | undefined, from: string): URL | undefined {
  return location !== undefined && URL.canParse(location, from) ? new URL(location, from) : undefined;
}

/** A redirect that is not followed: to a login page, to another origin, of a write, or one too many. */
export function redirectError(status: number, url: string, target: URL | undefined, loops: boolean): HttpError {
  const data = { url, status };
  if (loops) {
    return new HttpError("notScim", `${url} redirects in circles.`, { ...data, fix: "Check the base URL." });
  }
  if (target === undefined) {
    return new HttpError("notScim", `${url} answers with a redirect (${status}) that names no address.`, {
      ...data,
      fix: "Check the base URL.",
    });
  }
  const place = target.origin + target.pathname;
  if (isLoginPage(target)) {
    return new HttpError(
      "notScim",
      `${url} redirects to a login page (${place}), so it is a web page for people, not a SCIM service.`,
      {
        ...data,
        fix: "Check the base URL: it usually ends in /scim/v2.",
      },
    );
  }
  return new HttpError("notScim", `${url} redirects to ${place}; the token was not sent there.`, {
    ...data,
    fix: "If that address is right, use it as the base URL.",
  });
}
