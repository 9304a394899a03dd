import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyPatch } from "../../../src/scim/patch/apply.ts";
import { diffDocuments } from "../../../src/scim/patch/diff.ts";
import { sameMeaning } from "../../../src/scim/patch/meaning.ts";
import { canonicalDocument } from "../../../src/scim/patch/normalize.ts";
import { serializeOperations } from "../../../src/scim/patch/serialize.ts";
import { groupSchema, userSchema } from "../../../src/scim/schemas/builtin.ts";
import { entraForms, groups, rfcForms, users } from "./documents.ts";

const resources = [
  { type: "users", documents: users, schema: userSchema },
  { type: "groups", documents: groups, schema: groupSchema },
];
const flavours = [
  { flavour: "the RFC's forms", forms: rfcForms },
  { flavour: "Entra's default forms", forms: entraForms },
];

describe.each(resources)("for any two $type", ({ documents, schema }) => {
  it.each(flavours)("apply(diff(a, b), a) means b, in $flavour", ({ forms }) => {
    fc.assert(
      fc.property(documents, documents, (a, b) => {
        const [start, end] = [structuredClone(a), structuredClone(b)];
        const bodies = serializeOperations(diffDocuments(a, b, schema, forms), forms);
        for (const { Operations } of bodies) expect(Operations.length).toBeLessThanOrEqual(forms.operationsPerRequest);
        const wire = JSON.parse(JSON.stringify(bodies.flatMap(({ Operations }) => Operations)));
        const result = applyPatch(a, wire, schema, { unknownAttributes: "keep" });
        expect(sameMeaning(result, b, schema)).toBe(true);
        expect(diffDocuments(result, b, schema, forms)).toStrictEqual([]);
        expect([a, b]).toStrictEqual([start, end]);
      }),
      { numRuns: 1000 },
    );
  });

  it("the diff of a document with its canonical form is empty", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const canonical = canonicalDocument(document, schema);
        expect(canonicalDocument(canonical, schema)).toStrictEqual(canonical);
        expect(JSON.stringify(canonicalDocument(canonical, schema))).toBe(JSON.stringify(canonical));
        expect(diffDocuments(document, canonical, schema, rfcForms)).toStrictEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
