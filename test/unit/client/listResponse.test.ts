import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listResponseSchema, ordinaryListSchema } from "../../../src/scim/listResponse.ts";

const resource = fc.record(
  {
    userName: fc.string(),
    id: fc.oneof({ weight: 9, arbitrary: fc.string() }, { weight: 1, arbitrary: fc.constant(7) }),
    schemas: fc.oneof(fc.array(fc.string()), fc.constant("urn:x"), fc.constant([1])),
    externalId: fc.option(fc.oneof(fc.string(), fc.boolean())),
    meta: fc.oneof(fc.record({ version: fc.oneof(fc.string(), fc.integer()) }), fc.constant([]), fc.constant(null)),
  },
  { requiredKeys: ["userName"] },
);

describe("a list whose resources are taken as they came", () => {
  it("is accepted only where the full check accepts it, and holds the same", () => {
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 2 }), (Resources) => {
        const body = { totalResults: Resources.length, Resources };
        const full = listResponseSchema.safeParse(body);
        const ordinary = ordinaryListSchema.safeParse(body);
        expect(ordinary.success).toBe(full.success);
        expect(ordinary.data).toEqual(full.data);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the very objects of the answer, in the order of their keys", () => {
    const Resources = [{ userName: "a", id: "1", schemas: ["urn:x"] }];
    expect(ordinaryListSchema.parse({ totalResults: 1, Resources }).Resources[0]).toBe(Resources[0]);
  });

  it("leaves a resource that names __proto__ to the full check", () => {
    const body: unknown = JSON.parse('{ "totalResults": 1, "Resources": [{ "id": "1", "__proto__": { "a": 1 } }] }');
    expect(ordinaryListSchema.safeParse(body).success).toBe(false);
  });
});
