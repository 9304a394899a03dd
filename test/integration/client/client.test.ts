import { afterEach, describe, expect, it } from "vitest";
import { HttpError } from "../../../src/http/errors.ts";
import { ScimClient, type ScimClientOptions } from "../../../src/scim/client.ts";
import { ScimError } from "../../../src/scim/errors.ts";
import { errorAnswer, listAnswer, scriptedServer, type ScriptedServer } from "../../support/scriptedServer.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function setup(
  script: Parameters<typeof scriptedServer>[0],
  options: Partial<ScimClientOptions> = {},
  suffix = "/scim/v2",
) {
  const server = await scriptedServer(script);
  const client = new ScimClient({
    baseUrl: server.origin + suffix,
    dialect: "generic",
    token: "t",
    attempts: 1,
    ...options,
  });
  cleanups.push(async () => {
    await client.close();
    await server.close();
  });
  return { server, client };
}

async function rejection(promise: Promise<unknown>): Promise<HttpError | ScimError> {
  const error: unknown = await promise.then(
    (value: unknown) => new Error(`resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof HttpError || error instanceof ScimError) return error;
  throw error;
}

const ada = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  id: "7",
  userName: "ada@example.com",
  x: { kept: true },
};

describe("requests", () => {
  it("keep tenant path and query of the base URL, and encode ids and filters", async () => {
    const { server, client } = await setup(
      ({ path }) => (path.endsWith("/Users") ? listAnswer([ada]) : { json: ada }),
      {},
      "/tenant/scim/v2?aadOptscim062020",
    );
    await client.get("User", "bob@x/1?", { attributes: ["userName", "active"] });
    await client.list("User", { filter: 'userName eq "a&b"', count: 5, startIndex: 2 });
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/tenant/scim/v2/Users/bob%40x%2F1%3F?attributes=userName,active&aadOptscim062020",
      "/tenant/scim/v2/Users?filter=userName%20eq%20%22a%26b%22&startIndex=2&count=5&aadOptscim062020",
    ]);
    expect(server.requests[0]!.headers["accept"]).toContain("application/scim+json");
    expect(server.requests[0]!.headers["content-type"]).toBeUndefined();
  });

  it("look a user up in the lower case that Databricks stores, and quote what needs it", async () => {
    const { server, client } = await setup([listAnswer([])], { dialect: "databricks" });
    await client.findByAttribute("User", "userName", 'Ada"L@Example.com');
    await client.findByAttribute("Group", "displayName", "Data Eng");
    expect(server.requests.map(({ query }) => query.get("filter"))).toEqual([
      'userName eq "ada\\"l@example.com"',
      'displayName eq "Data Eng"',
    ]);
  });

  it("count with one resource, since not every service takes count=0", async () => {
    const { server, client } = await setup([listAnswer([ada], 231)]);
    expect(await client.count("User", "active eq true")).toBe(231);
    expect(server.requests[0]!.query.get("count")).toBe("1");
  });

  it("keep unknown attributes of a resource", async () => {
    const { client } = await setup([{ json: ada }]);
    expect(await client.get("User", "7")).toEqual(ada);
  });
});

describe("writes", () => {
  it("send SCIM media type, PatchOp and If-Match", async () => {
    const { server, client } = await setup([{ json: ada }]);
    await client.patch("User", "7", [{ op: "replace", path: "active", value: false }], { ifMatch: 'W/"3"' });
    const [seen] = server.requests;
    expect(seen).toMatchObject({ method: "PATCH", path: "/scim/v2/Users/7" });
    expect(seen!.headers).toMatchObject({ "content-type": "application/scim+json", "if-match": 'W/"3"' });
    expect(JSON.parse(seen!.body)).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "replace", path: "active", value: false }],
    });
  });

  it.each([
    ["200 with {}", { json: {} }],
    ["204 without a body", { status: 204 }],
    ["200 with an empty body", { status: 200 }],
  ])("read the resource back after %s", async (_name, answer) => {
    const { server, client } = await setup(({ method }) => (method === "GET" ? { json: ada } : answer));
    expect(await client.replace("User", "7", { userName: "ada@example.com" })).toEqual(ada);
    expect(server.requests.map(({ method }) => method)).toEqual(["PUT", "GET"]);
  });

  it("read back where the dialect says so although the answer holds a resource, and not when told not to", async () => {
    const { server, client } = await setup([{ json: ada }], { dialect: "databricks" });
    await client.patch("User", "7", []);
    await client.patch("User", "7", [], { readBack: false });
    expect(server.requests.map(({ method }) => method)).toEqual(["PATCH", "GET", "PATCH"]);
  });

  it.each([200, 201])("take a create that answers %i", async (status) => {
    const { client } = await setup([{ status, json: ada }]);
    expect((await client.create("User", { userName: "ada@example.com" })).id).toBe("7");
  });

  it("read a created resource by its Location when the answer has no body", async () => {
    const { server, client } = await setup(({ method }) =>
      method === "POST"
        ? { status: 201, headers: { location: "https://elsewhere.example/scim/v2/Users/a%20b" } }
        : { json: ada },
    );
    expect(await client.create("User", {})).toEqual(ada);
    expect(server.requests[1]!.path).toBe("/scim/v2/Users/a%20b");
  });

  it("say that a create may have happened when its answer names no id", async () => {
    const { client } = await setup([{ status: 201, json: {} }]);
    expect(await rejection(client.create("User", {}))).toMatchObject({ code: "invalidAnswer", outcomeUnknown: true });
  });

  it("delete with 204, and give 404 and 412 as errors of the service", async () => {
    const { client } = await setup([{ status: 204 }, errorAnswer(404, "Not found."), errorAnswer(412, "Changed.")]);
    await client.delete("User", "7");
    expect(await rejection(client.delete("User", "7"))).toMatchObject({
      name: "ScimError",
      status: 404,
      detail: "Not found.",
    });
    expect(await rejection(client.delete("User", "7", { ifMatch: '"1"' }))).toMatchObject({ status: 412 });
  });

  it("send a raw request as it is and show the answer's headers", async () => {
    const { server, client } = await setup([{ status: 201, json: ada, headers: { etag: 'W/"1"' } }]);
    const answer = await client.send({ method: "POST", path: "/Users", body: { userName: "ada" } });
    expect(answer).toMatchObject({ status: 201, body: ada });
    expect(answer.header("etag")).toBe('W/"1"');
    expect(server.requests[0]!.body).toBe('{"userName":"ada"}');
  });
});

describe("answers that are no use", () => {
  const html = (status: number, title = "Sign in") => ({
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    text: `<!doctype html><html><head><title>${title}</title></head></html>`,
  });

  it("a wrong token: 401 is the token, with what the service says, and never the token itself", async () => {
    const { client } = await setup([errorAnswer(401, "Token expired.")], { token: "tkn-1234" });
    const error = await rejection(client.list("User"));
    expect(error).toMatchObject({ name: "HttpError", code: "unauthorized", status: 401 });
    expect(error.message).toMatch(
      /does not accept the token for GET http:.*\/Users \(401\)\. The service says: Token expired\. The token is wrong/,
    );
    expect(error.message).not.toContain("tkn-1234");
  });

  it("a missing right: 403 is not the token", async () => {
    const { client } = await setup([
      { status: 403, json: { error_code: "PERMISSION_DENIED", message: "only accessible by admins" } },
    ]);
    const error = await rejection(client.get("Group", "1"));
    expect(error).toMatchObject({ code: "forbidden", status: 403 });
    expect(error.message).toMatch(/token is valid, but has no right.*only accessible by admins/);
  });

  it.each([200, 404])("a web page with %i is no SCIM service", async (status) => {
    const { client } = await setup([html(status, "Databricks - Sign In")]);
    const error = await rejection(client.list("User"));
    expect(error).toMatchObject({ code: "notScim", status });
    expect(error.message).toContain('a web page ("Databricks - Sign In")');
    expect(error.message).toContain("Check the base URL");
  });

  it("a gateway's page is an error of the service, with its words", async () => {
    const { client } = await setup([{ ...html(502), text: "<html><pre>upstream is down</pre></html>" }]);
    expect(await rejection(client.list("User"))).toMatchObject({
      name: "ScimError",
      status: 502,
      detail: "upstream is down",
    });
  });

  it("an error without a body still says what and where", async () => {
    const { client } = await setup([{ status: 500 }]);
    expect((await rejection(client.list("User"))).message).toMatch(
      /answered GET http.*\/Users\?.* with 500 and no explanation|answered GET http.*\/Users with 500 and no explanation/,
    );
  });

  it("JSON that was cut off, although the length is right", async () => {
    const { client } = await setup([
      { text: '{"totalResults": 3, "Resources": [{"id": "1"', headers: { "content-type": "application/json" } },
    ]);
    const error = await rejection(client.list("User"));
    expect(error.code).toBe("truncated");
    expect(error.message).toContain("in the middle of its JSON");
  });

  it("an answer that broke off before its length", async () => {
    const { client } = await setup([
      {
        raw: (response) => {
          response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
          response.write('{"totalResults": 3', () => response.destroy());
        },
      },
    ]);
    expect(await rejection(client.list("User"))).toMatchObject({ code: "truncated" });
  });

  it("text that is no JSON, with the beginning of it", async () => {
    const { client } = await setup([{ text: "It works!", headers: { "content-type": "text/plain" } }]);
    const error = await rejection(client.list("User"));
    expect(error.code).toBe("invalidJson");
    expect(error.message).toContain('it begins with "It works!"');
  });

  it.each([
    ["a list without totalResults", { Resources: [] }, /lacks totalResults/],
    ["a resource without id, with its place", { totalResults: 1, Resources: [{ userName: "x" }] }, /Resources\.0\.id/],
    ["a list that is an array", [], /expected object/i],
  ])("%s", async (_name, json, message) => {
    const { client } = await setup([{ json }]);
    const error = await rejection(client.list("User"));
    expect(error.code).toBe("invalidAnswer");
    expect(error.message).toMatch(message);
  });

  it("hostile keys pollute nothing", async () => {
    const { client } = await setup([
      { text: '{"id":"1","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}' },
    ]);
    const resource = await client.get("User", "1");
    expect((resource as { polluted?: unknown }).polluted).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe("who am I", () => {
  it("gives the resource, or undefined where the service has no /Me", async () => {
    const { client } = await setup([{ json: ada }, errorAnswer(501, "no"), errorAnswer(404, "no")]);
    expect((await client.me())?.id).toBe("7");
    expect(await client.me()).toBeUndefined();
    expect(await client.me()).toBeUndefined();
  });
});

describe("discovery", () => {
  it("falls back to the schemas of the RFCs where a service has none", async () => {
    const { client } = await setup([errorAnswer(404, "no"), errorAnswer(501, "no")]);
    const profile = await client.discover();
    expect(profile.source).toBe("builtin");
    expect(profile.config).toBeUndefined();
    expect(profile.schemas.User?.core.attributes.map(({ name }) => name)).toContain("userName");
    expect(profile.schemas.Group).toBeDefined();
    expect(profile.notes).toHaveLength(3);
  });

  it("takes the service's own schemas, with the defaults of the RFC filled in", async () => {
    const user = "urn:ietf:params:scim:schemas:core:2.0:User";
    const extension = "urn:example:ext";
    const script = ({ path }: { path: string }) =>
      path.endsWith("/ServiceProviderConfig")
        ? {
            json: {
              patch: { supported: true },
              etag: { supported: false },
              filter: { supported: true, maxResults: 50 },
            },
          }
        : path.endsWith("/ResourceTypes")
          ? listAnswer([
              {
                name: "User",
                endpoint: "/Users",
                schema: user,
                schemaExtensions: [{ schema: extension, required: false }],
              },
            ])
          : listAnswer([
              {
                id: user,
                name: "User",
                attributes: [
                  { name: "userName", type: "String", required: true },
                  { name: "emails", type: "complex", multiValued: true, subAttributes: [{ name: "value" }] },
                ],
              },
              { id: extension, attributes: [{ name: "costCenter", mutability: "strange" }] },
            ]);
    const { client } = await setup(script);
    const profile = await client.discover();
    expect(profile.source).toBe("service");
    expect(profile.config?.filter?.maxResults).toBe(50);
    expect(Object.keys(profile.schemas)).toEqual(["User"]);
    const schema = profile.schemas.User!;
    expect(schema.core.attributes[0]).toEqual({
      ...{ name: "userName", type: "string", multiValued: false, required: true, caseExact: false },
      ...{ mutability: "readWrite", returned: "default", uniqueness: "none" },
    });
    expect(schema.core.attributes[1]!.subAttributes![0]!.name).toBe("value");
    expect(schema.extensions[0]!.attributes[0]!.mutability).toBe("readWrite");
    expect(profile.notes).toEqual([]);
  });

  it("notes what cannot be read and goes on, but a refused token is an error", async () => {
    const broken = await setup([{ json: { patch: { supported: "yes" } } }]);
    expect((await broken.client.discover()).notes[0]).toMatch(/ServiceProviderConfig cannot be read: patch\.supported/);
    const refused = await setup([errorAnswer(401, "no")]);
    expect(await rejection(refused.client.discover())).toMatchObject({ code: "unauthorized" });
  });
});

describe("cancellation", () => {
  it("the client's signal ends its requests", async () => {
    const controller = new AbortController();
    const { server, client } = await setup([{ raw: () => undefined }], { signal: controller.signal });
    const error = rejection(client.list("User"));
    while ((server satisfies ScriptedServer).requests.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    expect((await error).code).toBe("aborted");
  });
});
