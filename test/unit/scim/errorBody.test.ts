import { describe, expect, it } from "vitest";
import { parseErrorBody } from "../../../src/scim/errorBody.ts";
import { ScimError } from "../../../src/scim/errors.ts";

const scim = "application/scim+json";
const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];

describe("parseErrorBody reads", () => {
  it.each([
    {
      shape: "the SCIM error",
      status: 409,
      type: scim,
      body: { schemas, detail: "User with username a@b already exists.", status: "409", scimType: "uniqueness" },
      detail: "User with username a@b already exists.",
      scimType: "uniqueness",
    },
    {
      shape: "a status as number and no scimType",
      status: 404,
      type: scim,
      body: { schemas, detail: "No such user.", status: 404 },
      detail: "No such user.",
    },
    {
      shape: 'the detail "null"',
      status: 500,
      type: scim,
      body: { schemas, detail: "null", status: "500" },
      detail: "",
    },
    {
      shape: "a message misplaced in scimType",
      status: 400,
      type: scim,
      body: { detail: "Request is unparsable.", scimType: "Members attribute not supported for current workspace." },
      detail: "Members attribute not supported for current workspace. Request is unparsable.",
    },
    {
      shape: "the platform's error",
      status: 403,
      type: "application/json",
      body: { error_code: "PERMISSION_DENIED", message: "Only admins.", details: [{ reason: "x" }] },
      detail: "PERMISSION_DENIED: Only admins.",
    },
    {
      shape: "the legacy error",
      status: 400,
      type: "application/json",
      body: { error: "Bad things" },
      detail: "Bad things",
    },
    {
      shape: "OAuth's error",
      status: 401,
      type: "application/json",
      body: { error: "invalid_client", error_description: "Client is unknown." },
      detail: "invalid_client: Client is unknown.",
    },
    {
      shape: "Microsoft Graph's error",
      status: 404,
      type: "application/json",
      body: { error: { code: "Request_ResourceNotFound", message: "Gone." } },
      detail: "Request_ResourceNotFound: Gone.",
    },
    {
      shape: "SCIM 1.1's errors",
      status: 400,
      type: "application/json",
      body: { Errors: [{ description: "Old style.", code: "400" }] },
      detail: "Old style.",
    },
    { shape: "JSON text", status: 400, type: "application/json", body: "just text", detail: "just text" },
    { shape: "a JSON list", status: 400, type: "application/json", body: [1, 2], detail: "[1,2]" },
    {
      shape: "keys of the wrong types",
      status: 400,
      type: scim,
      body: { detail: 5, scimType: {}, error: [], message: "Still here." },
      detail: "Still here.",
    },
  ])("$shape", ({ status, type, body, detail, scimType }) => {
    const error = parseErrorBody(status, type, JSON.stringify(body));
    expect(error).toBeInstanceOf(ScimError);
    expect(error).toMatchObject({ status, detail });
    expect(error.scimType).toBe(scimType);
    expect(error.message).not.toBe("");
  });

  it.each([
    [
      "plain text with a code",
      "text/plain",
      "INVALID_STATE: The account is locked.",
      "INVALID_STATE: The account is locked.",
    ],
    ["plain text without a content type", undefined, " no  route\r\n", "no route"],
    [
      "a page with a pre element",
      "text/html",
      "<html><head><title>Error 500</title></head><body><pre class=x>\n java.lang &lt;init&gt; &amp;lt; failed </pre></body></html>",
      "java.lang <init> &lt; failed",
    ],
    [
      "a page with a title only",
      "text/html; charset=utf-8",
      "<title>502 Bad Gateway</title><h1>nginx</h1>",
      "502 Bad Gateway",
    ],
    ["a page without either", undefined, "<html><body><h1>Down</h1> for repair</body></html>", "Down for repair"],
    ["a page whose pre never ends", "text/html", "<pre>cut of", "cut of"],
    ["nothing", scim, "", ""],
    ["only space", undefined, " \n ", ""],
    ["JSON that breaks off", scim, '{"detail":"Us', '{"detail":"Us'],
  ])("%s", (_, type, body, detail) => {
    expect(parseErrorBody(502, type, body)).toMatchObject({ status: 502, detail });
  });

  it("what says nothing as a message that still tells the status", () => {
    expect(parseErrorBody(503, undefined, "").message).toBe("The service answered 503 and said nothing more.");
  });

  it.each([
    ["JSON", scim, JSON.stringify({ detail: "x".repeat(5_000_000) })],
    ["text", "text/plain", "y".repeat(5_000_000)],
    ["HTML", "text/html", `<pre>${"<b>z".repeat(1_000_000)}`],
    ["angle brackets", "text/html", "<".repeat(1_000_000)],
    ["deep JSON", scim, "[".repeat(200_000)],
  ])("megabytes of %s as a bounded text", (_, type, body) => {
    expect(parseErrorBody(500, type, body).message.length).toBeLessThanOrEqual(2000);
  });
});

describe("toErrorBody", () => {
  it("is what parseErrorBody reads", () => {
    const error = new ScimError(400, "No value matches the path.", "noTarget");
    expect(error.toErrorBody()).toStrictEqual({ schemas, status: "400", scimType: "noTarget", detail: error.detail });
    expect(parseErrorBody(400, scim, JSON.stringify(error.toErrorBody()))).toMatchObject({
      status: 400,
      scimType: "noTarget",
      code: "noTarget",
      detail: error.detail,
    });
  });

  it("leaves scimType out where there is none", () => {
    expect(new ScimError(404, "Gone.").toErrorBody()).toStrictEqual({ schemas, status: "404", detail: "Gone." });
  });
});
