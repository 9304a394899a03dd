import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChanges } from "../../../src/changes/changeFile.ts";
import { makeUpdate } from "../../../src/changes/build.ts";
import type { Change, ChangeRequest } from "../../../src/changes/change.ts";
import { orderChanges } from "../../../src/changes/pushOrder.ts";
import { resolveRequest, type Resolve } from "../../../src/changes/reference.ts";
import { curlOf, requestText, shellQuote } from "../../../src/changes/requestText.ts";
import { urns } from "../../../src/scim/resource.ts";
import { ada, inGeneric, reason } from "../../support/changeSamples.ts";

const change = makeUpdate(ada, { ...ada, title: "it's" }, inGeneric("User"), reason).change!;

describe("a request as text", () => {
  it("is method, path and indented body", () => {
    expect(requestText(change.requests[0]!)).toMatch(/^PATCH \/Users\/42\n\n\{\n {2}"schemas"/);
    expect(requestText({ method: "DELETE", path: "/Users/42" })).toBe("DELETE /Users/42");
  });

  it("is a curl command without the token", () => {
    expect(curlOf(change.requests[0]!, "https://example.com/scim/v2")).toBe(
      [
        "curl --request PATCH 'https://example.com/scim/v2/Users/42'",
        `--header "Authorization: Bearer $SCIM_TOKEN"`,
        "--header 'Accept: application/scim+json'",
        "--header 'Content-Type: application/scim+json'",
        `--data-raw '{"schemas":["${urns.patchOp}"],"Operations":[{"op":"replace","path":"title","value":"it'\\''s"}]}'`,
      ].join(" \\\n  "),
    );
  });

  it("is quoted so that a shell sees exactly the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        fc.pre(!text.includes("\0"));
        const seen = execFileSync("/bin/sh", ["-c", `printf %s ${shellQuote(text)}`], { encoding: "utf8" });
        expect(seen).toBe(text);
      }),
      { numRuns: 25 },
    );
  });
});

describe("references to objects that are not there yet", () => {
  const resolve: Resolve = (types, name) => {
    if (name === "ada" && types.includes("User")) return { id: "42" };
    return name === "failed" ? "absent" : "unknown";
  };
  const patch = (...operations: unknown[]): ChangeRequest => ({
    method: "PATCH",
    path: "/Groups/7",
    body: { schemas: [urns.patchOp], Operations: operations },
  });

  it("become ids in path, members and managers", () => {
    expect(resolveRequest({ method: "PATCH", path: "/Users/{ada}", body: {} }, resolve).request?.path).toBe(
      "/Users/42",
    );
    const add = patch({ op: "add", path: "members", value: [{ value: "{ada}", type: "User" }] });
    expect(resolveRequest(add, resolve).request?.body).toMatchObject({
      Operations: [{ value: [{ value: "42", type: "User" }] }],
    });
    const post = {
      method: "POST",
      path: "/Users",
      body: { [urns.enterpriseUser]: { manager: { value: "{ada}" } } },
    } as const;
    expect(resolveRequest(post, resolve).request?.body).toEqual({
      [urns.enterpriseUser]: { manager: { value: "42" } },
    });
  });

  it("are taken out when the object could not be created, and named", () => {
    const add = patch({ op: "add", path: "members", value: [{ value: "{ada}" }, { value: "{failed}" }] });
    const { request, absent } = resolveRequest(add, resolve);
    expect(request?.body).toMatchObject({ Operations: [{ value: [{ value: "42" }] }] });
    expect(absent).toEqual(["failed"]);
  });

  it("take the request with them when nothing is left of it", () => {
    const add = patch({ op: "add", path: "members", value: [{ value: "{failed}" }] });
    expect(resolveRequest(add, resolve)).toEqual({ absent: ["failed"] });
  });

  it("are not looked for in other attributes", () => {
    const other = patch({ op: "replace", path: "displayName", value: "{failed}" });
    expect(resolveRequest(other, resolve).request).toBe(other);
  });
});

describe("the order of a push", () => {
  const of = (
    action: Change["action"],
    resourceType: Change["resourceType"],
    id: string,
    targetId?: string,
  ): Change => ({
    id,
    action,
    resourceType,
    name: id,
    ...(targetId !== undefined && { targetId }),
    requests: [{ method: "POST", path: "/Users" }],
    reason: "",
  });

  it("is users, groups, updates, deactivations, deletions", () => {
    const changes = [
      of("delete", "User", "d", "1"),
      of("deactivate", "User", "off", "2"),
      of("update", "Group", "u", "3"),
      of("create", "Group", "g"),
      of("create", "User", "c"),
    ];
    const phases = orderChanges(changes).map((chains) => chains.flat().map((step) => step.change.id));
    expect(phases).toEqual([["c"], ["g"], ["u"], ["off"], ["d"]]);
  });

  it("keeps changes of one object in one chain, in their order", () => {
    const changes = [of("update", "Group", "a", "3"), of("update", "Group", "b", "4"), of("update", "Group", "c", "3")];
    expect(orderChanges(changes)[2]?.map((chain) => chain.map((step) => step.change.id))).toEqual([["a", "c"], ["b"]]);
  });
});

describe("a saved plan's changes", () => {
  it("come back as they were", () => {
    const text = JSON.stringify([change]);
    expect(parseChanges(JSON.parse(text))).toEqual(JSON.parse(text));
  });

  it.each([
    ["another host", "https://evil.example/Users/1"],
    ["a path above the base URL", "/Users/.."],
    ["a query", "/Users/1?x=y"],
    ["another endpoint", "/Bulk"],
  ])("cannot lead to %s", (_what, path) => {
    const bad = { ...change, requests: [{ method: "DELETE", path }] };
    expect(() => parseChanges([bad])).toThrow(expect.objectContaining({ code: "invalidChanges" }));
  });

  it("name every fault with its place", () => {
    const bad = { ...change, action: "explode", reason: 1 };
    expect(() => parseChanges([change, bad])).toThrow(/changes\[1\.action\].*changes\[1\.reason\]/);
  });
});
