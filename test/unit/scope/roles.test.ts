import { describe, expect, it } from "vitest";
import type { Assignment, DirectoryGroup } from "../../../src/directory/source.ts";
import { RoleIndex } from "../../../src/scope/roles.ts";

const group = (id: string, members: readonly string[]): [string, DirectoryGroup] => [
  id,
  { id, attributes: { displayName: id }, members },
];
const user = (principalId: string, appRole: string, appRoleValue?: string): Assignment => ({
  principalId,
  principalType: "User",
  appRole,
  ...(appRoleValue !== undefined && { appRoleValue }),
});
const through = (principalId: string, appRole: string): Assignment => ({
  principalId,
  principalType: "Group",
  appRole,
});
const rolesOf = (assignments: readonly Assignment[], groups: readonly [string, DirectoryGroup][], id: string) =>
  new RoleIndex(assignments, new Map(groups)).of(id).map(({ value }) => value);

describe("the roles of a user", () => {
  it("are their own and those of assigned groups that hold them directly, each once, by value", () => {
    const groups = [group("analysts", ["ada", "inner"]), group("inner", ["bob"])];
    const assignments = [
      through("analysts", "Reader"),
      user("ada", "Writer"),
      user("ada", "Reader"),
      user("ada", "Admin"),
    ];
    expect(rolesOf(assignments, groups, "ada")).toEqual(["Admin", "Reader", "Writer"]);
    expect(rolesOf(assignments, groups, "bob")).toEqual([]);
  });

  it("do not hold Default Access, however it is written", () => {
    const assignments = [
      user("ada", ""),
      user("ada", "default access"),
      user("ada", "Default Access"),
      user("ada", "Reader"),
    ];
    expect(rolesOf(assignments, [], "ada")).toEqual(["Reader"]);
    expect(rolesOf(assignments.slice(0, 3), [], "ada")).toEqual([]);
  });

  it("have the value of the application, and go by the name where there is none", () => {
    const index = new RoleIndex([user("ada", "Workspace reader", "reader"), user("ada", "User")], new Map());
    expect(index.of("ada")).toEqual([
      { value: "User", displayName: "User" },
      { value: "reader", displayName: "Workspace reader" },
    ]);
  });

  it("do not depend on the order in which assignments are read", () => {
    const assignments = [user("ada", "B"), user("ada", "A"), user("ada", "C")];
    expect(rolesOf(assignments, [], "ada")).toEqual(rolesOf(assignments.toReversed(), [], "ada"));
  });
});
