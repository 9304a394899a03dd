import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/changes/change.ts";
import type { Plan } from "../../../src/provisioning/plan.ts";
import { PlanFileError, parsePlan, planJson } from "../../../src/provisioning/planFile.ts";
import { planMarkdown } from "../../../src/provisioning/planMarkdown.ts";
import { withMemberNames } from "../../../src/provisioning/planNames.ts";
import { formatPlan, showValue } from "../../../src/provisioning/planText.ts";

const created: Change = {
  id: "c1",
  action: "create",
  resourceType: "User",
  name: "ada@contoso.com",
  sourceId: "u1",
  after: { userName: "ada@contoso.com" },
  requests: [{ method: "POST", path: "/Users", body: {} }],
  reason: "In scope and not in the target yet.",
};

const membership: Change = {
  id: "c2",
  action: "update",
  resourceType: "Group",
  name: "Data",
  targetId: "9",
  before: { id: "9", displayName: "Data", members: [{ value: "7" }, { value: "8" }] },
  after: { id: "9", displayName: "Data", members: [{ value: "8" }, { value: "{u1}" }, { value: "5" }] },
  requests: [],
  reason: "Changed in the directory.",
};

const planOf = (changes: readonly Change[], more: Partial<Plan> = {}): Plan => ({
  job: "Job",
  cycle: "incremental",
  createdAt: "2026-11-24T08:00:00.000Z",
  summary: { create: 1, update: 1, deactivate: 0, delete: 0, skip: 0, unchanged: 3 },
  changes,
  skips: [],
  ...more,
});

const names = (id: string) => ({ "7": "bob@contoso.com", "5": "cyd@contoso.com" })[id];

describe("a plan as text", () => {
  it("names members by what people call them: new ones, known ones, and others by id", () => {
    const text = formatPlan(planOf([created, membership]), undefined, (id) => (id === "5" ? undefined : names(id)));
    expect(text).toContain("- members: bob@contoso.com\n");
    expect(text).toContain("+ members: 5, ada@contoso.com\n");
  });

  it("names a manager", () => {
    const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const before = { id: "1", userName: "x", [urn]: { manager: { value: "7" } } };
    const after = { ...before, [urn]: { manager: { value: "{u1}" } } };
    const text = formatPlan(
      planOf([created, { ...created, id: "c3", action: "update", before, after }]),
      undefined,
      names,
    );
    expect(text).toMatch(/- .*bob@contoso\.com\n.*\+ .*ada@contoso\.com/);
  });

  it("says why nothing is removed, what is skipped, and what a person should know", () => {
    const text = formatPlan(
      planOf([], {
        summary: { create: 0, update: 0, deactivate: 0, delete: 0, skip: 1, unchanged: 0 },
        removalsWithheld: "users.csv ends within a line.",
        skips: [{ sourceId: "u", resourceType: "User", name: "eve", reason: "ImportSkipped", detail: "No value." }],
        notes: ["A note."],
      }),
    );
    expect(text).toBe(
      [
        "Job: nothing to change, 1 skipped",
        "incremental cycle, planned 2026-11-24T08:00:00.000Z",
        "",
        "No removals are planned: users.csv ends within a line.",
        "",
        "Skipped (1)",
        "  ImportSkipped",
        "    eve  No value.",
        "",
        "Notes",
        "  A note.",
        "",
      ].join("\n"),
    );
  });

  it("cannot be made to move the cursor, to clear the screen or to forge lines by what a person is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (evil) => {
        const name = `\u001b[2J\r\n${evil}\u202e`;
        const skip = { sourceId: "u", resourceType: "User", name, reason: "ImportSkipped", detail: name } as const;
        const plan = planOf([{ ...created, name, reason: name, after: { userName: name, title: name } }], {
          job: name,
          skips: [skip],
          notes: [name],
          removalsWithheld: name,
        });
        const text = formatPlan(plan);
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        const calm = formatPlan(
          planOf([{ ...created, name: "n", reason: "n", after: { userName: "n", title: "n" } }], {
            job: "n",
            skips: [{ ...skip, name: "n", detail: "n" }],
            notes: ["n"],
            removalsWithheld: "n",
          }),
        );
        expect(text.split("\n")).toHaveLength(calm.split("\n").length);
      }),
    );
  });

  it("shows a list by its first values", () => {
    expect(showValue(Array.from({ length: 9 }, (_, at) => ({ value: `m${at}` })))).toBe(
      "m0, m1, m2, m3, m4, m5, and 3 more",
    );
    expect(showValue([{ value: "a@b.c", type: "work" }])).toBe("a@b.c (work)");
    expect(showValue({ a: 1 })).toBe('{"a":1}');
  });
});

