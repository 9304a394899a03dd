import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeDelete, makeUpdate } from "../../../src/changes/build.ts";
import { checkStanding, isMeant, resolveConflict, storedDifferences } from "../../../src/changes/conflict.ts";
import { applyPatch } from "../../../src/scim/patch/apply.ts";
import type { PatchOperation, ScimResource } from "../../../src/scim/resource.ts";
import { ada, engineers, inDatabricks, inGeneric, reason } from "../../support/changeSamples.ts";

const users = inGeneric("User");
const groups = inGeneric("Group");

const renamed = makeUpdate(ada, { ...ada, displayName: "Ada King", title: "Countess" }, users, reason).change!;

function members(...values: string[]) {
  return values.map((value) => ({ value }));
}

/** Applies the requests of a change to a document, as the service would. */
function pushed(document: ScimResource, requests: readonly { body?: unknown }[]): ScimResource {
  return requests.reduce<ScimResource>((state, { body }) => {
    const operations = (body as { Operations: PatchOperation[] }).Operations;
    return applyPatch(state, operations, groups.schema) as ScimResource;
  }, document);
}

describe("a change against the resource as it is now", () => {
  it("goes when what it touches is as it was, whatever else moved", () => {
    expect(checkStanding(renamed, ada, users)).toEqual({ kind: "clean" });
    expect(checkStanding(renamed, { ...ada, nickName: "Countess", meta: {} }, users)).toEqual({ kind: "clean" });
  });

  it("is redundant when everything is as wanted already", () => {
    expect(checkStanding(renamed, { ...ada, displayName: "Ada King", title: "Countess" }, users).kind).toBe(
      "redundant",
    );
  });

  it("is left with the rest when a part was done already", () => {
    const standing = checkStanding(renamed, { ...ada, displayName: "Ada King" }, users);
    expect(standing).toMatchObject({ kind: "rebased", change: { id: renamed.id, action: renamed.action } });
    const { requests } = (standing as { change: typeof renamed }).change;
    expect(requests[0]?.body).toMatchObject({ Operations: [{ path: "title", value: "Countess" }] });
  });

  it("is in conflict when somebody else gave an attribute another value", () => {
    const standing = checkStanding(renamed, { ...ada, displayName: "Augusta" }, users);
    expect(standing).toMatchObject({
      kind: "conflict",
      conflict: {
        attributes: [{ path: "displayName", base: "Ada Lovelace", ours: "Ada King", theirs: "Augusta" }],
        message: expect.stringContaining("displayName"),
      },
    });
  });

  it("is in conflict when the resource is gone", () => {
    expect(checkStanding(renamed, undefined, users)).toMatchObject({ kind: "conflict", conflict: { attributes: [] } });
  });

  it("never conflicts over different members", () => {
    const change = makeUpdate(engineers, { ...engineers, members: members("2", "3") }, groups, reason).change!;
    const standing = checkStanding(change, { ...engineers, members: members("1", "2", "9") }, groups);
    expect(standing.kind).toBe("rebased");
    const { change: rebased } = standing as { change: typeof change };
    expect(rebased.after?.["members"]).toEqual(members("2", "9", "3"));
  });

  it("of members keeps what others did, and does exactly what was wanted", () => {
    const sets = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"));
    fc.assert(
      fc.property(sets, sets, sets, (base, ours, theirs) => {
        const before: ScimResource = { ...engineers, members: members(...base) };
        const built = makeUpdate(before, { ...before, members: members(...ours) }, groups, reason).change;
        if (built === undefined) return;
        const current: ScimResource = { ...engineers, members: members(...theirs) };
        const standing = checkStanding(built, current, groups);
        expect(standing.kind).not.toBe("conflict");
        const requests =
          standing.kind === "rebased" ? standing.change.requests : standing.kind === "clean" ? built.requests : [];
        const end = (pushed(current, requests)["members"] ?? []) as { value: string }[];
        const added = ours.filter((value) => !base.includes(value));
        const removed = base.filter((value) => !ours.includes(value));
        const expected = new Set([...theirs.filter((value) => !removed.includes(value)), ...added]);
        expect(new Set(end.map(({ value }) => value))).toEqual(expected);
      }),
    );
  });
});

describe("a delete against the resource as it is now", () => {
  const removal = makeDelete(ada, users, reason);

  it("goes when all that was known is as it was", () => {
    expect(checkStanding(removal, { ...ada, meta: {}, groups: [] }, users)).toEqual({ kind: "clean" });
  });

  it("is redundant when the resource is gone", () => {
    expect(checkStanding(removal, undefined, users)).toEqual({ kind: "redundant" });
  });

  it("is in conflict when anything known has moved", () => {
    expect(checkStanding(removal, { ...ada, active: false }, users)).toMatchObject({
      conflict: { attributes: [{ path: "active", theirs: false }] },
    });
  });

  it("goes when the group has only lost members meanwhile, as when a push deletes them first", () => {
    const group = { id: "9", displayName: "Gone", members: [{ value: "1" }, { value: "2" }] };
    const removed = makeDelete(group, groups, reason);
    expect(checkStanding(removed, { ...group, members: [{ value: "2" }] }, groups)).toEqual({ kind: "clean" });
    expect(checkStanding(removed, { ...group, members: [{ value: "2" }, { value: "3" }] }, groups).kind).toBe(
      "conflict",
    );
  });

  it("does not see attributes that were never read", () => {
    const partial = makeDelete({ id: "42", userName: "ada@contoso.com" }, users, reason);
    expect(checkStanding(partial, ada, users)).toEqual({ kind: "clean" });
  });
});

describe("resolving a conflict", () => {
  const theirs: ScimResource = { ...ada, displayName: "Augusta", nickName: "Gussie" };
  const standing = checkStanding(renamed, theirs, users);
  if (standing.kind !== "conflict") throw new Error("The sample is no conflict.");
  const { conflict } = standing;

  it("keeps ours where the person says so, on the fresh document", () => {
    const { change } = resolveConflict(conflict, new Map([["displayName", "ours"]]), users);
    expect(change?.before).toBe(theirs);
    expect(change?.after).toMatchObject({ displayName: "Ada King", title: "Countess", nickName: "Gussie" });
  });

  it("keeps theirs otherwise, and the rest of ours", () => {
    const { change } = resolveConflict(conflict, new Map(), users);
    expect(change?.after).toMatchObject({ displayName: "Augusta", title: "Countess" });
  });
});

describe("what a service stored", () => {
  it("is compared over what was sent alone", () => {
    const sent = { userName: "Ada@contoso.com", emails: [{ value: "ada@contoso.com" }] };
    const stored = { ...ada, emails: [{ value: "ada@contoso.com", type: "work", primary: true }] };
    expect(storedDifferences(sent, stored, inDatabricks("User")).map(({ path }) => path)).toEqual(["userName"]);
  });

  it("is what a create meant when only the letter case differs", () => {
    expect(isMeant({ userName: "Ada@contoso.com" }, ada, users)).toBe(true);
    expect(isMeant({ userName: "ada@contoso.com", displayName: "Someone else" }, ada, users)).toBe(false);
  });
});
