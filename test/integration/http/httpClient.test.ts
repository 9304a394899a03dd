import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { HttpError } from "../../../src/http/errors.ts";
import { HttpClient, type HttpClientOptions } from "../../../src/http/httpClient.ts";
import { AdaptiveLimiter } from "../../../src/http/limiter.ts";
import type { RequestRecord } from "../../../src/http/record.ts";
import { errorAnswer, scriptedServer, type ScriptedServer } from "../../support/scriptedServer.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(...script: Parameters<typeof scriptedServer>): Promise<ScriptedServer> {
  const server = await scriptedServer(...script);
  cleanups.push(() => server.close());
  return server;
}

function clientOf(server: { origin: string }, options: Partial<HttpClientOptions> = {}): HttpClient {
  return new HttpClient({ origin: server.origin, token: "secret-token", ...options });
}

async function failure(promise: Promise<unknown>): Promise<HttpError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
}

const ok = { json: { fine: true } };

describe("what a request carries", () => {
  it("sends token, User-Agent and Accept, and gives status, headers and text", async () => {
    const server = await serve([{ json: { fine: true }, headers: { "x-request-id": "r-1" } }]);
    const answer = await clientOf(server).request({ method: "GET", path: "/a?b=c" });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('{"fine":true}');
    expect(answer.requestId).toBe("r-1");
    const [seen] = server.requests;
    expect(seen!.url).toBe("/a?b=c");
    expect(seen!.headers["authorization"]).toBe("Bearer secret-token");
    expect(seen!.headers["user-agent"]).toMatch(/^scim-provisioning\/\d+\.\d+\.\d+$/);
    expect(seen!.headers["accept"]).toBe("application/json");
  });

  it("takes a token that was pasted with Bearer before it", async () => {
    const server = await serve([ok]);
    await clientOf(server, { token: " Bearer abc\n" }).request({ method: "GET", path: "/" });
    expect(server.requests[0]!.headers["authorization"]).toBe("Bearer abc");
  });

  it("refuses a token with a line break inside without sending anything or showing the token", async () => {
    const server = await serve([ok]);
    const error = await failure(
      clientOf(server, { token: "geheim\r\nX-Evil: 1" }).request({ method: "GET", path: "/" }),
    );
    expect(error.code).toBe("invalidToken");
    expect(error.message).not.toContain("geheim");
    expect(server.requests).toHaveLength(0);
  });

  it("refuses plain http to another host before any byte is sent", () => {
    expect(() => new HttpClient({ origin: "http://scim.example.com" })).toThrow(
      /plain http.*nothing was sent.*Use https/,
    );
  });
});

describe("the record of a request", () => {
  it("tells method, redacted path, status, attempts and size, never header, body or filter value", async () => {
    const records: RequestRecord[] = [];
    const server = await serve([{ json: { fine: true }, headers: { "x-request-id": "r-9" } }]);
    const path = `/Users?filter=${encodeURIComponent('userName eq "ada@example.com"')}&count=1`;
    await clientOf(server, { log: (record) => records.push(record) }).request({
      method: "POST",
      path,
      body: '{"password":"p"}',
    });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      method: "POST",
      path: '/Users?filter=userName eq "…"&count=1',
      status: 200,
      attempts: 1,
      requestId: "r-9",
      bytes: 13,
    });
    expect(JSON.stringify(records)).not.toMatch(/ada@|secret-token|password/);
  });

  it("is written once for a request that took several attempts, and for one that failed", async () => {
    const records: RequestRecord[] = [];
    const server = await serve([errorAnswer(429, "slow down", { "retry-after": "0" }), ok]);
    const client = clientOf(server, { log: (record) => records.push(record) });
    await client.request({ method: "GET", path: "/" });
    await server.close();
    await failure(
      clientOf(server, { attempts: 1, log: (record) => records.push(record) }).request({ method: "GET", path: "/" }),
    );
    expect(records.map(({ attempts, status, error }) => ({ attempts, status, error }))).toEqual([
      { attempts: 2, status: 200, error: undefined },
      { attempts: 1, status: undefined, error: "refused" },
    ]);
  });
});

