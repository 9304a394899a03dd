import { describe, expect, it } from "vitest";
import { applyJobEdit } from "../../../src/job/edit.ts";
import { jobFromSchema } from "../../../src/job/fromSchema.ts";
import { jobSchema, type Job } from "../../../src/job/job.ts";
import type { JobEdit } from "../../../src/job/jobEdit.ts";
import { applySchemaEdit } from "../../../src/job/schemaEdit.ts";
import { readSchemaJob } from "../../../src/job/schemaReading.ts";
import { layouts, synchronizationSchema } from "../mapping/entraSchemas.ts";

const settings = {
  name: "Databricks",
  baseUrl: "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim",
  syncAll: false,
  tenantId: "contoso",
  servicePrincipalId: "sp",
};
const text = layouts["pretty"] ?? "";
const jobOf = (schema: string) => readSchemaJob(schema, settings).draft;
const clone = () => JSON.parse(text);

/** What the same change makes of a job file. */
function edited(job: Job, edit: JobEdit): Job {
  const { users, groups, scope, ...rest } = job;
  const input = { ...rest, scope, users, groups };
  return jobSchema.parse(JSON.parse(applyJobEdit(JSON.stringify(input), edit)));
}

const edits: readonly (readonly [string, JobEdit])[] = [
  ["a direct source", { kind: "set", path: ["users", "mappings", 0, "source", "attribute"], value: "mail" }],
  ["another type of source", { kind: "set", path: ["users", "mappings", 0, "source"], value: { constant: "x" } }],
  [
    "an expression",
    { kind: "set", path: ["users", "mappings", 1, "source", "expression"], value: 'Join(" ", [givenName], [surname])' },
  ],
  [
    "an expression that is not complete yet",
    { kind: "set", path: ["users", "mappings", 1, "source", "expression"], value: "Join([giv" },
  ],
  ["a target", { kind: "set", path: ["users", "mappings", 2, "target"], value: "userType" }],
  ["a matching precedence", { kind: "set", path: ["users", "mappings", 3, "matching"], value: 2 }],
  ["no matching precedence", { kind: "remove", path: ["users", "mappings", 0, "matching"] }],
  ["a default", { kind: "set", path: ["users", "mappings", 0, "default"], value: "none" }],
  ["no default", { kind: "remove", path: ["users", "mappings", 3, "default"] }],
  ["apply on creation", { kind: "set", path: ["users", "mappings", 0, "apply"], value: "create" }],
  ["apply always", { kind: "remove", path: ["users", "mappings", 2, "apply"] }],
  [
    "a new row",
    {
      kind: "insert",
      path: ["users", "mappings", 4],
      value: { target: "locale", source: { attribute: "preferredLanguage" } },
    },
  ],
  ["a row less", { kind: "remove", path: ["users", "mappings", 1] }],
  ["another order", { kind: "move", path: ["users", "mappings", 3], to: 0 }],
  ["actions", { kind: "set", path: ["users", "actions"], value: ["create", "update"] }],
  ["groups that are provisioned", { kind: "set", path: ["groups", "enabled"], value: true }],
  ["a clause's attribute", { kind: "set", path: ["scope", "users", 0, "clauses", 0, "attribute"], value: "state" }],
  ["a clause's operator", { kind: "set", path: ["scope", "users", 0, "clauses", 0, "operator"], value: "NOT EQUALS" }],
  ["a clause's value", { kind: "set", path: ["scope", "users", 0, "clauses", 0, "value"], value: "Paris" }],
  [
    "a new clause",
    { kind: "insert", path: ["scope", "users", 0, "clauses", 2], value: { attribute: "mail", operator: "IS NULL" } },
  ],
  ["a clause less", { kind: "remove", path: ["scope", "users", 0, "clauses", 1] }],
  ["no filter", { kind: "remove", path: ["scope", "users", 0] }],
  [
    "a first filter",
    {
      kind: "set",
      path: ["scope", "groups"],
      value: [{ title: "Data", clauses: [{ attribute: "displayName", operator: "EQUALS", value: "Data" }] }],
    },
  ],
];

