import { onTestFinished, describe, expect, it } from "vitest";
import { checkConformance } from "../../../src/conformance/conformance.ts";
import { ScimClient } from "../../../src/scim/client.ts";
import { dialectFor } from "../../../src/scim/dialects/dialects.ts";
import { withObserved } from "../../../src/scim/dialects/observedDialect.ts";
import type { ObservedProfile } from "../../../src/scim/observed.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import { actions, jobFor, person } from "../../support/jobFixture.ts";
import { scriptedServer, type Scripted, type SeenRequest } from "../../support/scriptedServer.ts";

const people = ["Ada", "bob", "cyd", "dan", "eve"].map((name, at) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  id: String(at + 1),
  userName: `${name}@contoso.com`,
}));

interface Quirks {
  /** The most that a page holds. */
  readonly page?: number;
  /** How `userName eq` is evaluated. */
  readonly eq?: "anyCase" | "exact" | "refused" | "ignored";
}

/** A read-only service of five people with quirks of its own. */
function service({ page = 100, eq = "anyCase" }: Quirks) {
  return (request: SeenRequest): Scripted => {
    if (request.headers.authorization === undefined) return { status: 401 };
    if (request.method !== "GET" || request.path !== "/Users") return { status: 404 };
    const filter = request.query.get("filter");
    const [, value] = /^userName eq "(.*)"$/.exec(filter ?? "") ?? [];
    if (filter !== null && eq === "refused")
      return {
        status: 400,
        json: { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "400", scimType: "invalidFilter" },
      };
    const meets = ({ userName }: { userName: string }) =>
      value === undefined ||
      eq === "ignored" ||
      userName === value ||
      (eq === "anyCase" && userName.toLowerCase() === value.toLowerCase());
    const found = people.filter(meets);
    const [start, count] = [Number(request.query.get("startIndex") ?? 1), Number(request.query.get("count") ?? 100)];
    const shown = found.slice(start - 1, start - 1 + Math.min(count, page));
    return {
      json: {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        totalResults: found.length,
        startIndex: start,
        itemsPerPage: shown.length,
        Resources: shown,
      },
    };
  };
}

async function connect(quirks: Quirks, observed: ObservedProfile) {
  const server = await scriptedServer(service(quirks));
  const dialect = withObserved(dialectFor("generic", server.origin), observed);
  const client = new ScimClient({ baseUrl: server.origin, dialect, token: "t" });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client, sent: () => server.requests.map(({ url }) => decodeURIComponent(url.replaceAll("+", " "))) };
}

const names = (found: readonly { readonly [name: string]: unknown }[]) => found.map(({ userName }) => userName);

describe("a client of a service that was observed", () => {
  it("asks for pages of the size that the service gives", async () => {
    const { client, sent } = await connect({ page: 2 }, { maxPageSize: 2 });
    expect(names(await Array.fromAsync(client.resources("User")))).toHaveLength(5);
    expect(sent().map((url) => /count=(\d+)/.exec(url)?.[1])).toEqual(["2", "2", "2"]);
  });

  it("asks for a name once where filters ignore letter case", async () => {
    const { client, sent } = await connect({}, { filterOperators: ["eq"], caseSensitiveFilter: false });
    expect(names(await client.findByAttribute("User", "userName", "ADA@contoso.com"))).toEqual(["Ada@contoso.com"]);
    expect(sent()).toHaveLength(1);
  });

  it("asks in lower case as well where filters mind it", async () => {
    const { client, sent } = await connect({ eq: "exact" }, { filterOperators: ["eq"], caseSensitiveFilter: true });
    expect(names(await client.findByAttribute("User", "userName", "BOB@contoso.com"))).toEqual(["bob@contoso.com"]);
    expect(sent()).toEqual([
      expect.stringContaining('userName eq "BOB@contoso.com"'),
      expect.stringContaining('userName eq "bob@contoso.com"'),
    ]);
  });

  it("asks in lower case alone where names are stored so", async () => {
    const { client, sent } = await connect({ eq: "exact" }, { keepsUserNameCase: false, caseSensitiveFilter: true });
    await client.findByAttribute("User", "userName", "BOB@contoso.com");
    expect(sent()).toEqual([expect.stringContaining('userName eq "bob@contoso.com"')]);
  });

  it.each(["refused", "ignored"] as const)("reads the list where filters are %s, and takes nobody else", async (eq) => {
    const { client, sent } = await connect({ eq }, { filterOperators: [] });
    expect(names(await client.findByAttribute("User", "userName", "EVE@contoso.com"))).toEqual(["eve@contoso.com"]);
    expect(sent().filter((url) => url.includes("filter"))).toEqual([]);
  });
});

describe("a job whose service was observed", () => {
  it("finds people by reading the list where filters are not evaluated, and creates nobody twice", async () => {
    const job = await jobFor({
      profile: "rfc",
      seed: { users: [{ userName: "ada@contoso.com", displayName: "Countess" }] },
    });
    await job.directory({ users: [person("ada")] });
    job.sandbox.requests.clear();
    job.observed = { filterOperators: [] };
    expect(actions(await job.plan())).toEqual(["update ada@contoso.com"]);
    expect(job.sandbox.requests.all.filter(({ path, query }) => path === "/Users" && query.includes("filter"))).toEqual(
      [],
    );
  });
});

describe("the profile of a service", () => {
  it("tells the most that a page holds, when the service has more", async () => {
    const server = await scriptedServer(service({ page: 2 }));
    onTestFinished(() => server.close());
    const { profile } = await checkConformance({ baseUrl: server.origin, token: "t", write: false });
    expect(profile.maxPageSize).toBe(2);
    const whole = await scriptedServer(service({}));
    onTestFinished(() => whole.close());
    expect(
      (await checkConformance({ baseUrl: whole.origin, token: "t", write: false })).profile.maxPageSize,
    ).toBeUndefined();
  });

  it("tells letter case of names and filters apart", async () => {
    for (const [profile, keeps] of [
      ["rfc", true],
      ["databricks-workspace", false],
    ] as const) {
      const { baseUrl, token, close } = await startSandbox({ profile, users: 3, groups: 1 });
      onTestFinished(close);
      const report = await checkConformance({ baseUrl, token, write: true });
      expect(report.profile).toMatchObject({
        keepsUserNameCase: keeps,
        filterOperators: expect.arrayContaining(["eq"]),
      });
      expect(report.profile.caseSensitiveFilter).toBeTypeOf("boolean");
    }
  });
});