describe("a token that is refused", () => {
  it("is refreshed once, by one call for all requests under way", async () => {
    let current = "old";
    let refreshes = 0;
    const server = await serve(({ headers }) =>
      headers["authorization"] === "Bearer new" ? ok : errorAnswer(401, "expired"),
    );
    const client = clientOf(server, {
      token: async (refused) => {
        if (refused === "old" && current === "old") {
          refreshes++;
          await new Promise((resolve) => setTimeout(resolve, 20));
          current = "new";
        }
        return current;
      },
    });
    const answers = await Promise.all([1, 2, 3].map(() => client.request({ method: "GET", path: "/" })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(refreshes).toBe(1);
  });

  it("is not sent again when there is no other", async () => {
    const server = await serve([errorAnswer(401, "no")]);
    expect((await clientOf(server).request({ method: "GET", path: "/" })).status).toBe(401);
    expect(server.requests).toHaveLength(1);
  });
});

describe("throttling", () => {
  const forms: readonly [string, Record<string, string>][] = [
    ["no Retry-After", {}],
    ["Retry-After: 0", { "retry-after": "0" }],
    ["fractional seconds", { "retry-after": "0.05" }],
    ["an HTTP date in the past", { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }],
    ["a negative number", { "retry-after": "-5" }],
    ["a word", { "retry-after": "soon" }],
  ];
  it.each(forms)("waits and repeats a create that was throttled with %s", async (_name, headers) => {
    const server = await serve([errorAnswer(429, "slow down", headers), ok]);
    expect((await clientOf(server).request({ method: "POST", path: "/", body: "{}" })).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });

  it("does not come back before the time that the service names", async () => {
    const server = await serve([errorAnswer(429, "slow down", { "retry-after": "1" }), ok]);
    await clientOf(server).request({ method: "GET", path: "/" });
    expect(server.requests[1]!.at - server.requests[0]!.at).toBeGreaterThanOrEqual(990);
  });

  it("holds back every other request to the host as well", async () => {
    const server = await serve([errorAnswer(429, "slow down", { "retry-after": "1" }), ok]);
    const client = clientOf(server, { limiter: new AdaptiveLimiter({ start: 1, max: 1 }) });
    await Promise.all([client.request({ method: "GET", path: "/1" }), client.request({ method: "GET", path: "/2" })]);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[1]!.at - server.requests[0]!.at).toBeGreaterThanOrEqual(990);
  });

  it("gives up with one clear error when the wait is longer than the request may last", async () => {
    const server = await serve([errorAnswer(429, "slow down", { "retry-after": "86400" })]);
    const error = await failure(
      clientOf(server, { timeouts: { totalMs: 2000 } }).request({ method: "GET", path: "/" }),
    );
    expect(error).toMatchObject({ code: "throttled", status: 429, retryAfterMs: 120_000 });
    expect(server.requests).toHaveLength(1);
  });

  it("is recognised when it arrives as 500, and halves the limit", async () => {
    const limiter = new AdaptiveLimiter({ start: 8, max: 8 });
    const server = await serve([
      errorAnswer(500, "REQUEST_LIMIT_EXCEEDED: exceeded the concurrent limit of 4 requests."),
      ok,
    ]);
    const client = clientOf(server, {
      limiter,
      isThrottled: (_status, body) => body.includes("REQUEST_LIMIT_EXCEEDED"),
    });
    expect((await client.request({ method: "POST", path: "/", body: "{}" })).status).toBe(200);
    expect(limiter.limit).toBe(4);
  });

  it("never has more requests under way than the limit", async () => {
    let active = 0;
    let most = 0;
    const server = await serve(async () => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setTimeout(resolve, 5));
      active--;
      return ok;
    });
    const client = clientOf(server, { limiter: new AdaptiveLimiter({ start: 2, max: 3 }) });
    await Promise.all(Array.from({ length: 30 }, (_, index) => client.request({ method: "GET", path: `/${index}` })));
    expect(most).toBe(3);
  });
});

