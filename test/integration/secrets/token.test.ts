import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import selfsigned from "selfsigned";
import { describe, expect, it, onTestFinished } from "vitest";
import { Clients } from "../../../src/extension/connections/clients.ts";
import type { Connection } from "../../../src/extension/connections/connection.ts";
import { Observations } from "../../../src/extension/connections/observations.ts";
import { TokenStore } from "../../../src/extension/connections/tokens.ts";
import { HttpError } from "../../../src/http/errors.ts";
import { HttpClient } from "../../../src/http/httpClient.ts";
import { normalizeBaseUrl } from "../../../src/scim/baseUrl.ts";
import { leaks } from "../../support/canary.ts";
import { jobFor, jobText, person } from "../../support/jobFixture.ts";
import { listeningPorts, processes } from "../../support/listening.ts";
import { runCli } from "../../support/runCli.ts";
import { scriptedServer, type ScriptedServer } from "../../support/scriptedServer.ts";

const token = `canary-${randomBytes(24).toString("base64url")}`;
const main = join(import.meta.dirname, "../../../src/cli/main.ts");

async function serve(...given: Parameters<typeof scriptedServer>): Promise<ScriptedServer> {
  const server = await scriptedServer(...given);
  onTestFinished(() => server.close());
  return server;
}

/** The secrets of an editor in which a person gave a token to one address. */
async function storeFor(baseUrl: string): Promise<TokenStore> {
  const held = new Map<string, string>();
  const store = new TokenStore({
    get: async (key) => held.get(key),
    store: async (key, value) => void held.set(key, value),
    delete: async (key) => void held.delete(key),
  });
  await store.set(normalizeBaseUrl(baseUrl).baseUrl, token);
  return store;
}

const connectionTo = (baseUrl: string): Connection => ({
  name: "Given",
  baseUrl,
  dialect: "generic",
  auth: "token",
  origin: "settings",
});

