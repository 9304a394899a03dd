import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assignment, DirectoryGroup, DirectoryUser, SourceAttributes } from "../../../src/directory/source.ts";
import { ClauseError, compileClause } from "../../../src/scope/clause.ts";
import { scopeEvaluationResult, ScopingFilter } from "../../../src/scope/filter.ts";
import type { Clause, ClauseGroup, Operator, ScopeRules } from "../../../src/scope/rules.ts";
import { compileScope, type Scope } from "../../../src/scope/scope.ts";

function passes(clause: Clause, value: SourceAttributes[string] | undefined): boolean {
  return compileClause(clause).passes(value);
}

const user = (id: string, attributes: SourceAttributes = {}): DirectoryUser => ({ id, attributes });
const group = (id: string, members: readonly string[], attributes: SourceAttributes = {}): DirectoryGroup => ({
  id,
  members,
  attributes: { displayName: id, ...attributes },
});

function scopeOf(
  rules: Partial<ScopeRules>,
  assignments: readonly Assignment[] = [],
  groups: readonly DirectoryGroup[] = [],
): Scope {
  const all: ScopeRules = { mode: "assigned", defaultAccess: "exclude", users: [], groups: [], ...rules };
  return compileScope(all, { assignments, groups: new Map(groups.map((one) => [one.id, one])) });
}

const assign = (principalId: string, principalType: "User" | "Group", appRole = "User"): Assignment => ({
  principalId,
  principalType,
  appRole,
});

describe("operators of attribute scoping filters", () => {
  // The first five are the documentation's own examples.
  it.each<[string, Operator, string | undefined, SourceAttributes[string] | undefined, boolean]>([
    ["department", "EQUALS", "sales", "Sales", false],
    ["userPrincipalName", "REGEX MATCH", ".*\\@domain.com", "a@domain.com", true],
    ["department", "NOT EQUALS", "sales", undefined, false],
    ["workerID", "REGEX MATCH", "(1[0-9]{6})", "1234567", true],
    ["workerID", "REGEX MATCH", "(1[0-9]{6})", "2000000", false],
    ["jobTitle", "NOT REGEX MATCH", "x", undefined, false],
    ["department", "EQUALS", "Sales", "Sales", true],
    ["level", "EQUALS", "7", 7, true],
    ["accountEnabled", "EQUALS", "True", true, true],
    ["accountEnabled", "EQUALS", "false", true, false],
    ["department", "NOT EQUALS", "sales", "Sales", true],
    ["department", "NOT EQUALS", "sales", "", false],
    ["accountEnabled", "IS TRUE", undefined, true, true],
    ["accountEnabled", "IS TRUE", undefined, "True", true],
    ["accountEnabled", "IS TRUE", undefined, undefined, false],
    ["accountEnabled", "IS FALSE", undefined, false, true],
    ["accountEnabled", "IS FALSE", undefined, undefined, false],
    ["accountEnabled", "IS FALSE", undefined, 0, false],
    ["country", "IS NULL", undefined, undefined, true],
    ["country", "IS NULL", undefined, "", true],
    ["country", "IS NULL", undefined, "NG", false],
    ["tags", "IS NULL", undefined, [], true],
    ["country", "IS NOT NULL", undefined, "NG", true],
    ["country", "IS NOT NULL", undefined, false, true],
    ["tags", "IS NOT NULL", undefined, ["a"], true],
    ["country", "IS NOT NULL", undefined, undefined, false],
    ["mail", "REGEX MATCH", "CONTOSO", "ada@contoso.com", false],
    ["mail", "REGEX MATCH", "(?i)CONTOSO", "ada@contoso.com", true],
    ["jobTitle", "NOT REGEX MATCH", "^Svc", "Engineer", true],
    ["jobTitle", "NOT REGEX MATCH", "^Svc", "Svc backup", false],
    ["jobTitle", "NOT REGEX MATCH", "^Svc", "", false],
    ["level", "Greater_Than", "9", "10", true],
    ["level", "Greater_Than", "10", 10, false],
    ["level", "Greater_Than", "9007199254740992", "9007199254740993", true],
    ["level", "Greater_Than", "0", "-1", false],
    ["level", "Greater_Than", "0", "1.5", false],
    ["level", "Greater_Than_OR_EQUALS", "10", "010", true],
    ["level", "Greater_Than_OR_EQUALS", "10", "ten", false],
    ["level", "Greater_Than_OR_EQUALS", "0", undefined, false],
    ["mail", "Includes", "@contoso", "ada@contoso.com", true],
    ["mail", "Includes", "@Contoso", "ada@contoso.com", false],
    ["mail", "ENDS_WITH", "@partner.contoso.com", "linh@partner.contoso.com", true],
    ["mail", "ENDS_WITH", "@PARTNER.contoso.com", "linh@partner.contoso.com", false],
    ["userAccountControl", "&", "2", "514", true],
    ["userAccountControl", "&", "2", 512, false],
    ["userAccountControl", "!&", "2", 512, true],
    ["userAccountControl", "!&", "2", undefined, false],
    ["tags", "Includes", "a", ["a"], false],
  ])("%s %s %s of %j is %s", (attribute, operator, value, actual, expected) => {
    const clause = { attribute, operator, ...(value !== undefined && { value }) };
    expect(passes(clause, actual)).toBe(expected);
  });

  it.each<[Clause, string]>([
    [{ attribute: "a", operator: "REGEX MATCH", value: "(" }, "not a .NET regular expression"],
    [{ attribute: "a", operator: "Greater_Than", value: "x" }, "compares whole numbers"],
    [{ attribute: "a", operator: "EQUALS" }, 'needs a "value"'],
    [{ attribute: "a", operator: "IS TRUE", value: "x" }, "takes no value"],
  ])("refuses %j", (clause, message) => {
    expect(() => compileClause(clause)).toThrow(ClauseError);
    expect(() => new ScopingFilter([{ clauses: [clause] }])).toThrow(message);
  });
});

