import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import selfsigned from "selfsigned";
import { HttpError } from "../../../src/http/errors.ts";
import { HttpClient } from "../../../src/http/httpClient.ts";
import { scriptedServer, type ScriptedServer } from "../../support/scriptedServer.ts";

const day = 86_400_000;

async function certificate(altNames: { type: 2 | 7; value?: string; ip?: string }[], from: number, to: number) {
  const pems = await selfsigned.generate([{ name: "commonName", value: "test" }], {
    keyType: "ec",
    notBeforeDate: new Date(Date.now() + from * day),
    notAfterDate: new Date(Date.now() + to * day),
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}

const loopback = [{ type: 7 as const, ip: "127.0.0.1" }];
const servers: ScriptedServer[] = [];

async function problemOf(tls: { key: string; cert: string }, trusted: boolean): Promise<HttpError | undefined> {
  const server = await scriptedServer([{ json: { fine: true } }], tls);
  servers.push(server);
  const client = new HttpClient({ origin: server.origin, token: "t", ...(trusted && { ca: [tls.cert] }) });
  try {
    await client.request({ method: "GET", path: "/" });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(HttpError);
    expect(server.requests, "nothing may be sent over a connection that is not trusted").toHaveLength(0);
    return error as HttpError;
  }
}

describe("TLS", () => {
  let good: { key: string; cert: string };
  beforeAll(async () => {
    good = await certificate(loopback, -1, 30);
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
  });

  it("works when the authority is known", async () => {
    expect(await problemOf(good, true)).toBeUndefined();
  });

  it("takes the authorities of NODE_EXTRA_CA_CERTS", async () => {
    const server = await scriptedServer([{ json: { fine: true } }], good);
    servers.push(server);
    const folder = await mkdtemp(join(tmpdir(), "scim-tls-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "ca.pem"), good.cert);
    const client = new URL("../../../src/http/httpClient.ts", import.meta.url).href;
    const code = `const { HttpClient } = await import(${JSON.stringify(client)});
      const answer = await new HttpClient({ origin: ${JSON.stringify(server.origin)} }).request({ method: "GET", path: "/" });
      process.stdout.write(String(answer.status), () => process.exit());`;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") };
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], { env });
    expect(stdout).toBe("200");
  });

  it("names a self-signed certificate, and the way out", async () => {
    const error = await problemOf(good, false);
    expect(error?.code).toBe("tls");
    expect(error?.message).toMatch(/self-signed certificate.*NODE_EXTRA_CA_CERTS/);
  });

  it("names an expired certificate", async () => {
    expect((await problemOf(await certificate(loopback, -30, -1), true))?.what).toMatch(/has expired/);
  });

  it("names a certificate that is not valid yet", async () => {
    expect((await problemOf(await certificate(loopback, 1, 30), true))?.what).toMatch(/not valid yet/);
  });

  it("names a certificate of another host", async () => {
    const error = await problemOf(await certificate([{ type: 2, value: "other.example.com" }], -1, 30), true);
    expect(error?.what).toMatch(
      /certificate is not for 127\.0\.0\.1.*other\.example\.com|certificate is not for 127\.0\.0\.1/,
    );
    expect(error?.fix).toContain("Use the host name that the certificate names");
  });

  it("says that a port speaks no TLS", async () => {
    const plain = await scriptedServer([{ json: {} }]);
    servers.push(plain);
    const client = new HttpClient({ origin: plain.origin.replace("http:", "https:"), attempts: 1 });
    await expect(client.request({ method: "GET", path: "/" })).rejects.toMatchObject({ code: "tls" });
  });
});
