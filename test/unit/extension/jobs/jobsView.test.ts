import { describe, expect, it } from "vitest";
import { jobState, stateText, timeText, worstOf } from "../../../../src/extension/jobs/jobHealth.ts";
import type { JobRow } from "../../../../src/extension/jobs/view/jobRows.ts";
import { childRows, rowId, skipLimit } from "../../../../src/extension/jobs/view/jobRows.ts";
import { statusOf } from "../../../../src/extension/jobs/view/jobStatus.ts";
import { renderJobRow } from "../../../../src/extension/jobs/view/renderJobs.ts";
import { baseUrl, hostileNames } from "../support.ts";
import { change, file, model, noGuard, now, plan, quarantine, record, skip, view } from "./support.ts";

const kinds = (rows: readonly JobRow[]) => rows.map(({ kind }) => kind);
const root: JobRow = { kind: "job", file };

describe("the state of a job", () => {
  it("is off until it is turned on, then on with the time of its next cycle", () => {
    expect(jobState(view(), now)).toBe("off");
    const on = view({ record: record() }, { on: "here", nextAt: "2026-11-24T12:42:00.000Z" });
    expect(jobState(on, now)).toBe("on");
    expect(stateText(on, now)).toBe(`on, next ${timeText("2026-11-24T12:42:00.000Z", now)}`);
  });

  it("is the worst that holds: broken, disabled, quarantined, held, failing, running", () => {
    const held = { since: now.toISOString(), reasons: ["6 objects would lose access."] };
    const failed = { ...record().lastCycle!, outcome: "someFailed" as const };
    expect(jobState({ model: { ...model(), problems: [], job: undefined as never }, run: { on: "off" } }, now)).toBe(
      "broken",
    );
    expect(
      jobState(view({ record: record({ quarantine: { ...quarantine, disabledAt: now.toISOString() }, held }) }), now),
    ).toBe("disabled");
    expect(jobState(view({ record: record({ quarantine, held }) }), now)).toBe("quarantined");
    expect(jobState(view({ record: record({ held, lastCycle: failed }) }), now)).toBe("held");
    expect(jobState(view({ record: record({ lastCycle: failed }) }), now)).toBe("failing");
    expect(jobState(view({ record: record() }, { on: "here", activity: { kind: "starting" } }), now)).toBe("running");
  });

  it("says that another window runs the job", () => {
    expect(stateText(view({ record: record() }, { on: "elsewhere" }), now)).toBe("on in another window");
  });

  it("names a damaged state file as broken, since nothing is known of who is linked", () => {
    expect(stateText(view({ stateTrouble: "state.json: is no valid JSON" }), now)).toBe("its state cannot be read");
  });

  it("of all jobs is the worst of each, for the status bar", () => {
    const views = [view({ record: record() }), view({ record: record({ quarantine }) })];
    expect(worstOf(views, now)?.state).toBe("quarantined");
    expect(worstOf([], now)).toBeUndefined();
    expect(statusOf("quarantined", "Databricks").background).toBe("statusBarItem.errorBackground");
    expect(statusOf("held", "Databricks").background).toBe("statusBarItem.warningBackground");
    expect(statusOf("off", "Databricks").background).toBeUndefined();
  });
});

