import { describe, expect, it } from "vitest";
import { faultCatalog } from "../../../src/sandbox/faults/catalog.ts";
import { eq, patchBody, userBody } from "../../support/rawScim.ts";
import { sandboxFor } from "../../support/sandboxFixture.ts";

describe("injected faults", () => {
  it("break the connection before or after the work is done", async () => {
    const { sandbox, send } = await sandboxFor();
    sandbox.setFaults("POST/reset-before:#1,POST/reset-after:#2");
    await expect(send("POST", "/Users", { body: userBody("ada@example.org") })).rejects.toThrow();
    expect(sandbox.store.count("User")).toBe(0);
    await expect(send("POST", "/Users", { body: userBody("ada@example.org") })).rejects.toThrow();
    expect(sandbox.store.count("User")).toBe(1);
    // Who tries again after a lost answer meets the conflict.
    expect((await send("POST", "/Users", { body: userBody("ada@example.org") })).status).toBe(409);
  });

  it("cut bodies, on the wire or in their text, and let them drip", async () => {
    const { sandbox, send } = await sandboxFor({ users: 3 });
    sandbox.setFaults("GET/truncated=30:#1,GET/invalid-json:#2,GET/slow=50:#3");
    await expect(send("GET", "/Users")).rejects.toThrow();
    const cut = await send("GET", "/Users");
    expect([cut.status, cut.body]).toEqual([200, undefined]);
    const dripped = await send("GET", "/Users");
    expect(dripped.body).toEqual((await send("GET", "/Users")).body);
  });

  it("make lists lie: wrong totals, a page again, a cursor in a loop", async () => {
    const { sandbox, send } = await sandboxFor({ users: 10 });
    sandbox.setFaults("LIST/wrong-total=7:#1,LIST/repeated-page:#2+3");
    expect((await send("GET", "/Users")).body.totalResults).toBe(17);
    const { body: first } = await send("GET", "/Users?startIndex=1&count=4");
    const { body: second } = await send("GET", "/Users?startIndex=5&count=4");
    expect(second).toEqual({ ...first, startIndex: 5 });

    const { sandbox: paged, send: sendRfc } = await sandboxFor({ profile: "rfc", users: 10 });
    const { body: start } = await sendRfc("GET", "/Users?cursor=&count=4");
    paged.setFaults("cursor-loop:1");
    const { body: next } = await sendRfc("GET", `/Users?cursor=${start.nextCursor}&count=4`);
    expect(next.nextCursor).toBe(start.nextCursor);
  });

  it("give every form of Retry-After", async () => {
    const { sandbox, send } = await sandboxFor();
    const retryAfter = async (fault: string) => {
      sandbox.setFaults(`${fault}:1`);
      const { status, headers } = await send("GET", "/Users");
      return [status, headers["retry-after"]];
    };
    expect(await retryAfter("429=3")).toEqual([429, "3"]);
    expect(await retryAfter("429-date=3")).toEqual([429, expect.stringMatching(/ GMT$/)]);
    expect(await retryAfter("429-fraction=0.25")).toEqual([429, "0.250"]);
    expect(await retryAfter("429-none")).toEqual([429, undefined]);
    expect(await retryAfter("500-throttle")).toEqual([500, undefined]);
  });

  it("hide what was just created or changed, from reads, writes and lists", async () => {
    const { sandbox, send } = await sandboxFor();
    sandbox.setFaults("stale:#2+3,unborn:#4+5+6");
    const { body: user } = await send("POST", "/Users", { body: userBody("ada@example.org", { displayName: "old" }) });
    sandbox.store.patch(user.id, [{ op: "replace", path: "displayName", value: "new" }]);
    const read = () => send("GET", `/Users/${user.id}`);
    expect((await read()).body.displayName).toBe("old");
    expect((await send("GET", `/Users?${eq("userName", "ada@example.org")}`)).body.Resources[0].displayName).toBe(
      "old",
    );
    expect((await read()).status).toBe(404);
    const off = patchBody({ op: "replace", path: "active", value: false });
    expect((await send("PATCH", `/Users/${user.id}`, { body: off })).status).toBe(404);
    expect((await send("GET", "/Users")).body.totalResults).toBe(0);
    expect((await read()).body).toMatchObject({ displayName: "new", active: true });
  });

  it("revoke the token in the middle, as an expiry would", async () => {
    const { sandbox, send } = await sandboxFor();
    expect((await send("GET", "/Users")).status).toBe(200);
    sandbox.revoke(sandbox.token);
    expect((await send("GET", "/Users")).status).toBe(401);
  });

  it("are repeatable: the same seed strikes the same requests, another seed others", async () => {
    const run = async (faults: string) => {
      const { sandbox, send } = await sandboxFor({ faults });
      for (let at = 0; at < 60; at += 1) await send("GET", "/Users");
      return sandbox.requests.all.map(({ fault }) => fault ?? "-").join(" ");
    };
    const spec = "429:20%,503:0.2";
    const first = await run(`${spec},seed=7`);
    expect(await run(`${spec},seed=7`)).toBe(first);
    expect(await run(`${spec},seed=8`)).not.toBe(first);
    for (const name of ["429", "503", "-"]) expect(first.split(" ")).toContain(name);
  });

  it.each(Object.keys(faultCatalog))("%s leaves the sandbox whole", async (name) => {
    const { sandbox, send } = await sandboxFor({ users: 3, faults: `${name}:#1+2` });
    await send("GET", "/Users").catch(() => undefined);
    await send("POST", "/Users", { body: userBody("ada@example.org") }).catch(() => undefined);
    sandbox.setFaults();
    const { body } = await send("GET", "/Users");
    expect(body.totalResults).toBe(sandbox.store.count("User"));
    expect([3, 4]).toContain(body.totalResults);
  });
});
