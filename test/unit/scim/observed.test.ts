import { describe, expect, it } from "vitest";
import { departureOf, dialectFor } from "../../../src/scim/dialects/dialects.ts";
import { canLookUp, describeObserved, withObserved } from "../../../src/scim/dialects/observedDialect.ts";
import { mergeObservations, parseObservation, type Observation } from "../../../src/scim/observed.ts";

const now = new Date("2026-11-24T12:00:00.000Z");
const generic = dialectFor("generic", "https://scim.example.com/v2");
const databricks = dialectFor("databricks", "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2");

describe("a dialect with what was seen", () => {
  it("is the dialect itself where nothing was seen", () => {
    expect(withObserved(generic, {})).toEqual(generic);
    expect(withObserved(databricks, {})).toEqual(databricks);
    expect(describeObserved(generic, {})).toEqual([]);
  });

  it("departs where the service was seen to depart, and says each in a sentence", () => {
    const seen = {
      patch: false,
      filterOperators: ["sw"],
      maxPageSize: 20,
      listHasMembers: false,
      removeMember: ["value" as const],
      filteredPaths: false,
      etags: false,
      keepsUserNameCase: false,
      userNameWritable: false,
      enterpriseUser: false,
    };
    const dialect = withObserved(generic, seen);
    expect(dialect).toMatchObject({
      patch: { supported: false, removeMember: "value", filteredPaths: false },
      page: { size: 20, listHasMembers: false },
      etags: false,
    });
    expect(canLookUp(dialect)).toBe(false);
    expect(departureOf(dialect, "User", "userName")).toMatchObject({ stored: "lower", writable: "create" });
    const department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    expect(departureOf(dialect, "User", department)).toMatchObject({ writable: "never" });
    expect(describeObserved(generic, seen)).toEqual([
      expect.stringContaining("PUT of the whole resource"),
      expect.stringContaining("reading the list"),
      "Lists are asked for in pages of 20.",
      expect.stringContaining("Each group is read by its id"),
      expect.stringContaining("by a list of values"),
      expect.stringContaining("replaced as a whole"),
      expect.stringContaining("If-Match"),
      expect.stringContaining("stored in lower case"),
      expect.stringContaining("Changes of userName are not sent"),
      expect.stringContaining("enterprise extension"),
    ]);
  });

  it("says nothing of what the dialect knows already", () => {
    const seen = { keepsUserNameCase: false, userNameWritable: false, enterpriseUser: false, listHasMembers: true };
    expect(describeObserved(databricks, { ...seen, caseSensitiveFilter: false, patch: true })).toEqual([]);
  });

  it("asks twice for a name whose letter case filters mind, and says so", () => {
    const seen = { filterOperators: ["eq"], caseSensitiveFilter: true };
    expect(departureOf(withObserved(generic, seen), "User", "userName")).toMatchObject({ caseSensitiveLookup: true });
    expect(describeObserved(generic, seen)).toContainEqual(expect.stringContaining("in lower case as well"));
  });

  it("keeps what the service was seen to do that its dialect denies", () => {
    const dialect = withObserved(databricks, {
      keepsUserNameCase: true,
      userNameWritable: true,
      caseSensitiveFilter: false,
      enterpriseUser: true,
    });
    expect(departureOf(dialect, "User", "userName")).toBeUndefined();
    expect(dialect.departures.some(({ path }) => path.startsWith("urn:"))).toBe(false);
    expect(departureOf(dialect, "User", "emails")).toBeDefined();
  });

  it("never asks for larger pages than the dialect does", () => {
    expect(withObserved(generic, { maxPageSize: 1000 }).page.size).toBe(generic.page.size);
  });
});

const observation = (more: Partial<Observation> = {}): Observation => ({
  baseUrl: "https://scim.example.com/v2",
  observedAt: "2026-11-20T00:00:00.000Z",
  profile: { patch: true },
  ...more,
});

describe("an observation in a file", () => {
  const read = (value: unknown, baseUrl = "https://scim.example.com/v2") =>
    parseObservation(typeof value === "string" ? value : JSON.stringify(value), "seen.json", baseUrl, now);

  it("is a report of check --conformance, whatever else stands in it", () => {
    expect(read({ ...observation(), results: [], vendor: "Example" })).toEqual({ patch: true });
  });

  it.each([
    ["of another service", observation({ baseUrl: "https://evil.example.com/v2" }), /was observed at https:\/\/evil/],
    ["too old", observation({ observedAt: "2026-01-01T00:00:00.000Z" }), /is of 2026-01-01, which is too long ago/],
    ["from the future", observation({ observedAt: "2027-11-24T00:00:00.000Z" }), /too long ago/],
    ["no report", { baseUrl: "https://scim.example.com/v2" }, /is no conformance report: observedAt/],
    ["damaged", "{", /is no JSON/],
    ["with a profile of another shape", { ...observation(), profile: { maxPageSize: -1 } }, /profile\.maxPageSize/],
  ])("that is %s is refused, and what makes a good one is said", (_what, value, message) => {
    expect(() => read(value)).toThrow(message);
    expect(() => read(value)).toThrow(/Make it again with: check https:\/\/scim\.example\.com\/v2 --conformance/);
  });
});

describe("what is known after another look", () => {
  it("is what was seen now, and what only the older look had tried, with the older time", () => {
    const old = observation({ profile: { patch: false, sort: false } });
    const fresh = observation({ observedAt: "2026-11-24T00:00:00.000Z", profile: { sort: true } });
    expect(mergeObservations(old, fresh, now)).toEqual({
      ...fresh,
      observedAt: old.observedAt,
      profile: { patch: false, sort: true },
    });
    const whole = { ...fresh, profile: { patch: true, sort: true } };
    expect(mergeObservations(old, whole, now)).toEqual(whole);
  });

  it("forgets what is too old, and what was seen of another service", () => {
    const fresh = observation({ profile: { sort: true } });
    expect(mergeObservations(observation({ observedAt: "2025-11-24T00:00:00.000Z" }), fresh, now)).toEqual(fresh);
    expect(mergeObservations(observation({ baseUrl: "https://other.example.com" }), fresh, now)).toEqual(fresh);
  });
});