describe("what is repeated", () => {
  it.each(["GET", "PUT", "PATCH", "DELETE"] as const)("%s after 503", async (method) => {
    const server = await serve([errorAnswer(503, "busy"), ok]);
    expect((await clientOf(server).request({ method, path: "/" })).status).toBe(200);
  });

  it("a create after 503 only when the service says when", async () => {
    const silent = await serve([errorAnswer(503, "busy"), ok]);
    expect((await clientOf(silent).request({ method: "POST", path: "/", body: "{}" })).status).toBe(503);
    const polite = await serve([errorAnswer(503, "busy", { "retry-after": "0" }), ok]);
    expect((await clientOf(polite).request({ method: "POST", path: "/", body: "{}" })).status).toBe(200);
  });

  it("a read after 502 and 504; a write only when told that twice does no harm", async () => {
    const read = await serve([errorAnswer(502, ""), errorAnswer(504, ""), ok]);
    expect((await clientOf(read).request({ method: "GET", path: "/" })).status).toBe(200);
    const write = await serve([errorAnswer(504, "too slow"), ok]);
    const error = await failure(clientOf(write).request({ method: "PATCH", path: "/Groups/1", body: "{}" }));
    expect(error).toMatchObject({ code: "unknownOutcome", status: 504, outcomeUnknown: true });
    expect(error.message).toContain("Read the resource before repeating");
    const idempotent = await serve([errorAnswer(504, "too slow"), ok]);
    expect(
      (await clientOf(idempotent).request({ method: "PATCH", path: "/", body: "{}", idempotent: true })).status,
    ).toBe(200);
  });

  it("a read whose connection is reset, before or in the answer", async () => {
    const server = await serve([
      { raw: (response) => response.destroy() },
      {
        raw: (response) => {
          response.writeHead(200, { "content-length": "100" });
          response.write("half", () => response.destroy());
        },
      },
      ok,
    ]);
    expect((await clientOf(server).request({ method: "GET", path: "/" })).status).toBe(200);
    expect(server.requests).toHaveLength(3);
  });

  it("never a create whose answer did not come: its outcome is unknown", async () => {
    const server = await serve([{ raw: (response) => response.destroy() }, ok]);
    const error = await failure(clientOf(server).request({ method: "POST", path: "/Users", body: "{}" }));
    expect(error).toMatchObject({ code: "unknownOutcome", outcomeUnknown: true });
    expect(server.requests).toHaveLength(1);
  });

  it("even a create when the connection was refused, since nothing was sent", async () => {
    const first = await scriptedServer([ok]);
    await first.close();
    const client = clientOf(first);
    const pending = client.request({ method: "POST", path: "/", body: "{}" });
    const late = createServer((_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => late.listen(first.port, "127.0.0.1", resolve));
    onTestFinished(() => void late.close());
    expect((await pending).status).toBe(200);
  });
});

describe("redirects", () => {
  it("are followed for reads within the origin", async () => {
    const server = await serve(({ path }) =>
      path === "/old" ? { status: 308, headers: { location: "/new?x=1" } } : ok,
    );
    expect((await clientOf(server).request({ method: "GET", path: "/old" })).status).toBe(200);
    expect(server.requests[1]!.url).toBe("/new?x=1");
  });

  it("never carry the token to another origin: the other is not even asked", async () => {
    const other = await serve([ok]);
    const server = await serve([{ status: 302, headers: { location: `${other.origin}/scim/v2/Users` } }]);
    const error = await failure(clientOf(server).request({ method: "GET", path: "/Users" }));
    expect(error.code).toBe("notScim");
    expect(error.message).toContain(`redirects to ${other.origin}/scim/v2/Users; the token was not sent there`);
    expect(other.requests).toHaveLength(0);
  });

  it("to a login page are named so, on this origin and on another", async () => {
    for (const location of ["/login?next=%2FUsers", "https://login.example.com/oauth2/authorize?x=1"]) {
      const server = await serve([{ status: 302, headers: { location } }]);
      const error = await failure(clientOf(server).request({ method: "GET", path: "/Users" }));
      expect(error.message).toMatch(/redirects to a login page .* not a SCIM service\. Check the base URL/);
    }
  });

  it("of writes are not followed", async () => {
    const server = await serve([{ status: 308, headers: { location: "/other" } }]);
    expect((await failure(clientOf(server).request({ method: "POST", path: "/", body: "{}" }))).code).toBe("notScim");
    expect(server.requests).toHaveLength(1);
  });

  it("in circles end", async () => {
    const server = await serve([{ status: 302, headers: { location: "/again" } }]);
    expect((await failure(clientOf(server).request({ method: "GET", path: "/" }))).message).toContain(
      "redirects in circles",
    );
    expect(server.requests).toHaveLength(6);
  });
});

describe("limits and cancellation", () => {
  const silent = { raw: () => undefined };
  const dripping = {
    raw: (response: ServerResponse) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(timer));
    },
  };

  it("a service that does not begin to answer ends in a timeout", async () => {
    const server = await serve([silent]);
    const error = await failure(
      clientOf(server, { timeouts: { headersMs: 100 } }).request({ method: "GET", path: "/Users" }),
    );
    expect(error).toMatchObject({ code: "timeout", url: `${server.origin}/Users` });
  });

  it("an answer that drips without end runs into the total deadline", async () => {
    const server = await serve([dripping]);
    const error = await failure(clientOf(server, { timeouts: { totalMs: 300 } }).request({ method: "GET", path: "/" }));
    expect(error.message).toContain("was not answered within 0.3 s");
  });

  it("a write that times out has an unknown outcome", async () => {
    const server = await serve([silent]);
    const error = await failure(
      clientOf(server, { timeouts: { totalMs: 200 } }).request({ method: "PUT", path: "/", body: "{}" }),
    );
    expect(error.code).toBe("unknownOutcome");
  });

  it("an answer beyond the size limit is cut off", async () => {
    const server = await serve([{ text: "x".repeat(5000) }]);
    expect(
      (await failure(clientOf(server, { maxResponseBytes: 1000 }).request({ method: "GET", path: "/" }))).code,
    ).toBe("tooLarge");
  });

  it("a signal cancels a request under way, one that queues, and one that waits to be repeated", async () => {
    const server = await serve([silent]);
    const client = clientOf(server, { limiter: new AdaptiveLimiter({ start: 1, max: 1 }) });
    const controller = new AbortController();
    const both = [1, 2].map(() => failure(client.request({ method: "GET", path: "/", signal: controller.signal })));
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    expect((await Promise.all(both)).map(({ code, outcomeUnknown }) => [code, outcomeUnknown])).toEqual([
      ["aborted", false],
      ["aborted", false],
    ]);

    const busy = await serve([errorAnswer(429, "", { "retry-after": "60" })]);
    const waiting = new AbortController();
    const error = failure(clientOf(busy).request({ method: "POST", path: "/", body: "{}", signal: waiting.signal }));
    while (busy.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    waiting.abort();
    expect(await error).toMatchObject({ code: "aborted", outcomeUnknown: false });
  });

  it("a cancelled write that was under way says that its outcome is unknown", async () => {
    const server = await serve([silent]);
    const controller = new AbortController();
    const error = failure(clientOf(server).request({ method: "DELETE", path: "/Users/1", signal: controller.signal }));
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    expect(await error).toMatchObject({ code: "aborted", outcomeUnknown: true });
  });

  it("a signal that was aborted before sends nothing", async () => {
    const server = await serve([ok]);
    const error = await failure(clientOf(server).request({ method: "GET", path: "/", signal: AbortSignal.abort() }));
    expect(error.code).toBe("aborted");
    expect(server.requests).toHaveLength(0);
  });
});

