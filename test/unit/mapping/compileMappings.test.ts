import { describe, expect, it } from "vitest";
import { checkMappings, compileMappings } from "../../../src/mapping/compileMappings.ts";
import { defaultMappings } from "../../../src/mapping/defaults.ts";
import { MappingsError, type Mapping } from "../../../src/mapping/mapping.ts";
import { urns } from "../../../src/scim/resource.ts";
import { databricks } from "../../../src/scim/dialects/databricks.ts";
import { generic } from "../../../src/scim/dialects/generic.ts";

const matching: Mapping = { target: "userName", source: { attribute: "userPrincipalName" }, matching: 1 };
const direct = (target: string, attribute: string, more: Partial<Mapping> = {}): Mapping => ({
  target,
  source: { attribute },
  ...more,
});
const users = (...rows: Mapping[]) => compileMappings([matching, ...rows], { resourceType: "User" });
const create = { mode: "create" } as const;
const update = { mode: "update" } as const;
const problems = (rows: readonly Mapping[], options: Partial<Parameters<typeof checkMappings>[1]> = {}) =>
  checkMappings(rows, { resourceType: "User", ...options }).problems;
const codes = (rows: readonly Mapping[], options: Partial<Parameters<typeof checkMappings>[1]> = {}) =>
  problems(rows, options).map(({ code }) => code);

