import { afterEach, describe, expect, it } from "vitest";
import selfsigned from "selfsigned";
import { checkConnection, formatCheck, type CheckReport, type CheckStep } from "../../../src/conformance/check.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import {
  errorAnswer,
  listAnswer,
  pagedUsers,
  scriptedServer,
  type Scripted,
  type SeenRequest,
} from "../../support/scriptedServer.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function checkServer(
  script: (request: SeenRequest) => Scripted,
  token: string | undefined = "secret-token",
): Promise<CheckReport> {
  const server = await scriptedServer(script);
  cleanups.push(() => server.close());
  return checkConnection({ baseUrl: `${server.origin}/scim/v2`, token });
}

function step(report: CheckReport, id: CheckStep["id"]): CheckStep {
  return report.steps.find((candidate) => candidate.id === id)!;
}

const statuses = (report: CheckReport) => Object.fromEntries(report.steps.map(({ id, status }) => [id, status]));

/** A service that does everything right over `total` users, but for what `odd` answers. */
function service(odd: (request: SeenRequest) => Scripted | undefined, total = 3): (request: SeenRequest) => Scripted {
  const users = pagedUsers(total);
  return (request) => {
    const own = odd(request);
    if (own !== undefined) return own;
    if (request.headers.authorization !== "Bearer secret-token") return errorAnswer(401, "Who are you?");
    const { path, query } = request;
    if (path === "/scim/v2/Groups") return listAnswer([]);
    if (path === "/scim/v2/Users/1") return { json: { id: "1", userName: "user1@example.com", active: true } };
    if (path !== "/scim/v2/Users") return errorAnswer(404, "Nothing here.");
    const filter = query.get("filter");
    if (filter === null) return users(request);
    return filter === 'userName eq "user1@example.com"'
      ? listAnswer([{ id: "1", userName: "user1@example.com" }])
      : listAnswer([]);
  };
}

describe("a healthy service", () => {
  it.each(["databricks-workspace", "databricks-account", "rfc"] as const)("%s passes every step", async (profile) => {
    const sandbox = await startSandbox({ profile, users: 5, groups: 2 });
    cleanups.push(() => sandbox.close());
    const report = await checkConnection({ baseUrl: sandbox.baseUrl, token: sandbox.token });
    expect(report.healthy).toBe(true);
    expect(report.steps.map(({ id }) => id)).toEqual([
      "address",
      "connection",
      "scim",
      "authentication",
      "permission",
      "discovery",
      "users",
      "groups",
      "filter",
      "paging",
    ]);
    expect(new Set(report.steps.map(({ status }) => status))).toEqual(new Set(["passed"]));
    expect(report.dialect).toBe(profile === "rfc" ? "generic" : "databricks");
    expect(formatCheck(report)).toMatch(/^ok {4}Filter {10}Users are found by userName, exactly\.$/m);
    expect(formatCheck(report).trimEnd()).toMatch(/Healthy\.$/);
  });

  it("is only read, and its report holds neither the token nor a user name", async () => {
    const methods = new Set<string>();
    const report = await checkServer(
      service(({ method }) => {
        methods.add(method);
        return undefined;
      }),
    );
    expect(report.healthy).toBe(true);
    expect(methods).toEqual(new Set(["GET"]));
    expect(JSON.stringify(report)).not.toMatch(/secret-token|user1@/);
    expect(step(report, "filter").sent).toContain('filter=userName eq "…"');
  });

  it("tells each step as it is done", async () => {
    const seen: string[] = [];
    const server = await scriptedServer(service(() => undefined));
    cleanups.push(() => server.close());
    await checkConnection({
      baseUrl: `${server.origin}/scim/v2`,
      token: "secret-token",
      onStep: ({ id }) => seen.push(id),
    });
    expect(seen).toHaveLength(10);
  });
});

