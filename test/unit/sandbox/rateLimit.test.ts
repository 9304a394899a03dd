import { describe, expect, it } from "vitest";
import { RateLimiter } from "../../../src/sandbox/rateLimit.ts";
import { bases } from "../../../src/sandbox/routes.ts";

const request = (method: string, path: string) => ({ method, path, query: "", headers: {}, body: "" });

describe("the rate limit of a class of calls", () => {
  it("fills up again at an even pace, and tells how long to wait", () => {
    let now = 0;
    const limiter = new RateLimiter("databricks-workspace", "429", () => now);
    const patch = () => limiter.refuse(request("PATCH", `${bases["databricks-workspace"][0].path}/Groups/1`));
    for (let at = 0; at < 10; at += 1) expect(patch()).toBeUndefined();
    // Ten a minute: one more every six seconds.
    expect(patch()).toMatchObject({ status: 429, headers: { "retry-after": "6" } });
    now += 5900;
    expect(patch()).toMatchObject({ headers: { "retry-after": "1" } });
    now += 200;
    expect(patch()).toBeUndefined();
    expect(patch()).toMatchObject({ status: 429 });
    now += 3_600_000;
    for (let at = 0; at < 10; at += 1) expect(patch()).toBeUndefined();
    expect(patch()).toMatchObject({ status: 429 });
  });

  it.each([
    ["databricks-account", "GET", "/Users/1", 20],
    ["databricks-account", "GET", "/Groups", 240],
    ["databricks-account", "PATCH", "/Groups/1", 2],
    ["databricks-account", "POST", "/Users", 5],
    ["databricks-account", "DELETE", "/Users/1", 5],
    ["databricks-workspace", "GET", "/Users", 255],
    ["databricks-workspace", "PATCH", "/Groups/1", 10],
    ["databricks-workspace", "DELETE", "/Groups/1", 35],
  ] as const)("on %s lets %s %s pass %i times at once", (profile, method, path, allowed) => {
    const limiter = new RateLimiter(profile, "429", () => 0);
    const refuse = () => limiter.refuse(request(method, `${bases[profile][0].path}${path}`));
    for (let at = 0; at < allowed; at += 1) expect(refuse()).toBeUndefined();
    expect(refuse()).toMatchObject({ status: 429 });
  });

  it("limits nothing when it is off, and nothing outside its classes", () => {
    const off = new RateLimiter("databricks-account", "off", () => 0);
    const on = new RateLimiter("databricks-workspace", "429", () => 0);
    const base = (profile: "databricks-account" | "databricks-workspace") => bases[profile][0].path;
    for (let at = 0; at < 500; at += 1) {
      expect(off.refuse(request("PATCH", `${base("databricks-account")}/Users/1`))).toBeUndefined();
      expect(on.refuse(request("PATCH", `${base("databricks-workspace")}/Users/1`))).toBeUndefined();
    }
  });
});
