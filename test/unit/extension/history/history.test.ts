import { describe, expect, it } from "vitest";
import type { PushSummary } from "../../../../src/changes/pushSummary.ts";
import { damageMarkdown } from "../../../../src/extension/history/damageText.ts";
import { changeRows, entryRows, pushRows, rowId } from "../../../../src/extension/history/historyRows.ts";
import type { HistoryRow } from "../../../../src/extension/history/historyRows.ts";
import { journalPlaces } from "../../../../src/extension/history/journals.ts";
import type { HistoryChange } from "../../../../src/extension/history/protocol.ts";
import { renderHistoryRow } from "../../../../src/extension/history/renderHistory.ts";
import { undoMarkdown } from "../../../../src/extension/history/undoText.ts";
import { timeText } from "../../../../src/extension/jobs/jobHealth.ts";
import { change as plannedChange, model, now } from "../jobs/support.ts";
import { baseUrl, hostileNames } from "../support.ts";

const place = {
  folder: "/state/databricks",
  name: "Databricks production",
  baseUrl,
  file: "/work/a.provisioning.json",
};
const push = (id: string, startedAt: string, more: Partial<PushSummary> = {}): PushSummary => ({
  push: id,
  startedAt,
  state: "finished",
  counts: { update: 1 },
  outcomes: { pushed: 1 },
  sent: 1,
  ...more,
});
const change = (more: Partial<HistoryChange> = {}): HistoryChange => ({
  changeId: "c1",
  action: "update",
  resourceType: "User",
  name: "ada@contoso.com",
  summary: "displayName, title",
  outcome: "pushed",
  at: "2026-11-24T11:00:00.000Z",
  ...more,
});
const draw = (row: HistoryRow) => renderHistoryRow(row, now);
const fix = "Put it back from a backup.";

describe("the rows of the history", () => {
  it("are the pushes of all journals, newest first, as many as are shown", () => {
    const other = { folder: "/global/1", name: "Sandbox", baseUrl };
    const rows = pushRows(
      [
        {
          place,
          journal: { pushes: [push("b", "2026-11-24T11:00:00Z"), push("a", "2026-11-22T11:00:00Z")], problems: [] },
        },
        { place: other, journal: { pushes: [push("m", "2026-11-23T11:00:00Z")], problems: [] } },
      ],
      2,
    );
    expect(rows.map((row) => (row.kind === "push" ? row.push.push : row))).toEqual([
      "b",
      "m",
      { kind: "more", of: "pushes", left: 1 },
    ]);
    expect(new Set(rows.map(rowId)).size).toBe(3);
  });

  it("begin with the journals that are not as they were written, or cannot be read", () => {
    const problems = [{ kind: "changed" as const, line: 7, message: "Line 7 is no record.", fix }];
    const rows = pushRows(
      [
        { place, journal: { pushes: [push("a", "2026-11-22T11:00:00Z")], problems } },
        { place: { folder: "/x", name: "Sandbox" }, journal: { trouble: "No permission." } },
      ],
      10,
    );
    expect(rows.map(({ kind }) => kind)).toEqual(["damaged", "unreadable", "push"]);
    const [damaged] = rows;
    expect(draw(damaged!)).toMatchObject({
      label: "Journal is not intact",
      description: "Databricks production: Line 7 is no record.",
      tooltip: expect.stringContaining(fix),
      command: { id: "scim.history.showDamage" },
    });
  });

  it("show of a push its note, counts, time, place and who", () => {
    const at = "2026-11-24T10:30:00.000Z";
    const row: HistoryRow = {
      kind: "push",
      place,
      push: push("a", at, {
        who: "Eve",
        note: "new people",
        counts: { create: 2, delete: 1 },
        outcomes: { failed: 1 },
      }),
    };
    expect(draw(row)).toMatchObject({
      label: "new people",
      description: `2 create, 1 delete, 1 failed, ${timeText(at, now)}, Databricks production, Eve`,
      expandable: true,
      context: "push.sent",
    });
    const plain = draw({ kind: "push", place, push: push("a", at, { sent: 0, state: "open" }) });
    expect(plain).toMatchObject({ label: "1 update", icon: "warning", context: "push.nothing" });
    expect(plain.description).toContain("not finished");
  });

  it("show of a change who, what, and how it ended when it did not go through", () => {
    const row = (more: Partial<HistoryChange>): HistoryRow => ({
      kind: "change",
      place,
      push: "a",
      change: change(more),
    });
    expect(draw(row({}))).toMatchObject({ label: "ada@contoso.com", description: "displayName, title" });
    expect(draw(row({ action: "delete", summary: "delete" }))).toMatchObject({
      accessible: "ada@contoso.com, Deleted",
    });
    expect(draw(row({ outcome: "failed", error: "409 uniqueness" })).description).toBe(
      "displayName, title, failed: 409 uniqueness",
    );
    expect(draw(row({ outcome: "notRecorded" })).description).toContain("may or may not have been applied");
  });

  it("of one person are what every push did to them, newest first", () => {
    const about = {
      push: "p",
      startedAt: "2026-11-24T11:00:00.000Z",
      state: "finished" as const,
      who: "Eve",
      note: "why",
    };
    const entry = (changeId: string, at: string, action: HistoryChange["action"]) => ({
      ...change({ changeId, at, action }),
      push: about,
    });
    const rows = entryRows(
      [
        {
          place,
          entries: [entry("1", "2026-11-20T10:00:00.000Z", "create"), entry("2", "2026-11-24T10:00:00.000Z", "update")],
        },
        { place: { ...place, folder: "/other" }, entries: [entry("3", "2026-11-22T10:00:00.000Z", "deactivate")] },
      ],
      10,
    );
    expect(rows.map((row) => draw(row).label)).toEqual(["Updated: displayName, title", "Deactivated", "Created"]);
    expect(draw(rows[0]!).description).toBe(
      `${timeText("2026-11-24T10:00:00.000Z", now)}, Databricks production, Eve, why`,
    );
  });

  it("say how many changes of a large push are not listed", () => {
    const row = { kind: "push" as const, place, push: push("a", now.toISOString(), { counts: { create: 900 } }) };
    expect(changeRows(row, [change()]).at(-1)).toEqual({ kind: "more", of: "a", left: 899 });
  });

  it.each(hostileNames)("cannot be made to read as something else by %j", (name) => {
    const texts = [
      draw({ kind: "change", place, push: "a", change: change({ name }) }),
      draw({ kind: "push", place, push: push("a", now.toISOString(), { note: name, who: name }) }),
    ].flatMap(({ label, description, tooltip, accessible }) => [label, description ?? "", tooltip, accessible]);
    for (const text of texts) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069\u200b]/);
  });
});

