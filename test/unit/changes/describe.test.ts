import { describe, expect, it } from "vitest";
import { makeCreate, makeDelete, makeUpdate } from "../../../src/changes/build.ts";
import {
  changeDocuments,
  changedAttributes,
  changedMembers,
  changeSummary,
  describeChange,
} from "../../../src/changes/describe.ts";
import { urns } from "../../../src/scim/resource.ts";
import { ada, engineers, inGeneric, reason } from "../../support/changeSamples.ts";

function userUpdate(parts: Record<string, unknown>) {
  const { change } = makeUpdate(ada, { ...ada, ...parts }, inGeneric("User"), reason);
  return change!;
}

function groupUpdate(parts: Record<string, unknown>) {
  const { change } = makeUpdate(engineers, { ...engineers, ...parts }, inGeneric("Group"), reason);
  return change!;
}

describe("what a change touches", () => {
  it("is named part by part", () => {
    const change = userUpdate({
      name: { givenName: "Ada", familyName: "King" },
      [urns.enterpriseUser]: { department: "Data" },
    });
    expect(changedAttributes(change)).toEqual(["name.familyName", `${urns.enterpriseUser}:department`]);
  });

  it("names members that come and go", () => {
    const change = groupUpdate({ members: [{ value: "2" }, { value: "3" }] });
    expect(changedMembers(change)).toEqual({ added: [{ value: "3" }], removed: [{ value: "1" }] });
  });
});

describe("a summary", () => {
  it.each([
    ["one attribute by its name", userUpdate({ title: "Countess" }), "title"],
    [
      "an extension's attribute by its last part",
      userUpdate({ [urns.enterpriseUser]: { department: "Data" } }),
      "department",
    ],
    ["more than two by their number", userUpdate({ title: "a", nickName: "b", displayName: "c" }), "3 attributes"],
    ["members by their numbers", groupUpdate({ members: [{ value: "2" }, { value: "3" }] }), "+1 member −1 member"],
    [
      "both",
      groupUpdate({
        displayName: "Data",
        members: [...(engineers["members"] as unknown[]), { value: "8" }, { value: "9" }],
      }),
      "displayName, +2 members",
    ],
    ["a delete as such", makeDelete(ada, inGeneric("User"), reason), "delete"],
  ])("gives %s", (_what, change, text) => {
    expect(changeSummary(change)).toBe(text);
  });

  it("stands behind what is done to whom", () => {
    expect(describeChange(userUpdate({ title: "Countess" }))).toBe("Update user ada@contoso.com: title");
    expect(describeChange(makeDelete(engineers, inGeneric("Group"), reason))).toBe("Delete group Engineers");
  });
});

describe("the two sides of a diff", () => {
  it("hold their attributes in the same order, without meta", () => {
    const { before, after } = changeDocuments(userUpdate({ title: "Countess" }));
    expect(before).not.toContain("version");
    const [left, right] = [before.split("\n"), after.split("\n")];
    expect(right.filter((line) => !left.includes(line))).toEqual(['  "title": "Countess",']);
    expect(left.filter((line) => !right.includes(line))).toEqual([]);
  });

  it("are empty where there is no document", () => {
    expect(changeDocuments(makeDelete(ada, inGeneric("User"), reason)).after).toBe("");
    expect(changeDocuments(makeCreate({ userName: "x" }, inGeneric("User"), reason).change!).before).toBe("");
  });
});
