import { afterEach, describe, expect, it } from "vitest";
import { ScimClient } from "../../../src/scim/client.ts";
import {
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

async function setup(script: (request: SeenRequest, index: number) => Scripted) {
  const server = await scriptedServer(script);
  const client = new ScimClient({ baseUrl: `${server.origin}/scim/v2`, dialect: "generic", token: "t" });
  cleanups.push(async () => {
    await client.close();
    await server.close();
  });
  return { server, client };
}

async function readAll(client: ScimClient, concurrency = 1, query = {}) {
  const read = client.pages("User", query, { concurrency });
  const ids: string[] = [];
  for await (const page of read) ids.push(...page.resources.map(({ id }) => id));
  return { ids, completeness: read.completeness(), warnings: read.warnings() };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const users = (from: number, to: number) => numbers(from, to).map((id) => ({ id }));

describe("reading a list to its end by index", () => {
  it.each([1, 4])("gives everything once, in order, and proves it (%i pages at a time)", async (concurrency) => {
    const { server, client } = await setup(pagedUsers(437));
    const { ids, completeness, warnings } = await readAll(client, concurrency);
    expect(ids).toEqual(numbers(1, 437));
    expect(completeness.complete).toBe(true);
    expect(warnings).toEqual([]);
    expect(server.requests).toHaveLength(5);
  });

  it.each([1, 4])(
    "advances by what it receives when the service caps pages (%i pages at a time)",
    async (concurrency) => {
      const { client } = await setup(pagedUsers(95, 20));
      const { ids, completeness } = await readAll(client, concurrency);
      expect(ids).toEqual(numbers(1, 95));
      expect(completeness.complete).toBe(true);
    },
  );

  it("recovers when one page ahead comes short", async () => {
    const honest = pagedUsers(300, 50);
    const short = pagedUsers(300, 30);
    const { client } = await setup((request) =>
      request.query.get("startIndex") === "101" ? short(request) : honest(request),
    );
    const { ids, completeness } = await readAll(client, 3);
    expect(ids).toEqual(numbers(1, 300));
    expect(completeness.complete).toBe(true);
  });

  it("an empty list is complete", async () => {
    const { client } = await setup(() => ({ json: { totalResults: 0 } }));
    expect(await readAll(client)).toEqual({
      ids: [],
      completeness: { complete: true, proof: expect.any(String) as string },
      warnings: [],
    });
  });

  it("takes numbers that come as texts", async () => {
    const { client } = await setup(() => ({
      json: { totalResults: "1", startIndex: "1", itemsPerPage: "1", Resources: users(1, 1) },
    }));
    expect((await readAll(client)).completeness.complete).toBe(true);
  });

  it("begins where it is told", async () => {
    const { client } = await setup(pagedUsers(250));
    const { ids, completeness } = await readAll(client, 1, { startIndex: 101 });
    expect(ids).toEqual(numbers(101, 250));
    expect(completeness.complete).toBe(true);
  });

  it("takes a resource once when the list shifts while it is read", async () => {
    const { client } = await setup(({ query }) =>
      query.get("startIndex") === "101" ? listAnswer(users(100, 150), 151, 101) : listAnswer(users(1, 100), 151),
    );
    const { ids, warnings, completeness } = await readAll(client);
    expect(ids).toEqual(numbers(1, 150));
    expect(warnings[0]).toContain("1 resources came twice");
    expect(completeness.complete).toBe(false);
  });
});

describe("services that page wrongly", () => {
  it("a read that was stopped is not complete", async () => {
    const { client } = await setup(pagedUsers(300));
    const read = client.pages("User");
    for await (const page of read) if (page.startIndex > 0) break;
    expect(read.completeness()).toMatchObject({ complete: false });
  });

  it("that ignores startIndex is found out at the second page", async () => {
    const { server, client } = await setup(() => listAnswer(users(1, 100), 250));
    await expect(readAll(client)).rejects.toMatchObject({
      code: "repeatingPages",
      message: expect.stringContaining("100 of 250 were read") as string,
    });
    expect(server.requests).toHaveLength(2);
  });

  it("that announces more than it has is not complete", async () => {
    const honest = pagedUsers(130);
    const { client } = await setup((request) => {
      const answer = honest(request) as { json: object };
      return { json: { ...answer.json, totalResults: 200 } };
    });
    const { ids, completeness, warnings } = await readAll(client);
    expect(ids).toHaveLength(130);
    expect(completeness).toEqual({
      complete: false,
      reason: "The service announced 200 resources and sent 130 different ones.",
    });
    expect(warnings).toContain("The service announced 200 resources and sent 130 different ones.");
  });

  it("that announces the length of the page as the total is read to its end, and not called complete", async () => {
    const honest = pagedUsers(230);
    const { client } = await setup((request) => {
      const answer = honest(request) as { json: { Resources: unknown[] } };
      return { json: { ...answer.json, totalResults: answer.json.Resources.length } };
    });
    const { ids, completeness } = await readAll(client);
    expect(ids).toEqual(numbers(1, 230));
    expect(completeness.complete).toBe(false);
  });

  it("a full first page that is really all is complete after one more look", async () => {
    const { server, client } = await setup(pagedUsers(100));
    expect((await readAll(client)).completeness.complete).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it("that always announces a little more is stopped", async () => {
    const { server, client } = await setup((_request, index) =>
      listAnswer(users(index * 100 + 1, index * 100 + 100), index * 100 + 200, index * 100 + 1),
    );
    await expect(readAll(client)).rejects.toMatchObject({ code: "endlessPages" });
    expect(server.requests.length).toBeLessThan(130);
  });
});

describe("reading by cursor (RFC 9865)", () => {
  it("follows nextCursor, repeats every other parameter, and is complete when it ends", async () => {
    const { server, client } = await setup(({ query }) => {
      const cursor = query.get("cursor");
      const page = cursor === null || cursor === "" ? 1 : Number(cursor.slice(1));
      return { json: { Resources: users(page * 10 - 9, page * 10), ...(page < 3 && { nextCursor: `c${page + 1}` }) } };
    });
    const { ids, completeness } = await readAll(client, 1, { cursor: "", filter: "active eq true" });
    expect(ids).toEqual(numbers(1, 30));
    expect(completeness).toEqual({ complete: true, proof: "The cursor ended after 30 resources." });
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/scim/v2/Users?filter=active%20eq%20true&cursor=&count=100",
      "/scim/v2/Users?filter=active%20eq%20true&cursor=c2&count=100",
      "/scim/v2/Users?filter=active%20eq%20true&cursor=c3&count=100",
    ]);
  });

  it("takes a cursor that was not asked for", async () => {
    const { client } = await setup(({ query }) =>
      query.get("cursor") === "n"
        ? listAnswer(users(3, 3), 3)
        : { json: { totalResults: 3, Resources: users(1, 2), nextCursor: "n" } },
    );
    expect((await readAll(client)).ids).toEqual(["1", "2", "3"]);
  });

  it("a cursor that comes twice is an error", async () => {
    const { client } = await setup((_request, index) => ({
      json: { Resources: users(index + 1, index + 1), nextCursor: "same" },
    }));
    await expect(readAll(client, 1, { cursor: "" })).rejects.toMatchObject({ code: "repeatingCursor" });
  });
});

describe("cancelling a read", () => {
  it("ends it with the reason, also while pages are fetched ahead", async () => {
    const { client } = await setup(pagedUsers(1000));
    const controller = new AbortController();
    const read = client.pages("User", {}, { concurrency: 3, signal: controller.signal });
    const consume = async () => {
      for await (const page of read) if (page.startIndex === 101) controller.abort();
    };
    await expect(consume()).rejects.toMatchObject({ code: "aborted" });
    expect(read.completeness().complete).toBe(false);
  });
});