describe("clauses and groups of clauses", () => {
  const two: ClauseGroup[] = [
    {
      clauses: [
        { attribute: "city", operator: "EQUALS", value: "A" },
        { attribute: "dept", operator: "EQUALS", value: "B" },
      ],
    },
    { clauses: [{ attribute: "city", operator: "EQUALS", value: "C" }] },
  ];

  it("join by AND within a group and by OR between groups", () => {
    const filter = new ScopingFilter(two);
    expect(filter.passes({ city: "C" })).toBe(true);
    expect(filter.passes({ city: "A" })).toBe(false);
    expect(filter.passes({ city: "A", dept: "B" })).toBe(true);
  });

  it("let everybody pass when there are none", () => {
    expect(new ScopingFilter([]).passes({})).toBe(true);
  });

  const names = ["a", "b"] as const;
  const clause = fc.record({
    attribute: fc.constantFrom(...names),
    operator: fc.constantFrom<Operator>("EQUALS", "NOT EQUALS", "Includes", "ENDS_WITH"),
    value: fc.constantFrom("x", "y", "xy"),
  });
  const groups = fc.array(fc.record({ clauses: fc.array(clause, { minLength: 1, maxLength: 3 }) }), { maxLength: 3 });
  const attributes = fc.dictionary(fc.constantFrom(...names), fc.constantFrom("x", "y", "xy", ""));

  it("agree with the plain reading of AND and OR, traced or not", () => {
    fc.assert(
      fc.property(groups, attributes, (filter, subject) => {
        const expected =
          filter.length === 0 ||
          filter.some(({ clauses }) => clauses.every((one) => passes(one, subject[one.attribute])));
        const outcomes: boolean[] = [];
        expect(new ScopingFilter(filter).passes(subject)).toBe(expected);
        expect(new ScopingFilter(filter).passes(subject, ({ passed }) => outcomes.push(passed))).toBe(expected);
        expect(outcomes).toHaveLength(filter.flatMap(({ clauses }) => clauses).length);
      }),
    );
  });

  it("mean the same in any order; another group never takes anybody out, another clause never lets anybody in", () => {
    fc.assert(
      fc.property(groups, attributes, clause, (filter, subject, more) => {
        const before = new ScopingFilter(filter).passes(subject);
        const turned = filter.toReversed().map((one) => ({ clauses: one.clauses.toReversed() }));
        expect(new ScopingFilter(turned).passes(subject)).toBe(before);
        if (filter.length === 0) return;
        if (before) expect(new ScopingFilter([...filter, { clauses: [more] }]).passes(subject)).toBe(true);
        const narrower = filter.map((one) => ({ clauses: [...one.clauses, more] }));
        if (!before) expect(new ScopingFilter(narrower).passes(subject)).toBe(false);
      }),
    );
  });

  it("keep their outcomes with the value that decided, in the log's form", () => {
    const outcomes: Parameters<typeof scopeEvaluationResult>[0][number][] = [];
    new ScopingFilter([{ title: "Nordics", clauses: two[0]!.clauses }]).passes({ city: "A" }, (one) =>
      outcomes.push(one),
    );
    expect(outcomes.map(({ value, passed }) => [value, passed])).toEqual([
      ["A", true],
      [undefined, false],
    ]);
    expect(scopeEvaluationResult(outcomes)).toEqual({
      "Nordics.city EQUALS 'A'": true,
      "Nordics.dept EQUALS 'B'": false,
    });
  });
});

