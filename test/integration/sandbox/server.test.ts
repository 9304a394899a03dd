import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import { userBody } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

describe("the sandbox as a server", () => {
  it("listens on loopback only, with a token of its own each time", async () => {
    const { sandbox } = await sandboxFor();
    const { sandbox: other } = await sandboxFor();
    expect(sandbox.baseUrl).toBe(`${sandbox.url}/api/2.0/preview/scim/v2`);
    expect(new URL(sandbox.url).hostname).toBe("127.0.0.1");
    expect(sandbox.token).not.toBe(other.token);
    expect(sandbox.token.length).toBeGreaterThanOrEqual(32);
  });

  it("says in one clear message that a port is in use", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    onTestFinished(() => void blocker.close());
    const { port } = blocker.address() as AddressInfo;
    await expect(startSandbox({ port })).rejects.toMatchObject({
      code: "portInUse",
      message: expect.stringMatching(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use\\. .*another port`)),
    });
  });

  it("refuses requests that name another host", async () => {
    const { sandbox, send } = await sandboxFor();
    const port = new URL(sandbox.url).port;
    const status = async (host: string) => (await send("GET", "/Users", { headers: { host } })).status;
    expect(await status("evil.example")).toBe(421);
    expect(await status(`evil.example:${port}`)).toBe(421);
    expect(await status(`localhost:${port}`)).toBe(200);
  });

  it("refuses bodies that are too large, and goes on", async () => {
    const { send } = await sandboxFor({ limits: { bodyBytes: 1000 } });
    const large = await send("POST", "/Users", { body: userBody("x".repeat(2000)) });
    expect(large.status).toBe(413);
    expect((await send("POST", "/Users", { body: userBody("ada@example.org") })).status).toBe(201);
  });

  it("holds every answer back for the latency that was asked for", async () => {
    const { send } = await sandboxFor({ latencyMs: 60 });
    const begun = performance.now();
    expect((await send("GET", "/Users")).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(59);
  });

  it("ends open connections when it is closed, in the middle of an answer too", async () => {
    const sandbox = await startSandbox({ faults: "slow=60000:1" });
    const answer = fetch(`${sandbox.baseUrl}/Users`, { headers: { authorization: `Bearer ${sandbox.token}` } });
    const body = answer.then((response) => response.text());
    await answer;
    await sandbox.close();
    await expect(body).rejects.toThrow();
  });

  it("exchanges client credentials for a token, in the header or in the form, and for nothing else", async () => {
    const { sandbox, send } = await sandboxFor();
    const { clientId, clientSecret, tokenUrl } = sandbox.oauth;
    const exchange = (form: Record<string, string>, basic?: string) =>
      send("POST", tokenUrl, {
        token: null,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          ...(basic !== undefined && { authorization: `Basic ${Buffer.from(basic).toString("base64")}` }),
        },
        body: new URLSearchParams(form).toString(),
      });
    const grant = { grant_type: "client_credentials", scope: "all-apis" };
    const byHeader = await exchange(grant, `${clientId}:${clientSecret}`);
    const byForm = await exchange({ ...grant, client_id: clientId, client_secret: clientSecret });
    for (const { status, body } of [byHeader, byForm]) {
      expect([status, body.token_type, body.expires_in]).toEqual([200, "Bearer", 3600]);
      expect((await send("GET", "/Users", { token: body.access_token })).status).toBe(200);
    }
    expect(await exchange(grant, `${clientId}:wrong`)).toMatchObject({
      status: 401,
      body: { error: "invalid_client" },
    });
    expect(await exchange({ grant_type: "password" })).toMatchObject({
      status: 400,
      body: { error: "unsupported_grant_type" },
    });
  });

  it("keeps a log of requests, for tests of what a client sends", async () => {
    const { sandbox, send } = await sandboxFor();
    await send("GET", "/Users?count=1");
    await send("GET", "/Users/1");
    expect(sandbox.requests.all).toEqual([
      { method: "GET", path: "/Users", query: "count=1", status: 200 },
      { method: "GET", path: "/Users/1", query: "", status: 404 },
    ]);
    sandbox.requests.clear();
    expect([sandbox.requests.count, sandbox.requests.all]).toEqual([0, []]);
  });

  it("starts with a seed of people, groups by name and service principals", async () => {
    const { sandbox } = await sandboxFor({
      seed: {
        users: [
          { userName: "Ada@example.org", title: "Engineer" },
          { key: "bob", userName: "bob@example.org", active: false },
        ],
        groups: [
          { displayName: "all", members: ["data", "bob"] },
          { displayName: "data", members: ["ADA@example.org"] },
        ],
        servicePrincipals: [{ applicationId: "0b9f1c1e-0000-4000-8000-1234567890ab", displayName: "etl" }],
      },
    });
    const { store } = sandbox;
    expect(store.count("User")).toBe(2);
    expect(store.find("Group", "all")?.members).toMatchObject([{ display: "data" }, { display: "bob@example.org" }]);
    expect(store.find("ServicePrincipal", "0b9f1c1e-0000-4000-8000-1234567890ab")).toBeDefined();
    await expect(startSandbox({ seed: { groups: [{ displayName: "x", members: ["nobody"] }] } })).rejects.toMatchObject(
      {
        code: "invalidSeed",
        message: expect.stringContaining('groups.0.members: "nobody"'),
      },
    );
  });

  it("changes behind a client's back as a third party would", async () => {
    const { sandbox, send } = await sandboxFor();
    const { id } = sandbox.store.create("User", { userName: "ada@example.org" });
    sandbox.store.patch(String(id), [{ op: "replace", path: "active", value: false }]);
    expect((await send("GET", `/Users/${String(id)}`)).body.active).toBe(false);
    sandbox.store.delete(String(id));
    expect((await send("GET", `/Users/${String(id)}`)).status).toBe(404);
    expect(() => sandbox.store.delete(String(id))).toThrow(RangeError);
  });

  it("holds 10,000 members in one group and changes them one by one", async () => {
    const { sandbox, send } = await sandboxFor({ users: 10_000, switches: { updateAnswer: "nothing" } });
    const ids = [...sandbox.store.snapshot().users.keys()];
    const members = ids.map((value) => ({ value }));
    const group = sandbox.store.create("Group", { displayName: "everyone", members });
    const id = String(group.id);
    for (const value of ids.slice(0, 1000)) {
      sandbox.store.patch(id, [{ op: "remove", path: `members[value eq "${value}"]` }]);
    }
    expect((await send("GET", `/Groups/${id}`)).body.members).toHaveLength(9000);
    await send("DELETE", `/Groups/${id}`);
    expect(
      (await send("GET", `/Users/${ids[5000]}`)).body.groups.map(({ display }: { display: string }) => display),
    ).toEqual(["users"]);
  });
});
