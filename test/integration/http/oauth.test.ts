import { afterEach, describe, expect, it } from "vitest";
import { clientCredentialsToken } from "../../../src/http/oauth.ts";
import { scriptedServer, type Scripted, type ScriptedServer } from "../../support/scriptedServer.ts";

const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function setup(script: readonly Scripted[], now?: () => number) {
  const server = await scriptedServer(script);
  servers.push(server);
  const credentials = {
    tokenUrl: `${server.origin}/oidc/v1/token`,
    clientId: "my app",
    clientSecret: "s:e%c",
    scope: "all-apis",
  };
  return { server, token: clientCredentialsToken(credentials, {}, now) };
}

const answer = (name: string): Scripted => ({ json: { access_token: name, expires_in: 3600, token_type: "Bearer" } });

describe("tokens by client credentials", () => {
  it("asks with HTTP Basic and the scope, once for concurrent calls", async () => {
    const { server, token } = await setup([answer("t1"), answer("t2")]);
    expect(await Promise.all([token(), token(), token()])).toEqual(["t1", "t1", "t1"]);
    expect(server.requests).toHaveLength(1);
    const [seen] = server.requests;
    expect(seen).toMatchObject({
      method: "POST",
      path: "/oidc/v1/token",
      body: "grant_type=client_credentials&scope=all-apis",
    });
    expect(Buffer.from(seen!.headers.authorization!.slice(6), "base64").toString()).toBe("my+app:s%3Ae%25c");
  });

  it("keeps a token until a minute before it expires", async () => {
    let clock = 0;
    const { token } = await setup([answer("t1"), answer("t2")], () => clock);
    expect(await token()).toBe("t1");
    clock = 3_539_999;
    expect(await token()).toBe("t1");
    clock = 3_540_000;
    expect(await token()).toBe("t2");
  });

  it("gets another when the service has refused the one it keeps", async () => {
    const { token } = await setup([answer("t1"), answer("t2")]);
    await token();
    expect(await token("t1")).toBe("t2");
    expect(await token("t1")).toBe("t2");
  });

  it("a wrong secret is called so, without showing it", async () => {
    const { token } = await setup([
      { status: 401, json: { error: "invalid_client", error_description: "Bad secret." } },
    ]);
    await expect(token()).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(/invalid_client: Bad secret\. Check client id/) as string,
    });
    await expect(token()).rejects.not.toMatchObject({ message: expect.stringContaining("s:e%c") as string });
  });

  it("throttling of the token endpoint is not called a wrong secret", async () => {
    const { token } = await setup([
      {
        status: 400,
        json: { error: "invalid_request", error_description: "Temporarily throttled, too many requests" },
      },
    ]);
    await expect(token()).rejects.toMatchObject({ code: "throttled" });
  });

  it("tries again after a failure", async () => {
    const { token } = await setup([{ status: 401, json: {} }, answer("t2")]);
    await expect(token()).rejects.toMatchObject({ code: "unauthorized" });
    expect(await token()).toBe("t2");
  });

  it("an answer without a token, and a missing endpoint, are named", async () => {
    const { token } = await setup([{ json: { token: "x" } }, { status: 404, text: "no" }]);
    await expect(token()).rejects.toMatchObject({ code: "invalidAnswer" });
    await expect(token()).rejects.toMatchObject({ code: "notScim" });
  });

  it("refuses a token endpoint over plain http elsewhere", () => {
    expect(() =>
      clientCredentialsToken({ tokenUrl: "http://login.example.com/token", clientId: "a", clientSecret: "b" }),
    ).toThrow(/plain http/);
  });
});
