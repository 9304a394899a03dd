import { describe, expect, it } from "vitest";
import type { HttpError } from "../../../src/http/errors.ts";
import { redactPath } from "../../../src/http/record.ts";
import { isLoginPage, redirectTarget } from "../../../src/http/redirect.ts";
import { parseSecureUrl } from "../../../src/http/secureUrl.ts";

function codeOf(text: string): string {
  try {
    parseSecureUrl(text);
    return "accepted";
  } catch (error) {
    return (error as HttpError).code;
  }
}

describe("where a token may go", () => {
  it.each([
    "https://scim.example.com/v2",
    "http://localhost:8080/scim",
    "http://127.0.0.1",
    "http://127.8.9.1:1",
    "http://[::1]:9/",
    "http://0x7f.1/",
  ])("%s", (url) => {
    expect(codeOf(url)).toBe("accepted");
  });

  it.each([
    ["http://scim.example.com", "insecureUrl"],
    ["http://127.0.0.1.example.com", "insecureUrl"],
    ["http://localhost.example.com", "insecureUrl"],
    ["http://128.0.0.1", "insecureUrl"],
    ["http://[::2]", "insecureUrl"],
    ["ftp://scim.example.com", "invalidUrl"],
    ["file:///etc/passwd", "invalidUrl"],
    ["javascript:alert(1)", "invalidUrl"],
    ["https://user:secret@scim.example.com", "invalidUrl"],
    ["not a url", "invalidUrl"],
    ["", "invalidUrl"],
  ])("not to %s (%s)", (url, code) => {
    expect(codeOf(url)).toBe(code);
  });

  it("a refused address with credentials does not show them", () => {
    expect(() => parseSecureUrl("https://user:geheim@scim.example.com")).toThrow(/^(?!.*geheim)/);
  });
});

describe("redaction of paths", () => {
  it.each([
    ["/scim/v2/Users", "/scim/v2/Users"],
    [
      "/Users?startIndex=1&count=100&attributes=userName,emails",
      "/Users?startIndex=1&count=100&attributes=userName,emails",
    ],
    [
      `/Users?filter=${encodeURIComponent('userName eq "ada@example.com" and active eq true')}`,
      '/Users?filter=userName eq "…" and active eq true',
    ],
    [`/Users?filter=${encodeURIComponent(String.raw`displayName eq "a\"b"`)}`, '/Users?filter=displayName eq "…"'],
    ["/Users?filter=userName+eq+%22open", '/Users?filter=userName eq "…"'],
    ["/users?$filter=mail%20eq%20'o''hara@x'", '/users?$filter=mail eq "…"'],
    ["/Users?filter=%E0%A4%A", "/Users?filter=…"],
    ["/Users?cursor=opaque&aadOptscim062020", "/Users?cursor=…&aadOptscim062020"],
  ])("%s", (path, redacted) => {
    expect(redactPath(path)).toBe(redacted);
  });
});

describe("redirects", () => {
  it.each([
    "https://login.microsoftonline.com/x",
    "https://h.example/login.html?next=%2F",
    "https://h.example/oauth2/authorize",
    "https://h.example/auth/saml/init",
    "https://sso.h.example/",
  ])("%s is a login page", (url) => {
    expect(isLoginPage(new URL(url))).toBe(true);
  });

  it.each(["https://h.example/scim/v2/Users", "https://h.example/blogging/Users", "https://h.example/?login=1"])(
    "%s is none",
    (url) => {
      expect(isLoginPage(new URL(url))).toBe(false);
    },
  );

  it("resolves relative locations and takes none from nonsense", () => {
    expect(redirectTarget("../Users", "https://h.example/scim/v2/Groups")?.href).toBe("https://h.example/scim/Users");
    expect(redirectTarget(undefined, "https://h.example/")).toBeUndefined();
    expect(redirectTarget("https://[", "https://h.example/")).toBeUndefined();
  });
});
