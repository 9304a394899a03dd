import { describe, expect, it } from "vitest";
import { mergeJson } from "../../../src/entra/mergeJson.ts";

const merge = (base: unknown, edited: unknown, current: unknown) => {
  const { text, conflicts } = mergeJson(JSON.stringify(base), JSON.stringify(edited), JSON.stringify(current));
  return { value: JSON.parse(text) as unknown, conflicts };
};
const row = (targetAttributeName: string, from = "a") => ({ targetAttributeName, from });

describe("the three-way merge of schemas", () => {
  it("takes what only one side changed", () => {
    expect(merge({ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 3 })).toEqual({ value: { a: 2, b: 3 }, conflicts: [] });
  });

  it("leaves the other text as it stands", () => {
    const current = '{ "a": 1,\n   "b": 2.50 , "c":[ ] }';
    expect(mergeJson('{"a":1}', '{"a":5}', current).text).toBe('{ "a": 5,\n   "b": 2.50 , "c":[ ] }');
  });

  it("knows rows by their target, wherever they stand", () => {
    expect(merge([row("x"), row("y")], [row("x", "b"), row("y")], [row("y", "c"), row("x")])).toEqual({
      value: [row("y", "c"), row("x", "b")],
      conflicts: [],
    });
  });

  it("adds and removes rows beside those of the other", () => {
    expect(
      merge([row("x"), row("y"), row("z")], [row("z"), row("mine")], [row("x"), row("y"), row("z"), row("theirs")]),
    ).toEqual({
      value: [row("z"), row("theirs"), row("mine")],
      conflicts: [],
    });
  });

  it("names each place where both moved, with what both have there", () => {
    expect(merge({ rows: [row("x")] }, { rows: [row("x", "b")] }, { rows: [row("x", "c")] }).conflicts).toEqual([
      { place: "rows › x › from", ours: "b", theirs: "c" },
    ]);
    expect(merge([row("x")], [], [row("x", "c")]).conflicts).toEqual([
      { place: "x", ours: undefined, theirs: row("x", "c") },
    ]);
    expect(merge([row("x")], [row("x", "b")], []).conflicts).toEqual([
      { place: "x", ours: row("x", "b"), theirs: undefined },
    ]);
  });

  it("lets each conflict be decided by itself", () => {
    const base = [row("changed"), row("removed"), row("gone"), row("other")];
    const mine = [row("changed", "mine"), row("gone", "mine"), row("other", "mine")];
    const theirs = [row("changed", "theirs"), row("removed", "theirs"), row("other", "theirs")];
    const all = mergeJson(JSON.stringify(base), JSON.stringify(mine), JSON.stringify(theirs)).conflicts;
    expect(all.map(({ place }) => place)).toEqual(["changed › from", "removed", "other › from", "gone"]);
    const decided = new Map([
      ["changed › from", "ours"],
      ["removed", "ours"],
      ["other › from", "theirs"],
    ] as const);
    const merged = mergeJson(JSON.stringify(base), JSON.stringify(mine), JSON.stringify(theirs), decided);
    expect(merged.conflicts.map(({ place }) => place)).toEqual(["gone"]);
    const last = new Map([...decided, ["gone", "ours"]] as const);
    const whole = mergeJson(JSON.stringify(base), JSON.stringify(mine), JSON.stringify(theirs), last);
    expect(JSON.parse(whole.text)).toEqual([row("changed", "mine"), row("other", "theirs"), row("gone", "mine")]);
  });

  it("takes the source of a row as a whole", () => {
    const source = (name: string) => [{ targetAttributeName: "x", source: { name, expression: `[${name}]` } }];
    expect(merge(source("a"), source("b"), source("c")).conflicts).toHaveLength(1);
  });

  it("sees no conflict where both made the same change", () => {
    expect(merge({ a: 1 }, { a: 2 }, { a: 2 })).toEqual({ value: { a: 2 }, conflicts: [] });
  });
});
