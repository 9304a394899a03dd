import { describe, expect, it } from "vitest";
import { tokenHint } from "../../../src/conformance/tokenHint.ts";
import { dialectFor } from "../../../src/scim/dialects/dialects.ts";

const account = "https://accounts.azuredatabricks.net/api/2.1/accounts/1/scim/v2";
const workspace = "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2";
const hint = (token: string, baseUrl = workspace) =>
  tokenHint(token, dialectFor("databricks", baseUrl), baseUrl, Date.UTC(2026, 0, 2));
const jwt = (claims: object) => ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");

describe("what a refused token tells by its form", () => {
  it("a personal access token is of no use at the account", () => {
    expect(hint("dapi0123", account)).toContain("works on a workspace only");
    expect(hint("dapi0123", workspace)).toBeUndefined();
  });

  it("a JWT that has expired", () => {
    expect(hint(jwt({ exp: Date.UTC(2026, 0, 1) / 1000 }))).toBe(
      "This token expired at 2026-01-01T00:00:00.000Z. Get a new one.",
    );
    expect(hint(jwt({ exp: Date.UTC(2026, 0, 3) / 1000 }))).toBeUndefined();
  });

  it("a Microsoft Entra ID token for something else", () => {
    expect(hint(jwt({ aud: "https://graph.microsoft.com" }))).toContain(
      "This token is for https://graph.microsoft.com.",
    );
  });

  it("nothing of what is no token", () => {
    for (const text of ["", "x", "a.b.c", "....", jwt([])]) expect(hint(text)).toBeUndefined();
  });
});