describe("who is assigned", () => {
  const platform = group("data-platform", ["ada", "analysts"]);
  const analysts = group("analysts", ["zoe", "oncall"]);
  const oncall = group("oncall", ["linh", "data-platform"]);
  const groups = [platform, analysts, oncall];

  it("is in scope directly or as a direct member of an assigned group", () => {
    const scope = scopeOf({}, [assign("data-platform", "Group"), assign("bjorn", "User")], groups);
    expect(scope.user(user("ada"))).toEqual({ inScope: true, active: true, detail: "In scope." });
    expect(scope.user(user("bjorn")).inScope).toBe(true);
    expect(scope.group(platform).inScope).toBe(true);
  });

  it("is not whom nesting brings: named, with the groups, and the service's reason", () => {
    const scope = scopeOf({}, [assign("data-platform", "Group")], groups);
    expect(scope.user(user("zoe"))).toEqual({
      inScope: false,
      active: true,
      reason: "NotEffectivelyEntitled",
      cause: "nested",
      detail:
        "Member of analysts, which is nested in the assigned group data-platform. A group assignment brings direct members only.",
    });
    expect(scope.group(analysts).detail).toBe(
      "Nested in data-platform, which is assigned. Nested groups are not provisioned.",
    );
    expect([...scope.leftOutByNesting().keys()].sort()).toEqual(["analysts", "linh", "oncall", "zoe"]);
  });

  it("is not left out by nesting when assigned as well", () => {
    const scope = scopeOf({}, [assign("data-platform", "Group"), assign("zoe", "User")], groups);
    expect(scope.leftOutByNesting().has("zoe")).toBe(false);
    expect(scope.user(user("zoe")).inScope).toBe(true);
  });

  it("is nobody without an assignment", () => {
    expect(scopeOf({}).user(user("ada"))).toMatchObject({
      inScope: false,
      cause: "notAssigned",
      detail: "Not assigned to the application.",
    });
    expect(scopeOf({}).group(platform)).toMatchObject({ inScope: false, cause: "notAssigned" });
  });

  it("is everybody in mode all, roles and nesting aside", () => {
    const scope = scopeOf({ mode: "all" }, [assign("ada", "User", "")], groups);
    expect(scope.user(user("ada")).inScope).toBe(true);
    expect(scope.user(user("somebody")).inScope).toBe(true);
    expect(scope.group(analysts).inScope).toBe(true);
    expect(scope.leftOutByNesting().size).toBe(0);
  });

  it.each(["", "Default Access", "default access", "00000000-0000-0000-0000-000000000000"])(
    "is skipped with the role %j only, unless Default Access is included",
    (role) => {
      const assignments = [assign("data-platform", "Group", role)];
      expect(scopeOf({}, assignments, groups).user(user("ada"))).toEqual({
        inScope: false,
        active: true,
        reason: "NotEffectivelyEntitled",
        cause: "defaultAccess",
        detail: "Holds only the Default Access role through data-platform, which does not entitle.",
      });
      expect(scopeOf({ defaultAccess: "include" }, assignments, groups).user(user("ada")).inScope).toBe(true);
    },
  );

  it("is in scope when one of several roles entitles, in whatever order they are listed", () => {
    const assignments = [assign("ada", "User", ""), assign("data-platform", "Group", "User")];
    for (const order of [assignments, assignments.toReversed()]) {
      expect(scopeOf({}, order, groups).user(user("ada")).inScope).toBe(true);
    }
  });
});