describe("applying mappings", () => {
  it("maps a person with the default rows of Databricks", () => {
    const mappings = compileMappings(defaultMappings.databricks.users, {
      resourceType: "User",
      dialect: databricks("workspace"),
    });
    const ada = { userPrincipalName: "Ada@contoso.com", displayName: "Ada Lovelace" };
    expect(mappings.apply(ada, { ...create, isSoftDeleted: false })).toEqual({
      document: { userName: "Ada@contoso.com", displayName: "Ada Lovelace", active: true },
      errors: [],
    });
    expect(mappings.apply(ada, { ...update, isSoftDeleted: true }).document["active"]).toBe(false);
  });

  it("maps a person with the default rows of generic SCIM", () => {
    const mappings = compileMappings(defaultMappings.generic.users, { resourceType: "User", dialect: generic });
    const { document, errors } = mappings.apply(
      {
        userPrincipalName: "ada@contoso.com",
        givenName: "Ada",
        surname: "Lovelace",
        mail: "ada@contoso.com",
        city: "London",
        country: "UK",
        physicalDeliveryOfficeName: "St James's",
        mobile: "+44 1",
        department: "Analysis",
        manager: "babbage",
        IsSoftDeleted: "False",
      },
      create,
    );
    expect(errors).toEqual([]);
    expect(document).toEqual({
      userName: "ada@contoso.com",
      active: true,
      emails: [{ type: "work", value: "ada@contoso.com" }],
      name: { givenName: "Ada", familyName: "Lovelace", formatted: "Ada Lovelace" },
      addresses: [
        { type: "other", formatted: "St James's" },
        { type: "work", locality: "London", country: "UK" },
      ],
      phoneNumbers: [{ type: "mobile", value: "+44 1" }],
      [urns.enterpriseUser]: { department: "Analysis" },
    });
    expect(mappings.references.map(({ kind, sourceIds }) => [kind, sourceIds({ manager: "babbage" })])).toEqual([
      ["manager", ["babbage"]],
    ]);
    expect(mappings.warnings).toEqual([]);
  });

  it("maps groups, with the id of the object and the members as references", () => {
    const mappings = compileMappings(defaultMappings.generic.groups, { resourceType: "Group", dialect: generic });
    expect(mappings.apply({ id: "g1", displayName: "Data" }, create).document).toEqual({
      displayName: "Data",
      externalId: "g1",
    });
    expect(mappings.references[0]?.kind).toBe("members");
    expect(mappings.references[0]?.sourceIds({ members: ["a", "b"] })).toEqual(["a", "b"]);
  });

  it("sends nothing for an absent value", () => {
    expect(users(direct("displayName", "displayName")).apply({ userPrincipalName: "a" }, update).document).toEqual({
      userName: "a",
    });
  });

  it("writes the default value on create only, and never for a dropped attribute", () => {
    const mappings = users(direct("displayName", "displayName", { default: "Nobody" }), {
      target: "title",
      source: { expression: "IgnoreFlowIfNullOrEmpty([jobTitle])" },
      default: "None",
    });
    expect(mappings.apply({ userPrincipalName: "a" }, create).document).toEqual({
      userName: "a",
      displayName: "Nobody",
    });
    expect(mappings.apply({ userPrincipalName: "a" }, update).document).toEqual({ userName: "a" });
  });

  it("leaves rows for creation out of updates", () => {
    const mappings = users(direct("title", "jobTitle", { apply: "create" }));
    const person = { userPrincipalName: "a", jobTitle: "Countess" };
    expect(mappings.apply(person, create).document).toEqual({ userName: "a", title: "Countess" });
    expect(mappings.apply(person, update).document).toEqual({ userName: "a" });
  });

  it("fits values to the type that the schema says", () => {
    const mappings = users(
      { target: "active", source: { constant: "False" } },
      {
        target: 'roles[primary eq "True"].value',
        source: { expression: "SingleAppRoleAssignment([appRoleAssignments])" },
      },
      direct("displayName", "accountEnabled"),
      direct("name.givenName", "givenNames"),
    );
    const person = { userPrincipalName: "a", accountEnabled: true, givenNames: ["Ada"] };
    const roles = [{ value: "admin", displayName: "Admin" }];
    expect(mappings.apply(person, { ...create, appRoleAssignments: roles }).document).toEqual({
      userName: "a",
      active: false,
      roles: [{ primary: true, value: "Admin" }],
      displayName: "True",
      name: { givenName: "Ada" },
    });
    expect(mappings.readsRoles).toBe(true);
  });

  it("writes several values to an attribute that takes several, and refuses them for one that does not", () => {
    const mappings = users(direct("emails", "proxyAddresses"), direct("title", "titles"));
    const { document, errors } = mappings.apply(
      { userPrincipalName: "a", proxyAddresses: ["x@y", "z@y"], titles: ["1", "2"] },
      create,
    );
    expect(document).toEqual({ userName: "a", emails: [{ value: "x@y" }, { value: "z@y" }] });
    expect(errors).toEqual([expect.objectContaining({ row: 2, target: "title", code: "multipleValues" })]);
  });

  it("keeps a failing row apart from the others, with its place in the expression", () => {
    const mappings = users(
      { target: "title", source: { expression: 'IIF([country]="", "Other", [country])' } },
      direct("displayName", "x"),
    );
    const { document, errors } = mappings.apply({ userPrincipalName: "a", x: "X" }, update);
    expect(document).toEqual({ userName: "a", displayName: "X" });
    expect(errors).toEqual([
      expect.objectContaining({ row: 1, target: "title", code: "emptyOperand", position: 4, length: 12 }),
    ]);
  });

  it("keeps everything unmapped of a target document, and does not touch the original", () => {
    const mappings = users(direct('emails[type eq "work"].value', "mail"), direct("name.givenName", "givenName"), {
      target: "roles",
      source: { expression: "AppRoleAssignmentsComplex([appRoleAssignments])" },
    });
    const current = {
      id: "1",
      USERNAME: "a",
      emails: [
        { type: "home", value: "h@x" },
        { type: "Work", value: "old@x", primary: true },
      ],
      name: { familyName: "Lovelace" },
      roles: [{ value: "reader" }],
      nickName: "Ada",
    };
    const before = structuredClone(current);
    const { document } = mappings.applyTo(
      current,
      { userPrincipalName: "a", mail: "new@x", givenName: "Ada" },
      {
        appRoleAssignments: [
          { value: "reader", displayName: "Reader" },
          { value: "admin", displayName: "Admin" },
        ],
      },
    );
    expect(document).toEqual({
      id: "1",
      userName: "a",
      emails: [
        { type: "home", value: "h@x" },
        { type: "Work", value: "new@x", primary: true },
      ],
      name: { familyName: "Lovelace", givenName: "Ada" },
      roles: [
        { value: "reader" },
        { primary: false, type: "WindowsAzureActiveDirectoryRole", display: "Admin", value: "admin" },
      ],
      nickName: "Ada",
    });
    expect(current).toEqual(before);
  });

  it("is a fixed point: applied to its own result, it changes nothing", () => {
    const mappings = compileMappings(defaultMappings.generic.users, { resourceType: "User" });
    const person = { userPrincipalName: "a", mail: "m", city: "c", mobile: "1", department: "d", givenName: "g" };
    const once = mappings.apply(person, create).document;
    expect(mappings.applyTo(once, person).document).toEqual(once);
  });

  it("gives the matching values in the order of precedence", () => {
    const mappings = compileMappings([direct("externalId", "employeeId", { matching: 2 }), matching], {
      resourceType: "User",
    });
    expect(
      mappings.matching.map(({ precedence, row, value }) => [
        precedence,
        row.target.path,
        value({ userPrincipalName: "A" }, {}),
      ]),
    ).toEqual([
      [1, "userName", "A"],
      [2, "externalId", null],
    ]);
  });

  it("names the directory attributes it reads, without computed ones", () => {
    const mappings = compileMappings([...defaultMappings.databricks.users, direct("name.formatted", "constructor")], {
      resourceType: "User",
    });
    expect([...mappings.sourceAttributes].sort()).toEqual(["constructor", "displayName", "userPrincipalName"]);
  });

  it("traces each row by the same functions", () => {
    const mappings = users(
      direct("title", "jobTitle", { apply: "create" }),
      direct("displayName", "displayName", { default: "Nobody" }),
      { target: "name.formatted", source: { expression: 'Join(" ", ToUpper([givenName]), [surname])' } },
      { target: "nickName", source: { expression: 'IIF([country]="", "Other", [country])' } },
    );
    const person = { userPrincipalName: "a", givenName: "Ada" };
    expect(mappings.trace(person, update).map(({ row, outcome }) => [row.target.path, outcome])).toEqual([
      ["userName", "mapped"],
      ["title", "notOnUpdate"],
      ["displayName", "absent"],
      ["name.formatted", "mapped"],
      ["nickName", "failed"],
    ]);
    expect(mappings.trace(person, create)[2]).toMatchObject({ outcome: "default", value: "Nobody" });
    const join = mappings.trace(person, update)[3]?.expression;
    expect(join).toMatchObject({ text: 'Join(" ", ToUpper([givenName]), [surname])', result: "ADA" });
    expect(join?.children.map(({ text, result, outcome }) => [text, result, outcome])).toEqual([
      ['" "', " ", "value"],
      ["ToUpper([givenName])", "ADA", "value"],
      ["[surname]", "", "absent"],
    ]);
  });
});