describe("the rows of a job", () => {
  it("are its mappings, scope, plan and log", () => {
    expect(kinds(childRows([view()], root))).toEqual(["users", "groups", "scope", "plan", "log"]);
  });

  it("of a broken file are its problems with their lines, and nothing that would run it", () => {
    const broken = model({
      problems: [{ path: "users", line: 7, column: 3, offset: 90, length: 4, message: "A comma is expected here." }],
    });
    const views = [{ model: { ...broken, job: undefined as never }, run: { on: "off" as const } }];
    const rows = childRows(views, root);
    expect(rows).toEqual([{ kind: "problem", file, line: 7, message: "A comma is expected here.", at: 0 }]);
    const drawn = renderJobRow(rows[0]!, views[0]!, now);
    expect(drawn).toMatchObject({
      label: "A comma is expected here.",
      description: "line 7",
      command: { id: "scim.job.openText" },
    });
    expect(renderJobRow(root, views[0]!, now).context).toContain("unreadable");
  });

  it("put quarantine and hold first, with what to do", () => {
    const views = [
      view({
        record: record({ quarantine, held: { since: now.toISOString(), reasons: ["6 objects would lose access."] } }),
      }),
    ];
    expect(kinds(childRows(views, root)).slice(0, 2)).toEqual(["quarantine", "held"]);
    const [row] = childRows(views, root);
    const drawn = renderJobRow(row!, views[0]!, now);
    expect(drawn.label).toBe("In quarantine");
    expect(drawn.description).toContain("27 days until it is turned off");
    expect(drawn.tooltip).toContain("The token was refused.");
    expect(drawn.tooltip).toContain("Clear Quarantine tries at once");
    const facts = childRows(views, row).map((fact) => renderJobRow(fact, views[0]!, now));
    expect(facts.map(({ label, description }) => [label, description])).toEqual([
      ["Reason", "The token was refused."],
      ["Since", `${timeText(quarantine.since, now)}, tried again 3 times`],
      ["Next try", `${timeText(quarantine.nextTryAt, now)}, once the job is turned on`],
      ["Countdown", `27 days until it is turned off, ${timeText(quarantine.disabledAt, now)}`],
      ["What to do", "replace the token, or give it its rights again; then clear the quarantine"],
    ]);
    expect(facts.at(-1)?.command).toMatchObject({ id: "scim.connection.replaceToken", argument: baseUrl });
  });

  it.each([
    ["unauthorized", "scim.connection.replaceToken"],
    ["dns", "scim.connection.test"],
    ["InternalServerError", "scim.connection.test"],
    [undefined, "scim.connection.test"],
  ])("of a quarantine for %s begin with what mends it", (code, command) => {
    const views = [view({ record: record({ quarantine: { ...quarantine, code } }) })];
    expect(renderJobRow({ kind: "quarantineFact", file, fact: "whatToDo" }, views[0]!, now).command?.id).toBe(command);
  });

  it("of a quarantine for many failing objects lead to the log", () => {
    const many = { ...quarantine, code: undefined, reason: "EncounteredBaseEscrowThreshold" as const };
    const views = [view({ record: record({ quarantine: many }) })];
    expect(renderJobRow({ kind: "quarantineFact", file, fact: "whatToDo" }, views[0]!, now).command?.id).toBe(
      "scim.job.showLog",
    );
  });

  it("group skips by reason, most frequent first, and cap what a tree can bear", () => {
    const many = Array.from({ length: skipLimit + 5 }, (_, at) => skip(`p${at}`));
    const views = [{ ...view(), plan: { plan: plan([], [skip("x", "ImportSkipped"), ...many]), guard: noGuard } }];
    const groups = childRows(views, { kind: "plan", file });
    expect(groups).toEqual([
      { kind: "skips", file, reason: "NotEffectivelyEntitled" },
      { kind: "skips", file, reason: "ImportSkipped" },
    ]);
    const people = childRows(views, groups[0]);
    expect(people).toHaveLength(skipLimit + 1);
    expect(people.at(-1)).toEqual({ kind: "moreSkips", file, reason: "NotEffectivelyEntitled", left: 5 });
  });

  it("say under the plan why the deletion guard holds it", () => {
    const guard = { held: true, reasons: ["6 objects would lose access (a, b, c and 3 more)."], removals: [] };
    const views = [{ ...view(), plan: { plan: plan([change("a")]), guard } }];
    const [first] = childRows(views, { kind: "plan", file });
    expect(renderJobRow(first!, views[0]!, now).label).toContain("6 objects would lose access");
    expect(renderJobRow({ kind: "plan", file }, views[0]!, now).description).toBe(
      `1 change, 0 skips, planned ${timeText(now.toISOString(), now)}`,
    );
  });

  it("group what fails by cause", () => {
    const escrow = {
      sourceId: "s1",
      resourceType: "User" as const,
      name: "Ada",
      code: "Conflict",
      message: "Taken.",
      hash: "h",
      firstFailedAt: now.toISOString(),
      lastFailedAt: now.toISOString(),
      attempts: 2,
      nextTryAt: now.toISOString(),
    };
    const views = [view({ record: record({ escrows: [escrow] }) })];
    const [cause] = childRows(views, { kind: "escrow", file });
    expect(cause).toEqual({ kind: "cause", file, code: "Conflict" });
    const [who] = childRows(views, cause);
    expect(renderJobRow(who!, views[0]!, now)).toMatchObject({ label: "Ada", command: { id: "scim.job.explain" } });
  });

  it("put a push that was not finished first, and what is accepted last", () => {
    const cutOff = { startedAt: now.toISOString(), total: 12, left: 5 };
    const deviation = { resourceType: "Group" as const, sourceId: "g", targetId: "t", acceptedAt: now.toISOString() };
    const accepted = [
      {
        ...deviation,
        name: "data",
        kind: "extra" as const,
        path: "members",
        member: "42",
        memberName: "ada@contoso.com",
      },
      { ...deviation, name: "data", kind: "value" as const, path: "displayName", wanted: "Data", actual: "data" },
    ];
    const views = [{ ...view({ record: record({ accepted }) }), cutOff }];
    const rows = childRows(views, root);
    expect([rows[0]?.kind, rows.at(-1)?.kind]).toEqual(["cutOff", "accepted"]);
    expect(renderJobRow(rows[0]!, views[0]!, now).description).toContain("7 of 12 sent");
    const shown = childRows(views, rows.at(-1)).map((row) => renderJobRow(row, views[0]!, now));
    expect(shown.map(({ label, description, accessible }) => [label, description, accessible])).toEqual([
      ["displayName", "data", 'data: displayName is "data", the directory gives "Data"'],
      ["with ada@contoso.com", "data", "data: ada@contoso.com is a member, the directory does not list them"],
    ]);
  });

  it("keep their identity when what they show changes", () => {
    expect(rowId({ kind: "note", file, text: "one", at: 0 })).toBe(rowId({ kind: "note", file, text: "two", at: 0 }));
    expect(rowId({ kind: "skips", file, reason: "a" })).not.toBe(rowId({ kind: "skips", file, reason: "b" }));
  });

  it.each(hostileNames)("show %j as plain text in every place", (name) => {
    const accepted = {
      resourceType: "Group" as const,
      sourceId: "g",
      targetId: "t",
      name,
      kind: "extra" as const,
      path: "members",
      member: "42",
      memberName: name,
      acceptedAt: now.toISOString(),
    };
    const left = { held: { since: now.toISOString(), reasons: [name] }, accepted: [accepted] };
    const hostile = {
      ...view({ name, record: record({ ...left, quarantine: { ...quarantine, message: name } }) }),
      plan: {
        plan: plan([], [{ ...skip("x"), name, detail: name }]),
        guard: { held: true, reasons: [name], removals: [] },
      },
    };
    const rows: JobRow[] = [
      root,
      { kind: "held", file },
      { kind: "quarantine", file },
      { kind: "quarantineFact", file, fact: "reason" },
      ...childRows([hostile], { kind: "accepted", file }),
      { kind: "note", file, text: name, at: 0 },
      { kind: "skip", file, reason: "NotEffectivelyEntitled", at: 0 },
      { kind: "plan", file },
    ];
    for (const row of rows) {
      const { label, description = "", tooltip } = renderJobRow(row, hostile, now);
      for (const text of [label, description, tooltip])
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0009\u001b]/);
      expect(label.length).toBeLessThan(300);
    }
  });
});
