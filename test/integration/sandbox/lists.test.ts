import { describe, expect, it } from "vitest";
import { eq, userBody, type Send } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

const filter = (text: string) => `filter=${encodeURIComponent(text)}`;
const names = async (send: Send, query: string): Promise<string[]> =>
  ((await send("GET", `/Users?${query}`)).body.Resources ?? []).map(({ userName }: { userName: string }) => userName);

describe("lists of Databricks", () => {
  it("line 18: the envelope has capital Resources, a startIndex always, and the length of the page", async () => {
    const { send } = await sandboxFor({ users: 12 });
    const { body: page } = await send("GET", "/Users?startIndex=3&count=4");
    expect(page).toMatchObject({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: 12,
      startIndex: 3,
      itemsPerPage: 4,
    });
    expect(page.Resources).toHaveLength(4);
    const { body: empty } = await send("GET", `/Users?${eq("userName", "nobody")}`);
    expect(empty).toEqual({ schemas: page.schemas, totalResults: 0, startIndex: 1, itemsPerPage: 0 });
  });

  it("line 19: count is cut to the cap, startIndex below 1 is 1, past the end is an empty page", async () => {
    const { send } = await sandboxFor({ users: 130 });
    const { send: wide } = await sandboxFor({ users: 130, switches: { pageCap: 10_000 } });
    expect((await send("GET", "/Users?count=10000")).body.itemsPerPage).toBe(100);
    expect((await wide("GET", "/Users?count=10000")).body.itemsPerPage).toBe(130);
    expect((await send("GET", "/Users?startIndex=-5&count=1")).body.startIndex).toBe(1);
    expect((await send("GET", "/Users?startIndex=500")).body).toMatchObject({
      totalResults: 130,
      startIndex: 500,
      itemsPerPage: 0,
    });
    const pages = await Promise.all([1, 101].map((start) => names(send, `startIndex=${start}&count=100`)));
    expect(new Set(pages.flat()).size).toBe(130);
  });

  it("line 20: filters by eq, ne, co, sw with and, or; everything else is an invalid filter", async () => {
    const { send } = await sandboxFor();
    for (const name of ["ann@a.org", "bob@a.org", "ann@b.org"]) await send("POST", "/Users", { body: userBody(name) });
    expect(await names(send, filter('userName eq "ann@a.org"'))).toEqual(["ann@a.org"]);
    expect(await names(send, filter('userName ne "ann@a.org"'))).toEqual(["bob@a.org", "ann@b.org"]);
    expect(await names(send, filter('userName co "@a."'))).toEqual(["ann@a.org", "bob@a.org"]);
    expect(await names(send, filter('userName sw "ann" and userName co "b.org"'))).toEqual(["ann@b.org"]);
    expect(await names(send, filter('userName sw "bob" or userName co "b.org"'))).toEqual(["bob@a.org", "ann@b.org"]);
    for (const text of [
      'userName ew "x"',
      "userName pr",
      'not (userName eq "x")',
      'emails[type eq "work"]',
      'userName gt "x"',
      "userName eq",
      "userName eq ann@a.org",
      "userName eq 'ann@a.org'",
    ]) {
      const answer = await send("GET", `/Users?${filter(text)}`);
      expect([answer.status, answer.body.scimType]).toEqual([400, "InvalidFilter"]);
    }
    const chain = (length: number) => Array.from({ length }, (_, at) => `userName eq "u${at}"`).join(" or ");
    expect((await send("GET", `/Users?${filter(chain(100))}`)).status).toBe(200);
    const tooLong = await send("GET", `/Users?${filter(chain(101))}`);
    expect([tooLong.status, tooLong.body.scimType]).toEqual([400, "INVALID_FILTER"]);
    const { send: loose } = await sandboxFor({ switches: { looseQuotes: true } });
    await loose("POST", "/Users", { body: userBody("ann@a.org") });
    for (const text of ["userName eq ann@a.org", "userName eq 'ann@a.org'", 'userName eq "ann@a.org"']) {
      expect(await names(loose, filter(text))).toEqual(["ann@a.org"]);
    }
  });

  it("line 21: projections compare names with case, keep id and schemas; users sort by dotted paths", async () => {
    const { send } = await sandboxFor();
    await send("POST", "/Users", { body: userBody("a@a.org", { externalId: "1", name: { givenName: "Zoe" } }) });
    await send("POST", "/Users", { body: userBody("b@a.org", { externalId: "2", name: { givenName: "Ann" } }) });
    const keys = async (query: string) =>
      Object.keys((await send("GET", `/Users?${query}&count=1`)).body.Resources[0]).sort();
    expect(await keys("attributes=userName,externalId")).toEqual(["externalId", "id", "schemas", "userName"]);
    expect(await keys("attributes=externalID,bogus")).toEqual(["id", "schemas"]);
    expect(await keys("excludedAttributes=emails,groups,name,id,schemas,Active")).toEqual(
      ["active", "displayName", "externalId", "id", "schemas", "userName"].sort(),
    );
    expect(await names(send, "sortBy=name.givenName")).toEqual(["b@a.org", "a@a.org"]);
    expect(await names(send, "sortBy=userName&sortOrder=descending")).toEqual(["b@a.org", "a@a.org"]);
    const { body: one } = await send("GET", `/Users?${eq("externalId", "1")}`);
    const { body: read } = await send("GET", `/Users/${one.Resources[0].id}?attributes=name.givenName`);
    expect(read).toEqual({ schemas: one.Resources[0].schemas, id: one.Resources[0].id, name: { givenName: "Zoe" } });
  });
});
