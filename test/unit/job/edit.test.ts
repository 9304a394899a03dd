import * as fc from "fast-check";
import { parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { applyJobEdit, editJob, JobEditError } from "../../../src/job/edit.ts";

const text = `{
  // reviewed by the identity team
  "name": "Databricks",
  "users": {
    "mappings": [
      { "target": "userName", "matching": 1 },
      { "target": "displayName" }, // as shown
      { "target": "active" /* computed */ }
    ]
  }
}
`;

const mappings = ["users", "mappings"] as const;

describe("editing a job file as text", () => {
  it("sets a value and leaves every other character as it is", () => {
    const [edit, ...others] = editJob(text, { kind: "set", path: ["name"], value: "Databricks production" });
    expect(others).toEqual([]);
    expect(edit).toEqual({ offset: text.indexOf('"Databricks"'), length: 12, content: '"Databricks production"' });
  });

  it("makes the objects on the way", () => {
    const after = applyJobEdit(text, { kind: "set", path: ["settings", "deletionGuard", "count"], value: 7 });
    expect(parse(after)).toEqual({ ...(parse(text) as object), settings: { deletionGuard: { count: 7 } } });
    expect(after).toContain("// reviewed by the identity team");
  });

  it("inserts a row before another, indented like its neighbours", () => {
    const after = applyJobEdit(text, { kind: "insert", path: [...mappings, 1], value: { target: "title" } });
    expect(targets(after)).toEqual(["userName", "title", "displayName", "active"]);
    expect(after).toContain("// as shown");
    expect(after).toBe(
      text.replace(
        '      { "target": "displayName" }',
        '      { "target": "title" },\n      { "target": "displayName" }',
      ),
    );
  });

  it("adds a row behind the last one and leaves the comment of that one where it is", () => {
    const commented = text.replace(" /* computed */ }", " } // computed");
    const after = applyJobEdit(commented, { kind: "insert", path: [...mappings, 3], value: { target: "title" } });
    expect(after).toBe(
      commented.replace(
        '{ "target": "active" } // computed',
        '{ "target": "active" }, // computed\n      { "target": "title" }',
      ),
    );
  });

  it("keeps a row on its line when a key is added, replaced or removed", () => {
    const row = [...mappings, 0];
    const put = (key: string, value: unknown) => applyJobEdit(text, { kind: "set", path: [...row, key], value });
    expect(put("source", { constant: "x" })).toContain(
      '{ "target": "userName", "matching": 1, "source": { "constant": "x" } },\n',
    );
    expect(put("target", { a: [1, {}] })).toContain('{ "target": { "a": [1, {}] }, "matching": 1 },\n');
    const without = (key: string) => applyJobEdit(text, { kind: "remove", path: [...row, key] });
    expect(without("matching")).toContain('      { "target": "userName" },\n');
    expect(without("target")).toContain('      { "matching": 1 },\n');
  });

  it("keeps one row a line when the whole list is replaced", () => {
    const value = [{ target: "a" }, { target: "b" }];
    const after = applyJobEdit(text, { kind: "set", path: mappings, value });
    expect(after).toContain('[\n      { "target": "a" },\n      { "target": "b" }\n    ]');
  });

  it("writes a row on several lines where its neighbours stand on several", () => {
    const spread = JSON.stringify({ rows: [{ target: "a" }] }, undefined, 2);
    expect(applyJobEdit(spread, { kind: "insert", path: ["rows", 1], value: { target: "b" } })).toBe(
      JSON.stringify({ rows: [{ target: "a" }, { target: "b" }] }, undefined, 2),
    );
  });

  it("makes of the value what the same change makes of the data, whatever the layout", () => {
    const value = fc.constantFrom<unknown>(1, "x", { source: { attribute: "a" } }, []);
    const place = fc.nat(2);
    fc.assert(
      fc.property(
        fc.constantFrom(text, JSON.stringify(parse(text)), JSON.stringify(parse(text), undefined, 4)),
        place,
        value,
        (job, at, put) => {
          const rows = () => (parse(job) as { users: { mappings: unknown[] } }).users.mappings;
          const after = (edit: Parameters<typeof applyJobEdit>[1]) =>
            (parse(applyJobEdit(job, edit)) as { users: { mappings: unknown[] } }).users.mappings;
          expect(after({ kind: "set", path: [...mappings, at], value: put })).toEqual(rows().with(at, put));
          expect(after({ kind: "insert", path: [...mappings, at], value: put })).toEqual(rows().toSpliced(at, 0, put));
          expect(after({ kind: "remove", path: [...mappings, at] })).toEqual(rows().toSpliced(at, 1));
        },
      ),
    );
  });

  it("removes a row", () => {
    expect(targets(applyJobEdit(text, { kind: "remove", path: [...mappings, 0] }))).toEqual(["displayName", "active"]);
  });

  it("moves a row with the comments inside it", () => {
    const after = applyJobEdit(text, { kind: "move", path: [...mappings, 2], to: 0 });
    expect(targets(after)).toEqual(["active", "userName", "displayName"]);
    expect(after).toContain('{ "target": "active" /* computed */ },\n');
  });

  it("keeps tabs and CRLF", () => {
    const before = '{\r\n\t"name": "a"\r\n}\r\n';
    expect(applyJobEdit(before, { kind: "set", path: ["users"], value: { enabled: true } })).toBe(
      '{\r\n\t"name": "a",\r\n\t"users": {\r\n\t\t"enabled": true\r\n\t}\r\n}\r\n',
    );
  });

  it("refuses a place that is not there", () => {
    expect(() => editJob(text, { kind: "remove", path: ["groups"] })).toThrow(JobEditError);
    expect(() => editJob(text, { kind: "move", path: [...mappings, 0], to: 3 })).toThrow("the list has 3 elements");
    expect(() => editJob(text, { kind: "move", path: ["name"], to: 0 })).toThrow("no element of a list");
    expect(() => editJob(text, { kind: "set", path: ["name", "first"], value: 1 })).toThrow(JobEditError);
  });

  it("moves there and back again to the same text", () => {
    fc.assert(
      fc.property(fc.nat(2), fc.nat(2), (from, to) => {
        const there = applyJobEdit(text, { kind: "move", path: [...mappings, from], to });
        const expected = targets(text);
        expected.splice(to, 0, ...expected.splice(from, 1));
        expect(targets(there)).toEqual(expected);
        expect(applyJobEdit(there, { kind: "move", path: [...mappings, to], to: from })).toBe(text);
      }),
    );
  });
});

function targets(job: string): string[] {
  const value = parse(job) as { users: { mappings: { target: string }[] } };
  return value.users.mappings.map(({ target }) => target);
}