describe("the journals of a window", () => {
  it("are one for each connection's changes by hand, and one for each job", () => {
    const connection = { name: "Sandbox", baseUrl, dialect: "databricks", auth: "token", origin: "sandbox" } as const;
    const [manual, job] = journalPlaces([connection], [model()], "/global/pushes");
    expect(manual).toMatchObject({ name: "Sandbox", baseUrl });
    expect(manual?.folder).toMatch(/^\/global\/pushes\/[0-9a-f]{16}$/);
    expect(manual?.file).toBeUndefined();
    expect(job).toMatchObject({ name: "Databricks production", baseUrl, file: model().paths.file });
  });
});

describe("an undo as it is read before the push", () => {
  const about = {
    push: "0123456789",
    startedAt: "2026-11-24T11:00:00.000Z",
    state: "finished" as const,
    note: "<b>oops</b>",
  };
  const update = plannedChange("ada", "update");

  it("says what is taken back and on what condition, what is kept and why, and what does not come back", () => {
    const text = undoMarkdown(
      about,
      {
        changes: [update, plannedChange("bob", "delete"), plannedChange("cyd", "create")],
        kept: [
          {
            resourceType: "User",
            name: "eve@contoso.com",
            reason: "changedSince",
            attributes: ["title"],
            message: "eve was changed by others since.",
          },
        ],
        notes: ["cyd: the id 42 does not come back."],
      },
      "Sandbox",
    );
    expect(text).toMatch(/only if its object is still as it is now/);
    expect(text).toMatch(/## Kept as it is \(1\)[^]*eve was changed by others since/);
    expect(text).toMatch(/## Good to know[^]*the id 42 does not come back/);
    expect(text).toMatch(
      /## Taken back \(3\)[^]*ada[^]*gets its earlier values[^]*bob[^]*is deleted[^]*cyd[^]*is created anew/,
    );
  });

  it("says that nothing is taken back, and lets no value become markup", () => {
    const text = undoMarkdown(about, { changes: [], kept: [], notes: [] }, "Sandbox");
    expect(text).toContain("Nothing is taken back.");
    expect(text).not.toContain("<b>");
  });
});

it("a damaged journal is told with its file, the findings, and each way to mend it once", () => {
  const problems = [1, 2].map((line) => ({
    kind: "changed" as const,
    line,
    message: `Line ${line} is no record.`,
    fix,
  }));
  const text = damageMarkdown(place, problems);
  expect(text).toContain("    /state/databricks/journal.jsonl");
  expect(text).toMatch(/Line 1 is no record[^]*Line 2 is no record/);
  expect(text.match(/from a backup/g)).toHaveLength(1);
});
