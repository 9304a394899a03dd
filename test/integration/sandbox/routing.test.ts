import { describe, expect, it } from "vitest";
import { accountId, workspaceId } from "../../../src/sandbox/routes.ts";
import { groupBody, userBody } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

const accountBase = (version: string) => `/api/${version}/accounts/${accountId}/scim/v2`;

describe("routing and transport of Databricks", () => {
  it("line 1: serves workspace, account 2.0, account 2.1 and the singular account path over one store", async () => {
    const { sandbox, send, sendToCompanion } = await sandboxFor({ companion: true });
    const { body } = await send("POST", "/Users", { body: userBody("ada@example.org") });
    const account = sandbox.companion?.url ?? "";
    for (const url of [
      `${sandbox.url}/api/2.0/preview/scim/v2`,
      `${sandbox.url}/api/2.0/account/scim/v2`,
      `${account}${accountBase("2.0")}`,
      `${account}${accountBase("2.1")}`,
    ]) {
      expect((await send("GET", `${url}/Users/${body.id}`)).body.userName).toBe("ada@example.org");
    }
    const onlyThere = await sendToCompanion("POST", "/Users", { body: userBody("bob@example.org") });
    expect((await send("GET", `/Users/${onlyThere.body.id}`)).status).toBe(404);
  });

  it("line 2: account paths on a workspace host, and workspace paths on an account host, are 404 in the platform's shape", async () => {
    const { sandbox, send } = await sandboxFor({ companion: true });
    for (const url of [
      `${sandbox.url}${accountBase("2.0")}/Users`,
      `${sandbox.url}${accountBase("2.1")}/Users`,
      `${sandbox.companion?.url}/api/2.0/preview/scim/v2/Users`,
    ]) {
      const answer = await send("GET", url);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ error_code: "ENDPOINT_NOT_FOUND", message: expect.any(String) });
    }
  });

  it("line 3: there is no route without v2", async () => {
    const { sandbox, send } = await sandboxFor();
    expect((await send("GET", `${sandbox.url}/api/2.0/preview/scim/Users`)).status).toBe(404);
  });

  it("line 4: Me is the caller, names the workspace, and cannot be written", async () => {
    const { send } = await sandboxFor();
    const me = await send("GET", "/Me?attributes=displayName,applicationId");
    expect(me.status).toBe(200);
    expect(Object.keys(me.body).sort()).toEqual(["applicationId", "displayName", "id", "schemas"]);
    expect(me.headers["x-databricks-org-id"]).toBe(workspaceId);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) expect((await send(method, "/Me")).status).toBe(405);
  });

  it("line 5: discovery endpoints are 404, and documents of the RFC when switched on", async () => {
    const { send } = await sandboxFor();
    const { send: switchedOn } = await sandboxFor({ switches: { discovery: true } });
    for (const name of ["Schemas", "ResourceTypes", "ServiceProviderConfig"]) {
      expect((await send("GET", `/${name}`)).status).toBe(404);
      expect((await switchedOn("GET", `/${name}`)).status).toBe(200);
    }
    const types = (await switchedOn("GET", "/ResourceTypes")).body.Resources;
    expect(types.map(({ name }: { name: string }) => name)).toEqual(["User", "Group", "ServicePrincipal"]);
  });

  it("line 6: takes SCIM and plain JSON, answers SCIM; a switch refuses plain JSON", async () => {
    const { send } = await sandboxFor();
    const { send: strict } = await sandboxFor({ switches: { plainJsonRefused: true } });
    const post = (via: typeof send, name: string, type: string) =>
      via("POST", "/Users", { body: userBody(name), headers: { "content-type": type } });
    const plain = await post(send, "a@example.org", "application/json");
    expect(plain.status).toBe(201);
    expect(plain.headers["content-type"]).toMatch(/^application\/scim\+json/);
    expect((await post(send, "b@example.org", "application/scim+json; charset=utf-8")).status).toBe(201);
    expect((await post(send, "c@example.org", "text/plain")).status).toBe(415);
    expect((await post(strict, "a@example.org", "application/json")).status).toBe(415);
    expect((await post(strict, "a@example.org", "application/scim+json")).status).toBe(201);
  });

  it("line 7: only bearer tokens; the account's SCIM token works on 2.1 alone, on 2.0 by a switch", async () => {
    const { sandbox, send } = await sandboxFor({ profile: "databricks-account", companion: true });
    expect((await send("GET", "/Users", { token: null })).status).toBe(401);
    expect((await send("GET", "/Users", { token: "wrong" })).status).toBe(401);
    const basic = { authorization: `Basic ${Buffer.from(`token:${sandbox.token}`).toString("base64")}` };
    expect((await send("GET", "/Users", { token: null, headers: basic })).status).toBe(401);
    const token = sandbox.tokens.accountScim;
    const older = `${sandbox.url}${accountBase("2.0")}/Users`;
    expect((await send("GET", "/Users", { token })).status).toBe(200);
    expect((await send("GET", older, { token })).status).toBe(403);
    expect((await send("GET", `${sandbox.companion?.baseUrl}/Users`, { token })).status).toBe(403);
    const lenient = await sandboxFor({ profile: "databricks-account", switches: { accountTokenOn20: true } });
    const answer = await lenient.send("GET", `${lenient.sandbox.url}${accountBase("2.0")}/Users`, {
      token: lenient.sandbox.tokens.accountScim,
    });
    expect(answer.status).toBe(200);
  });

  it("line 8: who is no admin sees reduced lists and is refused the rest", async () => {
    const { sandbox, send } = await sandboxFor();
    const user = await send("POST", "/Users", { body: userBody("ada@example.org", { externalId: "x" }) });
    const group = await send("POST", "/Groups", { body: groupBody("data", { members: [{ value: user.body.id }] }) });
    const token = sandbox.tokens.nonAdmin;
    const users = await send("GET", "/Users", { token });
    expect(Object.keys(users.body.Resources[0]).sort()).toEqual(["displayName", "id", "schemas", "userName"]);
    const groups = await send("GET", "/Groups", { token });
    expect(Object.keys(groups.body.Resources[0]).sort()).toEqual(["displayName", "id", "schemas"]);
    const one = await send("GET", `/Groups/${group.body.id}`, { token });
    expect(one.status).toBe(403);
    expect(one.body.message).toMatch(new RegExp(`/Groups/${group.body.id} is only accessible by admins$`));
    expect((await send("GET", "/Users?attributes=externalId", { token })).status).toBe(403);
    expect((await send("POST", "/Users", { token, body: userBody("bob@example.org") })).status).toBe(403);
    expect((await send("GET", "/Me", { token })).status).toBe(200);
  });
});
