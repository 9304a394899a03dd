import { describe, expect, it } from "vitest";
import { DocumentSyntaxError, documentText, parseDocument } from "../../../src/extension/documents/documentText.ts";
import { hoverAt, proposalsAt } from "../../../src/extension/documents/jsonHelp.ts";
import { documentProblems } from "../../../src/extension/documents/problems.ts";
import { ada, contextOf } from "./support.ts";

const user = contextOf("User");
const stored = { ...user, stored: ada };
const text = documentText(ada, user.schema);
const problemsOf = (edited: string, context = stored) =>
  documentProblems(edited, context).map(({ severity, code, offset, length }) => [
    severity,
    code,
    edited.slice(offset, offset + length),
  ]);

describe("a document", () => {
  it("reads in the order of the schema and without meta, and back to the same", () => {
    const printed = documentText({ ...ada, meta: { version: "1" } }, user.schema);
    expect(printed).toBe(text);
    expect(text.indexOf('"userName"')).toBeLessThan(text.indexOf('"displayName"'));
    expect(documentText(parseDocument(text), user.schema)).toBe(text);
  });

  it.each([
    ["{", 1, 2],
    ['{\n  "userName": "ada",\n}', 3, 1],
    ['{\n  "a": 1 // note\n}', 2, 10],
    ["[]", 1, 1],
    ["", 1, 1],
  ])("that is no JSON object is refused with line and column: %j", (broken, line, column) => {
    expect(() => parseDocument(broken)).toThrow(DocumentSyntaxError);
    expect(() => parseDocument(broken)).toThrow(`line ${line}, column ${column}`);
  });

  it("with a hostile attribute name is only data", () => {
    const parsed = parseDocument('{"__proto__": {"polluted": true}, "userName": "a"}');
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("diagnostics of a document", () => {
  it("are none when nothing is wrong, whatever the order of values", () => {
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf(JSON.stringify(ada))).toEqual([]);
  });

  it("say that the id was changed", () => {
    expect(problemsOf(text.replace('"42"', '"43"'))).toEqual([["error", "id-changed", '"43"']]);
  });

  it("say what Databricks ignores, where it stands", () => {
    const edited = text.replace('"userName": "ada', '"userName": "eve');
    expect(documentProblems(edited, stored)).toMatchObject([
      {
        severity: "warning",
        code: "immutable-attribute",
        message: expect.stringMatching(/ignores changes of userName/),
      },
    ]);
    expect(problemsOf(edited)).toEqual([["warning", "immutable-attribute", '"userName"']]);
  });

  it("say nothing of a case that the service folds anyway", () => {
    expect(problemsOf(text.replace('"userName": "ada', '"userName": "ADA'))).toEqual([
      ["warning", "immutable-attribute", '"userName"'],
    ]);
    const generic = { ...contextOf("User", "generic"), stored: ada };
    expect(problemsOf(text.replace('"userName": "ada', '"userName": "ADA'), generic)).toEqual([]);
  });

  it("say that a value has the wrong type", () => {
    expect(problemsOf(text.replace("true", '"yes"'))).toEqual([["error", "wrong-type", '"yes"']]);
    expect(problemsOf(text.replace(/"emails": \[[^\]]*\]/, '"emails": "a@b"'))).toEqual([
      ["error", "wrong-type", '"a@b"'],
    ]);
  });

  it("say that a required attribute is missing", () => {
    expect(problemsOf('{ "id": "42" }').map(([, code]) => code)).toEqual(["required"]);
    expect(problemsOf('{ "displayName": "" }', contextOf("Group") as typeof stored).map(([, code]) => code)).toEqual([
      "required",
    ]);
  });

  it("say that an attribute is unknown or kept by the service", () => {
    const edited = text.replace('"active"', '"nickname2": "x",\n  "active"').replace('"value": "7"', '"value": "8"');
    expect(problemsOf(edited).map(([severity, code]) => [severity, code])).toEqual([
      ["warning", "unknown-attribute"],
      ["warning", "immutable-attribute"],
    ]);
  });

  it("are left to the JSON language when the JSON is broken", () => {
    expect(problemsOf("[1,")).toEqual([]);
  });

  it("of a megabyte come without a hang or a crash", () => {
    const edited = text.replace('"active"', `"x": "${"y".repeat(1_000_000)}",\n"active"`);
    expect(problemsOf(edited).map(([, code]) => code)).toEqual(["unknown-attribute"]);
    const deep = '{"x":'.repeat(100_000);
    expect(documentProblems(deep, stored)).toEqual([]);
    expect(proposalsAt(deep, 4, user).items).toEqual([]);
    expect(hoverAt(deep, 2, user)).toBeUndefined();
    expect(() => parseDocument(deep)).toThrow(/nested too deep/);
  });
});

describe("completion", () => {
  const at = (marked: string) => {
    const offset = marked.indexOf("|");
    return proposalsAt(marked.replace("|", ""), offset, user);
  };

  it("offers attributes that are not there yet", () => {
    const labels = at('{ "userName": "a", "|" }').items.map(({ label }) => label);
    expect(labels).toContain("displayName");
    expect(labels).not.toContain("userName");
    expect(labels).not.toContain("id");
  });

  it("offers sub-attributes inside complex values and inside list elements", () => {
    expect(at('{ "name": { "|" } }').items.map(({ label }) => label)).toContain("givenName");
    expect(at('{ "emails": [ { "|" } ] }').items.map(({ label }) => label)).toContain("primary");
  });

  it("puts a value of the right kind behind the name", () => {
    const items = at('{ "|" }').items;
    expect(items.find(({ label }) => label === "active")?.insert).toBe('"active": $0');
    expect(items.find(({ label }) => label === "emails")?.insert).toBe('"emails": [{ $0 }]');
    expect(items.find(({ label }) => label === "displayName")?.insert).toBe('"displayName": "$0"');
  });

  it("replaces only the name where a value follows", () => {
    const { items, replace } = at('{ "disp|": "x" }');
    expect(items.find(({ label }) => label === "displayName")?.insert).toBe('"displayName"');
    expect(replace).toEqual({ offset: 2, length: 6 });
  });

  it("offers true and false, and the values that the schema names", () => {
    expect(at('{ "active": | }').items.map(({ label }) => label)).toEqual(["true", "false"]);
    expect(at('{ "emails": [ { "type": "|" } ] }').items.map(({ label }) => label)).toContain('"work"');
  });
});

describe("a hover", () => {
  it("says what an attribute is and how the service departs", () => {
    const offset = text.indexOf('"userName"') + 3;
    const hover = hoverAt(text, offset, user);
    expect(hover?.name).toBe("userName");
    expect(hover?.lines.join("\n")).toMatch(/ignores changes of userName/);
  });

  it("is not there on values", () => {
    expect(hoverAt(text, text.indexOf("Ada Okafor") + 1, user)).toBeUndefined();
  });
});
