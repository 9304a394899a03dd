import { describe, expect, it } from "vitest";
import { namesVersion, parseEntityTag, parseEntityTags } from "../../../src/scim/etag.ts";

describe("entity tags", () => {
  it.each([
    ['W/"3"', { weak: true, value: "3" }],
    ['"a,b"', { weak: false, value: "a,b" }],
    ['""', { weak: false, value: "" }],
    ["3", undefined],
    ['w/"3"', undefined],
    ['"3', undefined],
    ['"1" "2"', undefined],
    ["", undefined],
    ["*", undefined],
  ])("%s is read as %o", (text, tag) => {
    expect(parseEntityTag(text)).toStrictEqual(tag);
  });

  it("a header holds several tags, or any", () => {
    expect(parseEntityTags(' W/"1" , "2"')).toStrictEqual([
      { weak: true, value: "1" },
      { weak: false, value: "2" },
    ]);
    expect(parseEntityTags("*")).toBe("*");
    expect(parseEntityTags(`${'"1",'.repeat(100_000)}"1"`)).toBeUndefined();
  });

  it.each([
    ['W/"3"', 'W/"3"', true],
    ['"3"', 'W/"3"', true],
    ['"1", W/"3"', 'W/"3"', true],
    ['W/"4"', 'W/"3"', false],
    ["*", 'W/"3"', true],
    ["*", undefined, true],
    ['"3"', undefined, false],
    ["nonsense", 'W/"3"', undefined],
  ])("the header %s against the version %s: %s", (header, version, expected) => {
    expect(namesVersion(header, version)).toBe(expected);
  });
});