describe("a change of the mapping table in a synchronization schema", () => {
  it.each(edits)("makes of %s what it makes of it in a job file", (_, edit) => {
    const { job } = jobFromSchema(text, settings);
    expect(jobOf(applySchemaEdit(text, edit))).toEqual(edited(job, edit));
  });

  it.each(edits)("leaves every line but those of %s byte for byte", (_, edit) => {
    const before = text.split("\n");
    const after = applySchemaEdit(text, edit).split("\n");
    let start = 0;
    while (before[start] === after[start]) start += 1;
    let end = 0;
    while (before.at(-1 - end) === after.at(-1 - end)) end += 1;
    // What changed stands in one rule, between what the schema says of itself and its directories.
    expect(before.slice(0, start).join("\n")).toContain('"USERGROUP_OUTBOUND_USERGROUP"');
    expect(before.slice(before.length - end).join("\n")).toContain("directories");
    expect(before.length - start - end).toBeLessThan(80);
  });

  it("keeps what a row says beyond a job's words, its flow included", () => {
    const schema = clone();
    const rows = schema.synchronizationRules[1].objectMappings[0].attributeMappings;
    rows[0].custom = { kept: [1, 2] };
    const path = ["users", "mappings", 0, "target"];
    const after = JSON.parse(applySchemaEdit(JSON.stringify(schema), { kind: "set", path, value: "externalId" }));
    expect(after.synchronizationRules[1].objectMappings[0].attributeMappings[0]).toEqual({
      ...rows[0],
      targetAttributeName: "externalId",
    });
  });

  it("counts no row without source, as the table shows none", () => {
    const schema = clone();
    const [mapping] = schema.synchronizationRules[1].objectMappings;
    mapping.attributeMappings.unshift({ targetAttributeName: "nickName", source: null });
    const edit: JobEdit = { kind: "remove", path: ["users", "mappings", 0] };
    const after = JSON.parse(applySchemaEdit(JSON.stringify(schema), edit));
    const targets = after.synchronizationRules[1].objectMappings[0].attributeMappings.map(
      ({ targetAttributeName }: { targetAttributeName: string }) => targetAttributeName,
    );
    expect(targets.slice(0, 2)).toEqual(["nickName", "active"]);
  });

  it.each<JobEdit>([
    { kind: "set", path: ["connection", "baseUrl"], value: "https://example.com" },
    { kind: "set", path: ["scope", "mode"], value: "all" },
    { kind: "set", path: ["users", "mappings", 99, "target"], value: "title" },
  ])("refuses $path, which no schema holds", (edit) => {
    expect(() => applySchemaEdit(text, edit)).toThrow("has no");
  });

  it("refuses to edit a filter that it cannot show, and says how", () => {
    const schema = clone();
    schema.synchronizationRules[1].objectMappings[0].scope.groups[0].clauses[0].operatorName = "SOUNDS LIKE";
    const unknown = JSON.stringify(schema, undefined, 2);
    const reading = readSchemaJob(unknown, settings);
    expect(reading.draft?.users.mappings).toHaveLength(synchronizationSchemaRows());
    expect(reading.problems).toEqual([expect.objectContaining({ path: "scope.users" })]);
    const edit: JobEdit = { kind: "set", path: ["scope", "users"], value: [] };
    expect(() => applySchemaEdit(unknown, edit)).toThrow("Edit the schema as text");
  });
});

describe("a schema text that is no schema", () => {
  it.each([
    ["an open brace", "{", 1],
    ["no rule", '{\n  "synchronizationRules": []\n}', 2],
  ])("is told with its line: %s", (_, broken, line) => {
    const reading = readSchemaJob(broken, settings);
    expect(reading.draft).toBeUndefined();
    expect(reading.problems[0]?.line).toBe(line);
  });
});

function synchronizationSchemaRows(): number {
  const [, rule] = synchronizationSchema.synchronizationRules;
  return (
    rule?.objectMappings[0]?.attributeMappings.filter((row) => (row as { source: unknown }).source != null).length ?? 0
  );
}
