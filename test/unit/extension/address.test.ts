import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressParts,
  connectionSegment,
  parseAddress,
  resourceKey,
} from "../../../src/extension/documents/address.ts";
import { hostileNames } from "./support.ts";

describe("the address of a document", () => {
  it("carries the name in the last path segment and the id in the query", () => {
    const parts = addressParts({
      connection: "Databricks production",
      resourceType: "User",
      name: "ada@contoso.com",
      id: "42",
    });
    expect(parts).toEqual({ path: "/Databricks production/Users/ada@contoso.com.json", query: "id=42" });
  });

  it("is read back", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (name, id, connection) => {
        const address = { connection, resourceType: "Group" as const, name, id };
        const parsed = parseAddress(addressParts(address));
        expect(parsed).toMatchObject({ resourceType: "Group", connection: connectionSegment(connection) });
        expect(new URLSearchParams(`id=${encodeURIComponent(parsed?.id ?? "")}`).get("id")).toBe(
          new URLSearchParams(new URLSearchParams({ id }).toString()).get("id"),
        );
      }),
    );
  });

  it.each(hostileNames)("keeps a hostile name in its own segment: %j", (name) => {
    const { path } = addressParts({ connection: name, resourceType: "User", name, id: "1" });
    const segments = path.split("/");
    expect(segments).toHaveLength(4);
    for (const segment of [segments[1], segments[3]?.replace(/\.json$/, "")]) {
      expect(segment).not.toMatch(/^\.*$/);
      expect(segment).not.toMatch(/[\\?#%:]/);
      expect(segment?.length).toBeLessThan(220);
    }
  });

  it("tells a draft from a stored resource", () => {
    const draft = parseAddress(addressParts({ connection: "A", resourceType: "User", name: "x", draft: "d1" }));
    expect(draft && resourceKey(draft)).toBe("User/new:d1");
    expect(resourceKey({ resourceType: "User", id: "new" })).toBe("User/new");
  });

  it.each(["/A/Users/x.json", "/A/Robots/x.json?id=1", "/A/Users", "/A/Users/b/x.json", "/"])(
    "is not found in %s",
    (text) => {
      const [path = "", query = ""] = text.split("?");
      expect(parseAddress({ path, query })).toBeUndefined();
    },
  );
});