describe("a plan as markdown", () => {
  it("names members, removals first", () => {
    const text = planMarkdown(planOf([created, membership]), names);
    expect(text).toContain("members: + cyd&#64;contoso.com, ada&#64;contoso.com; − bob&#64;contoso.com");
  });

  it("shows names as they are: no markup, no mentions, no cells, no links, no images", () => {
    const evil = "<img src=x> | `x` [a](http://b) @team #1 **b**\n## c ~~d~~ https://evil.example";
    const text = planMarkdown(
      planOf([{ ...created, name: evil, reason: evil }], {
        job: evil,
        notes: [evil],
        skips: [{ sourceId: "u", resourceType: "User", name: evil, reason: "ImportSkipped", detail: evil }],
      }),
    );
    for (const forbidden of ["<img", "`x`", "](", "@team", "**b**", "\n## c", "~~d~~", "https://evil"]) {
      expect(text).not.toContain(forbidden);
    }
    const rows = text.split("\n").filter((line) => line.startsWith("| "));
    for (const row of rows) expect([4, 3]).toContain(row.split("|").length - 1);
  });

  it("shows the first changes of a long plan, and how many are left", () => {
    const many = Array.from({ length: 250 }, (_, at) => ({ ...created, id: `c${at}`, name: `p${at}` }));
    const text = planMarkdown(planOf(many));
    expect(text).toContain("| … | 50 more | |");
    expect(text).not.toContain("p200");
  });
});

describe("a plan file", () => {
  it("reads back as it was written", () => {
    const plan = planOf([created, membership], { removalsWithheld: "w", notes: ["n"] });
    expect(parsePlan(planJson(plan), "plan.json")).toEqual(plan);
    expect(planJson(parsePlan(planJson(plan), "plan.json"))).toBe(planJson(plan));
  });

  it.each([
    ["not JSON", "{", /^plan\.json is no JSON: .+ Make the plan again\.$/],
    ["another document", "[]", /^plan\.json is no plan: .+ plan JOB --out plan\.json$/],
    ["a cut plan", JSON.stringify({ ...planOf([]), changes: undefined }), /changes: /],
    [
      "an unknown action",
      JSON.stringify(planOf([{ ...created, action: "explode" as "create" }])),
      /changes\.0\.action: /,
    ],
    [
      "a request to another place",
      JSON.stringify(planOf([{ ...created, requests: [{ method: "GET" as "POST", path: "/" }] }])),
      /requests/,
    ],
  ])("that is %s is refused with what is wrong where", (_what, text, message) => {
    expect(() => parsePlan(text, "plan.json")).toThrow(PlanFileError);
    expect(() => parsePlan(text, "plan.json")).toThrow(message);
  });

  it("never crashes on anything else", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        try {
          parsePlan(text, "plan.json");
        } catch (error) {
          expect(error).toBeInstanceOf(PlanFileError);
        }
      }),
    );
  });
});

describe("members of a plan under review", () => {
  it("say their names, of those who are only about to be created too; requests and identity stay", () => {
    const plan = planOf([created, membership]);
    const named = withMemberNames(plan, (id) => (id === "5" ? "grace@contoso.com" : undefined));
    expect(named.changes[1]?.after?.["members"]).toEqual([
      { value: "8" },
      { value: "{u1}", display: "ada@contoso.com" },
      { value: "5", display: "grace@contoso.com" },
    ]);
    expect(named.changes[0]).toBe(created);
    expect({ ...named.changes[1], after: membership.after }).toEqual(membership);
  });

  it("keep the name that the service has said", () => {
    const after = { ...membership.after, members: [{ value: "5", display: "Grace Mbeki" }] };
    const { changes } = withMemberNames(planOf([{ ...membership, after }]), () => "grace@contoso.com");
    expect(changes[0]?.after?.["members"]).toEqual(after.members);
  });
});
