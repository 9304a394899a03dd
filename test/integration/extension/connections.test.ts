import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ScimClient } from "../../../src/scim/client.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import { checkConnection } from "../../../src/conformance/check.ts";
import { clientCredentials, defaultTokenUrl } from "../../../src/extension/connections/clientCredentials.ts";
import { Clients } from "../../../src/extension/connections/clients.ts";
import { Observations } from "../../../src/extension/connections/observations.ts";
import type { Connection } from "../../../src/extension/connections/connection.ts";
import { reportMarkdown } from "../../../src/extension/connections/reportText.ts";
import { TokenStore } from "../../../src/extension/connections/tokens.ts";
import { UntrustedError } from "../../../src/extension/connections/trouble.ts";

const noLog = () => undefined;

describe("a connection to a service", () => {
  let sandbox: Sandbox;
  let connection: Connection;

  beforeAll(async () => {
    sandbox = await startSandbox({ users: 30, groups: 2 });
    connection = {
      name: "Sandbox",
      baseUrl: sandbox.baseUrl,
      dialect: "databricks",
      auth: "token",
      origin: "settings",
    };
  });
  afterAll(() => sandbox.close());

  const tokens = async (secret: string) => {
    const held = new Map<string, string>();
    const store = new TokenStore({
      get: async (key) => held.get(key),
      store: async (key, value) => void held.set(key, value),
      delete: async (key) => void held.delete(key),
    });
    await store.set(sandbox.baseUrl, secret);
    return store;
  };

  it("exchanges client credentials for a token, once for many requests", async () => {
    const { clientId, clientSecret, tokenUrl } = sandbox.oauth;
    const oauth: Connection = { ...connection, auth: "oauth", clientId, tokenUrl };
    const provider = clientCredentials(oauth, async () => clientSecret, noLog);
    const [first, second] = [await provider(), await provider()];
    expect(first).toBe(second);
    const client = new ScimClient({ baseUrl: sandbox.baseUrl, dialect: "databricks", token: provider });
    expect(await client.count("User")).toBe(30);
    await client.close();
  });

  it("asks for a new token when the old one is refused or about to end", async () => {
    const { clientId, clientSecret, tokenUrl } = sandbox.oauth;
    let now = 0;
    const provider = clientCredentials(
      { ...connection, auth: "oauth", clientId, tokenUrl },
      async () => clientSecret,
      noLog,
      () => now,
    );
    const first = await provider();
    const second = await provider(first);
    expect(second).not.toBe(first);
    now += 7_200_000;
    expect(await provider()).not.toBe(second);
  });

  it("says that a client secret is wrong, and never shows it", async () => {
    const { clientId, tokenUrl } = sandbox.oauth;
    const provider = clientCredentials(
      { ...connection, auth: "oauth", clientId, tokenUrl },
      async () => "wrong-secret",
      noLog,
    );
    const failure = await Promise.resolve(provider()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "unauthorized", message: expect.stringMatching(/client secret/) });
    expect(String(failure)).not.toContain("wrong-secret");
  });

  it("finds the OAuth server of Databricks from the base URL", () => {
    const dialect = "databricks" as const;
    expect(defaultTokenUrl({ baseUrl: "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2", dialect })).toBe(
      "https://adb-1.2.azuredatabricks.net/oidc/v1/token",
    );
    expect(
      defaultTokenUrl({ baseUrl: "https://accounts.azuredatabricks.net/api/2.1/accounts/11-22/scim/v2", dialect }),
    ).toBe("https://accounts.azuredatabricks.net/oidc/accounts/11-22/v1/token");
    expect(defaultTokenUrl({ baseUrl: "https://scim.example.com", dialect: "generic" })).toBeUndefined();
  });

  it("uses a replaced token at once", async () => {
    const store = await tokens("stale");
    const clients = new Clients({
      tokens: store,
      log: () => noLog,
      observations: new Observations({ read: () => undefined, write: async () => undefined }, () => true),
      trusted: () => true,
    });
    await expect(clients.reader(connection).count("User")).rejects.toMatchObject({ code: "unauthorized" });
    await store.set(sandbox.baseUrl, sandbox.token);
    expect(await clients.reader(connection).count("User")).toBe(30);
    await clients.dispose();
  });

  it("is asked as it was seen to behave, from the moment that this is known", async () => {
    const store = await tokens(sandbox.token);
    const observations = new Observations({ read: () => undefined, write: async () => undefined }, () => true);
    const clients = new Clients({ tokens: store, log: () => noLog, observations, trusted: () => true });
    const sizes = async () => {
      sandbox.requests.clear();
      const { pageSize, page } = clients.reader(connection);
      await page("User", { startIndex: 1, count: pageSize });
      return [pageSize, await clients.patchSupported(connection), sandbox.requests.all[0]?.query];
    };
    expect(await sizes()).toEqual([100, undefined, expect.stringContaining("count=100")]);
    await observations.put({
      baseUrl: connection.baseUrl,
      observedAt: new Date().toISOString(),
      profile: { maxPageSize: 7, patch: false },
    });
    expect(await sizes()).toEqual([7, false, expect.stringContaining("count=7")]);
    await observations.forget(connection.baseUrl);
    expect(await sizes()).toEqual([100, undefined, expect.stringContaining("count=100")]);
    await clients.dispose();
  });

  it("sends nothing and reads no secret in Restricted Mode", async () => {
    sandbox.requests.clear();
    const store = await tokens(sandbox.token);
    const read = vi.spyOn(store, "get");
    const clients = new Clients({
      tokens: store,
      log: () => noLog,
      observations: new Observations({ read: () => undefined, write: async () => undefined }, () => true),
      trusted: () => false,
    });
    expect(() => clients.reader(connection)).toThrow(UntrustedError);
    expect(() => clients.token(connection)).toThrow(UntrustedError);
    await expect(clients.profile(connection)).rejects.toThrow(UntrustedError);
    expect(read).not.toHaveBeenCalled();
    expect(sandbox.requests.count).toBe(0);
  });

  it("is reported with evidence, without the token", async () => {
    const report = await checkConnection({ baseUrl: sandbox.baseUrl, token: "dapi-not-this" });
    const text = reportMarkdown("[Prod](command:x)", sandbox.baseUrl, report);
    expect(text).toMatch(/✗ Authentication/);
    expect(text).toContain("To mend it");
    expect(text).not.toContain("dapi-not-this");
    expect(text).not.toMatch(/(?<!\\)\]\(command/);
  });
});
