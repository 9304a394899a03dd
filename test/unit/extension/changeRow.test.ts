import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/changes/change.ts";
import { rowAction, rowParts } from "../../../src/extension/changes/changeRow.ts";

const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
const ada = { schemas, id: "42", userName: "ada@contoso.com", displayName: "Ada Okafor", active: true };
const update: Change = {
  id: "c1",
  action: "update",
  resourceType: "User",
  name: "ada@contoso.com",
  targetId: "42",
  before: ada,
  after: { ...ada, displayName: "Ada Lovelace" },
  requests: [],
  reason: "Changed by hand.",
};

/** A row as VS Code draws it: the last segment, and the detail beside it. */
function row(change: Change): string {
  const { path, query } = rowParts(change, "User/42");
  const { detail } = JSON.parse(query) as { detail: string };
  return `${path.slice(path.lastIndexOf("/") + 1)} | ${detail}`;
}

describe("a row of the Source Control view", () => {
  it("names the person, and says what happens to them", () => {
    expect(row(update)).toBe("Ada Lovelace | displayName");
    const { before: _before, targetId: _targetId, ...rest } = update;
    expect(row({ ...rest, action: "create", after: ada })).toBe("Ada Okafor | ada@contoso.com");
    expect(row({ ...update, action: "deactivate", after: { ...ada, active: false } })).toBe(
      "Ada Okafor | ada@contoso.com",
    );
  });

  it("says why a job takes access away", () => {
    const left: Change = { ...update, action: "deactivate", sourceId: "s1", reason: "Gone from the directory." };
    expect(row(left)).toBe("Ada Lovelace | Gone from the directory");
  });

  it("counts members, and claims none where they were not read", () => {
    const group = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], id: "7", displayName: "data" };
    const change: Change = { ...update, resourceType: "Group", name: "data", before: group, after: group };
    const add = { ...group, members: [{ value: "1" }, { value: "2" }] };
    expect(row({ ...change, after: add })).toBe("data | +2 members");
    expect(row({ ...change, action: "create", after: add })).toBe("data | 2 members");
    expect(row({ ...change, action: "delete" })).toBe("data | ");
  });

  it("keeps a name in one piece and plain, whatever it holds", () => {
    const name = `a/b\u202ec${"x".repeat(500)}`;
    const { path } = rowParts({ ...update, after: { ...ada, displayName: name } }, "User/42");
    expect(path.split("/")).toHaveLength(3);
    expect(path).not.toContain("\u202e");
    expect(path.length).toBeLessThan(200);
  });

  it("tells the letter of its action, and none of an address that is no row's", () => {
    expect(rowAction(rowParts(update, "User/42"))).toBe("update");
    expect(rowAction({ path: "/x", query: "id=42" })).toBeUndefined();
    expect(rowAction({ path: "/x", query: '{"action":"drop"}' })).toBeUndefined();
  });
});
