import { describe, expect, it } from "vitest";
import { departureOf, dialectFor, lookupValue } from "../../../src/scim/dialects/dialects.ts";
import { listQueryString } from "../../../src/scim/listResponse.ts";
import { isThrottled } from "../../../src/scim/throttling.ts";

const workspace = dialectFor("databricks", "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2");
const account = dialectFor("databricks", "https://accounts.azuredatabricks.net/api/2.1/accounts/1/scim/v2");
const proxied = dialectFor("databricks", "https://adb-1.2.azuredatabricks.net/api/2.0/account/scim/v2");
const generic = dialectFor("generic", "https://api.example.com/scim/v2");

describe("the variants of Databricks", () => {
  it("differ where workspace and account do", () => {
    expect([workspace.page.listHasMembers, account.page.listHasMembers, proxied.page.listHasMembers]).toEqual([
      true,
      false,
      false,
    ]);
    expect([workspace.settleMs, account.settleMs]).toEqual([0, 60_000]);
    expect([workspace.systemGroups, account.systemGroups]).toEqual([["users", "admins"], ["account users"]]);
    expect(departureOf(account, "User", "entitlements")?.writable).toBe("never");
    expect(departureOf(workspace, "User", "entitlements")).toBeUndefined();
  });

  it("know what becomes of user names and e-mail addresses", () => {
    expect(departureOf(workspace, "User", "username")).toMatchObject({ stored: "lower", writable: "create" });
    expect(departureOf(workspace, "User", "emails.value")).toMatchObject({
      path: "emails",
      writable: "create",
      derived: true,
    });
    expect(departureOf(workspace, "User", 'emails[type eq "work"].value')?.path).toBe("emails");
    expect(departureOf(workspace, "User", "emailsOther")).toBeUndefined();
    expect(departureOf(workspace, "Group", "userName")).toBeUndefined();
  });

  it("tell each departure in a sentence", () => {
    for (const { note } of [...workspace.departures, ...account.departures]) expect(note).toMatch(/^[A-Z].*\.$/);
  });
});

describe("the value to look up", () => {
  it("is in lower case where the service stores lower case, and as given elsewhere", () => {
    expect(lookupValue(workspace, "User", "userName", "Ada@Example.com")).toBe("ada@example.com");
    expect(lookupValue(workspace, "Group", "displayName", "Data Eng")).toBe("Data Eng");
    expect(lookupValue(generic, "User", "userName", "Ada@Example.com")).toBe("Ada@Example.com");
  });
});

describe("throttling that does not arrive as 429", () => {
  it("is known by its text, on 5xx only", () => {
    expect(
      isThrottled(500, '{"detail":"REQUEST_LIMIT_EXCEEDED: Workspace 1 exceeded the concurrent limit of 4 requests."}'),
    ).toBe(true);
    expect(isThrottled(500, "GetUserPermissionsRequest RPC token bucket limit has been exceeded")).toBe(true);
    expect(isThrottled(500, "Internal error")).toBe(false);
    expect(isThrottled(200, "REQUEST_LIMIT_EXCEEDED")).toBe(false);
  });
});

describe("list queries", () => {
  it("encode what needs it and leave out what is not asked for", () => {
    expect(listQueryString({})).toBe("");
    expect(
      listQueryString({ filter: 'a eq "b&c"', attributes: ["id", "name.givenName"], startIndex: 1, count: 0 }),
    ).toBe("filter=a%20eq%20%22b%26c%22&attributes=id,name.givenName&startIndex=1&count=0");
    expect(listQueryString({ cursor: "" })).toBe("cursor=");
  });
});
