import { expect, it } from "vitest";
import type { Change } from "../../../src/changes/change.ts";
import { isReviewed, parseReviewed, reviewedLine } from "../../../src/changes/digest.ts";

const change: Change = {
  id: "an id with blanks",
  action: "update",
  resourceType: "User",
  name: "ada@contoso.com",
  requests: [{ method: "PATCH", path: "/Users/42", body: { Operations: [{ op: "replace", value: { title: "Dr" } }] } }],
  reason: "Changed in the directory.",
};

it("what was reviewed passes as text, and names a change only while it would send the same", () => {
  const other = { ...change, id: "other" };
  const reviewed = parseReviewed(reviewedLine(change) + reviewedLine(other));
  expect(reviewed.size).toBe(2);
  expect(isReviewed(reviewed, change)).toBe(true);
  expect(isReviewed(reviewed, { ...change, name: "Ada", reason: "Another sentence." })).toBe(true);
  expect(isReviewed(reviewed, { ...change, requests: [] })).toBe(false);
  expect(isReviewed(reviewed, { ...change, id: "third" })).toBe(false);
  expect(parseReviewed("").size).toBe(0);
});
