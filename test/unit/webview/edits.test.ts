import { describe, expect, it } from "vitest";
import type { EditMessage } from "../../../src/extension/jobEditor/messages.ts";
import type { MappingRow } from "../../../src/extension/jobEditor/messages/job.ts";
import { toHostSchema } from "../../../src/extension/jobEditor/messages.ts";
import { applyTextEdits, textEditsOf } from "../../../src/extension/jobEditor/textEdits.ts";
import { addClause, addGroup, removeClause, setOperator } from "../../../src/webview/jobEditor/clauses.ts";
import {
  newMapping,
  setApply,
  setDefault,
  setMatching,
  setSourceText,
  setSourceType,
  shortTarget,
} from "../../../src/webview/jobEditor/mappings.ts";

const text = `{
  // kept
  "scope": {
    "users": [
      { "title": "Data", "clauses": [{ "attribute": "department", "operator": "EQUALS", "value": "Data" }] }
    ]
  },
  "users": {
    "mappings": [
      { "target": "userName", "source": { "attribute": "userPrincipalName" }, "matching": 1 },
      { "target": "title", "source": { "attribute": "jobTitle" }, "apply": "create", "default": "None" }
    ]
  }
}
`;
const userName: MappingRow = {
  target: "userName",
  source: { attribute: "userPrincipalName" },
  matching: 1,
  apply: "always",
};
const title: MappingRow = { target: "title", source: { attribute: "jobTitle" }, default: "None", apply: "create" };

/** The lines that a gesture changes, as a diff shows them. */
function changed(...edits: EditMessage[]): string[] {
  const after = applyTextEdits(text, textEditsOf(text, edits)).split("\n");
  const before = new Set(text.split("\n"));
  return after.filter((line) => !before.has(line)).map((line) => line.trim());
}

describe("the edits of a mapping row", () => {
  it("changes one line for a source, its type, a default, matching or apply", () => {
    expect(changed(setSourceText("users", 0, userName, "mail"))).toEqual([
      '{ "target": "userName", "source": { "attribute": "mail" }, "matching": 1 },',
    ]);
    expect(changed(setSourceType("users", 0, userName, "expression")!)).toEqual([
      '{ "target": "userName", "source": { "expression": "[userPrincipalName]" }, "matching": 1 },',
    ]);
    expect(changed(...setDefault("users", 0, userName, "x"))).toEqual([
      '{ "target": "userName", "source": { "attribute": "userPrincipalName" }, "matching": 1, "default": "x" },',
    ]);
    expect(changed(...setMatching("users", 0, userName, undefined))).toEqual([
      '{ "target": "userName", "source": { "attribute": "userPrincipalName" } },',
    ]);
    expect(changed(...setApply("users", 1, title, "always"))).toEqual([
      '{ "target": "title", "source": { "attribute": "jobTitle" }, "default": "None" }',
    ]);
  });

  it("makes no edit when nothing changes", () => {
    expect(setDefault("users", 1, title, "None")).toEqual([]);
    expect(setApply("users", 1, title, "create")).toEqual([]);
    expect(setMatching("users", 0, userName, 1)).toEqual([]);
    expect(setSourceType("users", 0, userName, "direct")).toBeUndefined();
  });

  it("keeps what a source can keep when its type changes", () => {
    const from = (source: MappingRow["source"], type: "direct" | "constant" | "expression") => {
      const edit = setSourceType("users", 0, { ...userName, source }, type);
      return edit?.kind === "set" ? edit.value : undefined;
    };
    expect(from({ expression: "ToLower([mail])" }, "direct")).toEqual({ attribute: "mail" });
    expect(from({ constant: 'a "b"' }, "expression")).toEqual({ expression: '"a \\"b\\""' });
    expect(from({ attribute: "mail" }, "constant")).toEqual({ constant: "" });
  });

  it("begins a new row with the attribute of the same name, or one that ends with it", () => {
    const names = ["id", "jobTitle", "givenName", "displayName"];
    expect(newMapping("name.givenName", names).source).toEqual({ attribute: "givenName" });
    expect(newMapping("title", names).source).toEqual({ attribute: "jobTitle" });
    expect(newMapping("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter", names).source).toEqual({
      attribute: "displayName",
    });
  });

  it("shortens a URN in its middle", () => {
    expect(shortTarget("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department")).toBe(
      "urn:…:2.0:User:department",
    );
    expect(shortTarget('emails[type eq "work"].value')).toBe('emails[type eq "work"].value');
  });
});

describe("the edits of a scoping filter", () => {
  const group = { title: "Data", clauses: [{ attribute: "department", operator: "EQUALS", value: "Data" }] };

  it("takes the operand away with an operator that has none, in one gesture", () => {
    const edits = setOperator("users", 0, 0, group.clauses[0]!, "IS NULL", "none");
    expect(changed(...edits)).toEqual([
      '{ "title": "Data", "clauses": [{ "attribute": "department", "operator": "IS NULL" }] }',
    ]);
  });

  it("gives an operator the operand that it needs", () => {
    const clause = { attribute: "level", operator: "IS NULL" };
    expect(setOperator("users", 0, 0, clause, "EQUALS", "text")[1]).toMatchObject({ value: "" });
    expect(setOperator("users", 0, 0, clause, "Greater_Than", "integer")[1]).toMatchObject({ value: "0" });
    expect(setOperator("users", 0, 0, group.clauses[0]!, "Greater_Than", "integer")[1]).toMatchObject({ value: "0" });
    expect(setOperator("users", 0, 0, group.clauses[0]!, "Includes", "text")).toHaveLength(1);
  });

  it("adds clauses and groups that are complete, and removes a group with its last clause", () => {
    expect(changed(addClause("users", 0, group, "country"))).toEqual([
      '{ "title": "Data", "clauses": [{ "attribute": "department", "operator": "EQUALS", "value": "Data" }, { "attribute": "country", "operator": "IS NOT NULL" }] }',
    ]);
    expect(addGroup("groups", [], "displayName")).toMatchObject({ kind: "set", path: ["scope", "groups"] });
    expect(removeClause("users", 0, 0, group)).toEqual({ kind: "remove", path: ["scope", "users", 0] });
  });
});

describe("the messages of the page", () => {
  const edit = (edits: unknown[]) => toHostSchema.safeParse({ kind: "edit", id: 1, version: 2, edits }).success;

  it("takes edits with plain JSON at plain paths, and nothing else", () => {
    expect(edit([{ kind: "set", path: ["users", "mappings", 0, "default"], value: "x" }])).toBe(true);
    expect(edit([{ kind: "set", path: [], value: "x" }])).toBe(false);
    expect(edit([{ kind: "set", path: ["users", -1], value: "x" }])).toBe(false);
    expect(edit([{ kind: "set", path: ["users"], value: undefined }])).toBe(false);
    expect(edit([{ kind: "move", path: ["users", 0], to: 1.5 }])).toBe(false);
    expect(edit([])).toBe(false);
  });

  it("knows only its own actions", () => {
    expect(toHostSchema.safeParse({ kind: "run", action: "openAsText" }).success).toBe(true);
    expect(toHostSchema.safeParse({ kind: "run", action: "workbench.action.quit" }).success).toBe(false);
    expect(toHostSchema.safeParse({ kind: "command", command: "x" }).success).toBe(false);
  });
});