describe("who is active", () => {
  it.each<[SourceAttributes, boolean]>([
    [{}, true],
    [{ accountEnabled: true }, true],
    [{ accountEnabled: "True" }, true],
    [{ accountEnabled: false }, false],
    [{ accountEnabled: "False" }, false],
    [{ isSoftDeleted: true }, false],
    [{ accountEnabled: true, IsSoftDeleted: "True" }, false],
  ])("%j: %s", (attributes, active) => {
    expect(scopeOf({ mode: "all" }).user(user("ada", attributes)).active).toBe(active);
  });

  it("stays in scope when disabled, so that the plan can deactivate who is provisioned and skip who is not", () => {
    expect(scopeOf({ mode: "all" }).user(user("ada", { accountEnabled: false }))).toEqual({
      inScope: true,
      active: false,
      reason: "NotEffectivelyEntitled",
      cause: "disabled",
      detail: "Disabled in the directory (accountEnabled False).",
    });
  });
});

describe("an explanation", () => {
  const rules: Partial<ScopeRules> = {
    users: [
      {
        clauses: [
          { attribute: "department", operator: "EQUALS", value: "Data" },
          { attribute: "country", operator: "IS NOT NULL" },
        ],
      },
    ],
  };
  const groups = [group("All employees", ["ada"]), group("data-platform", ["ada"])];

  it("gives every rule and every clause, also after the one that decided", () => {
    const scope = scopeOf(rules, [assign("All employees", "Group", "Default Access")], groups);
    const explanation = scope.explainUser(user("ada", { department: "Data", country: "NG" }));
    expect(explanation.detail).toBe(
      "Holds only the Default Access role through All employees, which does not entitle.",
    );
    expect(explanation.rules.map(({ name, passed, value }) => [name, passed, value])).toEqual([
      ["Active in the source system", true, "True"],
      ["Assigned to the application", true, "through All employees"],
      ["User has the required role", false, "Default Access only"],
      ["Scoping filter evaluation passed", true, "True"],
    ]);
    expect(explanation.clauses.map(({ clause, value, passed }) => [clause.attribute, value, passed])).toEqual([
      ["department", "Data", true],
      ["country", "NG", true],
    ]);
  });

  it("names every route to the application", () => {
    const assignments = [
      assign("All employees", "Group", ""),
      assign("data-platform", "Group", "User"),
      assign("ada", "User", "Admin"),
    ];
    const { routes } = scopeOf({}, assignments, groups).explainUser(user("ada"));
    expect(routes.map((route) => [route.group?.id, route.role, route.entitles])).toEqual([
      [undefined, "Admin", true],
      ["All employees", "", false],
      ["data-platform", "User", true],
    ]);
  });

  it("decides as the plain decision does, for anybody", () => {
    const role = fc.constantFrom("", "Default Access", "User");
    const attributes = fc.record(
      {
        department: fc.constantFrom("Data", "Sales"),
        country: fc.constantFrom("NG", ""),
        accountEnabled: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const assignments = fc.array(
      fc
        .tuple(fc.constantFrom("ada", "All employees", "data-platform"), role)
        .map(([id, name]) => assign(id, id === "ada" ? "User" : "Group", name)),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(
        assignments,
        attributes,
        fc.constantFrom<"all" | "assigned">("all", "assigned"),
        (list, subject, mode) => {
          const scope = scopeOf({ ...rules, mode }, list, groups);
          const {
            rules: explained,
            clauses: _clauses,
            routes: _routes,
            nested: _nested,
            ...decision
          } = scope.explainUser(user("ada", subject));
          expect(decision).toEqual(scope.user(user("ada", subject)));
          expect(explained.every(({ passed }) => passed)).toBe(decision.inScope && decision.active);
        },
      ),
    );
  });
});
