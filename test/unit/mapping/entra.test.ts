import { describe, expect, it } from "vitest";
import { exportSchema } from "../../../src/mapping/entra/exportSchema.ts";
import { expressionOfSource, expressionToTree } from "../../../src/mapping/entra/expressionTree.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { SynchronizationSchemaError } from "../../../src/mapping/entra/synchronizationSchema.ts";
import { compileMappings } from "../../../src/mapping/compileMappings.ts";
import type { Mapping } from "../../../src/mapping/mapping.ts";
import { vectors } from "./vectors.ts";
import { layouts, synchronizationSchema } from "./entraSchemas.ts";

const text = layouts["pretty"]!;
/** The schema as loose JSON, to be changed by a test. */
const clone = () => JSON.parse(JSON.stringify(synchronizationSchema));
const usersOf = (schema: ReturnType<typeof clone>) => schema.synchronizationRules[1].objectMappings[0];
const usersRows = () => importSchema(text).users!.mappings;

describe("importing a synchronization schema", () => {
  it("gives rows, actions and scope of the editable rule", () => {
    expect(importSchema(text)).toMatchObject({
      users: {
        enabled: true,
        actions: ["create", "update", "delete"],
        mappings: [
          { target: "userName", source: { attribute: "userPrincipalName" }, matching: 1 },
          { target: "active", source: { expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' } },
          { target: "title", source: { constant: "Guest" }, apply: "create" },
          { target: "name.givenName", source: { attribute: "givenName" }, default: "Unknown" },
        ],
        scope: [
          {
            title: "Analysts in Lyon",
            clauses: [
              { attribute: "city", operator: "EQUALS", value: "Lyon" },
              { attribute: "jobTitle", operator: "IS NOT NULL" },
            ],
          },
        ],
        kept: [{ targetAttributeName: "nickName", defaultValue: "none" }],
      },
      groups: { enabled: false, actions: ["create", "update"], scope: [] },
    });
    expect(compileMappings(importSchema(text).groups!.mappings, { resourceType: "Group" }).references).toHaveLength(1);
  });

  it("tells what a job has no words for", () => {
    expect(importSchema(text).notes.map(({ severity, place, message }) => [severity, place, message])).toEqual([
      ["warning", "users.mappings", expect.stringContaining("nickName has no source")],
      ["warning", "users.mappings", expect.stringContaining("AttributeAddOnly")],
    ]);
  });

  it("gives no scope at all where a part of the filter is unknown, since the rest would let in more people", () => {
    const schema = clone();
    usersOf(schema).scope.groups[0].clauses[0].operatorName = "SOUNDS LIKE";
    const imported = importSchema(JSON.stringify(schema));
    expect(imported.users?.scope).toBeUndefined();
    expect(imported.notes).toContainEqual(expect.objectContaining({ severity: "error", place: "users.scope" }));
  });

  it.each([
    ["no JSON", "{", "not JSON"],
    ["another document", "{}", "synchronizationRules"],
    ["no rule", '{"synchronizationRules":[]}', "no synchronization rule"],
    [
      "a row without target",
      '{"synchronizationRules":[{"objectMappings":[{"sourceObjectName":"User","attributeMappings":[{}]}]}]}',
      "targetAttributeName",
    ],
    ["only locked rules", '{"synchronizationRules":[{"editable":false,"objectMappings":[]}]}', "No editable rule"],
    ["a deep tree", `${"[".repeat(50_000)}${"]".repeat(50_000)}`, "nested more than"],
  ])("refuses %s with one clear error", (_, bad, part) => {
    expect(() => importSchema(bad)).toThrow(SynchronizationSchemaError);
    expect(() => importSchema(bad)).toThrow(part);
  });
});

describe("exporting into a synchronization schema", () => {
  for (const [layout, original] of Object.entries(layouts)) {
    it(`gives the same bytes back when nothing is changed: ${layout}`, () => {
      const { users, groups } = importSchema(original);
      expect(exportSchema(original, { users, groups }).text).toBe(original);
    });

    it(`changes only what is changed: ${layout}`, () => {
      const { users } = importSchema(original);
      const mappings: Mapping[] = [
        ...users!.mappings
          .filter(({ target }) => target !== "title")
          .map((row): Mapping =>
            row.target === "userName"
              ? { ...row, source: { attribute: "mail" } }
              : row.target === "name.givenName"
                ? { target: row.target, source: row.source }
                : row,
          ),
        { target: "displayName", source: { expression: 'Join(" ", [givenName], [surname])' }, apply: "create" },
        { target: "externalId", source: { constant: "x" }, matching: 2 },
      ];
      const exported = exportSchema(original, { users: { mappings } }).text;
      const expected = JSON.parse(original);
      const rows = usersOf(expected).attributeMappings;
      rows[0].source = { expression: "[mail]", name: "mail", type: "Attribute", parameters: [] };
      rows[4].defaultValue = null;
      rows.splice(2, 1);
      const added = { exportMissingReferences: false, flowBehavior: "FlowWhenChanged", defaultValue: null };
      rows.push(
        {
          ...added,
          flowType: "ObjectAddOnly",
          matchingPriority: 0,
          targetAttributeName: "displayName",
          source: expressionToTree('Join(" ", [givenName], [surname])'),
        },
        {
          ...added,
          flowType: "Always",
          matchingPriority: 2,
          targetAttributeName: "externalId",
          source: { type: "Constant", name: "x", expression: '"x"', parameters: [] },
        },
      );
      expect(JSON.parse(exported)).toEqual(expected);
      // What stands in front of the first and behind the last changed row is untouched, byte for byte.
      expect(exported.startsWith(original.slice(0, original.indexOf("[userPrincipalName]") - 30))).toBe(true);
      expect(exported.endsWith(original.slice(original.indexOf("urn:ietf:params:scim:schemas:core:2.0:Group")))).toBe(
        true,
      );
      expect(importSchema(exported).users?.mappings).toEqual(mappings);
    });
  }

  it("writes settings and scope only where they differ in meaning", () => {
    const same = exportSchema(text, { users: { enabled: true, actions: ["delete", "create", "update"] } });
    expect(same.text).toBe(text);
    const { text: changed } = exportSchema(text, {
      users: { enabled: false, actions: ["create"], scope: [] },
      groups: { scope: [{ clauses: [{ attribute: "displayName", operator: "Includes", value: "Data" }] }] },
    });
    const expected = clone();
    Object.assign(usersOf(expected), { enabled: false, flowTypes: "Add" });
    usersOf(expected).scope.groups = [];
    expected.synchronizationRules[1].objectMappings[1].scope = {
      groups: [
        {
          name: "Filter 1",
          clauses: [
            { operatorName: "Includes", sourceOperandName: "displayName", targetOperand: { values: ["Data"] } },
          ],
        },
      ],
      inputFilterGroups: [],
      categoryFilterGroups: [],
    };
    expect(JSON.parse(changed)).toEqual(expected);
  });

  it("keeps rows without words when all others are replaced, and fills an emptied table", () => {
    const only: Mapping[] = [{ target: "userName", source: { attribute: "mail" }, matching: 1 }];
    const exported = exportSchema(text, { users: { mappings: [] }, groups: { mappings: only } }).text;
    const rows = (index: number) =>
      JSON.parse(exported).synchronizationRules[1].objectMappings[index].attributeMappings;
    expect(rows(0)).toEqual([expect.objectContaining({ targetAttributeName: "nickName", source: null })]);
    expect(rows(1)).toEqual([expect.objectContaining({ targetAttributeName: "userName", matchingPriority: 1 })]);
  });

  it("names the expressions whose tree only the service can make, and takes it when it is given", () => {
    const expression = 'IIF([country]="USA", "1", "2")';
    const mappings: Mapping[] = [...usersRows(), { target: "displayName", source: { expression } }];
    expect(exportSchema(text, { users: { mappings } }).needTree).toEqual([expression]);
    const tree = {
      type: "Function",
      name: "IIF",
      expression,
      parameters: [{ key: "condition", value: { type: "Constant", name: "x" } }],
    };
    const exported = exportSchema(text, { users: { mappings } }, { trees: new Map([[expression, tree]]) });
    expect(exported.needTree).toEqual([]);
    expect(usersOf(JSON.parse(exported.text)).attributeMappings.at(-1).source).toEqual(tree);
  });

  it("refuses to write an object that the schema lacks", () => {
    const schema = clone();
    schema.synchronizationRules[1].objectMappings.pop();
    expect(() => exportSchema(JSON.stringify(schema), { groups: { mappings: [] } })).toThrow(
      "no editable mapping of groups",
    );
  });
});

describe("expression trees", () => {
  it("use the documented keys, and the legacy ones of Replace", () => {
    const keys = (expression: string) => expressionToTree(expression)?.parameters?.map(({ key }) => key);
    expect(keys("Mid([a], 1, 3)")).toEqual(["source", "start", "length"]);
    expect(keys('Replace([a], "x", , , "y", , )')).toEqual(["source", "Find", "Replacement"]);
    expect(expressionToTree("Mid([a], 1, 3)")?.parameters?.[1]?.value).toEqual({
      type: "Constant",
      name: "1",
      expression: '"1"',
      parameters: [],
    });
  });

  it("give back an expression of the same meaning when the service leaves the text out", () => {
    for (const { expression, cases } of vectors) {
      const tree = expressionToTree(expression);
      if (tree === undefined) continue;
      const rebuilt = expressionOfSource({ ...tree, expression: null });
      expect(expressionToTree(rebuilt)?.parameters, expression).toEqual(tree.parameters);
      expect(cases.length).toBeGreaterThan(0);
    }
  });
});