describe("tracing a value that no preview can know", () => {
  it("evaluates once, so that the row and its parts show the same value", () => {
    const mappings = users({ target: "nickName", source: { expression: "ToUpper(Guid())" } });
    const [, row] = mappings.trace({ userPrincipalName: "a" }, create);
    expect(row?.row.unpredictable).toEqual(["Guid"]);
    expect(row?.expression?.result).toBe(row?.value);
    expect(row?.expression?.children[0]?.result.toUpperCase()).toBe(row?.value);
  });
});

describe("checking mappings", () => {
  it("tells everything wrong at once, with row, field and place", () => {
    const rows: Mapping[] = [
      matching,
      direct("emails[type eq", "mail"),
      { target: "displayName", source: { expression: 'Apend([a], "b")' } },
      direct("userName", "mail"),
      direct("id", "x"),
      direct("name", "x"),
      { target: "active", source: { constant: "perhaps" } },
      direct("active", "x", { default: "perhaps" }),
      direct("externalId", "x", { matching: 1 }),
    ];
    expect(problems(rows).map(({ row, field, severity, code }) => [row, field, severity, code])).toEqual([
      [1, "target", "error", "invalidTarget"],
      [2, "source", "error", "unknownFunction"],
      [4, "target", "error", "readOnlyTarget"],
      [5, "target", "error", "complexTarget"],
      [6, "source", "error", "valueType"],
      [7, "default", "error", "valueType"],
      [3, "target", "error", "duplicateTarget"],
      [8, "matching", "error", "duplicatePrecedence"],
    ]);
    expect(problems(rows)[1]).toMatchObject({
      position: 0,
      length: 5,
      message: expect.stringContaining("Did you mean Append?"),
    });
    expect(() => compileMappings(rows, { resourceType: "User" })).toThrow(MappingsError);
  });

  it("wants a row to match by", () => {
    expect(codes([direct("userName", "userPrincipalName")])).toEqual(["noMatching"]);
  });

  it("warns when the service has no such attribute, or wants one that is not mapped", () => {
    expect(codes([direct("displayNam", "displayName", { matching: 1 })])).toEqual(["unknownTarget", "requiredTarget"]);
    expect(problems([matching, direct("displayNam", "x")])[0]?.message).toContain("Did you mean displayName?");
  });

  it("refuses to match by what cannot be matched by", () => {
    const row = (source: Mapping["source"], target = "userName"): Mapping => ({ target, source, matching: 1 });
    expect(codes([row({ expression: "Guid()" })])).toEqual(["unpredictableMatching"]);
    expect(codes([row({ constant: "x" })])).toEqual(["constantMatching"]);
    expect(codes([matching, { ...row({ attribute: "mail" }, "emails"), matching: 2 }])).toEqual(["unmatchable"]);
    expect(codes([{ ...matching, matching: 0 }])).toEqual(["invalidPrecedence"]);
  });

  it("warns that the whole list is read where a service does not filter by equality", () => {
    const cannotFilter = { ...generic, filterOperators: ["pr"] };
    expect(problems([matching], { dialect: cannotFilter })).toMatchObject([
      { severity: "warning", code: "unfilterable", message: expect.stringContaining("whole list is read") },
    ]);
  });

  it("warns of what Databricks does not write", () => {
    expect(problems([matching], { dialect: databricks("workspace") })).toEqual([
      expect.objectContaining({
        code: "writtenOnCreateOnly",
        severity: "warning",
        message: expect.stringContaining("userName"),
      }),
    ]);
  });

  it("holds the rules of Switch, SelectUniqueValue, references and roles", () => {
    const row = (target: string, expression: string, more: Partial<Mapping> = {}): Mapping => ({
      target,
      source: { expression },
      ...more,
    });
    const manager = `${urns.enterpriseUser}:manager`;
    expect(codes([matching, row("title", 'Switch([a], "", "b", "c")')])).toEqual(["switchMayClear"]);
    expect(codes([matching, row("nickName", "SelectUniqueValue([a], [b])")])).toEqual(["uniqueOnCreateOnly"]);
    expect(codes([matching, row("nickName", "SelectUniqueValue([a], [b])", { apply: "create" })])).toEqual([]);
    expect(codes([matching, row(manager, 'Switch([a], "", "b", "c")')])).toContain("switchOnReference");
    expect(codes([matching, { target: manager, source: { constant: "x" } }])).toEqual(["referenceSource"]);
    expect(codes([matching, direct("roles", "appRoleAssignments")])).toEqual(["argumentForm"]);
    expect(codes([matching, row("title", "[jobTitle]")])).toEqual(["bareExpression"]);
  });

  it("refuses targets that would reach a prototype", () => {
    for (const target of [
      "__proto__.polluted",
      "constructor",
      "name.__proto__",
      "urn:x:__proto__",
      'emails[__proto__ eq "x"].value',
    ]) {
      expect(codes([matching, direct(target, "x")]), target).toContain("invalidTarget");
    }
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("reads attributes that every object has as absent", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(users(direct("title", name)).apply({ userPrincipalName: "a" }, create).document, name).toEqual({
        userName: "a",
      });
    }
  });

  it("takes attributes of unknown extensions as they are written", () => {
    const mappings = users(direct("urn:ietf:params:scim:schemas:extension:acme:2.0:User:badge", "badge"));
    expect(mappings.apply({ userPrincipalName: "a", badge: "7" }, create).document).toEqual({
      userName: "a",
      "urn:ietf:params:scim:schemas:extension:acme:2.0:User": { badge: "7" },
    });
  });
});
