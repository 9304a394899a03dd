import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { jobJsonSchema, jobSchemaText, knownKeys } from "../../../src/job/jsonSchema.ts";

describe("the JSON Schema of a job file", () => {
  it("is current in media/job.schema.json (otherwise: npm run generate)", async () => {
    const file = new URL("../../../media/job.schema.json", import.meta.url);
    expect(await readFile(file, "utf8")).toBe(jobSchemaText());
  });

  it("describes every value, so that VS Code explains it on hover", () => {
    const bare: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      for (const [name, property] of Object.entries(Reflect.get(schema, "properties") ?? {})) {
        const at = `${path}.${name}`;
        const fixed = typeof property === "object" && property !== null && "const" in property;
        const told =
          typeof property === "object" && property !== null && ("description" in property || "title" in property);
        if (!fixed && !told) bare.push(at);
        visit(property, at);
      }
      visit(Reflect.get(schema, "items"), `${path}[]`);
      for (const key of ["anyOf", "oneOf"]) {
        for (const option of (Reflect.get(schema, key) as unknown[] | undefined) ?? []) visit(option, path);
      }
    };
    visit(jobJsonSchema(), "");
    expect(bare).toEqual([]);
  });

  it("knows the keys of each place, by the kind of directory", () => {
    expect(knownKeys({ directory: { type: "json" } }, ["directory"])).toEqual(["type", "file"]);
    expect(knownKeys({}, ["users", "mappings", 3])).toEqual(["target", "source", "matching", "default", "apply"]);
    expect(knownKeys({}, ["nowhere"])).toEqual([]);
  });
});
