import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDatabricksFilter } from "../../../src/sandbox/filterRules.ts";
import { defaultSwitches } from "../../../src/sandbox/options.ts";
import { pageByIndex } from "../../../src/sandbox/paging.ts";
import { readQuery } from "../../../src/sandbox/query.ts";
import { Random } from "../../../src/sandbox/random.ts";
import { Renderer } from "../../../src/sandbox/render.ts";
import { Searcher } from "../../../src/sandbox/search.ts";
import { Store } from "../../../src/sandbox/store.ts";
import { compileFilter } from "../../../src/scim/filter/compile.ts";
import { parseFilter } from "../../../src/scim/filter/parse.ts";
import { userSchema } from "../../../src/scim/schemas/builtin.ts";

describe("a search", () => {
  it("finds by index what the filter itself finds, whatever the texts are", () => {
    const texts = fc.constantFrom("ann", "Ann", 'q"uote', "back\\slash", "", "é", "x y");
    fc.assert(
      fc.property(
        fc.array(texts, { maxLength: 8 }),
        texts,
        fc.constantFrom("userName", "externalId", "displayName"),
        (stored, wanted, name) => {
          const store = new Store("decimal", new Random(1), () => 0);
          for (const text of stored)
            store.add({ type: "User", home: "rfc", levels: ["rfc"], shared: { [name]: text } });
          const renderer = new Renderer(() => "");
          const searcher = new Searcher(store, renderer, defaultSwitches("rfc"));
          const filter = `${name} eq ${JSON.stringify(wanted)}`;
          const matches = compileFilter(parseFilter(filter), userSchema);
          const expected = store.list("rfc", "User").filter((entry) => matches(renderer.document(entry, "rfc")));
          expect(searcher.find("rfc", ["User"], { filter })).toEqual(expected);
        },
      ),
    );
  });

  it("sees a change although the last result is kept", () => {
    const store = new Store("decimal", new Random(1), () => 0);
    const searcher = new Searcher(store, new Renderer(() => ""), defaultSwitches("rfc"));
    const find = () => searcher.find("rfc", ["User"], { filter: "title pr" });
    const entry = store.add({ type: "User", home: "rfc", levels: ["rfc"], shared: { userName: "a" } });
    expect(find()).toEqual([]);
    store.update(entry, { userName: "a", title: "x" });
    expect(find()).toEqual([entry]);
  });

  it("reads the same from one parameter as from many", () => {
    const value = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(value, (filter) => {
        const text = `filter=${encodeURIComponent(filter)}`;
        expect(readQuery(text)).toEqual(readQuery(`${text}&other=1`));
      }),
    );
    expect(readQuery("filter=%zz")).toEqual(readQuery("filter=%zz&other=1"));
    expect(readQuery("count=5&count=6").count).toBe(5);
  });

  it("counts the nodes of a Databricks filter as a binary tree", () => {
    const chain = (length: number) => Array.from({ length }, () => 'userName eq "x"').join(" or ");
    expect(() => readDatabricksFilter(chain(100), false)).not.toThrow();
    expect(() => readDatabricksFilter(chain(101), false)).toThrow(/more than 200 nodes/);
  });
});

describe("a page by index", () => {
  it("walks over everything once, by what was received", () => {
    const store = new Store("decimal", new Random(1), () => 0);
    const entries = Array.from({ length: 23 }, (_, at) =>
      store.add({ type: "User", home: "rfc", levels: ["rfc"], shared: { userName: `u${at}` } }),
    );
    const seen = [];
    for (let start = 1; ;) {
      const page = pageByIndex(entries, start, 5, 100);
      if (page.entries.length === 0) break;
      seen.push(...page.entries);
      start += page.entries.length;
    }
    expect(seen).toEqual(entries);
    expect(pageByIndex(entries, 1, -3, 100).entries).toEqual([]);
  });
});