describe("the token never leaves", () => {
  it.each([301, 302, 303, 307, 308])("by a redirect to another origin (%i)", async (status) => {
    const other = await serve([{ json: {} }]);
    const server = await serve([{ status, headers: { location: `${other.origin}/Users` } }]);
    const client = new HttpClient({ origin: server.origin, token, attempts: 1 });
    onTestFinished(() => client.close());
    for (const request of [{ method: "GET" as const }, { method: "POST" as const, body: "{}" }]) {
      await expect(client.request({ path: "/Users", ...request })).rejects.toThrow(HttpError);
    }
    expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true);
    expect(other.requests).toEqual([]);
  });

  it("by a redirect that leads down to http", async () => {
    const pems = await selfsigned.generate([{ name: "commonName", value: "test" }], {
      keyType: "ec",
      extensions: [
        { name: "basicConstraints", cA: true },
        { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
      ],
    });
    const plain = await serve([{ json: {} }]);
    const server = await serve([{ status: 308, headers: { location: `${plain.origin}/Users` } }], {
      key: pems.private,
      cert: pems.cert,
    });
    const client = new HttpClient({ origin: server.origin, token, ca: [pems.cert] });
    onTestFinished(() => client.close());
    await expect(client.request({ method: "GET", path: "/Users" })).rejects.toThrow("the token was not sent there");
    expect(plain.requests).toEqual([]);
  });

  it.each([
    "http://scim.example.com/scim/v2",
    "http://127.0.0.1.example.com/scim",
    "http://localhost.example.com/",
    "http://[::ffff:10.0.0.1]/",
    "http://10.0.0.1/",
    "ftp://scim.example.com/",
    "https://127.0.0.1@scim.example.com/",
  ])("to %s, which is plain http, no web address, or not what it seems", (baseUrl) => {
    expect(() => new HttpClient({ origin: baseUrl, token })).toThrow(HttpError);
    expect(() => normalizeBaseUrl(baseUrl)).toThrow(HttpError);
  });

  const known = "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2";
  it.each([
    "https://adb-1.2.azuredatabricks.net.example.com/api/2.0/preview/scim/v2",
    "https://adb-1.2.azuredatabricks.net./api/2.0/preview/scim/v2",
    "https://adb-1-2.azuredatabricks.net/api/2.0/preview/scim/v2",
    "https://adb-1.2.azuredatabrıcks.net/api/2.0/preview/scim/v2",
    "https://аdb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2",
    "https://adb-1.2.azuredatabricks.net:8443/api/2.0/preview/scim/v2",
    "https://adb-1.2.azuredatabricks.com/api/2.0/preview/scim/v2",
    "https://adb-12.azuredatabricks.net/api/2.0/preview/scim/v2",
  ])("to a look-alike: %s has none", async (lookAlike) => {
    const store = await storeFor(known);
    expect(await store.get(normalizeBaseUrl(known).baseUrl)).toBe(token);
    expect(await store.get(normalizeBaseUrl(lookAlike).baseUrl)).toBeUndefined();
  });

  it("by a base URL that a file of the workspace swaps, in the editor", async () => {
    const [given, other] = [await serve([{ json: {} }]), await serve([{ json: {} }])];
    const tokens = await storeFor(`${given.origin}/scim`);
    const observations = new Observations({ read: () => undefined, write: async () => undefined }, () => true);
    const clients = new Clients({ tokens, observations, log: () => () => undefined, trusted: () => true });
    onTestFinished(() => clients.dispose());
    for (const swapped of [
      `${other.origin}/scim`,
      `${given.origin}/other`,
      `${other.origin.replace("127.0.0.1", "localhost")}/scim`,
    ]) {
      await expect(clients.client(connectionTo(swapped)).count("User")).rejects.toMatchObject({ code: "missingToken" });
    }
    expect([...given.requests, ...other.requests]).toEqual([]);
  });

  it("by a base URL that a job file swaps, on the command line, when SCIM_BASE_URL says whose it is", async () => {
    const job = await jobFor({ profile: "rfc", token });
    await job.directory({ users: [person("ada")] });
    const other = await serve([{ json: {} }]);
    const env = { SCIM_TOKEN: token, SCIM_BASE_URL: job.sandbox.baseUrl };
    await writeFile(job.jobFile, jobText(job.sandbox.baseUrl));
    expect((await runCli(["plan", "test"], { env, cwd: job.folder })).code).toBe(2);
    await writeFile(job.jobFile, jobText(`${other.origin}/scim/v2`));
    for (const command of [
      ["plan", "test"],
      ["push", "test", "--yes"],
      ["cycle", "test"],
      ["explain", "test", "ada"],
    ]) {
      const { code, stderr } = await runCli(command, { env, cwd: job.folder });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("Nothing was sent.") });
      expect(leaks(stderr, token)).toEqual([]);
    }
    expect(other.requests).toEqual([]);
  });
});

describe.runIf(process.platform === "linux")("a process of the command line", () => {
  it("listens on no port, shows no token in its arguments, and keeps what it writes to its owner", async () => {
    const job = await jobFor({ profile: "rfc", token });
    await job.directory({ users: [person("ada")] });
    await writeFile(job.jobFile, jobText(job.sandbox.baseUrl));
    // Beside a token in the environment, as a shell passes it.
    const child = spawn(process.execPath, [main, "cycle", "test", "--watch"], {
      cwd: job.folder,
      env: { ...process.env, SCIM_TOKEN: token },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    onTestFinished(async () => {
      child.kill();
      await ended;
    });
    // Told once the first cycle is done and the next is waited for.
    for await (const line of createInterface({ input: child.stderr })) if (/next/i.test(line)) break;
    expect(job.user("ada@contoso.com")).toBeDefined();
    const pid = child.pid ?? 0;
    expect(await listeningPorts([process.pid])).toContainEqual(
      expect.objectContaining({ address: "127.0.0.1", port: Number(new URL(job.sandbox.baseUrl).port) }),
    );
    expect(await listeningPorts([pid])).toEqual([]);
    const { args = "" } = (await processes()).get(pid) ?? {};
    expect(args).toContain("--watch");
    expect(leaks(args, token)).toEqual([]);
    for (const folder of [join(job.stateDir, ".."), job.stateDir])
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});
