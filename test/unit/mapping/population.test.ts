import { describe, expect, it } from "vitest";
import { compileMappings } from "../../../src/mapping/compileMappings.ts";
import { type ChangesTarget, PopulationSummary } from "../../../src/mapping/population.ts";

const mappings = compileMappings(
  [
    { target: "userName", source: { attribute: "mail" }, matching: 1 },
    { target: "title", source: { attribute: "jobTitle" } },
    { target: "active", source: { expression: "Not([IsSoftDeleted])" } },
    { target: "nickName", source: { expression: 'IIF([country]="", "Other", [country])' } },
  ],
  { resourceType: "User" },
);

describe("the population of a mapping", () => {
  it("counts distinct, empty, duplicate, longest, changed and failed values per row", () => {
    const summary = new PopulationSummary(mappings);
    const current = { userName: "ann@x", title: "Lead", active: true, nickName: "FR" };
    const changes: ChangesTarget = ({ target }, value) => target.read(current) !== value;
    summary.add({ mail: "ann@x", jobTitle: "Lead", country: "FR" }, {}, changes);
    summary.add({ mail: "Ann@x", jobTitle: "Lead" }, { isSoftDeleted: true }, changes);
    summary.add({ mail: "ANN@X", jobTitle: "Analyst of numbers", country: "UK" }, {}, changes);
    summary.add({ mail: "bob@x" });
    const { objects, rows } = summary.result();
    expect(objects).toBe(4);
    expect(rows[0]).toMatchObject({ filled: 4, distinct: 2, duplicates: 3, duplicateExamples: ["Ann@x"], changed: 2 });
    expect(rows[1]).toMatchObject({
      filled: 3,
      empty: 1,
      distinct: 2,
      duplicates: 0,
      longest: 18,
      longestExample: "Analyst of numbers",
      changed: 1,
    });
    expect(rows[2]).toMatchObject({ filled: 4, distinct: 2, duplicates: 0, changed: 1 });
    expect(rows[3]).toMatchObject({
      filled: 2,
      failed: 2,
      changed: 1,
      errors: [expect.objectContaining({ code: "emptyOperand", count: 2 })],
    });
  });

  it("is plain data, so that a worker can hand it on", () => {
    const summary = new PopulationSummary(mappings);
    summary.add({ mail: "a" });
    expect(structuredClone(summary.result())).toEqual(summary.result());
  });

  it("bounds what it keeps of rows that need not be unique, and says that the count is a minimum", () => {
    const summary = new PopulationSummary(mappings);
    for (let index = 0; index < 100_010; index++)
      summary.add({ mail: `u${index}@x`, jobTitle: `Title ${index}`, country: "UK" });
    const { rows } = summary.result();
    expect(rows[0]).toMatchObject({ distinct: 100_010, distinctIsMinimum: false });
    expect(rows[1]).toMatchObject({ distinct: 100_000, distinctIsMinimum: true });
  });
});