describe("what is wrong is named at its step", () => {
  it("an address that is none", async () => {
    const report = await checkConnection({ baseUrl: "http://scim.example.com/v2", token: "t" });
    expect(step(report, "address")).toMatchObject({
      status: "failed",
      fix: expect.stringContaining("https") as string,
    });
    expect(report.steps.slice(1).every(({ status }) => status === "skipped")).toBe(true);
    expect(step(report, "paging").explanation).toBe('Not tried, since "Address" failed.');
  });

  it("a port where nobody listens", async () => {
    const server = await scriptedServer([{ json: {} }]);
    await server.close();
    const report = await checkConnection({ baseUrl: server.origin, token: "t" });
    expect(statuses(report)).toMatchObject({ address: "passed", connection: "failed", scim: "skipped" });
    expect(step(report, "connection").explanation).toContain("refused the connection");
  });

  it("a self-signed certificate", async () => {
    const pems = await selfsigned.generate([{ name: "commonName", value: "x" }], { keyType: "ec" });
    const server = await scriptedServer([{ json: {} }], { key: pems.private, cert: pems.cert });
    cleanups.push(() => server.close());
    const report = await checkConnection({ baseUrl: server.origin, token: "t" });
    expect(step(report, "connection")).toMatchObject({
      status: "failed",
      explanation: expect.stringContaining("self-signed") as string,
    });
    expect(server.requests).toHaveLength(0);
  });

  it("a web page", async () => {
    const report = await checkServer(() => ({
      headers: { "content-type": "text/html" },
      text: "<html><title>Welcome</title></html>",
    }));
    expect(statuses(report)).toMatchObject({ connection: "passed", scim: "failed", authentication: "skipped" });
    expect(step(report, "scim").explanation).toContain('a web page ("Welcome")');
  });

  it("a path where no SCIM service is", async () => {
    const report = await checkServer(() => errorAnswer(404, "No such route."));
    expect(step(report, "scim")).toMatchObject({
      status: "failed",
      explanation: "There is no /Users under this address.",
      received: "404 No such route.",
    });
  });

  it("a redirect to a login page, which does not get the token", async () => {
    const report = await checkServer(() => ({
      status: 302,
      headers: { location: "https://login.example.com/signin" },
    }));
    expect(step(report, "scim").explanation).toContain("redirects to a login page");
  });

  it("a wrong token, and only then", async () => {
    const report = await checkServer(
      service(() => undefined),
      "other-token",
    );
    expect(statuses(report)).toMatchObject({ scim: "passed", authentication: "failed", permission: "skipped" });
    expect(step(report, "authentication")).toMatchObject({
      received: "401 Who are you?",
      fix: expect.stringContaining("The token is wrong, expired, revoked") as string,
      sent: expect.stringMatching(/^GET http:.*\/scim\/v2\/Users\?startIndex=1&count=1$/) as string,
    });
  });

  it("no token where one is asked for", async () => {
    const server = await scriptedServer(service(() => undefined));
    cleanups.push(() => server.close());
    const report = await checkConnection({ baseUrl: `${server.origin}/scim/v2` });
    expect(step(report, "authentication").explanation).toContain("none was given");
  });

  it("a service in trouble is not called a wrong token", async () => {
    const report = await checkServer(() => errorAnswer(500, "Database is down."));
    expect(statuses(report)).toMatchObject({ scim: "failed", authentication: "skipped" });
    expect(step(report, "scim").explanation).toContain("Database is down.");
  });

  it("a missing right is not called a wrong token", async () => {
    const report = await checkServer(
      service(({ headers }) => (headers.authorization === undefined ? undefined : errorAnswer(403, "Admins only."))),
    );
    expect(statuses(report)).toMatchObject({ authentication: "passed", permission: "failed", users: "skipped" });
    expect(step(report, "permission").explanation).toContain("Admins only.");
  });

  it("a caller of Databricks who is no administrator, by the reduced list", async () => {
    const sandbox = await startSandbox({ users: 5, groups: 2 });
    cleanups.push(() => sandbox.close());
    const report = await checkConnection({ baseUrl: sandbox.baseUrl, token: sandbox.tokens.nonAdmin });
    expect(report.healthy).toBe(false);
    expect(step(report, "permission")).toMatchObject({
      status: "failed",
      fix: expect.stringContaining("administrator") as string,
    });
  });

  it("an account SCIM token under the address where it does not work", async () => {
    const sandbox = await startSandbox({ profile: "databricks-account" });
    cleanups.push(() => sandbox.close());
    const baseUrl = sandbox.baseUrl.replace("/api/2.1/", "/api/2.0/");
    const report = await checkConnection({ baseUrl, token: sandbox.tokens.accountScim });
    expect(statuses(report)).toMatchObject({ authentication: "passed", permission: "failed" });
    expect(step(report, "permission").fix).toContain("works under /api/2.1/ only");
  });

  it("a service that is open to anybody is a warning", async () => {
    const users = pagedUsers(0);
    const report = await checkServer((request) =>
      request.path.endsWith("/Users")
        ? users(request)
        : request.path.endsWith("/Groups")
          ? listAnswer([])
          : errorAnswer(404, "no"),
    );
    expect(step(report, "authentication").status).toBe("warned");
    expect(report.healthy).toBe(true);
    expect(formatCheck(report)).toContain("Healthy, with");
  });

  it("a filter that is ignored", async () => {
    const users = pagedUsers(3);
    const report = await checkServer(
      service((request) =>
        request.query.has("filter") && request.headers.authorization !== undefined ? users(request) : undefined,
      ),
    );
    expect(step(report, "filter")).toMatchObject({
      status: "failed",
      explanation: expect.stringContaining("ignores the filter on userName") as string,
    });
    expect(report.healthy).toBe(false);
  });

  it("a listed user that its own userName does not find", async () => {
    const report = await checkServer(service((request) => (request.query.has("filter") ? listAnswer([]) : undefined)));
    expect(step(report, "filter").explanation).toContain("not found by its userName");
  });

  it("pages that repeat, are missing, or disagree", async () => {
    const second = (answer: Scripted) => service(({ query }) => (query.get("startIndex") === "2" ? answer : undefined));
    expect(step(await checkServer(second(listAnswer([{ id: "1" }], 3, 2))), "paging").explanation).toContain(
      "ignores startIndex",
    );
    expect(step(await checkServer(second(listAnswer([], 3, 2))), "paging").explanation).toContain(
      "second page is empty",
    );
    expect(step(await checkServer(second(listAnswer([{ id: "2" }], 9, 2))), "paging")).toMatchObject({
      status: "warned",
      received: expect.stringContaining("totals 3 and 9") as string,
    });
  });

  it("users that are counted and not listed", async () => {
    const report = await checkServer(
      service(({ path, headers }) =>
        path.endsWith("/Groups") && headers.authorization !== undefined ? listAnswer([], 7) : undefined,
      ),
    );
    expect(step(report, "groups").explanation).toBe("The service counts 7 groups, but lists none.");
  });

  it("shows evidence and fix of what failed as text", async () => {
    const text = formatCheck(
      await checkServer(
        service(() => undefined),
        "other",
      ),
    );
    expect(text).toMatch(/^FAIL {2}Authentication/m);
    expect(text).toMatch(/^ +sent +GET http/m);
    expect(text).toMatch(/^ +received +401/m);
    expect(text).toMatch(/^ +fix +The token is wrong/m);
    expect(text.trimEnd()).toMatch(/Not healthy: Authentication\.$/);
  });
});

describe("cancelling", () => {
  it("ends the check with an error", async () => {
    const server = await scriptedServer(() => ({ raw: () => undefined }));
    cleanups.push(() => server.close());
    const controller = new AbortController();
    const pending = checkConnection({ baseUrl: server.origin, token: "t", signal: controller.signal });
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: "aborted" });
  });
});
