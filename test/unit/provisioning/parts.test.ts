import { describe, expect, it } from "vitest";
import { compileMappings } from "../../../src/mapping/compileMappings.ts";
import { dialectFor } from "../../../src/scim/dialects/dialects.ts";
import { builtinSchema } from "../../../src/scim/schemas/builtin.ts";
import { compileMayDiffer } from "../../../src/provisioning/compare.ts";
import { codeOfStatus, errorInformation } from "../../../src/provisioning/errorCatalogue.ts";
import { NoteBook } from "../../../src/provisioning/noteBook.ts";
import { printable } from "../../../src/provisioning/printable.ts";

describe("the quick comparison", () => {
  const url = "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2";
  const databricks = dialectFor("databricks", url);
  const generic = dialectFor("generic", "https://example.com/scim");
  const table = compileMappings(
    [
      { target: "userName", source: { attribute: "upn" }, matching: 1 },
      { target: "displayName", source: { attribute: "displayName" } },
      { target: "title", source: { attribute: "title" } },
      { target: "active", source: { expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' } },
      { target: "nickName", source: { attribute: "nick" }, apply: "create" },
    ],
    { resourceType: "User", schema: builtinSchema("User"), dialect: generic },
  );
  const target = { id: "1", userName: "ada@contoso.com", displayName: "Ada", title: "Lead", active: true };
  const source = { upn: "ada@contoso.com", displayName: "Ada", title: "Lead" };
  const onGeneric = compileMayDiffer(table, generic);
  const onDatabricks = compileMayDiffer(table, databricks);
  const enabled = { isSoftDeleted: false };
  const disabled = { isSoftDeleted: true };

  it("is certain about who is the same", () => {
    expect(onGeneric(source, target, enabled)).toBe(false);
  });

  it("sees every value that is another one, and who is disabled", () => {
    expect(onGeneric({ ...source, displayName: "Augusta" }, target, enabled)).toBe(true);
    expect(onGeneric({ ...source, upn: "Ada@contoso.com" }, target, enabled)).toBe(true);
    expect(onGeneric(source, target, disabled)).toBe(true);
  });

  it("passes over what an update does not write: nothing at the source, and rows for creation only", () => {
    expect(onGeneric({ upn: "ada@contoso.com", nick: "Gussie" }, target, enabled)).toBe(false);
  });

  it("passes over what the service cannot keep: another letter case, attributes that it forgets", () => {
    expect(onDatabricks({ ...source, upn: "Ada@Contoso.com" }, target, enabled)).toBe(false);
    expect(onDatabricks({ ...source, title: "Head" }, target, enabled)).toBe(false);
    expect(onDatabricks({ ...source, upn: "countess@contoso.com" }, target, enabled)).toBe(true);
  });
});

describe("the error catalogue", () => {
  it.each([
    [400, undefined, "UnprocessableEntity"],
    [400, "uniqueness", "Conflict"],
    [400, "noTarget", "SchemaAttributeNotFound"],
    [400, "invalidPath", "SchemaAttributeNotFound"],
    [401, undefined, "Unauthorized"],
    [403, undefined, "InsufficientRights"],
    [404, undefined, "InvalidAnchor"],
    [405, undefined, "InsufficientRights"],
    [408, undefined, "Timeout"],
    [409, undefined, "Conflict"],
    [412, undefined, "StaleChange"],
    [422, undefined, "UnprocessableEntity"],
    [429, undefined, "TooManyRequests"],
    [500, undefined, "InternalServerError"],
    [504, undefined, "Timeout"],
  ])("names what %s %s means", (status, scimType, code) => {
    expect(codeOfStatus(status, scimType)).toBe(code);
  });

  it("says what happened and what to do", () => {
    expect(errorInformation("Unauthorized", "401: no")).toEqual({
      errorCode: "Unauthorized",
      reason: "401: no",
      recommendedAction: "The token was refused. Replace it.",
    });
  });
});

describe("notes about objects", () => {
  it("are told once each, with the first names that they concern, in a fixed order", () => {
    const lines = (names: readonly string[]) => {
      const notes = new NoteBook();
      for (const name of names) notes.add("Emails follow userName.", name);
      notes.add("Another.", "x");
      return notes.lines();
    };
    const names = ["g", "b", "c", "a", "e", "d", "f"];
    expect(lines(names)).toEqual(["Another. (x)", "Emails follow userName. (a, b, c, d, e and 2 more)"]);
    expect(lines(names.toReversed())).toEqual(lines(names));
  });
});

describe("a printable text", () => {
  it("has one line and one direction", () => {
    expect(printable("a\n\u001b[31mb\u202ec\u0007")).toBe("a\ufffd\ufffd[31mb\ufffdc\ufffd");
    expect(printable("Åsa 王 🙂")).toBe("Åsa 王 🙂");
  });
});
