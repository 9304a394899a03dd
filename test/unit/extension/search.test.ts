import { describe, expect, it } from "vitest";
import { parseFilter } from "../../../src/scim/filter/parse.ts";
import { filterProblem, filterProposals, searchFilter } from "../../../src/extension/tree/search.ts";
import { contextOf, hostileNames } from "./support.ts";

const { dialect: databricks, schema } = contextOf("User");
const { dialect: generic } = contextOf("User", "generic");

describe("a search by name", () => {
  it("asks Databricks in the case in which it stores user names", () => {
    expect(searchFilter(databricks, "User", " Ada ")).toEqual({ filter: 'userName co "ada"', search: "Ada" });
    expect(searchFilter(databricks, "Group", "Data").filter).toBe('displayName co "Data"');
  });

  it("looks into both names elsewhere", () => {
    expect(searchFilter(generic, "User", "Ada").filter).toBe('userName co "Ada" or displayName co "Ada"');
  });

  it.each(hostileNames.filter((name) => name.trim() !== ""))("is always a valid filter: %j", (name) => {
    expect(() => parseFilter(searchFilter(generic, "User", name).filter)).not.toThrow();
  });
});

describe("a filter that is typed", () => {
  it("is said to be wrong with its position", () => {
    expect(filterProblem('userName eq "ada', generic)).toMatch(/character \d+/);
    expect(filterProblem('userName eq "ada"', generic)).toBeUndefined();
  });

  it("is checked against what the service evaluates; texts do not count", () => {
    expect(filterProblem('userName ew "com"', databricks)).toMatch(/operator ew.*eq, ne, co, sw/);
    expect(filterProblem('userName co "a ew b"', databricks)).toBeUndefined();
    expect(filterProblem('userName ew "com"', generic)).toBeUndefined();
  });

  const labels = (text: string, dialect = generic) => filterProposals(text, schema, dialect).map(({ label }) => label);

  it("is completed: attribute, operator, join, attribute", () => {
    expect(labels("user")).toContain("userName");
    expect(labels("userName ")).toContain("eq");
    expect(labels("userName ", databricks)).toEqual(["eq", "ne", "co", "sw"]);
    expect(labels('userName eq "a" ')).toEqual(["and", "or"]);
    expect(labels('userName eq "a and b" and ')).toContain("displayName");
    expect(labels("title pr ")).toEqual(["and", "or"]);
    expect(labels("name.g")).toEqual(["name.givenName"]);
    expect(labels("userName eq ")).toEqual([]);
  });

  it("takes the proposal into the whole text", () => {
    expect(filterProposals("user", schema, generic)[0]?.text).toBe("userName ");
    expect(filterProposals("userName s", schema, generic)[0]?.text).toBe('userName sw "');
    expect(filterProposals("(dis", schema, generic)[0]?.text).toBe("(displayName ");
  });
});
