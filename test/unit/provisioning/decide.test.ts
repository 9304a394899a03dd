import { describe, expect, it } from "vitest";
import { compileMappings } from "../../../src/mapping/compileMappings.ts";
import { Considerer, type Considered } from "../../../src/provisioning/consider.ts";
import { sourceName } from "../../../src/provisioning/sourceName.ts";
import type { Link } from "../../../src/provisioning/jobState.ts";
import { makeKnown, type Known, type Place } from "../../../src/provisioning/known.ts";
import { planLeaver } from "../../../src/provisioning/leavers.ts";
import type { JobContext } from "../../../src/provisioning/jobContext.ts";
import { matchObjects } from "../../../src/provisioning/match.ts";
import { References } from "../../../src/provisioning/references.ts";
import { TargetIndex } from "../../../src/provisioning/targetIndex.ts";
import { dialectFor } from "../../../src/scim/dialects/dialects.ts";
import type { ScimResource } from "../../../src/scim/resource.ts";
import { builtinSchema } from "../../../src/scim/schemas/builtin.ts";
import type { ScopeDecision } from "../../../src/scope/scope.ts";

const dialect = dialectFor("generic", "https://example.com/scim");
const schemas = { User: builtinSchema("User"), Group: builtinSchema("Group") };
const users = compileMappings(
  [
    { target: "userName", source: { attribute: "upn" }, matching: 1 },
    { target: "externalId", source: { attribute: "employeeId" }, matching: 2 },
    { target: "displayName", source: { attribute: "displayName" } },
  ],
  { resourceType: "User", schema: schemas.User, dialect },
);
const groups = compileMappings(
  [
    { target: "displayName", source: { attribute: "displayName" }, matching: 1 },
    { target: "members", source: { attribute: "members" } },
  ],
  { resourceType: "Group", schema: schemas.Group, dialect },
);

const isIn: ScopeDecision = { inScope: true, active: true, detail: "In scope." };
const isOut: ScopeDecision = {
  inScope: false,
  active: true,
  reason: "NotEffectivelyEntitled",
  cause: "notAssigned",
  detail: "Not assigned.",
};
const disabled: ScopeDecision = { ...isIn, active: false, cause: "disabled", detail: "Disabled." };

describe("considering an object of the directory", () => {
  const consider = (attributes: Record<string, string>, decision: ScopeDecision, link?: Link, everyone = false) =>
    new Considerer({ type: "User", mappings: users, everyone, leftToo: false }).consider(
      { id: "1", attributes },
      "ada",
      decision,
      link,
    );
  const hashOf = (attributes: Record<string, string>, decision = isIn) => {
    const outcome = consider(attributes, decision, { targetId: "t", hash: "", scope: "in" });
    if (outcome.kind !== "compare") throw new Error("It is not compared.");
    return outcome.object.hash;
  };
  const link = (hash: string, more: Partial<Link> = {}): Link => ({ targetId: "t", hash, scope: "in", ...more });
  const ada = { upn: "ada@contoso.com", displayName: "Ada" };

  it("compares who is new, who changed, who waits for others and, in an initial cycle, everyone", () => {
    const same = hashOf(ada);
    expect(consider(ada, isIn).kind).toBe("compare");
    expect(consider(ada, isIn, link("other")).kind).toBe("compare");
    expect(consider(ada, isIn, link(same, { deferred: true })).kind).toBe("compare");
    expect(consider(ada, isIn, link(same, { scope: "out" })).kind).toBe("compare");
    expect(consider(ada, isIn, link(same), true).kind).toBe("compare");
    expect(consider(ada, isIn, link(same)).kind).toBe("unchanged");
  });

  it("sees a change of what is mapped, or of who is disabled, and of nothing else", () => {
    expect(hashOf({ ...ada, shoeSize: "42" })).toBe(hashOf(ada));
    expect(hashOf({ ...ada, displayName: "Augusta" })).not.toBe(hashOf(ada));
    expect(hashOf(ada, disabled)).not.toBe(hashOf(ada));
    // Values do not run into each other.
    expect(hashOf({ upn: "a", displayName: "bc" })).not.toBe(hashOf({ upn: "ab", displayName: "c" }));
  });

  it("lets go of who is linked and out of scope, once", () => {
    expect(consider(ada, isOut, link(""))).toEqual({
      kind: "leaving",
      targetId: "t",
      name: "ada",
      reason: "Not assigned.",
    });
    expect(consider(ada, isOut, link("", { scope: "out" })).kind).toBe("unchanged");
    expect(consider(ada, isOut)).toMatchObject({ kind: "skip", skip: { reason: "NotEffectivelyEntitled" } });
  });

  it("skips who is disabled and was never provisioned, and who has no value to match by", () => {
    expect(consider(ada, disabled)).toMatchObject({ skip: { detail: "Disabled. It was never provisioned." } });
    expect(consider({ displayName: "Ada" }, isIn)).toMatchObject({
      skip: { reason: "ImportSkipped", detail: "No value for any matching attribute (userName, externalId)." },
    });
    expect(consider({ displayName: "Ada" }, isIn, link("")).kind).toBe("compare");
  });

  it("calls people by their user name, else their display name, mail or id", () => {
    expect(sourceName({ id: "1", attributes: { displayName: "Ada", userPrincipalName: "ada@c" } })).toBe("ada@c");
    expect(sourceName({ id: "1", attributes: { displayName: "Ada", userPrincipalName: "" } })).toBe("Ada");
    expect(sourceName({ id: "1", attributes: {} })).toBe("1");
  });
});