describe("where nobody answers", () => {
  it("a closed port is refused, an unknown name is DNS", async () => {
    const server = await scriptedServer([ok]);
    await server.close();
    expect((await failure(clientOf(server, { attempts: 1 }).request({ method: "GET", path: "/" }))).message).toBe(
      `127.0.0.1:${server.port} refused the connection. Check the port, and that the service is running.`,
    );
    const error = await failure(
      new HttpClient({ origin: "https://no-such-host.invalid", attempts: 1, env: {} }).request({
        method: "GET",
        path: "/",
      }),
    );
    expect(error.code).toBe("dns");
  });
});

describe("a proxy of the environment", () => {
  it("carries requests to other hosts, and none to loopback", async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      tunnels.push(request.url ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const env = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };

    const error = await failure(
      new HttpClient({ origin: "https://scim.example.com", attempts: 1, env }).request({ method: "GET", path: "/" }),
    );
    expect(error.code).toBe("unreachable");
    expect(error.message).toContain("proxy");
    expect(tunnels).toEqual(["scim.example.com:443"]);

    const server = await serve([ok]);
    expect(
      (await clientOf(server, { env: { HTTP_PROXY: env.HTTPS_PROXY } }).request({ method: "GET", path: "/" })).status,
    ).toBe(200);
    expect(tunnels).toHaveLength(1);
  });

  it.each(["proxy.example.com:8080", "socks5://proxy.example.com", "nonsense"])(
    "that is no address (%s) is named, without showing it",
    (value) => {
      expect(() => new HttpClient({ origin: "https://scim.example.com", env: { HTTPS_PROXY: value } })).toThrow(
        "The environment variable HTTPS_PROXY is not the address of a proxy. Set it to",
      );
    },
  );
});
