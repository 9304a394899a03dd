import { describe, expect, it } from "vitest";
import { groupBody, patchBody, userBody, type Send } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

const times = async <T>(count: number, action: (at: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let at = 0; at < count; at += 1) results.push(await action(at));
  return results;
};

const rename = (send: Send, id: string, name: string) =>
  send("PATCH", `/Groups/${id}`, { body: patchBody({ op: "replace", path: "displayName", value: name }) });

describe("failures of Databricks", () => {
  it("line 31: each class of call has its rate; beyond it 429 with whole seconds, without the header, or 500 in SCIM", async () => {
    for (const rateLimits of ["429", "429-without-header", "500"] as const) {
      const { send } = await sandboxFor({ switches: { rateLimits } });
      const { body: group } = await send("POST", "/Groups", { body: groupBody("g") });
      const answers = await times(11, (at) => rename(send, group.id, `g${at}`));
      expect(answers.slice(0, 10).every(({ status }) => status === 200)).toBe(true);
      const last = answers[10]!;
      expect(last.status).toBe(rateLimits === "500" ? 500 : 429);
      expect(last.headers["retry-after"]).toEqual(rateLimits === "429" ? expect.stringMatching(/^\d+$/) : undefined);
      if (rateLimits === "500") expect(last.body.detail).toMatch(/^REQUEST_LIMIT_EXCEEDED: Workspace \d+ exceeded/);
      // Another class is not held back by it.
      expect((await send("GET", "/Users")).status).toBe(200);
    }
    const { send: unlimited } = await sandboxFor();
    const { body: group } = await unlimited("POST", "/Groups", { body: groupBody("g") });
    const free = await times(15, (at) => rename(unlimited, group.id, `g${at}`));
    expect(free.every(({ status }) => status === 200)).toBe(true);
  });

  it("line 32: every shape of an error can be had, and a 504 with or without the work done", async () => {
    const { sandbox, send } = await sandboxFor();
    const get = async (fault: string) => {
      sandbox.setFaults(`${fault}:1`);
      return send("GET", "/Users");
    };
    expect((await get("409")).body).toMatchObject({
      status: "409",
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    });
    expect((await get("500")).body).toMatchObject({ status: "500", detail: "null" });
    expect((await get("503")).body).toMatchObject({
      error_code: "TEMPORARILY_UNAVAILABLE",
      message: expect.any(String),
    });
    expect((await get("500-legacy")).body).toEqual({ error: expect.any(String) });
    expect((await get("500-text")).text).toMatch(/^[A-Z_]+: /);
    expect((await get("500-empty")).text).toBe("");
    for (const [fault, status] of [
      ["502", 502],
      ["503-html", 503],
    ] as const) {
      const answer = await get(fault);
      expect(answer.status).toBe(status);
      expect(answer.headers["content-type"]).toContain("text/html");
      expect(answer.text).toMatch(/<pre>.+<\/pre>/);
    }
    for (const [fault, applied] of [
      ["504", 0],
      ["504-after", 1],
    ] as const) {
      sandbox.setFaults(`POST/${fault}:#1`);
      const before = sandbox.store.count("User");
      expect((await send("POST", "/Users", { body: userBody(`${fault}@x.org`) })).status).toBe(504);
      expect(sandbox.store.count("User") - before).toBe(applied);
    }
  });

  it("line 33: reads of a changed group may be behind, back and forth, and are not by default", async () => {
    const namesSeen = async (consistencyDelayMs: number) => {
      const { send } = await sandboxFor({ switches: { consistencyDelayMs } });
      const { body: group } = await send("POST", "/Groups", { body: groupBody("old") });
      await rename(send, group.id, "new");
      return times(40, async () => (await send("GET", `/Groups/${group.id}`)).body.displayName as string);
    };
    expect(new Set(await namesSeen(0))).toEqual(new Set(["new"]));
    const seen = await namesSeen(60_000);
    expect(new Set(seen)).toEqual(new Set(["old", "new"]));
    expect(seen.lastIndexOf("old")).toBeGreaterThan(seen.indexOf("new"));
  });

  it("line 34: a group write of too many members takes too long", async () => {
    const { sandbox, send } = await sandboxFor({ users: 6, switches: { maxMembersPerWrite: 4 } });
    const members = [...sandbox.store.snapshot().users.keys()].map((value) => ({ value }));
    const tooMany = await send("POST", "/Groups", { body: groupBody("g", { members }) });
    expect(tooMany).toMatchObject({ status: 504, body: { error_code: "TEMPORARILY_UNAVAILABLE" } });
    const { body: group } = await send("POST", "/Groups", { body: groupBody("g", { members: members.slice(0, 4) }) });
    const add = (count: number) => patchBody({ op: "add", path: "members", value: members.slice(0, count) });
    expect((await send("PATCH", `/Groups/${group.id}`, { body: add(5) })).status).toBe(504);
    expect((await send("PATCH", `/Groups/${group.id}`, { body: add(4) })).status).toBe(200);
  });
});