const considered = (sourceId: string, matching: Record<string, string>, link?: Link): Considered => ({
  type: "User",
  sourceId,
  name: sourceId,
  attributes: {},
  computed: { isSoftDeleted: false },
  hash: "",
  link,
  matching: Object.entries(matching).map(([path, value]) => ({ path, value })),
});

describe("matching", () => {
  const index = (...resources: ScimResource[]) => {
    const made = new TargetIndex({ User: ["userName", "externalId"], Group: [] }, schemas, dialect);
    for (const resource of resources) made.add("User", resource);
    return made;
  };
  const match = (objects: Considered[], target: TargetIndex, owners: Record<string, string> = {}, relink = false) => {
    const { matched, skips } = matchObjects(objects, target, (id) => owners[id], relink);
    return [
      ...matched.map(({ object, target: found }) => `${object.sourceId} is ${found?.id ?? "new"}`),
      ...skips.map(({ sourceId, reason }) => `${sourceId} ${reason}`),
    ];
  };
  const linkTo = (targetId: string): Link => ({ targetId, hash: "", scope: "in" });

  it("goes by the link before any value, and by the first attribute that hits", () => {
    const target = index({ id: "1", userName: "Ada", externalId: "7" }, { id: "2", userName: "bob", externalId: "8" });
    expect(match([considered("a", { userName: "ADA", externalId: "8" })], target)).toEqual(["a is 1"]);
    expect(match([considered("a", { userName: "nobody", externalId: "8" })], target)).toEqual(["a is 2"]);
    expect(match([considered("a", { userName: "ada" }, linkTo("2"))], target)).toEqual(["a is 2"]);
    expect(match([considered("a", { userName: "eve" })], target)).toEqual(["a is new"]);
  });

  it("tells many matches, a place that is taken and a counterpart that is gone", () => {
    const target = index({ id: "1", userName: "x", externalId: "7" }, { id: "2", userName: "y", externalId: "7" });
    expect(match([considered("a", { externalId: "7" })], target)).toEqual(["a DuplicateTargetEntries"]);
    expect(match([considered("a", { userName: "x" })], target, { "1": "b" })).toEqual(["a DuplicateSourceEntries"]);
    expect(match([considered("a", { userName: "x" }, linkTo("9"))], target)).toEqual(["a InvalidAnchor"]);
    expect(match([considered("a", { userName: "x" }, linkTo("9"))], target, {}, true)).toEqual(["a is 1"]);
  });

  it("never lets two meet: neither in one that exists nor in one that both would make", () => {
    const target = index({ id: "1", userName: "ada" });
    const twins = [considered("a", { userName: "Ada" }), considered("b", { userName: "aDA" })];
    expect(match(twins, target)).toEqual(["a DuplicateSourceEntries", "b DuplicateSourceEntries"]);
    expect(match(twins, index())).toEqual(["a DuplicateSourceEntries", "b DuplicateSourceEntries"]);
    const linked = considered("a", { userName: "ada" }, linkTo("1"));
    expect(match([linked, twins[1]!], target)).toEqual(["a is 1", "b DuplicateSourceEntries"]);
  });
});

