import { describe, expect, it } from "vitest";
import { normalizeBaseUrl } from "../../../src/scim/baseUrl.ts";
import { databricksTokenUrl } from "../../../src/scim/databricksUrl.ts";

const id = "0a1b2c3d-0000-4000-8000-123456789abc";
const adb = "https://adb-1234567890.7.azuredatabricks.net";
const workspace = `${adb}/api/2.0/preview/scim/v2`;
const account = `https://accounts.azuredatabricks.net/api/2.1/accounts/${id}/scim/v2`;

describe("every pasted form of a Databricks address", () => {
  it.each([
    [workspace, workspace],
    [`${adb}/api/2.0/preview/scim`, workspace],
    [`${adb}/api/2.0/preview/scim/`, workspace],
    [`  ${workspace}//  `, workspace],
    [`<${workspace}>`, workspace],
    [`"${workspace}"`, workspace],
    [`${workspace}/Users`, workspace],
    [`${workspace}/Users/42?attributes=id`, workspace],
    [`${workspace}/Groups?filter=displayName%20eq%20%22x%22&count=1`, workspace],
    [`${workspace}/Me`, workspace],
    [`${workspace}?aadOptscim062020`, `${workspace}?aadOptscim062020`],
    [`${adb}/api/2.0/preview/scim?aadOptscim062020`, `${workspace}?aadOptscim062020`],
    [adb, workspace],
    [`${adb}/?o=1234567890#job/1`, workspace],
    ["adb-1234567890.7.azuredatabricks.net", workspace],
    [`${adb.replace("adb", "ADB").replace("https", "HTTPS")}:443/api/2.0/preview/scim`, workspace],
    [
      "https://westus.azuredatabricks.net/api/2.0/preview/scim",
      "https://westus.azuredatabricks.net/api/2.0/preview/scim/v2",
    ],
    ["https://dbc-a1-b2.cloud.databricks.com/", "https://dbc-a1-b2.cloud.databricks.com/api/2.0/preview/scim/v2"],
    [
      "https://123.4.gcp.databricks.com/api/2.0/preview/scim",
      "https://123.4.gcp.databricks.com/api/2.0/preview/scim/v2",
    ],
    ["https://x.databricks.azure.cn/api/2.0/preview/scim/v2", "https://x.databricks.azure.cn/api/2.0/preview/scim/v2"],
    [account, account],
    [`${account}/Users`, account],
    [account.replace("/v2", ""), account],
    [account.replace("2.1", "2.0"), account.replace("2.1", "2.0")],
    [`https://accounts.azuredatabricks.net/?account_id=${id}`, account],
    [`${adb}/api/2.0/account/scim/v2`, `${adb}/api/2.0/account/scim/v2`],
    [`${adb}/api/2.0/account/scim/`, `${adb}/api/2.0/account/scim/v2`],
    ["http://127.0.0.1:8080/api/2.0/preview/scim", "http://127.0.0.1:8080/api/2.0/preview/scim/v2"],
  ])("%s", (text, expected) => {
    const { baseUrl, dialect } = normalizeBaseUrl(text);
    expect(baseUrl).toBe(expected);
    expect(dialect).toBe("databricks");
    expect(normalizeBaseUrl(baseUrl).baseUrl).toBe(baseUrl);
  });

  it("tells workspace from account", () => {
    expect(normalizeBaseUrl(workspace).vendor).toBe("Databricks workspace");
    expect(normalizeBaseUrl(account).vendor).toBe("Databricks account");
    expect(normalizeBaseUrl(`${adb}/api/2.0/account/scim/v2`).vendor).toBe("Databricks account");
  });

  it("says what was changed, and nothing when nothing was", () => {
    expect(normalizeBaseUrl(workspace).notes).toEqual([]);
    expect(normalizeBaseUrl(`${adb}/api/2.0/preview/scim`).notes).toEqual(["Added /v2, which the service needs."]);
    expect(normalizeBaseUrl("https://westus.azuredatabricks.net/api/2.0/preview/scim/v2").notes[0]).toContain(
      "older address of a region",
    );
    expect(normalizeBaseUrl(`${adb}/api/2.0/accounts/${id}/scim/v2`).notes[0]).toContain("answer 404");
  });

  it.each([
    ["https://accounts.azuredatabricks.net", /names no account\. Copy the account SCIM URL/],
    ["https://accounts.azuredatabricks.net/api/2.0/preview/scim", /belongs to a workspace/],
    ["https://accounts.azuredatabricks.net/api/2.1/accounts/<account-id>/scim/v2", /placeholder/],
    ["https://accounts.azuredatabricks.net/api/2.1/accounts/{account_id}/scim/v2", /placeholder/],
    ["http://adb-1.2.azuredatabricks.net/api/2.0/preview/scim", /plain http/],
  ])("%s is refused with the way out", (text, message) => {
    expect(() => normalizeBaseUrl(text)).toThrow(message);
  });
});

describe("hosts that only look like Databricks", () => {
  it.each([
    "https://evilazuredatabricks.net/api/2.0/preview/scim/v2",
    "https://adb-1.2.azuredatabricks.net.evil.example/api/2.0/preview/scim/v2",
    "https://azuredatabricks.net/api/2.0/preview/scim/v2",
    "https://evil.example/adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2",
    "https://xn--azuredatabricks-9qe.net/api/2.0/preview/scim/v2",
  ])("%s", (text) => {
    expect(normalizeBaseUrl(text)).toMatchObject({ dialect: "generic", baseUrl: text });
  });

  it("are pointed out when the path is that of Databricks", () => {
    expect(normalizeBaseUrl("https://evilazuredatabricks.net/api/2.0/preview/scim/v2").notes[0]).toContain(
      "not a Databricks host",
    );
  });
});

describe("addresses of other services", () => {
  it.each([
    ["https://api.example.com/scim/v2", "https://api.example.com/scim/v2"],
    ["https://api.example.com/scim/v2/", "https://api.example.com/scim/v2"],
    [" https://api.example.com/tenant/a?aadOptscim062020 ", "https://api.example.com/tenant/a?aadOptscim062020"],
    ["https://api.example.com/scim?filter=x", "https://api.example.com/scim?filter=x"],
    ["api.example.com/scim", "https://api.example.com/scim"],
    ["localhost:8080/scim/v2", "http://localhost:8080/scim/v2"],
    ["[::1]:8080/scim", "http://[::1]:8080/scim"],
    ["https://api.example.com", "https://api.example.com"],
  ])("%s", (text, expected) => {
    expect(normalizeBaseUrl(text)).toMatchObject({ baseUrl: expected, dialect: "generic" });
  });

  it("that end in an endpoint are kept, with a note", () => {
    const { baseUrl, notes } = normalizeBaseUrl("https://api.example.com/scim/v2/Users");
    expect(baseUrl).toBe("https://api.example.com/scim/v2/Users");
    expect(notes[0]).toContain("ends in a resource endpoint");
  });

  it.each(["", "   ", "hello world", "https://", "ftp://x.example/scim"])("%j is refused", (text) => {
    expect(() => normalizeBaseUrl(text)).toThrow(/https:\/\//);
  });
});

describe("where service principals get tokens", () => {
  it("at the workspace, or at the account", () => {
    expect(databricksTokenUrl(workspace)).toBe(`${adb}/oidc/v1/token`);
    expect(databricksTokenUrl(account)).toBe(`https://accounts.azuredatabricks.net/oidc/accounts/${id}/v1/token`);
  });
});
