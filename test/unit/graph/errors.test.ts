import { describe, expect, it } from "vitest";
import { graphError } from "../../../src/graph/errors.ts";

const failed = (status: number, code: string, message = "", innerError: object = {}) =>
  graphError(
    { status, body: { error: { code, message, innerError } } },
    { method: "GET", path: "/v1.0/users/delta?$select=displayName,mail&$deltatoken=abc", purpose: "readUsers" },
  );

describe("errors of Microsoft Graph", () => {
  it.each([
    [410, "Gone"],
    [410, "syncStateNotFound"],
    [400, "syncStateNotFound"],
    [404, "SyncStateInvalid"],
    [400, "Directory_ResyncRequired"],
  ])("say by %i %s that a delta token is no longer known", (status, code) => {
    expect(failed(status, code)).toMatchObject({ code: "resyncRequired", status });
  });

  it("name the permission and the request, and leave the query out", () => {
    const error = failed(403, "Authorization_RequestDenied", "Insufficient privileges.", { "request-id": "r-1" });
    expect(error).toMatchObject({
      code: "forbidden",
      requestId: "r-1",
      permissions: ["User.Read.All", "Directory.Read.All"],
    });
    expect(error.message).toBe(
      "Microsoft Graph refuses GET /v1.0/users/delta (403 Authorization_RequestDenied). It says: Insufficient privileges. (request-id r-1) It needs User.Read.All.",
    );
  });

  it("stay short and whole whatever an answer holds", () => {
    const error = failed(400, "x".repeat(10_000), "y".repeat(100_000));
    expect(error.message.length).toBeLessThan(1_500);
    const odd = graphError(
      { status: 500, body: "<html>" },
      { method: "GET", path: "/v1.0/users", purpose: "readUsers" },
    );
    expect(odd).toMatchObject({
      code: "serviceFault",
      message: "Microsoft Graph fails at GET /v1.0/users (500). Try again later.",
    });
  });

  it("take an assignment that exists already for what it is, by its words", () => {
    expect(failed(400, "Request_BadRequest", "Permission being assigned already exists on the object").code).toBe(
      "conflict",
    );
    expect(failed(409, "Conflict").code).toBe("conflict");
  });
});