describe("members", () => {
  const places: Record<string, Place> = { ada: { id: "1" }, bob: "created", cyd: "absent", dee: { id: "4" } };
  const known = (id: string): Known => ({ ...makeKnown(id, id), place: places[id] });
  const references = (mayRemove = true) =>
    new References({
      known,
      placeOf: ({ id }) => places[id] ?? "absent",
      sourceOf: (id) => ({ "1": "ada", "4": "dee" })[id],
      mayRemove,
    });
  const group = (...members: string[]): ScimResource => ({
    id: "g",
    displayName: "Data",
    members: members.map((value) => ({ value })),
  });
  const object = (...members: string[]): Considered => ({
    ...considered("g", {}),
    type: "Group",
    members: members.map(known),
  });
  const values = (document: Record<string, unknown>) =>
    (document["members"] as { value: string }[]).map(({ value }) => value);

  it("are ids of who is there, placeholders of who is made, and wait for who is nowhere", () => {
    const { document, deferred } = references().intoNew({ displayName: "Data" }, object("ada", "bob", "cyd"), groups);
    expect(values(document)).toEqual(["1", "{bob}"]);
    expect(deferred).toBe(true);
  });

  it("that are strangers stay, that the directory knows and no longer lists go", () => {
    const before = group("1", "4", "stranger");
    const { document, deferred } = references().into(before, object("ada"), groups);
    expect(values(document)).toEqual(["1", "stranger"]);
    expect(deferred).toBe(false);
    expect(values(before)).toEqual(["1", "4", "stranger"]);
  });

  it("that may not be removed now stay, and are looked at again", () => {
    const before = group("1", "4");
    const { document, deferred } = references(false).into(before, object("ada"), groups);
    expect(document).toBe(before);
    expect(deferred).toBe(true);
  });

  it("that are as they should be give the document itself", () => {
    const before = group("4", "1");
    expect(references().into(before, object("ada", "dee"), groups).document).toBe(before);
  });
});

describe("someone who leaves", () => {
  const leave = (
    type: "User" | "Group",
    settings: { leavingScope: string; actions?: string[] },
    target: ScimResource | undefined,
    withheld?: string,
  ) => {
    const actions = settings.actions ?? ["create", "update", "delete"];
    const context = {
      job: { settings: { leavingScope: settings.leavingScope }, users: { actions }, groups: { actions } },
      schemas,
      client: { dialect },
      patchSupported: true,
    };
    const leaver = { type, sourceId: "s", targetId: "1", name: "s", reason: "Gone." };
    const { change, skip } = planLeaver(leaver, target, context as unknown as JobContext, withheld);
    return change?.action ?? skip?.reason ?? "nothing";
  };
  const user = { id: "1", userName: "ada", active: true };
  const group = { id: "1", displayName: "Data" };

  it("is deactivated, deleted or kept, as the job says; a group has no active and is deleted", () => {
    expect(leave("User", { leavingScope: "deactivate" }, user)).toBe("deactivate");
    expect(leave("User", { leavingScope: "delete" }, user)).toBe("delete");
    expect(leave("User", { leavingScope: "keep" }, user)).toBe("SkipOutOfScopeDeletions");
    expect(leave("Group", { leavingScope: "deactivate" }, group)).toBe("delete");
    expect(leave("Group", { leavingScope: "keep" }, group)).toBe("SkipOutOfScopeDeletions");
  });

  it("needs nothing when gone or inactive already", () => {
    expect(leave("User", { leavingScope: "deactivate" }, undefined)).toBe("nothing");
    expect(leave("User", { leavingScope: "deactivate" }, { ...user, active: false })).toBe("nothing");
    expect(leave("User", { leavingScope: "delete" }, { ...user, active: false })).toBe("delete");
  });

  it("stays without the action that it takes, and where nothing may be removed", () => {
    expect(leave("User", { leavingScope: "deactivate", actions: ["create", "delete"] }, user)).toBe("ActionNotEnabled");
    expect(leave("User", { leavingScope: "delete", actions: ["create", "update"] }, user)).toBe("ActionNotEnabled");
    expect(leave("Group", { leavingScope: "deactivate", actions: ["update"] }, group)).toBe("ActionNotEnabled");
    expect(leave("User", { leavingScope: "delete" }, user, "Not read to the end.")).toBe("RemovalWithheld");
  });
});
