import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../../src/sandbox/entry.ts";
import { MembershipDraft } from "../../../src/sandbox/membership.ts";
import { patchGroup } from "../../../src/sandbox/patchGroup.ts";
import { Random } from "../../../src/sandbox/random.ts";
import { Store } from "../../../src/sandbox/store.ts";
import { applyPatch } from "../../../src/scim/patch/apply.ts";
import { groupSchema } from "../../../src/scim/schemas/builtin.ts";
import type { PatchOperation } from "../../../src/scim/resource.ts";

const store = new Store("decimal", new Random(1), () => 0);
const people = Array.from({ length: 6 }, (_, at) =>
  store.add({ type: "User", home: "rfc", levels: ["rfc"], shared: { userName: `u${at}` } }),
);
const describeMember = ({ id }: Entry) => ({ value: id });

const ids = fc.uniqueArray(fc.constantFrom(...people.map(({ id }) => id)), { maxLength: 4 });
const elements = ids.map((list) => list.map((value) => ({ value })));
const filtered = ids.filter((list) => list.length > 0).map((list) => list.map((id) => `value eq "${id}"`).join(" or "));
const operation: fc.Arbitrary<PatchOperation> = fc.oneof(
  elements.map((value): PatchOperation => ({ op: "add", path: "members", value })),
  elements.map((value): PatchOperation => ({ op: "replace", path: "MEMBERS", value })),
  elements.map((members): PatchOperation => ({ op: "add", value: { members } })),
  elements.map((members): PatchOperation => ({ op: "replace", value: { members, displayName: "renamed" } })),
  elements
    .filter((value) => value.length > 0)
    .map((value): PatchOperation => ({ op: "remove", path: "members", value })),
  filtered.map((text): PatchOperation => ({ op: "remove", path: `members[${text}]` })),
  filtered.map((text): PatchOperation => ({ op: "remove", path: `members[not (${text})]` })),
  fc.constant<PatchOperation>({ op: "remove", path: "members" }),
  fc.constant<PatchOperation>({ op: "replace", path: "displayName", value: "new" }),
);

describe("a PATCH of a group", () => {
  it("has the same outcome through the membership draft as through the general engine", () => {
    fc.assert(
      fc.property(ids, fc.array(operation, { minLength: 1, maxLength: 6 }), (before, operations) => {
        const group = store.add({ type: "Group", home: "rfc", levels: ["rfc"], shared: { displayName: "g" } });
        store.changeMembers(group, { add: people.filter(({ id }) => before.includes(id)) });
        const schemas = [groupSchema.core.id];
        const members = [...(group.members?.values() ?? [])].map(describeMember);
        const expected = applyPatch(
          { schemas, displayName: "g", ...(members.length > 0 && { members }) },
          operations,
          groupSchema,
        );

        const draft = new MembershipDraft(group, (id) => store.get("rfc", id));
        const document = patchGroup({ schemas, displayName: "g" }, operations, groupSchema, draft, describeMember);
        store.changeMembers(group, draft.changes());

        const wanted = ((expected.members ?? []) as { value: string }[]).map(({ value }) => value).sort();
        expect([...(group.members?.keys() ?? [])].sort()).toEqual(wanted);
        expect(document.displayName).toBe(expected.displayName);
        store.remove(group);
      }),
    );
  });
});
